"""MSH112: what takes the place of the arguments of 2.79, and what a person must decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.models.fault import Fault
from bot.rules.mesh.object_to_mesh import ObjectToMesh

Look = Callable[[Any, str], Any]
TEXT = "import bpy\n\n\ndef f(context, ob, flag, depsgraph, obs):\n    return {}\n"
EVALUATED = "ob.evaluated_get({}.evaluated_depsgraph_get())"


@pytest.mark.parametrize(
    ("call", "made"),
    [
        ("ob.to_mesh(context.scene, True, 'PREVIEW')", EVALUATED.format("context")),
        ("ob.to_mesh(bpy.context.scene, True, 'PREVIEW', False)", EVALUATED.format("bpy.context")),
        ("ob.to_mesh(bpy.data.scenes[0], True, 'PREVIEW')", EVALUATED.format("context")),
        ("ob.to_mesh(context.scene, False, 'RENDER')", "ob"),
        ("ob.to_mesh(context.scene, not flag, 'PREVIEW')", EVALUATED.format("context") + " if not flag else ob"),
        ("ob.to_mesh(depsgraph, apply_modifiers=True)", "ob.evaluated_get(depsgraph)"),
        ("obs[0].to_mesh(context.scene, False, 'PREVIEW')", "obs[0]"),
        ("bpy.data.meshes.new_from_object(context.scene, ob, True, 'PREVIEW')", EVALUATED.format("context")),
    ],
)
def test_the_mesh_is_made_of_the_evaluated_object(looking: Look, call: str, made: str) -> None:
    expected = TEXT.format(f"bpy.data.meshes.new_from_object({made})")
    assert looking(ObjectToMesh(), "2.80-4.5").repaired(TEXT.format(call)) == expected


@pytest.mark.parametrize(
    "call",
    [
        "ob.to_mesh()",
        "ob.to_mesh(preserve_all_data_layers=True, depsgraph=depsgraph)",
        "ob.to_mesh(flag, 1)",
        "ob.to_mesh(*obs)",
        "bpy.data.meshes.new_from_object(ob)",
        "bpy.data.meshes.new_from_object(ob, preserve_all_data_layers=True, depsgraph=depsgraph)",
    ],
)
def test_calls_of_today_and_of_others_are_left_alone(looking: Look, call: str) -> None:
    own = TEXT.format(call) + "\n\nclass Shape:\n    def to_mesh(self, scale, number):\n        pass\n"
    assert not looking(ObjectToMesh(), "2.80-4.5").repairs(own)


@pytest.mark.parametrize(
    "call",
    [
        "ob.to_mesh(context.scene, True, 'RENDER')",
        "ob.to_mesh(context.scene, True, 'PREVIEW', calc_undeformed=True)",
        "obs[0].to_mesh(context.scene, flag, 'PREVIEW')",
    ],
)
def test_what_changes_the_mesh_is_explained(looking: Look, call: str) -> None:
    (found,) = looking(ObjectToMesh(), "2.80-4.5").repairs(TEXT.format(call))
    assert found.reason and not found.edits


def test_a_mesh_for_rendering_is_made_where_blender_refused_the_call(
    looking: Look, seen: Callable[[int, str], Fault]
) -> None:
    error = "TypeError: Object.to_mesh(): takes at most 2 arguments, got 3"
    text = TEXT.format("ob.to_mesh(context.scene, True, 'RENDER')")
    made = looking(ObjectToMesh(), "2.80-4.5").repaired(text, [seen(5, error)])
    assert made == TEXT.format(f"bpy.data.meshes.new_from_object({EVALUATED.format('context')})")
