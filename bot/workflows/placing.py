"""Files put into a checkout: what is there already is seen first, and nothing is written through a link."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.errors import UsageError

LINKED = "{path} is a link, or lies behind one."
LINKED_CURE = "Put a real folder or file in its place; nothing is written through links."
NO_FILE = "{path} is there and is no file."
NO_FILE_CURE = "Move it away, then run this again."
_LONGEST = 500
"""Lines of a difference."""


class State(StrEnum):
    """How a file that is to be written stands to what is there."""

    NEW = "new"
    SAME = "as it is already"
    CHANGED = "there, and different"


@dataclass(frozen=True)
class Placed:
    """One file of a checkout: what is there, and what is to be."""

    root: Path
    path: str
    text: str
    before: str | None

    @classmethod
    def look(cls, root: Path, path: str, text: str) -> Placed:
        """See what is there.

        Raises:
            UsageError: a link, or no file.
        """
        target = root / path
        for one in (target, *target.parents):
            if one == root:
                break
            if one.is_symlink():
                raise UsageError(LINKED.format(path=one.relative_to(root)), LINKED_CURE)
        if target.exists() and not target.is_file():
            raise UsageError(NO_FILE.format(path=path), NO_FILE_CURE)
        before = target.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n") if target.is_file() else None
        return cls(root, path, text, before)

    @property
    def state(self) -> State:
        """What writing it would mean."""
        if self.before is None:
            return State.NEW
        return State.SAME if self.before == self.text else State.CHANGED

    def difference(self) -> Iterator[str]:
        """From what is there to what is to be, as a unified diff."""
        lines = difflib.unified_diff(
            (self.before or "").splitlines(), self.text.splitlines(), f"a/{self.path}", f"b/{self.path}", lineterm=""
        )
        for number, line in enumerate(lines):
            if number == _LONGEST:
                yield "…"
                return
            yield line

    def write(self) -> None:
        """Put it there, whole or not at all."""
        target = self.root / self.path
        target.parent.mkdir(parents=True, exist_ok=True)
        half = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            half.write_text(self.text, encoding="utf-8", newline="\n")
            half.replace(target)
        finally:
            half.unlink(missing_ok=True)
