"""A model's snippet: the code, and the marks of what it rests on."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from bot.answers.sections import block, sections
from bot.models.proposal import Malformed

NAME = "snippet.py"
NO_CODE = "There is no code: give one ```python block under the heading `## Code`."
NO_PYTHON = "The code is no Python: {error} (line {line})."
TOO_LONG = "The code has {lines} lines: keep it under {most}."
NO_MARK = "Nothing is cited: name under `## Rests on` the marks of what the code rests on, such as [c1]."
BAD_MARK = "{marks} are no marks of what you were shown; the marks are {known}."

MOST_LINES = 300
MOST_CHARACTERS = 40_000
MOST_MARKS = 30
_MARK = re.compile(r"\bc\d{1,3}\b")


@dataclass(frozen=True)
class Marked:
    """The code, and the marks it cites, each once."""

    code: str
    marks: tuple[str, ...]


def read(text: str, known: Collection[str]) -> Marked | Malformed:
    """The code of an answer and its marks, which must be among the `known`."""
    found = sections(text)
    code = block(found.get("code", "")) or block(text) or ""
    if not code.strip():
        return Malformed(reason=NO_CODE)
    lines = code.count("\n")
    if lines > MOST_LINES or len(code) > MOST_CHARACTERS:
        return Malformed(reason=TOO_LONG.format(lines=lines, most=MOST_LINES))
    try:
        compile(code, NAME, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 0
        return Malformed(reason=NO_PYTHON.format(error=getattr(error, "msg", error), line=line))
    marks = tuple(dict.fromkeys(_MARK.findall(found.get("rests on", ""))))[:MOST_MARKS]
    if wrong := [mark for mark in marks if mark not in known]:
        return Malformed(reason=BAD_MARK.format(marks=", ".join(wrong[:8]), known=f"c1 to c{len(known)}"))
    if known and not marks:
        return Malformed(reason=NO_MARK)
    return Marked(code, marks)
