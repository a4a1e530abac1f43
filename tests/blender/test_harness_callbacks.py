"""What Blender calls by itself: nodes, properties, handlers; files, and what is left. Asked of real Blenders."""

from __future__ import annotations

import pytest

from bot.blender.base import Runtime
from harness import ADDONS, Run, line_of

FAULTS = {
    "noded": {
        "node:NodedInit": ("no_such_init", "NodedInit"),
        "node:NodedDraw": ("no_such_button", "NodedDraw"),
        "node:NodedUpdate": ("no_such_update", "NodeLink"),
        "node:NodedInsert": ("no_such_insert", "NodeLink"),
        "node:NodedCopy": ("no_such_copy", "NodedCopy"),
        "node:NodedFree": ("no_such_free", "BlendData"),
        "node:NodedShader": ("no_such_shade", "NodedShader"),
    },
    "settled": {
        "property:SETTLED_group.turn": ("no_such_turn", "Scene"),
        "property:SETTLED_group.lost": ("no_such_choice", "Object"),
        "property:SETTLED_group.second": ("no_such_second", "Scene"),
        "property:SETTLED_group.read": ("no_such_reading", "Scene"),
        "property:SETTLED_group.three": ("no_such_store", "Context"),
        "property:SETTLED_group.target": ("no_such_kind", "Object"),
        "property:SETTLED_group.found": ("no_such_search", "Object"),
        "property:SETTLED_item.weight": ("no_such_weight", "SETTLED_item"),
        "property:SETTLED_preferences.mode": ("no_such_mode", "Preferences"),
        "property:PoseBone.settled_flag": ("no_such_bone_part", "PoseBone"),
    },
    "eventful": {
        "handler:frame_change_post.frame_bad": ("no_such_frame", "Scene"),
        "handler:depsgraph_update_post.graph_bad": ("no_such_graph", "Depsgraph"),
        "handler:load_post.load_bad": ("no_such_load", "BlendData"),
        "handler:save_pre.save_bad": ("no_such_save", "Scene"),
        "handler:render_pre.render_bad": ("no_such_render", "RenderSettings"),
        "timer:tick_bad": ("no_such_tick", "Scene"),
        "preset:eventful.preset_bad": ("no_such_preset", "RenderSettings"),
        "gizmo:EVENTFUL_GGT_refresh": ("no_such_matrix", "Object"),
        "keymap:3D View.mesh.no_such_operator": ("no_such_operator", "bpy.ops.mesh"),
        "keymap:3D View.wm.call_menu": ("VIEW3D_MT_that_never_was", "bpy.types"),
    },
    "leaving": {"left-behind": ("leaving_value", "Scene")},
}
"""By add-on and probe: the member that is not there, and what it is not a member of."""

BEGUN = {
    ("noded", "node:NodedLabel"): ("UnfitReturn", "def draw_label(self):\n        return None"),
    ("noded", "node:NodedSocketColour"): (
        "UnfitReturn",
        "def draw_color(self, context, node):\n        return (1.0, 0.5, 0.0)\n",
    ),
    ("eventful", "timer:tick_word"): ("UnfitReturn", "def tick_word"),
    ("eventful", "handler:undo_post.undo_three"): ("TypeError", "def undo_three"),
}
"""What a function gives back or takes that Blender cannot use, and the function."""

WELL = {
    "noded": ("node:NodedTree", "node:NodedWell", "node:NodedSocket", "reload", "left-behind", "enable-again"),
    "settled": (
        "property:SETTLED_group.well",
        "property:SETTLED_group.choice",
        "property:SETTLED_group.stored",
        "property:Image.settled_choice",
        "reload",
        "left-behind",
        "enable-again",
    ),
    "eventful": (
        "handler:frame_change_post.frame_well",
        "handler:depsgraph_update_post.graph_well",
        "handler:load_post.load_well",
        "timer:tick_well",
        "keymap:3D View.eventful.run",
        "preset:eventful.preset_well",
        "gizmo:EVENTFUL_GGT_well",
        "reload",
        "left-behind",
        "enable-again",
    ),
    "leaving": ("handler:frame_change_post.at_each_frame", "handler:save_pre.before_saving", "reload", "enable-again"),
}

UNTRIED = {
    ("noded", "node:NodedNowhere"): ("refused", "its poll says no, to every kind of tree"),
    ("settled", "property:SETTLED_group.far"): ("refused", "needs what is not there: list index out of range"),
    ("settled", "property:SETTLED_nowhere.value"): ("skipped", "nothing was found that has it"),
    ("eventful", "handler:load_post.load_forgotten"): (
        "skipped",
        "it is not persistent: Blender forgets it before a file is loaded",
    ),
    ("eventful", "handler:SpaceView3D.over_the_view"): (
        "skipped",
        "it draws with the graphics card, and there is none",
    ),
    ("eventful", "keymap:3D View.of_another.addon"): ("refused", "the operator is another add-on's, or made later"),
}
"""What came to nothing, and why."""


@pytest.fixture(scope="module")
def known() -> dict[tuple[str, str], Run]:
    """One start for all tests of an add-on and a release."""
    return {}


@pytest.fixture
def tried(runtime: Runtime, known: dict[tuple[str, str], Run], tmp_path_factory: pytest.TempPathFactory) -> Tried:
    """Add-ons, each tried once in this release."""
    return Tried(runtime, known, tmp_path_factory)


class Tried:
    """Add-ons of ours in one release."""

    def __init__(self, runtime: Runtime, known: dict[tuple[str, str], Run], folders: pytest.TempPathFactory) -> None:
        self._runtime, self._known, self._folders = runtime, known, folders

    def __getitem__(self, name: str) -> Run:
        key = name, str(self._runtime.release)
        if key not in self._known:
            self._known[key] = Run(self._runtime, self._folders.mktemp(name), ADDONS / f"{name}.py")
        return self._known[key]


@pytest.mark.parametrize(("addon", "probe"), [(addon, probe) for addon in FAULTS for probe in FAULTS[addon]])
def test_what_a_callback_asks_for_that_is_not_there_is_found_at_its_line(tried: Tried, addon: str, probe: str) -> None:
    member, owner = FAULTS[addon][probe]
    found = tried[addon].raised(probe)
    texts = {"left-behind": '"the value is"'}
    assert found[1:] == (f"{addon}.py", line_of(f"{addon}.py", texts.get(probe, member)), owner, member)


@pytest.mark.parametrize(("addon", "probe"), BEGUN)
def test_what_blender_cannot_use_is_told_where_the_function_begins(tried: Tried, addon: str, probe: str) -> None:
    kind, text = BEGUN[addon, probe]
    whole = (ADDONS / f"{addon}.py").read_text(encoding="utf-8")
    assert tried[addon].raised(probe)[:3] == (kind, f"{addon}.py", whole[: whole.index(text)].count("\n") + 1)


@pytest.mark.parametrize("addon", WELL)
def test_what_is_as_it_should_be_passes(tried: Tried, addon: str) -> None:
    outcomes = {probe: tried[addon].probes[probe].outcome for probe in WELL[addon]}
    assert outcomes == dict.fromkeys(WELL[addon], "pass")


@pytest.mark.parametrize("addon", FAULTS)
def test_nothing_else_fails(tried: Tried, addon: str) -> None:
    wrong = {*FAULTS[addon], *(probe for name, probe in BEGUN if name == addon)}
    others = {"eventful": {"gizmo:EVENTFUL_GGT_kind", "keymap:3D View.object.delete"}}
    others |= {"leaving": {"handler:load_post.after_loading"}, "noded": {"node:NodedDetails"}}
    failing = {probe.id for probe in tried[addon].result.probes if probe.outcome == "fail"}
    assert failing == wrong | others.get(addon, set())


@pytest.mark.parametrize(("addon", "probe"), UNTRIED)
def test_what_came_to_nothing_says_why(tried: Tried, addon: str, probe: str) -> None:
    found = tried[addon].probes[probe]
    assert (found.outcome, found.detail) == UNTRIED[addon, probe]


def test_a_node_lives_its_whole_life(tried: Tried) -> None:
    executed = tried["noded"].result.executed["noded.py"]
    for said in ("shown in", "linked", "updated", "copied from", "freed", "in the tree", 'prop(self, "value"'):
        assert line_of("noded.py", said) in executed, said


def test_an_icon_that_is_gone_is_found_in_the_details_of_a_node(tried: Tried) -> None:
    found = tried["noded"].probes["node:NodedDetails"].raised
    assert found is not None and 'enum "ZOOMIN" not found in' in found.message


def test_a_property_with_a_setter_is_read_and_written(tried: Tried) -> None:
    executed = tried["settled"].result.executed["settled.py"]
    for said in ('get("stored_value"', '["stored_value"] = value'):
        assert line_of("settled.py", said) in executed, said


def test_data_held_on_to_is_gone_when_a_file_is_loaded(tried: Tried) -> None:
    found = tried["leaving"].raised("handler:load_post.after_loading")
    assert found[:3] == ("ReferenceError", "leaving.py", line_of("leaving.py", '"it was"'))


def test_what_is_left_behind_is_listed(tried: Tried) -> None:
    told = tried["leaving"].probes["left-behind"].detail
    assert told == "handlers: frame_change_post.at_each_frame; properties: Object.leaving_other"
    assert tried["settled"].probes["left-behind"].detail == "nothing that can be seen"


def test_what_fails_says_how_it_comes_about_again(tried: Tried) -> None:
    written = {"node:NodedCopy": "copied = tree.copy()", "node:NodedDraw": "draw_buttons(node, bpy.context, Layout())"}
    for probe, line in written.items():
        how = tried["noded"].probes[probe].recipe
        assert how is not None and line in how.lines[-1] and how.scene == "cube"
    how = tried["leaving"].probes["left-behind"].recipe
    assert how is not None and how.lines == ("disable()", "bpy.context.scene.frame_set(2)") and how.printed
