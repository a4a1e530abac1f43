bl_info = {"name": "Paint Red", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Material"}

import bpy


class OBJECT_OT_paint_red(bpy.types.Operator):
    bl_idname = "object.paint_red"
    bl_label = "Paint Red"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        return context.object is not None and context.object.type == "MESH"

    def execute(self, context):
        red = bpy.data.materials.get("Red") or bpy.data.materials.new("Red")
        red.diffuse_color = (1.0, 0.0, 0.0, 1.0)
        context.object.active_material = red
        return {"FINISHED"}


def register():
    bpy.utils.register_class(OBJECT_OT_paint_red)


def unregister():
    bpy.utils.unregister_class(OBJECT_OT_paint_red)
