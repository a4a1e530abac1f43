"""An answer taken apart: prose and fenced blocks, in their order, and the section each stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.edits.unclear import Unclear

CUT_OFF = (
    "The block that begins with `{opening}` in line {line} of the answer is never closed: the answer seems to be cut "
    "off. Write the whole answer again, and close every block."
)

_OPENING = re.compile(r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})(?P<info>[^`]*)$")
_HEADING = re.compile(r"^\s{0,3}(?:#{1,6}\s*(?P<hashed>.+?)\s*#*|\*\*(?P<bold>[^*]+?):?\*\*:?)\s*$")
_LONGEST_HEADING = 200
_SECTIONS = {
    "summary": ("summary", "explanation", "what changes"),
    "rests": ("rests on", "sources", "citations", "evidence"),
    "patch": ("patch", "patches", "the patch", "changes", "diff", "fix", "edits"),
    "query": ("missing", "look up", "lookup", "missing / look up", "look up / missing", "query"),
}
_KNOWN = {title: section for section, titles in _SECTIONS.items() for title in titles}
_WRAPPED = re.compile(r"\s*(`{3,}|~{3,})(?:markdown|md)\s*\n(.*)\n\1\s*", re.DOTALL | re.IGNORECASE)
_CHANGE_BEGINS = re.compile(r"diff --git |--- \S|\*\*\* Begin|<{5,}|@@")
_THOUGHT = re.compile(r"\s*<(think|thinking|thought)>.*?</\1>", re.DOTALL)


@dataclass(frozen=True)
class Prose:
    """A line outside of blocks."""

    line: str
    section: str
    number: int


@dataclass(frozen=True)
class Block:
    """A fenced block: what stands after its fence, its lines, and where it begins."""

    info: str
    lines: tuple[str, ...]
    section: str
    number: int


Piece = Prose | Block


def pieces(text: str) -> tuple[Piece, ...]:
    """The pieces of an answer; `section` is empty before the first known heading.

    Raises:
        Unclear: a block is never closed.
    """
    return tuple(_pieces(_unwrapped(text).split("\n")))


def section(found: Sequence[Piece], name: str) -> str:
    """The prose of a section, as written."""
    return "\n".join(piece.line for piece in found if isinstance(piece, Prose) and piece.section == name).strip()


def names(found: Sequence[Piece], name: str) -> str:
    """All of a section, what stands in blocks included."""
    lines = ([piece.line] if isinstance(piece, Prose) else piece.lines for piece in found if piece.section == name)
    return "\n".join(line for group in lines for line in group).strip()


def opening(found: Sequence[Piece]) -> str:
    """The prose before the first block and the first known heading."""
    lines: list[str] = []
    for piece in found:
        if not isinstance(piece, Prose) or piece.section or _CHANGE_BEGINS.match(piece.line):
            break
        lines.append(piece.line)
    return "\n".join(lines).strip()


def _unwrapped(text: str) -> str:
    """Without what a model thought aloud before, and without a fence around the answer as a whole."""
    thought = _THOUGHT.match(text)
    text = text[thought.end() :] if thought else text
    wrapped = _WRAPPED.fullmatch(text)
    return wrapped[2] if wrapped else text


def _pieces(lines: list[str]) -> Iterator[Piece]:
    current = ""
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if opening := _OPENING.match(line):
            begin, number = number, _closing(lines, number, opening)
            dedent = len(opening["indent"])
            body = tuple(_without(inner, dedent) for inner in lines[begin : number - 1])
            yield Block(opening["info"].strip(), body, current, begin)
            continue
        title = _HEADING.match(line) if len(line) <= _LONGEST_HEADING else None
        known = _KNOWN.get((title["hashed"] or title["bold"]).strip(" :*`").lower()) if title else None
        if known:
            current = known
        else:
            yield Prose(line, current, number)


def _closing(lines: list[str], begin: int, opening: re.Match[str]) -> int:
    """The number of the line that closes a block (from 1)."""
    mark, indent = opening["fence"], len(opening["indent"])
    for at in range(begin, len(lines)):
        bare = lines[at].rstrip()
        inner = bare.lstrip(" \t")
        # A fence further in belongs to what is quoted: a context line of a diff begins with a space.
        if inner and set(inner) == {mark[0]} and len(inner) >= len(mark) and len(bare) - len(inner) <= indent:
            return at + 1
    raise Unclear(CUT_OFF.format(opening=opening[0].strip()[:60], line=begin))


def _without(line: str, indent: int) -> str:
    """A line without as much of the fence's own indentation as it has."""
    return line[min(indent, len(line) - len(line.lstrip(" \t"))) :]
