"""The names of the scenes probes run in."""

from __future__ import annotations

CUBE = "cube"
SITUATIONS = (
    CUBE,
    "two_meshes",
    "modifier",
    "plain",
    "edit_mesh",
    "weight_paint",
    "armature",
    "pose",
    "light",
    "camera",
    "curve",
    "empty_selection",
)
WITH_MESH = frozenset({CUBE, "two_meshes", "modifier", "plain", "edit_mesh", "weight_paint"})
"""The situations in which a mesh is active, as nearly every add-on expects."""
