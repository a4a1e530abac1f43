"""Code that stands for code left out (`# ... existing code ...`): it must never get into a file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

_DOTS = r"(?:\.{3}|…)"
_WORDS = (
    r"(?:existing|rest of|remaining|remainder of|unchanged|same as before|omitted|as before|previous code|other code|"
    r"your code|original code|no changes?)"
)
_ALONE = re.compile(rf"[\[(<]?{_DOTS}[\])>]?|<unchanged>|\[unchanged\]|<snip>|\[snip\]", re.IGNORECASE)
_COMMENT = re.compile(rf"(?:#|//|--)\s*(?:{_DOTS}|[\[(<-]*\s*{_WORDS}\b[^.]*{_DOTS}|.*\b{_WORDS}\b.*{_DOTS}\s*$)", re.I)
_TOLD = re.compile(
    r"#\s*[\[(<]?\s*(?:the\s+)?(?:rest|remainder)\s+of\s+(?:the\s+|this\s+)?[\w ]{0,60}[\])>]?|"
    r"#\s*[\[(<]?\s*(?:the\s+)?existing (?:code|implementation|body)(?:\s+(?:here|remains?|unchanged|stays))*[\])>]?|"
    r"#\s*[\[(<]?\s*(?:unchanged|same as before|(?:rest|code|body) (?:is )?unchanged|no changes? here)\s*[\])>]?",
    re.IGNORECASE,
)
_LONGEST = 300
"""A line longer than this is code."""


def elided(lines: Iterable[str], there: Collection[str]) -> str | None:
    """The first of these lines that stands for code left out; none where the file has that very line.

    `there` are the file's lines without the white space around them.
    """
    for line in lines:
        bare = line.strip()
        if len(bare) <= _LONGEST and _is_elision(bare) and bare not in there:
            return bare
    return None


def _is_elision(bare: str) -> bool:
    return bool(_ALONE.fullmatch(bare) or _COMMENT.search(bare) or _TOLD.fullmatch(bare))
