"""What a model says in Markdown, read into the few things a report shows of it.

Headings, paragraphs, lists and blocks of code; in them spans of code, stress and marks (`[c2]`). Whatever else there is
(HTML, links, images, tables) stays the characters it was written with, for each medium to escape.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from bot.reporting.text import block, line

LIMIT = 20_000
"""Characters that are read."""

_NO_MARKS: Mapping[str, int] = MappingProxyType({})
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}\s+(\S.*)")
_ITEM = re.compile(r"\s{0,12}(?:([-*+])|\d{1,4}[.)])\s+(\S.*)")
_RULED = re.compile(r"\s*([-=*_])(?:\s*\1)*\s*")
_INLINE = re.compile(
    r"(?<!`)(`{1,2})(?P<code>[^`\n]{1,400})\1(?!`)"
    r"|\*\*(?P<strong>[^*\s](?:[^*]{0,400}[^*\s])?)\*\*"
    r"|(?<![\w*])\*(?P<stress>[^*\s](?:[^*]{0,400}[^*\s])?)\*(?![\w*])"
    r"|\[(?P<marks>c\d{1,3}(?:, ?c\d{1,3}){0,9})\]"
)
_MARKS = re.compile(r" ?\[c\d{1,3}(?:, ?c\d{1,3}){0,9}\]")


@dataclass(frozen=True)
class Span:
    """A piece of a line. The text of a `mark` is the number of what it refers to; no space is left before it."""

    kind: Literal["text", "code", "strong", "stress", "mark"]
    text: str


Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, or a heading."""

    spans: Spans
    kind: Literal["paragraph", "heading"] = "paragraph"


@dataclass(frozen=True)
class Items:
    """A list; one in another is read as its continuation."""

    items: tuple[Spans, ...]
    kind: Literal["bullets", "numbers"] = "bullets"


@dataclass(frozen=True)
class Code:
    """Lines to be shown as they are."""

    text: str
    kind: Literal["code"] = "code"


Block = Paragraph | Items | Code


def read(text: str, marks: Mapping[str, int] = _NO_MARKS, limit: int = LIMIT) -> tuple[Block, ...]:
    """The blocks of a text; `marks` are those that refer to something, and to what number."""
    rows = block(text, limit).split("\n")
    found: list[Block] = []
    at = 0
    while at < len(rows):
        made, at = _next(rows, at, marks)
        found += [made] if made is not None else []
    return tuple(found)


def inline(text: str) -> Spans:
    """The spans of a text of one line."""
    return _spans(text, _NO_MARKS)


def unmarked(text: str) -> str:
    """A text without its marks, where what they refer to is not told."""
    return _MARKS.sub("", text[: 2 * LIMIT])


def plain(blocks: Iterable[Block]) -> str:
    """The words alone, in one line."""
    return line(" ".join(word for each in blocks for word in _words(each)), LIMIT)


def _next(rows: Sequence[str], at: int, marks: Mapping[str, int]) -> tuple[Block | None, int]:
    """The block that begins at a row, null where none does, and the row after it."""
    first = rows[at].removeprefix("> ")
    if fence := _FENCE.match(first):
        end = _while(rows, at + 1, lambda row: not _closes(row, fence[1]))
        return Code("\n".join(rows[at + 1 : end])), end + 1
    if not first.strip() or _rules_off(first):
        return None, at + 1
    if heading := _HEADING.fullmatch(first):
        words = heading[1].rstrip()
        bare = words.rstrip("#")
        return Paragraph(_spans(bare.rstrip() if bare.endswith(" ") else words, marks), "heading"), at + 1
    if first.lstrip().startswith("|"):
        end = _while(rows, at, lambda row: row.lstrip().startswith("|"))
        return Code("\n".join(rows[at:end])), max(end, at + 1)
    if item := _ITEM.fullmatch(first):
        return _items(rows, at, "bullets" if item[1] else "numbers", marks)
    end = _while(rows, at + 1, _goes_on)
    return Paragraph(_spans(" ".join(row.removeprefix("> ").strip() for row in rows[at:end]), marks)), end


def _items(
    rows: Sequence[str], at: int, kind: Literal["bullets", "numbers"], marks: Mapping[str, int]
) -> tuple[Block, int]:
    items: list[list[str]] = []
    while at < len(rows):
        row = rows[at].removeprefix("> ")
        if item := _ITEM.fullmatch(row):
            if bool(item[1]) != (kind == "bullets") and not row[:1].isspace():
                break
            items.append([item[2]])
        elif not row.strip():
            if at + 1 >= len(rows) or not _ITEM.fullmatch(rows[at + 1]):
                break
        elif _goes_on(row):
            items[-1].append(row.strip())
        else:
            break
        at += 1
    return Items(tuple(_spans(" ".join(parts), marks) for parts in items), kind), at


def _goes_on(row: str) -> bool:
    """Whether a row belongs to the paragraph or item before it."""
    row = row.removeprefix("> ")
    begins = _FENCE.match(row) or _HEADING.fullmatch(row) or _ITEM.fullmatch(row) or row.lstrip().startswith("|")
    return bool(row.strip()) and not begins and not _rules_off(row)


def _rules_off(row: str) -> bool:
    """Whether a row is only a line across, or the underline of a heading."""
    return len(row.strip()) > 2 and bool(_RULED.fullmatch(row))


def _closes(row: str, fence: str) -> bool:
    bare = row.strip()
    return len(bare) >= len(fence) and not bare.strip(fence[0])


def _while(rows: Sequence[str], at: int, holds: Callable[[str], bool]) -> int:
    """The first row, from one on, something does not hold of."""
    return next((number for number in range(at, len(rows)) if not holds(rows[number])), len(rows))


def _spans(text: str, marks: Mapping[str, int]) -> Spans:
    return tuple(span for span in _pieces(line(text, LIMIT), marks) if span.text)


def _pieces(text: str, marks: Mapping[str, int]) -> Iterator[Span]:
    end = 0
    for piece in _INLINE.finditer(text):
        named = (piece["marks"] or "").replace(" ", "").split(",") if piece["marks"] else []
        if any(mark not in marks for mark in named):
            continue
        before = text[end : piece.start()]
        yield Span("text", before.rstrip() if named else before)
        end = piece.end()
        for mark in named:
            yield Span("mark", str(marks[mark]))
        if piece["code"]:
            yield Span("code", piece["code"].strip())
        elif piece["strong"]:
            yield Span("strong", piece["strong"].replace("`", ""))
        elif piece["stress"]:
            yield Span("stress", piece["stress"].replace("`", ""))
    yield Span("text", text[end:])


def _words(each: Block) -> Iterator[str]:
    if isinstance(each, Code):
        yield each.text
    else:
        for spans in each.items if isinstance(each, Items) else (each.spans,):
            yield "".join(span.text for span in spans if span.kind != "mark")
