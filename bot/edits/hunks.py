"""The lines of one hunk to a change. Counts are not believed, and context may have lost its leading space."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.edits.unclear import Unclear
from bot.models.proposal import NewFile, Replace

NO_CONTEXT = (
    "A hunk for {path} only adds lines and shows none that is there: begin and end it with a few unchanged lines, "
    "copied exactly, so that its place can be found. The first added line is {first!r}."
)
COMBINED = "The diff of {path} is a combined one (`@@@`): write a plain unified diff."

HEADER = re.compile(r"^@@(?!@)")
_NUMBERED = re.compile(r"^@@\s*-(\d{1,9})(?:,(\d+))?\s+\+(\d{1,9})(?:,(\d+))?")


def hunks(path: str, lines: Sequence[str]) -> Iterable[Replace | NewFile]:
    """The changes of one file's hunks; where no `@@` stands, all lines are one hunk.

    Raises:
        Unclear: a hunk says neither what is there nor that the file is new.
    """
    header = ""
    body: list[str] = []
    for line in lines:
        if line.startswith("@@@"):
            raise Unclear(COMBINED.format(path=path))
        if HEADER.match(line):
            yield from _change(path, header, body)
            header, body = line, []
        else:
            body.append(line)
    yield from _change(path, header, body)


def _change(path: str, header: str, body: list[str]) -> Iterable[Replace | NewFile]:
    """The change of one hunk; nothing, where it changes nothing."""
    old, new = sides(body)
    if old == new:
        return
    numbered = _NUMBERED.match(header)
    near = int(numbered[1]) if numbered else None
    if any(line.strip() for line in old):
        yield Replace(path=path, old=joined(old), new=joined(new), near=near or None)
    elif near == 0:
        yield NewFile(path=path, text=joined(new))
    else:
        raise Unclear(NO_CONTEXT.format(path=path, first=next(iter(new), "")[:80]))


def sides(body: Sequence[str]) -> tuple[list[str], list[str]]:
    """The lines before and after. A line without a mark is context that lost its space."""
    body = list(body)
    # Empty lines at the end are the answer's own layout far more often than context, and are not needed to find it.
    while body and body[-1] == "":
        body.pop()
    old: list[str] = []
    new: list[str] = []
    for line in body:
        mark, rest = line[:1], line[1:]
        if mark == "\\":
            continue
        if mark == "-":
            old.append(rest)
        elif mark == "+":
            new.append(rest)
        else:
            context = rest if mark == " " else line
            old.append(context)
            new.append(context)
    return old, new


def joined(lines: Iterable[str]) -> str:
    """Lines as one text, each with its end."""
    return "".join(f"{line}\n" for line in lines)
