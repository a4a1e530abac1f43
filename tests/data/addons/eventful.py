# ruff: noqa
"""What Blender calls by itself: handlers, timers, shortcuts, presets, gizmos; some as they should be, some not."""

bl_info = {"name": "Eventful", "blender": (2, 80, 0), "category": "Object"}

import bpy
from bl_operators.presets import AddPresetBase
from bpy.app.handlers import persistent


def frame_well(scene):
    print("now at", scene.frame_current)


def frame_bad(scene):
    scene.no_such_frame


def graph_well(scene, depsgraph):
    print("updated", len(depsgraph.updates))


def graph_bad(scene, depsgraph):
    depsgraph.no_such_graph


@persistent
def load_well(*given):
    print("loaded", given)


@persistent
def load_bad(path):
    bpy.data.no_such_load


def load_forgotten(path):
    bpy.data.no_such_forgotten


def save_bad(path, nothing):
    bpy.context.scene.no_such_save


def render_bad(scene):
    scene.render.no_such_render


def undo_three(scene, depsgraph, more):
    print("cannot be called")


def tick_well():
    return 1.0


def tick_bad():
    bpy.context.scene.no_such_tick


def tick_word():
    return "soon"


def over_the_view():
    print("drawn")


class EVENTFUL_OT_run(bpy.types.Operator):
    bl_idname = "eventful.run"
    bl_label = "Run"

    def execute(self, context):
        return {"FINISHED"}


class EVENTFUL_MT_presets(bpy.types.Menu):
    bl_label = "Presets"
    preset_subdir = "eventful"
    preset_operator = "script.execute_preset"
    draw = bpy.types.Menu.draw_preset


class EVENTFUL_OT_preset_well(AddPresetBase, bpy.types.Operator):
    bl_idname = "eventful.preset_well"
    bl_label = "Preset"
    preset_menu = "EVENTFUL_MT_presets"
    preset_subdir = "eventful"
    preset_defines = ["scene = bpy.context.scene"]
    preset_values = ["scene.frame_start", "scene.render.fps"]


class EVENTFUL_OT_preset_bad(AddPresetBase, bpy.types.Operator):
    bl_idname = "eventful.preset_bad"
    bl_label = "Preset"
    preset_menu = "EVENTFUL_MT_presets"
    preset_subdir = "eventful"
    preset_defines = ["scene = bpy.context.scene"]
    preset_values = [
        "scene.frame_start",
        "scene.render.no_such_preset",
    ]


class EVENTFUL_GGT_well(bpy.types.GizmoGroup):
    bl_idname = "EVENTFUL_GGT_well"
    bl_label = "Well"
    bl_space_type = "VIEW_3D"
    bl_region_type = "WINDOW"
    bl_options = {"3D"}

    @classmethod
    def poll(cls, context):
        return context.object is not None and context.object.type == "LIGHT"

    def setup(self, context):
        gizmo = self.gizmos.new("GIZMO_GT_arrow_3d")
        gizmo.target_set_prop("offset", context.object.data, "energy")
        gizmo.draw_style = "BOX"
        gizmo.color = 1.0, 0.5, 0.0
        gizmo.target_set_operator("transform.translate").constraint_axis = True, False, False
        self.energy = gizmo

    def refresh(self, context):
        self.energy.matrix_basis = context.object.matrix_world.normalized()


class EVENTFUL_GGT_kind(bpy.types.GizmoGroup):
    bl_idname = "EVENTFUL_GGT_kind"
    bl_label = "Kind"
    bl_space_type = "VIEW_3D"
    bl_region_type = "WINDOW"
    bl_options = {"3D"}

    def setup(self, context):
        self.gizmos.new("GIZMO_GT_that_never_was")


class EVENTFUL_GGT_refresh(bpy.types.GizmoGroup):
    bl_idname = "EVENTFUL_GGT_refresh"
    bl_label = "Refresh"
    bl_space_type = "VIEW_3D"
    bl_region_type = "WINDOW"
    bl_options = {"3D"}

    def setup(self, context):
        self.made = self.gizmos.new("GIZMO_GT_dial_3d")

    def refresh(self, context):
        self.made.matrix_basis = context.object.no_such_matrix


CLASSES = (
    EVENTFUL_OT_run,
    EVENTFUL_MT_presets,
    EVENTFUL_OT_preset_well,
    EVENTFUL_OT_preset_bad,
    EVENTFUL_GGT_well,
    EVENTFUL_GGT_kind,
    EVENTFUL_GGT_refresh,
)
HANDLERS = {
    "frame_change_post": (frame_well, frame_bad),
    "depsgraph_update_post": (graph_well, graph_bad),
    "load_post": (load_well, load_bad, load_forgotten),
    "save_pre": (save_bad,),
    "render_pre": (render_bad,),
    "undo_post": (undo_three,),
}
TIMERS = (tick_well, tick_bad, tick_word)
drawn = []
shortcuts = []


def shortcut(keymap, operator, **properties):
    item = keymap.keymap_items.new(operator, "F9", "PRESS", shift=True)
    for name, value in properties.items():
        item.properties[name] = value
    shortcuts.append((keymap, item))


def register():
    for cls in CLASSES:
        bpy.utils.register_class(cls)
    for event, functions in HANDLERS.items():
        getattr(bpy.app.handlers, event).extend(functions)
    for function in TIMERS:
        bpy.app.timers.register(function, first_interval=10.0)
    drawn.append(bpy.types.SpaceView3D.draw_handler_add(over_the_view, (), "WINDOW", "POST_PIXEL"))
    keymap = bpy.context.window_manager.keyconfigs.addon.keymaps.new(name="3D View", space_type="VIEW_3D")
    shortcut(keymap, "eventful.run")
    shortcut(keymap, "mesh.no_such_operator")
    shortcut(keymap, "of_another.addon")
    shortcut(keymap, "wm.call_menu", name="VIEW3D_MT_that_never_was")
    shortcut(keymap, "object.delete", no_such_option=True)


def unregister():
    for keymap, item in shortcuts:
        keymap.keymap_items.remove(item)
    shortcuts.clear()
    bpy.types.SpaceView3D.draw_handler_remove(drawn.pop(), "WINDOW")
    for function in TIMERS:
        if bpy.app.timers.is_registered(function):
            bpy.app.timers.unregister(function)
    for event, functions in HANDLERS.items():
        for function in functions:
            getattr(bpy.app.handlers, event).remove(function)
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)
