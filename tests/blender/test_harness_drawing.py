"""What panels, menus and lists ask a layout for, held against the release; asked of real Blenders."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.blender.base import Runtime
from harness import ADDONS, Run, line_of

LISTED = ADDONS / "listed.py"

ASKED = {
    "LISTED_PT_swallows": ("UnknownProperty", '"listed_lost")\n', "Scene", "listed_lost"),
    "LISTED_MT_menu": ("UnknownMenu", "INFO_MT_mesh_add", "bpy.types", "INFO_MT_mesh_add"),
    "LISTED_MT_popover": ("UnknownPanel", "VIEW3D_PT_that_never_was", "bpy.types", "VIEW3D_PT_that_never_was"),
    "LISTED_MT_list": ("UnknownList", "LISTED_UL_nowhere", "bpy.types", "LISTED_UL_nowhere"),
    "LISTED_MT_item": ("UnknownItem", '"PCX"', "ImageFormatSettings.file_format", "PCX"),
    "LISTED_MT_kind": ("UnfitProperty", '"frame_end"', "Scene", "frame_end"),
    "LISTED_MT_search": ("UnfitProperty", 'prop_search(context.scene, "listed_index"', "Scene", "listed_index"),
    "LISTED_MT_data": ("TypeError", "template_keymap", "UILayout", "template_keymap_item_properties"),
    "LISTED_MT_enum": ("UnknownProperty", "no_such_action", "OBJECT_OT_select_all", "no_such_action"),
}
"""By panel or menu: what is wrong, the line that asks for it, and what does not fit."""


@pytest.fixture(scope="module")
def runs() -> dict[str, Run]:
    """One start for all tests of a release."""
    return {}


@pytest.fixture
def run(runtime: Runtime, runs: dict[str, Run], tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The add-on with everything wrong, tried in a release."""
    release = str(runtime.release)
    if release not in runs:
        runs[release] = Run(runtime, tmp_path_factory.mktemp("listed"), LISTED)
    return runs[release]


@pytest.mark.parametrize("panel", ASKED)
def test_what_is_not_there_is_told_at_the_line_that_asks_for_it(run: Run, panel: str) -> None:
    kind, text, owner, member = ASKED[panel]
    assert run.raised(f"panel:{panel}") == (kind, "listed.py", line_of("listed.py", text.strip()), owner, member)


def test_what_is_there_is_no_fault_also_where_blender_made_it_in_c(run: Run) -> None:
    assert run.probes["panel:LISTED_PT_well"].outcome == "pass"


def test_drawing_goes_on_after_what_blender_only_prints(run: Run) -> None:
    found = run.probes["panel:LISTED_MT_two"]
    assert run.raised("panel:LISTED_MT_two")[0] == "UnknownOperator"
    assert "property not found: Scene.listed_lost" in found.detail


def test_a_panel_is_drawn_in_each_mode_it_is_seen_in(run: Run) -> None:
    for panel, member in (("LISTED_PT_pose", "listed_of_bones"), ("LISTED_PT_only_pose", "listed_of_pose")):
        assert run.probes[f"panel:{panel}"].situation == "pose"
        assert run.raised(f"panel:{panel}")[3:] == ("Scene", member)


def test_lists_are_drawn_with_what_panels_show_in_them(run: Run) -> None:
    assert run.probes["panel:LISTED_UL_well"].outcome == "pass"
    assert line_of("listed.py", 'prop(item, "value"') in run.result.executed["listed.py"]
    gone = ("UnknownProperty", "listed.py", line_of("listed.py", '"weight"'), "LISTED_item", "weight")
    assert run.raised("panel:LISTED_UL_gone") == gone
    many = run.probes["panel:LISTED_UL_many"].raised
    assert many is not None and "returned 5 items in filter_flags, 1 or none" in many.message
    assert many.line > line_of("listed.py", "class LISTED_UL_many")
    unseen = run.probes["panel:LISTED_UL_unseen"]
    assert (unseen.outcome, unseen.detail) == ("skipped", "no panel that was drawn shows it")


def test_a_list_alone_is_drawn_as_with_all_others(runtime: Runtime, tmp_path: Path) -> None:
    run = Run(runtime, tmp_path, LISTED, only=("panel:LISTED_UL_gone",))
    assert list(run.probes) == ["enable", "panel:LISTED_UL_gone"]
    assert run.raised("panel:LISTED_UL_gone")[3:] == ("LISTED_item", "weight")


def test_what_is_wrong_says_how_it_comes_about_again(run: Run) -> None:
    probes = [probe for probe in run.result.probes if probe.outcome == "fail"]
    assert {probe.id for probe in probes if probe.recipe is None} == set()
    listed = run.probes["panel:LISTED_UL_gone"].recipe
    assert listed is not None and listed.lines[0].endswith(".add()"), "there is an item to be drawn"
