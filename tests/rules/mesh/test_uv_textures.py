"""MSH111: the layers behind a name, and images of faces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.rules.mesh.uv_textures import UvTextures

Look = Callable[[Any, str], Any]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("mesh.uv_textures.new('A')", "mesh.uv_layers.new(name='A')"),
        ("mesh.uv_textures.new()", "mesh.uv_layers.new()"),
        ("mesh.uv_textures.new(name='A')", "mesh.uv_layers.new(name='A')"),
        ("mesh.uv_textures.remove(mesh.uv_textures[0])", "mesh.uv_layers.remove(mesh.uv_layers[0])"),
        ("len(getattr(mesh, 'uv_textures'))", "len(getattr(mesh, 'uv_layers'))"),
        ("uvs = mesh.uv_textures\n    uvs.new('A')", "uvs = mesh.uv_layers\n    uvs.new(name='A')"),
    ],
)
def test_layers_are_made_chosen_and_removed(looking: Look, before: str, after: str) -> None:
    text = "def f(mesh):\n    {}\n"
    assert looking(UvTextures(), "2.80-4.5").repaired(text.format(before)) == text.format(after)


@pytest.mark.parametrize(
    "body",
    [
        "mesh.uv_textures.active.data[0].image = None",
        "layer = mesh.uv_textures[0]\n    for face in layer.data:\n        print(face.image)",
        "paint(mesh.uv_textures.active)",
    ],
)
def test_what_wants_images_of_faces_is_explained(looking: Look, body: str) -> None:
    found = looking(UvTextures(), "2.80-4.5").repairs(f"def f(mesh, paint):\n    {body}\n")
    assert found
    assert all(one.reason and not one.edits for one in found)
