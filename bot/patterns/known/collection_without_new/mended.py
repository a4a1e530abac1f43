bl_info = {"name": "Add Hair", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Physics"}

import bpy


class PARTICLE_OT_add_hair(bpy.types.Operator):
    bl_idname = "particle.add_hair"
    bl_label = "Add Hair"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        return context.mode == "OBJECT" and context.object is not None and context.object.type == "MESH"

    def execute(self, context):
        hair = context.object.modifiers.new("Hair", "PARTICLE_SYSTEM").particle_system
        hair.settings.type = "HAIR"
        return {"FINISHED"}


def register():
    bpy.utils.register_class(PARTICLE_OT_add_hair)


def unregister():
    bpy.utils.unregister_class(PARTICLE_OT_add_hair)
