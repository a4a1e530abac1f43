"""OPS111: arguments renamed, doubled and left out, one beside the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.rules.operators.add_arguments import AddArguments

Look = Callable[[Any, str], Any]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("mesh.primitive_plane_add(layers=a, radius=.5)", "mesh.primitive_plane_add(size=1.0)"),
        ("mesh.primitive_plane_add(view_align=False, layers=a)", 'mesh.primitive_plane_add(align="WORLD")'),
        ("mesh.primitive_plane_add(layers=a)", "mesh.primitive_plane_add()"),
        ("mesh.primitive_grid_add(radius=-a)", "mesh.primitive_grid_add(size=2 * (-a))"),
        ("mesh.primitive_circle_add(radius=a, view_align=b)", "mesh.primitive_circle_add(radius=a, align={})"),
        (
            "mesh.primitive_uv_sphere_add('EXEC_SCREEN', size=a)",
            "mesh.primitive_uv_sphere_add('EXEC_SCREEN', radius=a)",
        ),
        ("object.camera_add(view_align=True, rotation=a)", 'object.camera_add(align="VIEW", rotation=a)'),
        ("object.text_add(view_align=(a if b else c))", "object.text_add(align={})"),
    ],
)
def test_each_argument_gets_its_successor(looking: Look, before: str, after: str) -> None:
    chosen = '"VIEW" if (a if b else c) else "WORLD"' if "(a if" in before else '"VIEW" if b else "WORLD"'
    text = "import bpy\n\n\ndef f(a, b, c):\n    bpy.ops.{}\n"
    made = looking(AddArguments(), "2.80-4.5").repaired(text.format(before))
    assert made == text.format(after.format(chosen) if "{}" in after else after)


@pytest.mark.parametrize(
    "call",
    [
        "bpy.ops.mesh.primitive_cone_add(radius1=1)",
        "bpy.ops.mesh.primitive_plane_add(radius=1, size=2)",
        "bpy.ops.mesh.primitive_plane_add(**view_align)",
        "bpy.ops.object.move_to_layer(layers=a)",
        "bpy.ops.mine.primitive_plane_add(radius=1, view_align=True)",
        "mesh.primitive_plane_add(radius=1)",
    ],
)
def test_what_takes_its_arguments_still_is_left_alone(looking: Look, call: str) -> None:
    text = f"import bpy\n\n\ndef f(a, mesh, view_align):\n    {call}\n"
    assert looking(AddArguments(), "2.80-4.5").repaired(text) == text


def test_an_operator_that_is_called_differently_now_is_asked_by_its_new_name(looking: Look) -> None:
    (found,) = looking(AddArguments(), "2.80-4.5").repairs("import bpy\nbpy.ops.object.lamp_add(view_align=True)\n")
    assert found.question.owner == "bpy.ops.object.light_add"
