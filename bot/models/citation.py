"""What a claim rests on."""

from __future__ import annotations

from bot.models.base import Frozen


class Citation(Frozen):
    """A span of the repository, `path:start-end@commit`, or a page of Blender's documentation.

    `label` is what a reader sees: the span, or the API symbol as the documentation spells it.
    """

    label: str
    url: str | None = None
    text: str = ""
    """The cited lines, or one sentence of the documentation; hostile text from the repository."""
