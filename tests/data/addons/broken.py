# ruff: noqa
"""An add-on with one fault of each kind a probe can find."""

bl_info = {"name": "Broken", "blender": (2, 80, 0), "category": "Mesh"}

import bpy


def smooth(mesh):
    mesh.use_auto_smoothing = True


class BROKEN_OT_member(bpy.types.Operator):
    bl_idname = "broken.member"
    bl_label = "Member"

    def execute(self, context):
        smooth(context.object.data)
        return {"FINISHED"}


class BROKEN_OT_edit(bpy.types.Operator):
    """Its poll refuses the plain cube."""

    bl_idname = "broken.edit"
    bl_label = "Edit"

    @classmethod
    def poll(cls, context):
        return context.mode == "EDIT_MESH"

    def execute(self, context):
        context.object.data.splines_of_mesh
        return {"FINISHED"}


class BROKEN_OT_outer(bpy.types.Operator):
    """Fails because the operator it calls fails."""

    bl_idname = "broken.outer"
    bl_label = "Outer"

    def execute(self, context):
        bpy.ops.broken.member()
        return {"FINISHED"}


class BROKEN_OT_assigned(bpy.types.Operator):
    bl_idname = "broken.assigned"
    bl_label = "Assigned"

    size = bpy.props.IntProperty()

    def execute(self, context):
        return {"FINISHED"}


class BROKEN_OT_says(bpy.types.Operator):
    """Reports an error as it is meant to."""

    bl_idname = "broken.says"
    bl_label = "Says"

    def execute(self, context):
        self.report({"ERROR"}, "nothing is chosen")
        return {"CANCELLED"}


class BROKEN_OT_endless(bpy.types.Operator):
    bl_idname = "broken.endless"
    bl_label = "Endless"

    def execute(self, context):
        while True:
            pass


class BROKEN_PT_label(bpy.types.Panel):
    bl_label = "Label"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"

    def draw(self, context):
        self.layout.label("Hello")


class BROKEN_PT_prop(bpy.types.Panel):
    bl_label = "Prop"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"

    def draw(self, context):
        self.layout.prop(context.scene, "no_such_setting")


class BROKEN_PT_operator(bpy.types.Panel):
    bl_label = "Operator"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"

    def draw(self, context):
        self.layout.operator("broken.nowhere")


def draw_entry(self, context):
    self.layout.operator("broken.member", icon="ZOOMIN")


def measure(obj, factor):
    if obj.type == "CURVE":
        return obj.data.no_such_length
    return factor


CLASSES = (
    BROKEN_OT_member,
    BROKEN_OT_edit,
    BROKEN_OT_outer,
    BROKEN_OT_assigned,
    BROKEN_OT_says,
    BROKEN_OT_endless,
    BROKEN_PT_label,
    BROKEN_PT_prop,
    BROKEN_PT_operator,
)


def register():
    for cls in CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.VIEW3D_MT_mesh_add.append(draw_entry)


def unregister():
    bpy.types.VIEW3D_MT_mesh_add.remove(draw_entry)
    for cls in reversed(CLASSES[1:]):
        bpy.utils.unregister_class(cls)
    bpy.types.VIEW3D_MT_no_such_menu.remove(draw_entry)
