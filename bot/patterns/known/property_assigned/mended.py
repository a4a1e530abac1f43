bl_info = {"name": "Copies", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Object"}

import bpy


class OBJECT_OT_copies(bpy.types.Operator):
    bl_idname = "object.copies"
    bl_label = "Copies"
    bl_options = {"REGISTER", "UNDO"}

    count: bpy.props.IntProperty(default=2, min=1)

    @classmethod
    def poll(cls, context):
        return context.mode == "OBJECT" and context.object is not None

    def execute(self, context):
        for number in range(self.count):
            copy = context.object.copy()
            copy.location.x += 3 * (number + 1)
            context.collection.objects.link(copy)
        return {"FINISHED"}


def register():
    bpy.utils.register_class(OBJECT_OT_copies)


def unregister():
    bpy.utils.unregister_class(OBJECT_OT_copies)
