"""How a check comes about where Blender did not live to say it: what its name says, in the usual scenes. Pure."""

from __future__ import annotations

from bot.blender.harness.scene.situations import SITUATIONS
from bot.models.recipe import Recipe

_LOADING = {
    "enable": Recipe(),
    "disable": Recipe(lines=("disable()",)),
    "enable-again": Recipe(lines=("with contextlib.suppress(Exception):\n    disable()", "enable()")),
}


def usual(check_id: str) -> tuple[Recipe, ...]:
    """The recipes a check's name leads to, the likeliest first; none where it says too little."""
    kind, _, subject = check_id.partition(":")
    if kind in _LOADING:
        return (_LOADING[kind],)
    if not subject or not all(part.isidentifier() for part in subject.split(".")):
        return ()
    if kind == "operator" and subject.count(".") == 1:
        return tuple(_called(f"bpy.ops.{subject}()", scene) for scene in SITUATIONS)
    return tuple(_called(f"draw(bpy.types.{subject})", scene) for scene in SITUATIONS) if kind == "panel" else ()


def _called(line: str, scene: str) -> Recipe:
    return Recipe(lines=(line,), scene=scene, over='view("VIEW_3D")')
