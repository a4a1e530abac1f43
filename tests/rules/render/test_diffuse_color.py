"""RND113: which colours are a material's, and which values have three numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.models.fault import Fault
from bot.rules.render.diffuse_color import DiffuseColor

Look = Callable[[Any, str], Any]


@pytest.mark.parametrize(
    ("value", "repaired"),
    [
        ("(1, 0, 0)", "(1, 0, 0, 1.0)"),
        ("[1, 0, 0,]", "[1, 0, 0, 1.0,]"),
        ("1, 0, 0", "1, 0, 0, 1.0"),
        ("data[0:3]", "(*data[0:3], 1.0)"),
        ("[x / 255 for x in range(3)]", "(*[x / 255 for x in range(3)], 1.0)"),
        ("Color((1, 0, 0))", "(*Color((1, 0, 0)), 1.0)"),
        ("three", "(*three, 1.0)"),
        ("(1, 0, 0, 1)", "(1, 0, 0, 1)"),
        ("data", "data"),
        ("(*data, 1)", "(*data, 1)"),
        ("other.diffuse_color", "other.diffuse_color"),
    ],
)
def test_three_numbers_get_an_alpha(looking: Look, value: str, repaired: str) -> None:
    text = (
        "from mathutils import Color\n\ndef f(b_mat, data, other):\n    three = 0, 0, 1\n    b_mat.diffuse_color = {}\n"
    )
    assert looking(DiffuseColor(), "2.80-4.5").repaired(text.format(value)) == text.format(repaired)


@pytest.mark.parametrize("holder", ["n_mat_prop", "light", "self", "format", "brush"])
def test_what_is_not_called_a_material_is_left_alone_until_blender_complains(
    looking: Look, seen: Callable[[int, str], Fault], holder: str
) -> None:
    text = f"def f(self, {holder}_):\n    {holder}.diffuse_color = (1, 0, 0)\n    return {holder}.diffuse_color.r\n"
    look = looking(DiffuseColor(), "2.80-4.5")
    assert look.repaired(text) == text
    error = "ValueError: bpy_struct: item.attr = val: sequences of dimension 0 should contain 4 items, not 3"
    assert f"{holder}.diffuse_color = (1, 0, 0, 1.0)" in look.repaired(text, [seen(2, error)])


def test_an_unknown_value_is_spread_where_blender_counted_three(
    looking: Look, seen: Callable[[int, str], Fault]
) -> None:
    text = "def f(mat, tint):\n    mat.diffuse_color = tint * 2\n"
    error = "ValueError: bpy_struct: item.attr = val: sequences of dimension 0 should contain 4 items, not 3"
    expected = "def f(mat, tint):\n    mat.diffuse_color = (*(tint * 2), 1.0)\n"
    assert looking(DiffuseColor(), "2.80-4.5").repaired(text, [seen(2, error)]) == expected
