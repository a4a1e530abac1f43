"""MSH113: which colours are those of a mesh's corners, and which values have three numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.models.fault import Fault
from bot.rules.mesh.vertex_colors import VertexColors

Look = Callable[[Any, str], Any]
ERROR = "ValueError: bpy_struct: item.attr = val: sequences of dimension 0 should contain 4 items, not 3"


@pytest.mark.parametrize(
    "corner",
    [
        "mesh.vertex_colors.active.data[0]",
        "ob.data.vertex_colors['Col'].data[loop.index]",
        "mesh.vertex_colors.new(name='a').data[0]",
    ],
)
def test_three_numbers_get_an_alpha(looking: Look, corner: str) -> None:
    text = f"def f(mesh, ob, loop):\n    {corner}.color = [1, 0, 0]\n"
    assert looking(VertexColors(), "2.80-4.5").repaired(text) == text.replace("[1, 0, 0]", "[1, 0, 0, 1.0]")


@pytest.mark.parametrize(
    "line",
    [
        "mesh.color_layers.active.data[0].color = (1, 0, 0)",
        "light.color = (1, 0, 0)",
        "data[0].color = (1, 0, 0)",
        "mesh.vertex_colors.active.data[0].color = value",
        "mesh.vertex_colors.active.data[0].color[0] = 1",
    ],
)
def test_what_may_be_something_else_is_left_alone(looking: Look, line: str) -> None:
    text = f"def f(mesh, light, data, value):\n    mesh.vertex_colors.active\n    {line}\n"
    assert looking(VertexColors(), "2.80-4.5").repaired(text) == text


def test_an_unknown_value_is_spread_where_blender_counted_three(
    looking: Look, seen: Callable[[int, str], Fault]
) -> None:
    text = "def f(mesh, corner, tint):\n    mesh.vertex_colors\n    corner.color = list(map(half, tint))\n"
    expected = text.replace("list(map(half, tint))", "(*list(map(half, tint)), 1.0)")
    assert looking(VertexColors(), "2.80-4.5").repaired(text, [seen(3, ERROR)]) == expected
