"""How what a probe saw comes about again, without the harness."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bot.models.base import Frozen


class Recipe(Frozen):
    """Lines of Python that bring a failure about, over an add-on that was just enabled; no lines: enabling it does.

    `bot.blender.harness.recipes` says what they may name. They hold names a stranger gave.
    """

    lines: tuple[Annotated[str, Field(max_length=25_000)], ...] = Field(default=(), max_length=60)
    scene: str = Field(default="", max_length=100)
    """The name of the scene it was seen in (`bot.blender.harness.scene.scenes`); empty: any will do."""
    over: str = Field(default="", max_length=1000)
    """The context it was seen in, as an expression; empty: any will do."""
    printed: bool = False
    """Blender hands what is raised on to nobody, and only prints it."""
