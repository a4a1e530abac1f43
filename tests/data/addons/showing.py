# ruff: noqa
"""An add-on with faults that show in different ways; `showing_mended` is what it would be without them."""

bl_info = {"name": "Showing", "blender": (2, 80, 0), "category": "Object"}

import bpy
from bpy.props import CollectionProperty, EnumProperty, IntProperty, StringProperty


class SHOWING_OT_plain(bpy.types.Operator):
    """Needs nothing but the scene Blender begins with."""

    bl_idname = "showing.plain"
    bl_label = "Plain"

    def execute(self, context):
        context.object.data.no_such_plain
        return {"FINISHED"}


class SHOWING_OT_poll(bpy.types.Operator):
    """Blender prints what a poll raises, and tells nobody."""

    bl_idname = "showing.poll"
    bl_label = "Poll"

    @classmethod
    def poll(cls, context):
        return bool(context.scene.no_such_poll)

    def execute(self, context):
        return {"FINISHED"}


class SHOWING_OT_pose(bpy.types.Operator):
    """Needs a rig that is being posed."""

    bl_idname = "showing.pose"
    bl_label = "Pose"

    @classmethod
    def poll(cls, context):
        return context.mode == "POSE"

    def execute(self, context):
        for bone in context.object.pose.bones:
            bone.no_such_pose
        return {"FINISHED"}


class SHOWING_OT_read(bpy.types.Operator):
    """Needs a file to read."""

    bl_idname = "showing.read"
    bl_label = "Read an OBJ file"
    filename_ext = ".obj"

    filepath: StringProperty(subtype="FILE_PATH")
    filter_glob: StringProperty(default="*.obj", options={"HIDDEN"})

    def execute(self, context):
        with open(self.filepath) as file:
            vertices = [line for line in file if line.startswith("v ")]
        if len(vertices) >= 4:
            context.scene.no_such_read
        return {"FINISHED"}


class SHOWING_OT_options(bpy.types.Operator):
    """Its options cannot be drawn."""

    bl_idname = "showing.options"
    bl_label = "Options"
    bl_options = {"REGISTER", "UNDO"}
    size: IntProperty()

    def draw(self, context):
        self.layout.prop(self, "size")
        context.scene.no_such_options

    def execute(self, context):
        return {"FINISHED"}


class SHOWING_PT_context(bpy.types.Panel):
    """Its own code fails."""

    bl_label = "Context"
    bl_space_type = "PROPERTIES"
    bl_region_type = "WINDOW"
    bl_context = "data"

    @classmethod
    def poll(cls, context):
        return context.mesh is not None

    def draw(self, context):
        self.show(context.mesh)

    def show(self, mesh):
        row = self.layout.row(align=True)
        row.alignment = "LEFT"
        row.label(text=mesh.no_such_context)


class SHOWING_PT_keyword(bpy.types.Panel):
    """It asks the layout for what it does not have."""

    bl_label = "Keyword"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"

    def draw(self, context):
        self.layout.label(text="", icon="NO_SUCH_ICON")


class ShowingPreferences(bpy.types.AddonPreferences):
    bl_idname = __name__
    size: IntProperty(default=3)

    def draw(self, context):
        self.layout.label(text=str(self.size))
        context.preferences.no_such_preferences


def entry(self, context):
    context.scene.no_such_entry


def measure(mesh, factor):
    return mesh.no_such_measure * factor


CLASSES = (
    SHOWING_OT_plain,
    SHOWING_OT_poll,
    SHOWING_OT_pose,
    SHOWING_OT_read,
    SHOWING_OT_options,
    SHOWING_PT_context,
    SHOWING_PT_keyword,
    ShowingPreferences,
)


def register():
    for cls in CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.VIEW3D_MT_mesh_add.append(entry)


def unregister():
    bpy.types.VIEW3D_MT_mesh_add.remove(entry)
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)
    bpy.context.preferences.no_such_end
