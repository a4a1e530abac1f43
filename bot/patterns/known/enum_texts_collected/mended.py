bl_info = {"name": "Pick Object", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Object"}

import bpy


_kept = {}


def objects(self, context):
    texts = [(obj.name, f"{obj.name} ({obj.type.title()})", "") for obj in context.scene.objects]
    return [tuple(_kept.setdefault(text, text) for text in item) for item in texts]


class OBJECT_OT_pick_one(bpy.types.Operator):
    bl_idname = "object.pick_one"
    bl_label = "Pick an Object"
    bl_options = {"REGISTER", "UNDO"}

    chosen: bpy.props.EnumProperty(name="Object", items=objects)

    def execute(self, context):
        context.view_layer.objects.active = context.scene.objects[self.chosen]
        return {"FINISHED"}


def register():
    bpy.utils.register_class(OBJECT_OT_pick_one)


def unregister():
    bpy.utils.unregister_class(OBJECT_OT_pick_one)
