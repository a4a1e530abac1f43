"""Settings that are left out: which lines go, what keeps the block whole, what a person must look at."""

from __future__ import annotations

from typing import Any

import pytest

from bot.models.patch import Decision
from bot.rules.render.eevee_settings import EeveeSettings


def test_a_block_of_nothing_else_keeps_a_body(looking: Any) -> None:
    text = (
        "def f(scene):\n    scene.eevee.use_bloom = True  # glow\n    # and\n    scene.eevee.bloom_radius *= 2\nf(s)\n"
    )
    assert looking(EeveeSettings(), "4.2-5.0").repaired(text) == "def f(scene):\n    pass\nf(s)\n"


def test_lines_that_follow_each_other_share_a_guard(looking: Any) -> None:
    text = "import bpy\ne = bpy.context.scene.eevee\ne.use_bloom = a\ne.use_gtao = b\nprint()\ne.sss_samples = 3\n"
    assert looking(EeveeSettings(), "3.6-5.0").repaired(text) == (
        "import bpy\ne = bpy.context.scene.eevee\n"
        "if bpy.app.version < (4, 2, 0):\n    e.use_bloom = a\n    e.use_gtao = b\n"
        "print()\nif bpy.app.version < (4, 2, 0):\n    e.sss_samples = 3\n"
    )


def test_a_switch_that_is_read_is_taken_for_what_the_new_engine_does(looking: Any) -> None:
    text = "glow = scene.eevee.use_bloom and not scene.eevee.use_soft_shadows\n"
    assert looking(EeveeSettings(), "3.6-5.0").repaired(text) == (
        'glow = getattr(scene.eevee, "use_bloom", False) and not getattr(scene.eevee, "use_soft_shadows", True)\n'
    )


@pytest.mark.parametrize(
    "text",
    [
        "size = scene.eevee.shadow_cube_size\n",
        "x, scene.eevee.use_bloom = 1, True\n",
        "if x: scene.eevee.use_bloom = True\n",
        "scene.eevee.use_bloom = settings.pop()\n",
        "row = layout.row(); row.prop(scene.eevee, 'use_bloom')\n",
    ],
)
def test_a_setting_that_is_read_or_shares_its_line_is_explained(looking: Any, text: str) -> None:
    (repair,) = looking(EeveeSettings(), "4.2-5.0").repairs(text)
    assert repair.decision is Decision.EXPLAIN
    assert repair.reason and not repair.edits


@pytest.mark.parametrize(
    "text",
    [
        "self.eevee.use_bloom = True\n",
        "eevee = make()\neevee.use_bloom = True\n",
        "if not hasattr(scene.eevee, 'use_bloom'):\n    pass\nelse:\n    scene.eevee.use_bloom = True\n",
        "try:\n    scene.eevee.use_bloom = True\nexcept AttributeError:\n    pass\n",
        "scene.eevee.use_shadows = True\nlayout.prop(scene.eevee, name)\n",
    ],
)
def test_what_is_another_or_is_asked_for_first_is_left(looking: Any, text: str) -> None:
    assert looking(EeveeSettings(), "3.6-5.0").repairs(text) == []


def test_an_error_tells_of_a_place_nothing_is_known_of(looking: Any, seen: Any) -> None:
    text = "def f(e):\n    e.use_bloom = True  # eevee\n    return e\n"
    fault = seen(2, "AttributeError: 'SceneEEVEE' object has no attribute 'use_bloom'")
    assert looking(EeveeSettings(), "4.2-5.0").repaired(text, [fault]) == "def f(e):\n    return e\n"
