bl_info = {"name": "Raise by Steps", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Object"}

import bpy


class OBJECT_OT_raise_by_steps(bpy.types.Operator):
    bl_idname = "object.raise_by_steps"
    bl_label = "Raise by Steps"
    bl_options = {"REGISTER", "UNDO"}

    height: bpy.props.FloatProperty(default=1.0)
    steps: bpy.props.IntProperty(default=1, min=1)

    @classmethod
    def poll(cls, context):
        return context.mode == "OBJECT" and context.object is not None

    def invoke(self, context, event):
        self.height = 0.1 if event.shift else 1.0
        return self.execute(context)

    def execute(self, context):
        context.object.location.z += self.height * self.steps
        return {"FINISHED"}


def register():
    bpy.utils.register_class(OBJECT_OT_raise_by_steps)


def unregister():
    bpy.utils.unregister_class(OBJECT_OT_raise_by_steps)
