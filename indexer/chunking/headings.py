"""Where the sections of a text begin: Markdown's and reStructuredText's headings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*")
_SETEXT = re.compile(r" {0,3}(=+|-{2,})[ \t]*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_RULE = re.compile(r"([!-/:-@\[-`{-~])\1*[ \t]*")
_MAX_LINE = 300
"""A heading is short; regular expressions look at no more than this."""


@dataclass(frozen=True)
class Heading:
    """A heading: the line its section begins in, the first line after the heading, its level and its text."""

    line: int
    body: int
    level: int
    title: str


HeadingReader = Callable[[Sequence[str]], Iterator[Heading]]


def markdown(lines: Sequence[str]) -> Iterator[Heading]:
    """Headings begun with `#` or underlined; what stands in fences is none."""
    fence = ""
    for number, line in enumerate(lines, 1):
        line = line[:_MAX_LINE]
        opened = _FENCE.match(line)
        if fence:
            if opened and opened[1].startswith(fence):
                fence = ""
            continue
        if opened:
            fence = opened[1]
        elif found := _ATX.fullmatch(line):
            yield Heading(number, number + 1, len(found[1]), (found[2] or "").strip())
        elif number > 1 and (under := _SETEXT.fullmatch(line)) and _is_text(lines, number - 2):
            yield Heading(number - 1, number + 1, 1 if under[1][0] == "=" else 2, lines[number - 2][:_MAX_LINE].strip())


def rst(lines: Sequence[str]) -> Iterator[Heading]:
    """Headings underlined, or under- and overlined, with punctuation; levels are in the order they appear."""
    styles: list[tuple[str, bool]] = []
    for number in range(2, len(lines) + 1):
        title, under = lines[number - 2][:_MAX_LINE].rstrip(), lines[number - 1][:_MAX_LINE].rstrip()
        if not title.strip() or len(under) < max(2, len(title.strip()) - 2) or not _RULE.fullmatch(under):
            continue
        if _RULE.fullmatch(title):
            continue
        over = number > 2 and lines[number - 3][:_MAX_LINE].rstrip() == under
        before = lines[number - 4 if over else number - 3].strip() if number > (3 if over else 2) else ""
        if before or (title[:1].isspace() and not over):
            continue
        style = (under[0], over)
        if style not in styles:
            styles.append(style)
        yield Heading(number - 2 if over else number - 1, number + 1, styles.index(style) + 1, title.strip())


def _is_text(lines: Sequence[str], index: int) -> bool:
    """Whether a line can be a heading by what stands below it: alone in its paragraph, no list, quote or table."""
    text = lines[index][:_MAX_LINE].strip()
    alone = index == 0 or not lines[index - 1].strip()
    return bool(text) and alone and text[0] not in "#>|-*+=`" and not lines[index].startswith("    ")
