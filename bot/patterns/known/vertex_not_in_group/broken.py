bl_info = {"name": "Total Weight", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Rigging"}

import bpy


class OBJECT_OT_total_weight(bpy.types.Operator):
    bl_idname = "object.total_weight"
    bl_label = "Total Weight"
    bl_options = {"REGISTER", "UNDO"}

    @classmethod
    def poll(cls, context):
        return context.mode == "OBJECT" and context.object is not None and context.object.type == "MESH"

    def execute(self, context):
        obj = context.object
        group = obj.vertex_groups.active or obj.vertex_groups.new(name="Group")
        total = sum(group.weight(vertex.index) for vertex in obj.data.vertices)
        self.report({"INFO"}, f"{total:.2f}")
        return {"FINISHED"}


def register():
    bpy.utils.register_class(OBJECT_OT_total_weight)


def unregister():
    bpy.utils.unregister_class(OBJECT_OT_total_weight)
