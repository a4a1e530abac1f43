bl_info = {"name": "Start Frame", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Interface"}

import bpy


class SCENE_OT_start_at_ten(bpy.types.Operator):
    bl_idname = "scene.start_at_ten"
    bl_label = "Start at 10"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context):
        context.scene.frame_start = 10
        return {"FINISHED"}


class VIEW3D_PT_start_frame(bpy.types.Panel):
    bl_label = "Start Frame"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "Item"

    def draw(self, context):
        scene = context.scene
        self.layout.prop(scene, "frame_start")
        if scene.frame_start < 10:
            self.layout.operator("scene.start_at_ten")


def register():
    bpy.utils.register_class(SCENE_OT_start_at_ten)
    bpy.utils.register_class(VIEW3D_PT_start_frame)


def unregister():
    bpy.utils.unregister_class(VIEW3D_PT_start_frame)
    bpy.utils.unregister_class(SCENE_OT_start_at_ten)
