"""A file to read, by what a reader says of itself."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.blender.harness.inputs.binaries import BINARIES
from bot.blender.harness.inputs.exported import GIVEN, PICTURES, WRITERS
from bot.blender.harness.inputs.texts import TEXTS

STANDARD = frozenset(
    {*WRITERS, *PICTURES, ".png", ".bmp", ".wav", ".blend", ".mtl", ".svg", ".off", ".zip", ".py", ".gpl", ".osl"}
)
"""Endings that say all of what is in a file; what a `.json` holds is up to whoever reads it."""


@dataclass(frozen=True)
class Given:
    """A file in the folder for such files."""

    name: str
    certain: bool
    """Whoever reads files of its ending can read it."""

    @property
    def ending(self) -> str:
        """With its dot, in lower case."""
        return os.path.splitext(self.name)[1].lower()


def give(folder: str, endings: Iterable[str]) -> Given | None:
    """A file of the first of these endings there can be one of; null: of none."""
    for ending in endings:
        one = ending.lower()
        name = GIVEN + one
        path = Path(folder, name)
        if not path.is_file():
            if one in BINARIES:
                path.write_bytes(BINARIES[one]())
            elif one in TEXTS:
                path.write_text(TEXTS[one], encoding="utf-8")
            else:
                continue
        return Given(name, one in STANDARD)
    return None
