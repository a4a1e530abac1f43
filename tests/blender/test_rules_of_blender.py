"""Rules of Blender that hold without a window, and where it is a module: what is drawn, enabled, and given back."""

from __future__ import annotations

from pathlib import Path

import pytest

from alone import Bench
from bot.blender.base import Probe, Runtime
from bot.models.reproducer import Came
from bot.sandbox.base import Sandbox

DRAWING = """
bl_info = {"name": "Drawn", "blender": (2, 80, 0), "category": "Interface"}

import bpy


class DrawnItem(bpy.types.PropertyGroup):
    seen: bpy.props.BoolProperty()


class DrawnPreferences(bpy.types.AddonPreferences):
    bl_idname = __name__

    seen: bpy.props.BoolProperty()

    def draw(self, context):
        self.seen = True
        context.window_manager["drawn"] = True
        self.layout.prop(self, "seen")


class DRAWN_PT_panel:
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_label = "Drawn"


class DRAWN_PT_writes(DRAWN_PT_panel, bpy.types.Panel):
    def draw(self, context):
        context.object["drawn"] = True  # written by a panel


class DRAWN_PT_polls(DRAWN_PT_panel, bpy.types.Panel):
    @classmethod
    def poll(cls, context):
        context.scene.frame_start = 2  # written by a poll
        return True

    def draw(self, context):
        pass


class DRAWN_PT_runs(DRAWN_PT_panel, bpy.types.Panel):
    def draw(self, context):
        bpy.ops.object.select_all()  # run by a panel


class DRAWN_PT_lists(DRAWN_PT_panel, bpy.types.Panel):
    def draw(self, context):
        self.layout.template_list("DRAWN_UL_items", "", context.scene, "drawn_items", context.scene, "drawn_active")


class DRAWN_UL_items(bpy.types.UIList):
    def draw_item(self, context, layout, data, item, icon, active_data, active_property, index):
        item.seen = True  # written by a list


class DRAWN_OT_options(bpy.types.Operator):
    bl_idname = "drawn.options"
    bl_label = "Options"

    size: bpy.props.IntProperty()

    def draw(self, context):
        self.size = 3
        context.scene.frame_start = 2

    def execute(self, context):
        context.scene.frame_start = self.size
        return {"FINISHED"}


def entry(self, context):
    context.scene.frame_start = 2  # written by an entry


CLASSES = (
    DrawnItem, DrawnPreferences, DRAWN_PT_writes, DRAWN_PT_polls, DRAWN_PT_runs, DRAWN_PT_lists, DRAWN_UL_items,
    DRAWN_OT_options,
)


def register():
    for cls in CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Scene.drawn_items = bpy.props.CollectionProperty(type=DrawnItem)
    bpy.types.Scene.drawn_active = bpy.props.IntProperty()
    bpy.types.VIEW3D_MT_object.append(entry)


def unregister():
    bpy.types.VIEW3D_MT_object.remove(entry)
    del bpy.types.Scene.drawn_items, bpy.types.Scene.drawn_active
    for cls in CLASSES:
        bpy.utils.unregister_class(cls)
"""

LOADING = """
bl_info = {"name": "Loaded", "blender": (2, 80, 0), "category": "Scene"}

import bpy


def register():
    %s


def unregister():
    pass
"""


def bench_of(text: str, runtime: Runtime, sandbox: Sandbox, folder: Path) -> Bench:
    source = folder / "drawn.py"
    source.write_text(text, encoding="utf-8")
    return Bench(runtime, sandbox, folder, source)


def place(probe: Probe) -> tuple[str, int]:
    assert probe.raised is not None
    return probe.raised.type, probe.raised.line


def line_of(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


def test_nothing_that_is_drawn_may_write_to_data_or_run_an_operator(
    runtime: Runtime, sandbox: Sandbox, tmp_path: Path
) -> None:
    bench = bench_of(DRAWING, runtime, sandbox, tmp_path)
    failing = bench.failing()
    assert {name: place(probe) for name, probe in failing.items()} == {
        "panel:DRAWN_PT_writes": ("AttributeError", line_of(DRAWING, "written by a panel")),
        "panel:DRAWN_PT_polls": ("AttributeError", line_of(DRAWING, "written by a poll")),
        "panel:DRAWN_PT_runs": ("RuntimeError", line_of(DRAWING, "run by a panel")),
        "panel:DRAWN_UL_items": ("AttributeError", line_of(DRAWING, "written by a list")),
        "function:entry": ("AttributeError", line_of(DRAWING, "written by an entry")),
    }
    for name, probe in failing.items():
        text, tried = list(bench.shown(probe))[-1]
        assert tried.came is Came.SHOWS, f"{name}: {tried.said}\n{text}"


@pytest.mark.parametrize("line", ["bpy.context.scene.frame_start = 2", "bpy.data.objects['Cube'].hide_render = True"])
def test_an_addon_is_enabled_without_a_context_and_without_data(
    runtime: Runtime, sandbox: Sandbox, tmp_path: Path, line: str
) -> None:
    text = LOADING % line
    bench = bench_of(text, runtime, sandbox, tmp_path)
    (probe,) = bench.failing().values()
    assert (probe.id, place(probe)) == ("enable", ("AttributeError", line_of(text, line)))
    shown, tried = list(bench.shown(probe))[-1]
    assert tried.came is Came.SHOWS, f"{tried.said}\n{shown}"


RETURNING = """
bl_info = {"name": "Returned", "blender": (2, 80, 0), "category": "Scene"}

import bpy


class RETURNED_OT_nothing(bpy.types.Operator):
    bl_idname = "returned.nothing"
    bl_label = "Nothing"

    def execute(self, context):  # without a return
        context.scene.frame_start = 2


class RETURNED_OT_word(bpy.types.Operator):
    bl_idname = "returned.word"
    bl_label = "Word"

    def execute(self, context):  # with a word
        return {"DONE"}


def register():
    bpy.utils.register_class(RETURNED_OT_nothing)
    bpy.utils.register_class(RETURNED_OT_word)


def unregister():
    bpy.utils.unregister_class(RETURNED_OT_nothing)
    bpy.utils.unregister_class(RETURNED_OT_word)
"""


def test_what_an_operator_gives_back_and_blender_cannot_use_is_its_fault(
    runtime: Runtime, sandbox: Sandbox, tmp_path: Path
) -> None:
    bench = bench_of(RETURNING, runtime, sandbox, tmp_path)
    failing = bench.failing()
    assert {name: place(probe) for name, probe in failing.items()} == {
        "operator:returned.nothing": ("RuntimeError", line_of(RETURNING, "without a return")),
        "operator:returned.word": ("RuntimeError", line_of(RETURNING, "with a word")),
    }
    for name, probe in failing.items():
        assert probe.raised is not None and "incompatible return value" in probe.raised.message
        text, tried = list(bench.shown(probe))[-1]
        assert tried.came is Came.SHOWS, f"{name}: {tried.said}\n{text}"


def test_what_an_addon_may_use_while_it_is_enabled_is_there(runtime: Runtime, sandbox: Sandbox, tmp_path: Path) -> None:
    text = LOADING % "assert bpy.context.preferences and bpy.context.window_manager and bpy.app.version"
    assert bench_of(text, runtime, sandbox, tmp_path).failing() == {}
