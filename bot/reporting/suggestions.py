"""A patch as suggestions on a pull request's own lines, which its author takes over with a click.

GitHub takes a suggestion only for lines its page of the pull request shows: those of its hunks, context included. A
patch fits as a whole or not at all; half a repair is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from unidiff.patch import Hunk, PatchedFile

from bot.models.base import Frozen
from bot.models.patch import Patch
from bot.patches import parse, path_of

MOST = 40
"""Comments of one review."""
MAX_CHARACTERS = 20_000

_HUNK = re.compile(r"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
_BACKTICKS = re.compile(r"`+")


class Suggestion(Frozen):
    """A comment on lines of a file as the pull request has it; `start_line` where there are several."""

    path: str
    line: int
    start_line: int | None = None
    body: str


@dataclass(frozen=True)
class _Change:
    """Lines `first` to `last` (from 1) become `lines`."""

    first: int
    last: int
    lines: tuple[str, ...]


def shown(diffs: Mapping[str, str]) -> dict[str, tuple[range, ...]]:
    """The lines of each file a pull request's page shows, of the diffs GitHub gives of it."""
    return {path: tuple(_lines(diff)) for path, diff in diffs.items()}


def suggestions(patch: Patch, visible: Mapping[str, Sequence[range]]) -> tuple[Suggestion, ...] | None:
    """The patch as suggestions; None where a line of it is not shown, or it is no text a comment can hold."""
    if patch.encoding != "utf-8" or "\r" in patch.diff:
        return None  # what GitHub makes of other line ends is not said
    found: list[Suggestion] = []
    for file in parse(patch.diff):
        path = path_of(file)
        if file.is_added_file or file.is_removed_file or file.is_rename or file.is_binary_file or _modes(file):
            return None
        for change in _changes(file):
            if change is None or not any(
                change.first in lines and change.last in lines for lines in visible.get(path, ())
            ):
                return None
            found.append(_said(path, change))
    if not found or len(found) > MOST or any(len(one.body) > MAX_CHARACTERS for one in found):
        return None
    return tuple(found)


def _lines(diff: str) -> Iterator[range]:
    for found in _HUNK.finditer(diff):
        start, count = int(found[1]), int(found[2] or 1)
        yield range(start, start + count)


def _modes(file: PatchedFile) -> bool:
    """Whether it changes what a file is, and not only what it says."""
    return any(row.startswith(("old mode ", "new mode ")) for row in file.patch_info or ())


def _changes(file: PatchedFile) -> Iterator[_Change | None]:
    """What is changed, in order; None where a suggestion cannot say it."""
    for hunk in file:
        last: _Change | None = None
        for change in _of_hunk(hunk):
            if last is not None and change.first <= last.last:
                # both hang on the one line between them, which is the last of one and the first of the other
                change = _Change(last.first, change.last, (*last.lines, *change.lines[1:]))
            elif last is not None:
                yield last
            last = change
        yield last if _ends(hunk) else None


def _ends(hunk: Hunk) -> bool:
    """Whether the file ends as it did: of the end of a last line a suggestion says nothing."""
    before = after = True
    rows = list(hunk)
    for row, mark in pairwise(rows):
        if mark.line_type == "\\":
            before, after = before and row.is_added, after and row.is_removed
    return before == after


def _of_hunk(hunk: Hunk) -> Iterator[_Change]:
    """Each run of changed lines; what is only added is hung on the line beside it."""
    rows = [line for line in hunk if line.line_type in " +-"]
    at = 0
    while at < len(rows):
        if rows[at].line_type == " ":
            at += 1
            continue
        end = at
        while end < len(rows) and rows[end].line_type != " ":
            end += 1
        removed = [row.source_line_no or 0 for row in rows[at:end] if row.is_removed]
        added = [_text(row.value) for row in rows[at:end] if row.is_added]
        if removed:
            yield _Change(removed[0], removed[-1], tuple(added))
        elif at:
            place = rows[at - 1].source_line_no or 0
            yield _Change(place, place, (_text(rows[at - 1].value), *added))
        elif end < len(rows):
            place = rows[end].source_line_no or 0
            yield _Change(place, place, (*added, _text(rows[end].value)))
        else:
            yield _Change(0, 0, tuple(added))  # a line no page shows
        at = end


def _said(path: str, change: _Change) -> Suggestion:
    text = "\n".join(change.lines)
    fence = "`" * max(3, max(map(len, _BACKTICKS.findall(text)), default=0) + 1)
    inner = f"{text}\n" if change.lines else ""
    return Suggestion(
        path=path,
        line=change.last,
        start_line=change.first if change.first < change.last else None,
        body=f"{fence}suggestion\n{inner}{fence}\n",
    )


def _text(value: str) -> str:
    return value.rstrip("\r\n")
