bl_info = {"name": "New Rig", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Rigging"}

import bpy


class ARMATURE_OT_new_rig(bpy.types.Operator):
    bl_idname = "armature.new_rig"
    bl_label = "New Rig"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        return context.mode == "OBJECT"

    def execute(self, context):
        for obj in context.selected_objects:
            bpy.data.objects.remove(obj)
        rig = bpy.data.objects.new("Rig", bpy.data.armatures.new("Rig"))
        context.collection.objects.link(rig)
        bpy.ops.object.mode_set(mode="EDIT")
        rig.data.edit_bones.new("Root").tail = (0, 0, 1)
        bpy.ops.object.mode_set(mode="OBJECT")
        return {"FINISHED"}


def register():
    bpy.utils.register_class(ARMATURE_OT_new_rig)


def unregister():
    bpy.utils.unregister_class(ARMATURE_OT_new_rig)
