# ruff: noqa
"""An add-on with nothing wrong: makes a pyramid, reads the scene, draws a panel and a menu entry."""

bl_info = {"name": "Healthy", "blender": (2, 80, 0), "category": "Mesh"}

import bpy


class HEALTHY_OT_pyramid(bpy.types.Operator):
    bl_idname = "healthy.pyramid"
    bl_label = "Pyramid"
    bl_options = {"REGISTER", "UNDO"}

    height: bpy.props.FloatProperty(name="Height", default=2.0)

    def execute(self, context):
        corners = [(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0), (0, 0, self.height)]
        mesh = bpy.data.meshes.new("Pyramid")
        mesh.from_pydata(corners, [], [(0, 1, 4), (1, 2, 4), (2, 3, 4), (3, 0, 4), (3, 2, 1, 0)])
        context.collection.objects.link(bpy.data.objects.new("Pyramid", mesh))
        return {"FINISHED"}


class HEALTHY_OT_bones(bpy.types.Operator):
    """Only for armatures, and needs one chosen bone."""

    bl_idname = "healthy.bones"
    bl_label = "Bones"

    @classmethod
    def poll(cls, context):
        return context.mode == "POSE"

    def execute(self, context):
        context.active_pose_bone.location.x = 1.0
        return {"FINISHED"}


class HEALTHY_OT_pick(bpy.types.Operator):
    """Does nothing sensible until somebody fills in a name."""

    bl_idname = "healthy.pick"
    bl_label = "Pick"

    name: bpy.props.StringProperty()

    def execute(self, context):
        context.view_layer.objects.active = bpy.data.objects[self.name]
        return {"FINISHED"}


class HEALTHY_OT_drag(bpy.types.Operator):
    """Relies on what `invoke` prepared."""

    bl_idname = "healthy.drag"
    bl_label = "Drag"

    def invoke(self, context, event):
        self.start = event.mouse_x
        return self.execute(context)

    def execute(self, context):
        context.object.location.x += self.start
        return {"FINISHED"}


class HEALTHY_OT_export(bpy.types.Operator):
    bl_idname = "healthy.export"
    bl_label = "Export"

    filepath: bpy.props.StringProperty(subtype="FILE_PATH")
    check_existing: bpy.props.BoolProperty(default=True)
    filename_ext = ".txt"

    def execute(self, context):
        with open(self.filepath, "w") as file:
            file.write(context.object.name)
        return {"FINISHED"}


class HEALTHY_PT_panel(bpy.types.Panel):
    bl_label = "Healthy"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"

    def draw(self, context):
        column = self.layout.column(align=True)
        column.scale_y = 1.5
        column.operator("healthy.pyramid", text="Pyramid", icon="MESH_CONE").height = 3.0
        column.prop(context.object, "location", index=0, text="X")
        column.label(text=self.bl_label)


def draw_entry(self, context):
    self.layout.operator("healthy.pyramid")


CLASSES = (
    HEALTHY_OT_pyramid,
    HEALTHY_OT_bones,
    HEALTHY_OT_pick,
    HEALTHY_OT_drag,
    HEALTHY_OT_export,
    HEALTHY_PT_panel,
)


def register():
    for cls in CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.VIEW3D_MT_mesh_add.append(draw_entry)


def unregister():
    bpy.types.VIEW3D_MT_mesh_add.remove(draw_entry)
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)
