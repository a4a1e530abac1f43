bl_info = {"name": "Drag", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Object"}

import bpy


class OBJECT_OT_drag(bpy.types.Operator):
    bl_idname = "object.drag"
    bl_label = "Drag"
    bl_options = {"REGISTER", "UNDO"}

    def invoke(self, context, event):
        context.window_manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context, event):
        if event.type == "MOUSEMOVE":
            context.object.location.x = event.mouse_x / 100
        elif event.type in {"LEFTMOUSE", "RET", "ESC"}:
            return {"FINISHED"}
        return {"RUNNING_MODAL"}


def register():
    bpy.utils.register_class(OBJECT_OT_drag)


def unregister():
    bpy.utils.unregister_class(OBJECT_OT_drag)
