"""Code whose announcement says what it is: a whole definition that replaces another, or a whole new file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.edits.hunks import joined
from bot.edits.paths import looks_like_path, named, repository_path
from bot.edits.unclear import Unclear
from bot.models.proposal import Change, NewFile, ReplaceSymbol

WHOLE_FILE = (
    "The block of code for {path} does not say what it replaces. Write a ```diff block with the lines that change; or "
    "announce a whole definition by a line such as: Replace `Class.method` in `{path}`; or a file that is not there "
    "yet by: New file `{path}`."
)

_NEW = re.compile(r"\b(?:new|create[sd]?|add(?:s|ed)?)\b[^`]{0,40}\bfile\b|\(new\)|\bnew file\b", re.IGNORECASE)
_AFTER_COLONS = re.compile(r"::\s*`?([A-Za-z_][\w.]*)")
_QUOTED = re.compile(r"`([^`\n]+)`")
_SYMBOL = re.compile(r"(?:(?:async\s+)?def\s+|class\s+)?([^\W\d]\w*(?:\.(?:<locals>\.)?[^\W\d]\w*)*)(?:\(.*\))?:?")
_BARE = re.compile(
    r"\breplace\s+(?:the\s+|whole\s+|entire\s+)*(?:(?:function|method|class|definition|body)\s+)?(?:of\s+)?"
    r"([A-Za-z_]\w*(?:\.\w+)*)(?:\(\))?\s+in\b",
    re.IGNORECASE,
)
_MEANT = re.compile(
    r"^\s*#|::|\b(?:replac|rewrit|updat|chang|new\b|full\b|whole\b|complete)|^\W*`[^`]+`\W+(?:in|of)\W+`[^`]+`\W*$",
    re.IGNORECASE,
)
"""What makes a line that names a definition an announcement, and not a remark about code that is quoted."""
_QUOTES = re.compile(r"\b(?:old|before|current(?:ly)?|original|existing|was)\b", re.IGNORECASE)
_LONGEST = 400
_LINES_BACK = 6


def change(lines: Sequence[str], announcement: Sequence[str], last_path: str | None) -> Change | None:
    """The change a block of code stands for; None where the lines before it, nearest last, announce none.

    `last_path` is the file the answer spoke of before, for an announcement that names a definition alone.

    Raises:
        Unclear: it names a file and does not say what becomes of it.
    """
    announcement = [line for line in announcement if line.strip()][-_LINES_BACK:]
    for line in reversed(announcement):
        path, symbol = named(line), _symbol(line)
        if len(line) > _LONGEST or _QUOTES.search(line):
            return None
        if path is not None and _NEW.search(line):
            return NewFile(path=repository_path(path), text=joined(_trimmed(lines)))
        if (
            symbol is not None
            and _MEANT.search(line)
            and (path := path or _path_before(announcement, line) or last_path) is not None
        ):
            return ReplaceSymbol(path=repository_path(path), symbol=symbol, text=joined(_trimmed(lines)))
        if path is not None:
            raise Unclear(WHOLE_FILE.format(path=repository_path(path)))
    return None


def _symbol(line: str) -> str | None:
    """The definition a line names."""
    if after := _AFTER_COLONS.search(line):
        return after[1].rstrip(".")
    for quoted in _QUOTED.finditer(line):
        symbol = _SYMBOL.fullmatch(quoted[1].strip())
        if symbol and not looks_like_path(quoted[1].strip()):
            return symbol[1].replace("<locals>.", "")
    bare = _BARE.search(line)
    return bare[1] if bare and not looks_like_path(bare[1]) else None


def _path_before(announcement: Sequence[str], line: str) -> str | None:
    """The path of the lines before one, nearest first."""
    before = announcement[: announcement.index(line)]
    return next((path for other in reversed(before) if (path := named(other))), None)


def _trimmed(lines: Sequence[str]) -> list[str]:
    """Lines without empty ones at either end."""
    kept = list(lines)
    while kept and not kept[-1].strip():
        kept.pop()
    while kept and not kept[0].strip():
        kept.pop(0)
    return kept
