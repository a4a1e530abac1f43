bl_info = {"name": "Add Wind", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Physics"}

import bpy


class OBJECT_OT_add_wind(bpy.types.Operator):
    bl_idname = "object.add_wind"
    bl_label = "Add Wind"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        return context.mode == "OBJECT"

    def execute(self, context):
        wind = bpy.data.objects.new("Wind", None)
        context.collection.objects.link(wind)
        context.view_layer.objects.active = wind
        bpy.ops.object.forcefield_toggle()
        wind.field.type = "WINDY"
        return {"FINISHED"}


def register():
    bpy.utils.register_class(OBJECT_OT_add_wind)


def unregister():
    bpy.utils.unregister_class(OBJECT_OT_add_wind)
