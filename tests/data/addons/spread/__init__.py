bl_info = {
    "name": "Spread",
    "author": "Tests",
    "version": (1, 0, 0),
    "blender": (4, 2, 0),
    "category": "Object",
}

import bpy

from . import measure


class OBJECT_OT_spread(bpy.types.Operator):
    """Spread the mesh objects of the scene evenly along X."""

    bl_idname = "object.spread"
    bl_label = "Spread"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context):
        things = [thing for thing in context.scene.objects if thing.type == "MESH"]
        if context.scene.get("spread_gap") is None:
            self.report({"WARNING"}, "No gap is set")
            return {"CANCELLED"}
        step = measure.step_of(things, context.scene["spread_gap"])
        for number, thing in enumerate(things):
            thing.location.x = number * step
        return {"FINISHED"}


class OBJECT_OT_name_by_height(bpy.types.Operator):
    """Name the active object after its height."""

    bl_idname = "object.name_by_height"
    bl_label = "Name by Height"

    def execute(self, context):
        thing = context.object
        if thing is None:
            return {"CANCELLED"}
        thing.name = "height %.1f" % measure.height_of(thing)
        return {"FINISHED"}


def register():
    bpy.utils.register_class(OBJECT_OT_spread)
    bpy.utils.register_class(OBJECT_OT_name_by_height)


def unregister():
    bpy.utils.unregister_class(OBJECT_OT_name_by_height)
    bpy.utils.unregister_class(OBJECT_OT_spread)
