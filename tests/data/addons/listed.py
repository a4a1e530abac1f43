# ruff: noqa
"""Lists, menus and panels: some as they should be, some that ask for what is not there."""

bl_info = {"name": "Listed", "blender": (2, 80, 0), "category": "Mesh"}

import bpy


class LISTED_item(bpy.types.PropertyGroup):
    value: bpy.props.FloatProperty()


class LISTED_UL_well(bpy.types.UIList):
    def draw_item(self, context, layout, data, item, icon, active_data, active_propname, index):
        layout.prop(item, "value", text="")

    def filter_items(self, context, data, propname):
        items = getattr(data, propname)
        return [self.bitflag_filter_item] * len(items), []


class LISTED_UL_gone(bpy.types.UIList):
    def draw_item(self, context, layout, data, item, icon, active_data, active_propname):
        layout.prop(item, "weight", text="")


class LISTED_UL_many(bpy.types.UIList):
    def draw_item(self, context, layout, data, item, icon, active_data, active_propname, index, flt_flag):
        layout.label(text=item.name)

    def filter_items(self, context, data, propname):
        return [1, 2, 3, 4, 5], []


class LISTED_UL_unseen(bpy.types.UIList):
    """No panel shows it."""

    def draw_item(self, context, layout, data, item, icon, active_data, active_propname):
        layout.label(text=item.name)


class LISTED_PT_lists(bpy.types.Panel):
    bl_label = "Lists"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"

    def draw(self, context):
        scene = context.scene
        for name in ("LISTED_UL_well", "LISTED_UL_gone", "LISTED_UL_many"):
            self.layout.template_list(name, "", scene, "listed_items", scene, "listed_index")


class LISTED_PT_well(bpy.types.Panel):
    """Everything it asks for is there, also what Blender made in C."""

    bl_label = "Well"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"

    def draw(self, context):
        layout, scene = self.layout, context.scene
        layout.menu("VIEW3D_MT_mesh_add")
        layout.menu("TOPBAR_MT_undo_history")
        layout.popover("SCENE_PT_unit")
        layout.prop_enum(scene.render.image_settings, "file_format", "PNG")
        layout.prop_enum(scene, "listed_choice", "SECOND")
        layout.prop_search(scene, "listed_name", bpy.data, "objects")
        layout.operator_menu_enum("object.select_all", "action")
        layout.context_pointer_set("listed", context.object)
        layout.label(text="Icon", icon_value=layout.icon(context.object))
        layout.template_list("UI_UL_list", "listed", bpy.data, "objects", scene, "listed_index")


class LISTED_PT_swallows(bpy.types.Panel):
    """Nothing is raised that could be caught: Blender prints it."""

    bl_label = "Swallows"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"

    def draw(self, context):
        try:
            self.layout.prop(context.scene, "listed_lost")
        except Exception:
            pass


class LISTED_MT_menu(bpy.types.Menu):
    bl_label = "Menu"

    def draw(self, context):
        self.layout.menu("INFO_MT_mesh_add")


class LISTED_MT_popover(bpy.types.Menu):
    bl_label = "Popover"

    def draw(self, context):
        self.layout.popover("VIEW3D_PT_that_never_was")


class LISTED_MT_list(bpy.types.Menu):
    bl_label = "List"

    def draw(self, context):
        scene = context.scene
        self.layout.template_list("LISTED_UL_nowhere", "", scene, "listed_items", scene, "listed_index")


class LISTED_MT_item(bpy.types.Menu):
    bl_label = "Item"

    def draw(self, context):
        self.layout.prop_enum(context.scene.render.image_settings, "file_format", "PCX")


class LISTED_MT_kind(bpy.types.Menu):
    bl_label = "Kind"

    def draw(self, context):
        self.layout.prop_enum(context.scene, "frame_end", "1")


class LISTED_MT_search(bpy.types.Menu):
    bl_label = "Search"

    def draw(self, context):
        self.layout.prop_search(context.scene, "listed_index", bpy.data, "objects")


class LISTED_MT_data(bpy.types.Menu):
    bl_label = "Data"

    def draw(self, context):
        self.layout.template_keymap_item_properties(context.scene)


class LISTED_MT_enum(bpy.types.Menu):
    bl_label = "Enum"

    def draw(self, context):
        self.layout.operator_menu_enum("object.select_all", "no_such_action")


class LISTED_MT_two(bpy.types.Menu):
    """The second is seen as well: Blender goes on after the first."""

    bl_label = "Two"

    def draw(self, context):
        self.layout.operator("listed.nowhere")
        self.layout.prop(context.scene, "listed_lost")


class LISTED_PT_pose(bpy.types.Panel):
    """Another branch where there are bones."""

    bl_label = "Pose"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"

    def draw(self, context):
        if context.mode == "POSE":
            self.layout.prop(context.scene, "listed_of_bones")


class LISTED_PT_only_pose(bpy.types.Panel):
    """Its poll takes nothing but bones."""

    bl_label = "Only pose"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"

    @classmethod
    def poll(cls, context):
        return context.mode == "POSE"

    def draw(self, context):
        self.layout.prop(context.scene, "listed_of_pose")


def choices(self, context):
    return [("FIRST", "First", ""), ("SECOND", "Second", "")]


CLASSES = (
    LISTED_item,
    LISTED_UL_well,
    LISTED_UL_gone,
    LISTED_UL_many,
    LISTED_UL_unseen,
    LISTED_PT_lists,
    LISTED_PT_well,
    LISTED_PT_swallows,
    LISTED_MT_menu,
    LISTED_MT_popover,
    LISTED_MT_list,
    LISTED_MT_item,
    LISTED_MT_kind,
    LISTED_MT_search,
    LISTED_MT_data,
    LISTED_MT_enum,
    LISTED_MT_two,
    LISTED_PT_pose,
    LISTED_PT_only_pose,
)


def register():
    for cls in CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Scene.listed_items = bpy.props.CollectionProperty(type=LISTED_item)
    bpy.types.Scene.listed_index = bpy.props.IntProperty()
    bpy.types.Scene.listed_name = bpy.props.StringProperty()
    bpy.types.Scene.listed_choice = bpy.props.EnumProperty(items=choices)


def unregister():
    del bpy.types.Scene.listed_items, bpy.types.Scene.listed_index
    del bpy.types.Scene.listed_name, bpy.types.Scene.listed_choice
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)
