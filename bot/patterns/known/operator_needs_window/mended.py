bl_info = {"name": "Cursor Home", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "3D View"}

import bpy


class VIEW3D_OT_cursor_home(bpy.types.Operator):
    bl_idname = "view3d.cursor_home"
    bl_label = "Cursor Home"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context):
        context.scene.cursor.location = (0.0, 0.0, 0.0)
        context.scene.cursor.rotation_euler = (0.0, 0.0, 0.0)
        return {"FINISHED"}


def register():
    bpy.utils.register_class(VIEW3D_OT_cursor_home)


def unregister():
    bpy.utils.unregister_class(VIEW3D_OT_cursor_home)
