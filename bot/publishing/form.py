"""The form git gives a diff of the bot's, and no other: readers that are lenient must not come to differ over one."""

from __future__ import annotations

import re

_HEAD = re.compile(
    r"diff --git [^\n]+\n(?:new file mode 100644\n)?index (?P<old>[0-9a-f]{40})\.\.(?P<new>[0-9a-f]{40})"
    r"(?: 100(?:644|755))?\n"
)
_NAMES = re.compile(r"--- [^\n]+\n\+\+\+ [^\n]+\n")
_HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@(?: [^\n]*)?\n")
_LINE = re.compile(r"([ +\-\\])[^\n]*\n")
NOTHING = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
"""Git's id of an empty file."""
_NEW = "0" * 40


def misformed(diff: str) -> int:
    """The line (from 1) at which a text is no diff of git's that changes or adds plain files; 0 where it is one."""
    at = 0
    while at < len(diff):
        head = _HEAD.match(diff, at)
        if head is None:
            return _line(diff, at)
        at = head.end()
        names = _NAMES.match(diff, at)
        if names is None and (head["old"], head["new"]) == (_NEW, NOTHING):
            continue
        if names is None:
            return _line(diff, at)
        at = names.end()
        first = at
        while hunk := _HUNK.match(diff, at):
            end = _body(diff, hunk.end(), int(hunk[1] or 1), int(hunk[2] or 1))
            if end is None:
                return _line(diff, at)
            at = end
        if at == first:
            return _line(diff, at)
    return 0


def _body(diff: str, at: int, old: int, new: int) -> int | None:
    """Where the lines of a hunk end, by the number there must be of each side; null where there are others."""
    while old or new:
        line = _LINE.match(diff, at)
        if line is None:
            return None
        old -= line[1] in " -"
        new -= line[1] in " +"
        if old < 0 or new < 0:
            return None
        at = line.end()
    end = _LINE.match(diff, at)
    return end.end() if end is not None and end[1] == "\\" else at


def _line(diff: str, at: int) -> int:
    return diff.count("\n", 0, at) + 1
