bl_info = {"name": "Say Hello", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Interface"}

import bpy


class WM_OT_say_hello(bpy.types.Operator):
    bl_idname = "wm.say_hello"
    bl_label = "Say Hello"
    bl_options = set()

    def execute(self, context):
        self.report({"INFO"}, "Hello")
        return {"FINISHED"}


def register():
    bpy.utils.register_class(WM_OT_say_hello)


def unregister():
    bpy.utils.unregister_class(WM_OT_say_hello)
