"""What Blender calls by itself and fails becomes scripts that show it in Blenders that were just started."""

from __future__ import annotations

from pathlib import Path

import pytest

from alone import Bench
from bot.blender.base import Runtime
from bot.models.reproducer import Came
from bot.sandbox.base import Sandbox

ADDONS = Path(__file__).parents[1] / "data" / "addons"
SHOWN = {
    "listed": ("panel:LISTED_UL_gone", "panel:LISTED_MT_menu", "panel:LISTED_PT_only_pose"),
    "noded": ("node:NodedCopy", "node:NodedLabel", "node:NodedShader"),
    "settled": ("property:SETTLED_group.turn", "property:PoseBone.settled_flag", "property:SETTLED_group.found"),
    "eventful": (
        "handler:frame_change_post.frame_bad",
        "handler:load_post.load_bad",
        "handler:undo_post.undo_three",
        "timer:tick_bad",
        "keymap:3D View.mesh.no_such_operator",
        "preset:eventful.preset_bad",
        "gizmo:EVENTFUL_GGT_refresh",
    ),
    "leaving": ("handler:load_post.after_loading", "left-behind"),
}
"""By add-on, a fault of each kind."""


@pytest.mark.parametrize("addon", SHOWN)
def test_a_script_shows_it(runtimes: tuple[Runtime, ...], sandbox: Sandbox, tmp_path: Path, addon: str) -> None:
    bench = Bench(runtimes[-1], sandbox, tmp_path, ADDONS / f"{addon}.py")
    failing = bench.failing()
    for name in SHOWN[addon]:
        text, tried = list(bench.shown(failing[name]))[-1]
        assert tried.came is Came.SHOWS, f"{name}: {tried.said}\n{text}"
