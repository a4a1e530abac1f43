from __future__ import annotations

from typing import Any

import pytest

from bot.models.patch import Decision
from bot.rules.render.bake_settings import BakeSettings

RENDER = "import bpy\nr = bpy.context.scene.render\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("r.bake_margin += 2", "r.bake.margin += 2"),
        ("r.use_bake_clear = not r.use_bake_clear", "r.bake.use_clear = not r.bake.use_clear"),
        ("book.bake_margin = scene.render.bake_margin", "book.bake_margin = scene.render.bake_margin"),
        ("layout.prop(r, 'bake_margin')", "layout.prop(r, 'bake_margin')"),
    ],
)
def test_settings_are_asked_of_bake(looking: Any, before: str, after: str) -> None:
    assert looking(BakeSettings(), "5.0-5.1").repaired(f"{RENDER}{before}\n") == f"{RENDER}{after}\n"


@pytest.mark.parametrize("line", ["r.bake_type = 'TEXTURE'", "if r.bake_type == 'AO': pass", "r.bake_bias = 0.1"])
def test_what_is_not_baked_any_more_is_explained(looking: Any, line: str) -> None:
    (repair,) = looking(BakeSettings(), "5.0-5.1").repairs(f"{RENDER}{line}\n")
    assert repair.decision is Decision.EXPLAIN
    assert repair.reason and not repair.edits
