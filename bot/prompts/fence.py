"""Text from outside, made fit to stand in a prompt: it cannot leave its fence, hide, or go on for ever."""

from __future__ import annotations

import re
import unicodedata

_BACKTICKS = re.compile(r"`{3,}")
_NEWLINES = re.compile(r"\r\n?")
_KEPT = "\n\t"


def plain(text: str) -> str:
    """The text without what a reader does not see: control characters, marks of direction, characters of no width."""
    return "".join(
        character
        for character in _NEWLINES.sub("\n", text)
        if character in _KEPT or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters: the beginning and the end, which say most."""
    if len(text) <= limit:
        return text
    half = max((limit - 20) // 2, 1)
    return f"{text[:half].rstrip()}\n[...]\n{text[-half:].lstrip()}"


def fenced(text: str, info: str = "") -> str:
    """The text between fences longer than any in it; it is data whatever it says."""
    shown = plain(text).strip("\n")
    longest = max((len(run) for run in _BACKTICKS.findall(shown)), default=2)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{info}\n{shown}\n{fence}"


def inline(text: str, limit: int = 200) -> str:
    """A name or a path inside a sentence: one line, in backticks it cannot close."""
    flat = " ".join(plain(text).split())[:limit].replace("`", "'")
    return f"`{flat}`"
