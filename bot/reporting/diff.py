"""A unified diff taken apart for showing; it is never applied from here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@(.*)")


@dataclass(frozen=True)
class DiffLine:
    """One line; `old` and `new` are its numbers, null on the side it is not on."""

    kind: Literal["context", "added", "removed", "hunk"]
    old: int | None
    new: int | None
    text: str


@dataclass(frozen=True)
class FileDiff:
    """The changes of one file."""

    path: str
    lines: tuple[DiffLine, ...]

    @property
    def added(self) -> int:
        """How many lines are new."""
        return sum(line.kind == "added" for line in self.lines)

    @property
    def removed(self) -> int:
        """How many lines are gone."""
        return sum(line.kind == "removed" for line in self.lines)


def read(diff: str) -> tuple[FileDiff, ...]:
    """The files of a diff, in its order. Lines it cannot place are left out."""
    files: list[FileDiff] = []
    path, lines = "", list[DiffLine]()
    old = new = old_left = new_left = 0
    for text in diff.split("\n"):
        if old_left > 0 or new_left > 0:
            mark, body = text[:1], text[1:].removesuffix("\r")
            if mark == "+":
                lines.append(DiffLine("added", None, new, body))
                new, new_left = new + 1, new_left - 1
            elif mark == "-":
                lines.append(DiffLine("removed", old, None, body))
                old, old_left = old + 1, old_left - 1
            elif mark != "\\":
                lines.append(DiffLine("context", old, new, body))
                old, new, old_left, new_left = old + 1, new + 1, old_left - 1, new_left - 1
        elif hunk := _HUNK.match(text):
            old, new = int(hunk[1]), int(hunk[3])
            old_left, new_left = int(hunk[2] or 1), int(hunk[4] or 1)
            lines.append(DiffLine("hunk", None, None, hunk[5].strip()))
        elif text.startswith("--- "):
            if lines:
                files.append(FileDiff(path, tuple(lines)))
            path, lines = _path(text), []
        elif text.startswith("+++ ") and not text.startswith("+++ /dev/null"):
            path = _path(text)
    if lines:
        files.append(FileDiff(path, tuple(lines)))
    return tuple(files)


def _path(header: str) -> str:
    name = header[4:].split("\t")[0].removesuffix("\r")
    if name.startswith('"') and name.endswith('"'):
        # git quotes names outside ASCII in octal
        name = re.sub(rb"\\([0-7]{3})", lambda m: bytes([int(m[1], 8) & 255]), name[1:-1].encode()).decode(
            "utf-8", "replace"
        )
    return name[2:] if name[:2] in ("a/", "b/") else name
