bl_info = {"name": "Lift", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Object"}

import bpy


class OBJECT_OT_lift(bpy.types.Operator):
    bl_idname = "object.lift"
    bl_label = "Lift"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        return context.object is not None

    def execute(self, context):
        context.object.location.z += 1.0
        return {"FINISHED"}


class OBJECT_PT_lift(bpy.types.Panel):
    bl_label = "Lift"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"

    def draw(self, context):
        self.layout.operator("object.lift")


OPERATORS = (OBJECT_OT_lift,)
INTERFACE = (OBJECT_PT_lift,)


def register():
    for cls in OPERATORS + INTERFACE:
        bpy.utils.register_class(cls)


def unregister():
    for cls in OPERATORS + INTERFACE:
        bpy.utils.unregister_class(cls)
