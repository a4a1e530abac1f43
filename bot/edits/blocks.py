"""Search and replace blocks: `<<<<<<< SEARCH`, what is there, `=======`, what is to be there, `>>>>>>> REPLACE`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.edits.hunks import joined
from bot.edits.paths import named, repository_path
from bot.edits.unclear import Unclear
from bot.models.proposal import Change, NewFile, Replace

NO_FILE = (
    "A search/replace block does not say which file it is about: write the path alone on the line before "
    "`<<<<<<< SEARCH`. The block searches for {first!r}."
)
NO_DIVIDER = "The search/replace block for {path} has no `=======` between what is searched and what replaces it."
TWO_DIVIDERS = (
    "The search/replace block for {path} has more than one line of `=======`, so that it is not clear where the new "
    "lines begin: write this change as a ```diff block."
)
NO_END = "The search/replace block for {path} is not closed by `>>>>>>> REPLACE`: write it again as a whole."

_START = re.compile(r"^\s{0,3}(?:<{5,9}|-{5,9})\s*(?:SEARCH|ORIGINAL|OLD|HEAD)\b>?\s*:?\s*(.*)$", re.IGNORECASE)
_DIVIDER = re.compile(r"^\s{0,3}={5,9}\s*$")
_END = re.compile(r"^\s{0,3}(?:>{5,9}|\+{5,9})\s*(?:REPLACE|UPDATED|NEW|MODIFIED)\b.*$|^\s{0,3}>{7}(?:\s+\S+)?\s*$",
                  re.IGNORECASE)  # fmt: skip
_AT = re.compile(r"^:start_line:\s*(\d{1,9})\s*$")


def looks_like_blocks(lines: Sequence[str]) -> bool:
    """Whether these lines hold such a block."""
    return any(_START.match(line) for line in lines)


def starts_block(line: str) -> bool:
    """Whether such a block begins with this line of prose."""
    return bool(_START.match(line))


def ends_block(line: str) -> bool:
    """Whether such a block ends with this line."""
    return bool(_END.match(line))


def changes(lines: Sequence[str], announced: str | None) -> Iterator[Change]:
    """The changes of the blocks; `announced` is the path the answer named before the first.

    Raises:
        Unclear: a block names no file or is not whole.
    """
    path = announced
    at = 0
    while at < len(lines):
        start = _START.match(lines[at])
        at += 1
        if start is None:
            path = named(lines[at - 1]) or path
            continue
        end = next((index for index in range(at, len(lines)) if _END.match(lines[index])), None)
        path = named(start[1]) or path
        if path is None:
            raise Unclear(NO_FILE.format(first=next((line for line in lines[at:] if line.strip()), "")[:80]))
        inner = next((index for index in range(at, len(lines)) if _START.match(lines[index])), None)
        if end is None or (inner is not None and inner < end):
            raise Unclear(NO_END.format(path=repository_path(path)))
        yield from _change(repository_path(path), lines[at:end])
        at = end + 1


def _change(path: str, body: Sequence[str]) -> Iterator[Change]:
    dividers = [index for index, line in enumerate(body) if _DIVIDER.match(line)]
    if len(dividers) != 1:
        raise Unclear((TWO_DIVIDERS if dividers else NO_DIVIDER).format(path=path))
    old, new = body[: dividers[0]], body[dividers[0] + 1 :]
    near = _AT.match(old[0]) if old else None
    if near:
        old = old[2:] if len(old) > 1 and re.fullmatch(r"-{5,9}\s*", old[1]) else old[1:]
    if not any(line.strip() for line in old):
        yield NewFile(path=path, text=joined(new))  # nothing to search for: the file is new, or empty
    elif list(old) != list(new):
        yield Replace(path=path, old=joined(old), new=joined(new), near=int(near[1]) or None if near else None)
