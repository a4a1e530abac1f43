"""Texts that are spelled anew: where they are found, and what is left alone."""

from __future__ import annotations

from typing import Any

import pytest

from bot.rules.gpu.shader_names import ShaderNames
from bot.rules.scene.lightprobe_types import LightprobeTypes

CALL = "import gpu\ns = gpu.shader.from_builtin({})\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("'2D_IMAGE'", "'IMAGE'"),
        ('shader_name="3D_FLAT_COLOR", config="CLIPPED"', 'shader_name="FLAT_COLOR", config="CLIPPED"'),
        ("'2D_IMAGE' if flat else ('3D_IMAGE')", "'IMAGE' if flat else 'IMAGE'"),
    ],
)
def test_an_argument_is_respelled(looking: Any, before: str, after: str) -> None:
    assert looking(ShaderNames(), "4.2-5.0").repaired(CALL.format(before)) == CALL.format(after)


def test_a_name_is_followed_to_what_it_is_assigned(looking: Any) -> None:
    text = "import gpu\nNAME = '2D_IMAGE'\ndef f():\n    kind = '3D_IMAGE'\n    b(kind)\n    return b(NAME)\n".replace(
        "b(", "gpu.shader.from_builtin("
    )
    assert looking(ShaderNames(), "4.2-5.0").repaired(text) == text.replace("2D_", "").replace("3D_", "")


def test_a_parameter_is_followed_to_the_calls_of_its_function(looking: Any) -> None:
    text = (
        "import gpu\n"
        "class A:\n"
        "    def make(self, kind='3D_IMAGE'):\n"
        "        return gpu.shader.from_builtin(kind)\n"
        "    def draw(self):\n"
        "        return self.make('2D_IMAGE'), other.make('2D_IMAGE')\n"
        "def make(kind):\n"
        "    return gpu.shader.from_builtin(kind)\n"
        "make(kind='3D_SMOOTH_COLOR'), make('POLYLINE_FLAT_COLOR')\n"
    )
    after = text.replace("'3D_", "'").replace("self.make('2D_", "self.make('")
    assert looking(ShaderNames(), "4.2-5.0").repaired(text) == after


@pytest.mark.parametrize(
    "text",
    [
        "import gpu\ns = f'{gpu.shader.from_builtin(\"2D_IMAGE\")}'\n",
        CALL.format("'2D_' 'IMAGE'"),
        CALL.format("'IMAGE' if bpy.app.version > (3, 6, 9) else '2D_IMAGE'"),
        "import gpu\nkind = '2D_IMAGE'\nif new:\n    kind = 'IMAGE'\ngpu.shader.from_builtin(kind)\n",
        "import gpu\nkind = '2D_IMAGE'\ngpu.shader.from_builtin(kind)\nprint(KINDS[kind])\n",
        "s = mine.from_builtin('2D_IMAGE')\n",
    ],
)
def test_what_is_chosen_already_or_serves_something_else_is_left(looking: Any, text: str) -> None:
    assert looking(ShaderNames(), "3.6-4.5").repairs(text) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("p.type != 'GRID'", "p.type not in {'GRID', 'VOLUME'}"),
        ("'GRID' == p.type", "p.type in {'GRID', 'VOLUME'}"),
        ("p.type in ('GRID', 'PLANAR')", "p.type in ('GRID', 'VOLUME', 'PLANAR', 'PLANE')"),
        ("p.type == 'GRID' or p.type == 'VOLUME'", "p.type == 'GRID' or p.type == 'VOLUME'"),
    ],
)
def test_a_comparison_accepts_both_where_older_releases_are_supported(looking: Any, before: str, after: str) -> None:
    text = "def f(p: bpy.types.LightProbe):\n    return {}\n"
    assert looking(LightprobeTypes(), "3.6-5.0").repaired("import bpy\n" + text.format(before)) == (
        "import bpy\n" + text.format(after)
    )


def test_an_error_that_lists_the_new_texts_tells_of_a_place_nothing_is_known_of(looking: Any, seen: Any) -> None:
    text = "def f(lightprobe):\n    lightprobe.type = 'GRID'\n"
    rule = looking(LightprobeTypes(), "4.2-5.0")
    assert rule.repairs(text) == []
    message = "TypeError: bpy_struct: item.attr = val: enum \"GRID\" not found in ('{}')"
    assert rule.repairs(text, [seen(2, message.format("A', 'B"))]) == []
    assert rule.repaired(text, [seen(2, message.format("SPHERE', 'VOLUME"))]) == text.replace("GRID", "VOLUME")
