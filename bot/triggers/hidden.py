"""What a reader of a comment does not see: HTML comments, and characters without a shape. It asks for nothing."""

from __future__ import annotations

import re

from bot.disguises import disguises_in

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_OPENS, _CLOSES = "<!--", "-->"


def visible(text: str) -> str:
    """A text without its HTML comments, those that are never closed included; blocks of code keep theirs."""
    if _OPENS not in text:
        return text
    kept: list[str] = []
    fence = ""
    inside = False
    for line in text.split("\n"):
        mark = None if inside else _FENCE.match(line)
        if fence:
            closes = mark is not None and mark[1].startswith(fence) and not line.strip().strip(fence[0])
            fence = "" if closes else fence
            kept.append(line)
        elif mark is not None:
            fence = mark[1]
            kept.append(line)
        else:
            shown, inside, touched = _shown(line, inside)
            if shown.strip() or not touched:
                kept.append(shown)
    return "\n".join(kept)


def undisguised(text: str) -> str:
    """A text without characters that cannot be seen or turn its direction, and without halves of characters."""
    text = text.encode("utf-8", "replace").decode()
    for character in disguises_in(text):
        text = text.replace(character, "")
    return "".join(each for each in text if each in "\n\t" or not _controls(each))


def _controls(character: str) -> bool:
    return character < " " or "\x7f" <= character <= "\x9f"


def _shown(line: str, inside: bool) -> tuple[str, bool, bool]:
    """What is seen of a line, whether a comment goes on after it, and whether anything of it was hidden."""
    parts: list[str] = []
    touched = inside
    at = 0
    while at < len(line):
        if inside:
            end = line.find(_CLOSES, at)
            if end < 0:
                break
            at, inside = end + len(_CLOSES), False
        else:
            start = line.find(_OPENS, at)
            if start < 0:
                parts.append(line[at:])
                break
            parts.append(line[at:start])
            at, inside, touched = start + len(_OPENS), True, True
    return "".join(parts), inside, touched
