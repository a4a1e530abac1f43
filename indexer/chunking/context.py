"""The ancestor window: the few lines without which a piece of code cannot be read."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.chunking.source import clip

MAX_CONTEXT = 300
"""Characters a window may have in all."""


def window(pieces: Sequence[tuple[str, int]]) -> str:
    """The lines of a window, outermost first, each with the most characters it may have.

    Where there is not room for all, the outermost goes first.
    """
    room = MAX_CONTEXT
    kept: list[str] = []
    for text, limit in reversed(pieces):
        line = clip(text, min(limit, room)) if text and room > 20 else ""
        if line:
            kept.append(line)
            room -= len(line) + 1
    return "\n".join(reversed(kept))
