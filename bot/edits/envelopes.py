"""Patches in an envelope: `*** Begin Patch`, `*** Update File: PATH`, `*** Add File: PATH`, `*** End Patch`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.edits.hunks import hunks, joined
from bot.edits.paths import repository_path
from bot.edits.unclear import Unclear
from bot.edits.unified import DELETED, RENAMED
from bot.models.proposal import Change, NewFile

NO_END = "The patch that begins with `*** Begin Patch` has no `*** End Patch`: write it again as a whole."
STRAY = "In the patch between `*** Begin Patch` and `*** End Patch` a line stands in no file: {line!r}."
NOT_ADDED = "{path} is added by the patch; write each of its lines with `+` before it. This one has none: {line!r}."

_MARK = re.compile(r"^\*\*\*\s+(Begin Patch|End Patch|End of File|(?:(Update|Add|Delete) File|Move to):\s*(.*?))\s*$")


def looks_like_envelope(lines: Sequence[str]) -> bool:
    """Whether these lines are such a patch."""
    return any(_MARK.match(line) for line in lines)


def starts_envelope(line: str) -> bool:
    """Whether such a patch begins with this line of prose."""
    mark = _MARK.match(line)
    return bool(mark and mark[1] == "Begin Patch")


def ends_envelope(line: str) -> bool:
    """Whether such a patch ends with this line."""
    mark = _MARK.match(line)
    return bool(mark and mark[1] == "End Patch")


def changes(lines: Sequence[str]) -> Iterator[Change]:
    """The changes of the patch.

    Raises:
        Unclear: it asks for what is not possible, or cannot be read.
    """
    begun = any(starts_envelope(line) for line in lines)
    if begun and not any(ends_envelope(line) for line in lines):
        raise Unclear(NO_END)
    inside, action, path = False, "", ""  # before and after the patch, a command may stand
    body: list[str] = []
    for line in lines:
        mark = _MARK.match(line)
        if mark is None:
            if not action and line.strip() and (inside or not begun):
                raise Unclear(STRAY.format(line=line[:80]))
            body.append(line)
        elif mark[1] in ("Begin Patch", "End Patch"):
            yield from _changes(action, path, body)
            inside, action, body = mark[1] == "Begin Patch", "", []
        elif mark[1].startswith("Move to"):
            raise Unclear(RENAMED.format(old=path, new=repository_path(mark[3])))
        elif mark[1] != "End of File":
            yield from _changes(action, path, body)
            body = []
            action, path = mark[2], repository_path(mark[3])
            if action == "Delete":
                raise Unclear(DELETED.format(path=path))
    yield from _changes(action, path, body)


def _changes(action: str, path: str, body: list[str]) -> Iterator[Change]:
    if action == "Update":
        yield from hunks(path, body)
    elif action == "Add":
        while body and not body[-1].strip():
            body.pop()
        wrong = next((line for line in body if line and not line.startswith("+")), None)
        if wrong is not None:
            raise Unclear(NOT_ADDED.format(path=path, line=wrong[:80]))
        yield NewFile(path=path, text=joined(line[1:] for line in body))
