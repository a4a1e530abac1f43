"""A file's bytes as text with lines that can be counted: the same lines git and tree-sitter count.

A line ends with a line feed and with nothing else. Form feeds, lone carriage returns and Unicode's
own separators stand inside lines, so `data.splitlines()` may count more than there are here. Of a
line that ends with carriage return and line feed, neither belongs to its text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from indexer.chunking.base import MAX_CHARACTERS

Span = tuple[int, int]
"""First and last line, counted from 1, both included."""

_HARD_LIMIT = 2 * MAX_CHARACTERS
"""A single line may be longer than any chunk; of such a line this much is kept."""


@dataclass(frozen=True)
class Source:
    """A decoded file: `data` is the text as UTF-8, which is what parsers are given.

    `offsets[n]` is how many characters stand before line n + 1, line ends counted as one each.
    """

    data: bytes
    lines: Sequence[str]
    offsets: Sequence[int]

    @classmethod
    def of(cls, data: bytes) -> Source:
        """Decode a file: UTF-8 with or without a byte order mark, else Latin-1, which fits any bytes."""
        data = data.removeprefix(b"\xef\xbb\xbf")
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            text = data.decode("latin-1")
            data = text.encode("utf-8")
        lines = text.split("\n")
        if not lines[-1]:
            lines.pop()
        if "\r" in text:
            lines = [line[:-1] if line.endswith("\r") else line for line in lines]
        return cls(data, lines, tuple(accumulate((len(line) + 1 for line in lines), initial=0)))

    @property
    def count(self) -> int:
        """How many lines there are."""
        return len(self.lines)

    def length(self, start: int, end: int) -> int:
        """How many characters a span has."""
        return self.offsets[min(end, self.count)] - self.offsets[start - 1]

    def text(self, start: int, end: int) -> str:
        """The lines of a span, cut only where a line alone is longer than a chunk may be."""
        return clip("\n".join(self.lines[start - 1 : end]))

    def trimmed(self, start: int, end: int) -> Span | None:
        """The span without the blank lines around it; nothing if it is blank throughout."""
        end = min(end, self.count)
        while start <= end and not self.lines[start - 1].strip():
            start += 1
        while end >= start and not self.lines[end - 1].strip():
            end -= 1
        return (start, end) if start <= end else None

    def indent(self, line: int) -> int:
        """How many blanks a line begins with."""
        text = self.lines[line - 1]
        return len(text) - len(text.lstrip())


def clip(text: str, limit: int = _HARD_LIMIT) -> str:
    """A text of at most that many characters."""
    return text if len(text) <= limit else text[: limit - 2] + " …"


def one_line(text: str, limit: int) -> str:
    """A text on one line, of at most that many characters."""
    # The slice bounds the work as well: what is collapsed may be a stranger's megabyte.
    return clip(" ".join(text[: limit * 4].split()), limit)


def first_sentence(text: str, limit: int = 200) -> str:
    """The first sentence, or the first paragraph if no sentence ends in it."""
    paragraph = re.split(r"\n\s*\n", text[: limit * 4].strip(), maxsplit=1)[0]
    flat = " ".join(paragraph.split())
    end = re.search(r"[.!?](?=\s|$)", flat)
    return clip(flat[: end.end()] if end else flat, limit)
