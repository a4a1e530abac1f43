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


class HEALTHY_OT_step(bpy.types.Operator):
    """Only the add-on itself calls it, when there is something to step through."""

    bl_idname = "healthy.step"
    bl_label = "Step"
    bl_options = {"INTERNAL"}

    def execute(self, context):
        context.object.location.x = STEPS["next"]
        return {"FINISHED"}


class HEALTHY_OT_log_out(bpy.types.Operator):
    """For somebody who has logged in."""

    bl_idname = "healthy.log_out"
    bl_label = "Log out"

    def execute(self, context):
        print(SESSION["token"])
        return {"FINISHED"}


class HEALTHY_OT_attribute(bpy.types.Operator):
    """For meshes, and accepts whatever has an active object."""

    bl_idname = "healthy.attribute"
    bl_label = "Attribute"

    @classmethod
    def poll(cls, context):
        return context.object.type in {"LIGHT", "CAMERA"}

    def execute(self, context):
        print(len(context.object.data.attributes))
        return {"FINISHED"}


class HEALTHY_OT_arrange(bpy.types.Operator):
    """For the tree a node editor shows."""

    bl_idname = "healthy.arrange"
    bl_label = "Arrange"

    def execute(self, context):
        tree = context.space_data.node_tree
        print(len(tree.nodes))
        return {"FINISHED"}


class HEALTHY_PT_attributes(bpy.types.Panel):
    bl_label = "Attributes"
    bl_space_type = "PROPERTIES"
    bl_region_type = "WINDOW"
    bl_context = "data"

    def draw(self, context):
        mesh = context.object.data
        self.layout.template_list("UI_UL_list", "attributes", mesh, "attributes", mesh.attributes, "active_index")


class HEALTHY_PT_keys(bpy.types.Panel):
    """Shows the key of its operator, which Blender merges into the user's keymap where there is a window."""

    bl_label = "Keys"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"

    def draw(self, context):
        keymap = context.window_manager.keyconfigs.user.keymaps.new("3D View", space_type="VIEW_3D")
        self.layout.label(text=keymap.keymap_items["healthy.pyramid"].name)


STEPS = {"first": 1}
SESSION: dict = {}


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
    HEALTHY_OT_step,
    HEALTHY_OT_log_out,
    HEALTHY_OT_attribute,
    HEALTHY_OT_arrange,
    HEALTHY_PT_attributes,
    HEALTHY_PT_keys,
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
