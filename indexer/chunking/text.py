"""Everything an add-on repository holds besides the languages that are parsed.

Prose is cut at its headings, data at its top-level keys, and code at blank lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath

from indexer.chunking.base import MAX_CHARACTERS, Chunked
from indexer.chunking.context import window
from indexer.chunking.headings import Heading, HeadingReader, markdown, rst
from indexer.chunking.source import Source, Span, one_line
from indexer.chunking.splitting import by_blank_lines, by_lines, pack, trimmed
from indexer.models import Chunk

MAX_BYTES = 4 * 1024**2
"""Larger files are data and have no chunks here."""

_MAX_TITLE = 120
_MAX_DEPTH = 8


@dataclass(frozen=True)
class ProseChunker:
    """Cuts a text at its headings: one chunk for each section, its name the path of headings to it."""

    language: str
    suffixes: frozenset[str]
    headings: HeadingReader | None = None

    def chunk(self, path: str, data: bytes) -> Chunked:
        """See `Chunker`."""
        if len(data) > MAX_BYTES:
            return Chunked(self.language, ())
        source = Source.of(data)
        return Chunked(self.language, tuple(self._chunks(path, source)))

    def _chunks(self, path: str, source: Source) -> Iterator[Chunk]:
        file = PurePosixPath(path).name
        above: list[Heading] = []
        for heading, (start, end) in self._sections(source):
            if heading is not None:
                above = [*[one for one in above if one.level < heading.level][:_MAX_DEPTH], heading]
                if source.trimmed(heading.body, end) is None:
                    continue  # a title alone; what stands under it carries it in its name
            titles = [one_line(one.title, _MAX_TITLE) for one in above if one.title]
            name = " > ".join(titles) or file
            symbol = f"{path}#{_slug(titles[-1])}" if titles else path
            spans = trimmed(source, _cut(source, start, end))
            for number, span in enumerate(spans, 1):
                outer = " > ".join(titles if number > 1 else titles[:-1])
                yield Chunk(
                    kind="doc",
                    role="section",
                    path=path,
                    start=span[0],
                    end=span[1],
                    name=name,
                    symbol=symbol,
                    text=source.text(*span),
                    context=window([(outer, 300)]),
                    language=self.language,
                    part=number if len(spans) > 1 else 0,
                    terms=PurePosixPath(path).stem,
                )

    def _sections(self, source: Source) -> Iterator[tuple[Heading | None, Span]]:
        found = list(self.headings(source.lines)) if self.headings is not None else []
        first = found[0].line if found else source.count + 1
        if source.trimmed(1, first - 1) is not None:
            yield None, (1, first - 1)
        ends = [*[heading.line - 1 for heading in found[1:]], source.count]
        yield from ((heading, (heading.line, end)) for heading, end in zip(found, ends, strict=False))


@dataclass(frozen=True)
class BlockChunker:
    """Cuts a file at blank lines, or before each line `starts` matches; small neighbours stay together."""

    language: str
    suffixes: frozenset[str]
    starts: str = ""

    def chunk(self, path: str, data: bytes) -> Chunked:
        """See `Chunker`."""
        if len(data) > MAX_BYTES:
            return Chunked(self.language, ())
        source = Source.of(data)
        return Chunked(self.language, tuple(self._chunks(path, source)))

    def _chunks(self, path: str, source: Source) -> Iterator[Chunk]:
        file = PurePosixPath(path)
        if (whole := source.trimmed(1, source.count)) is None:
            return
        spans = trimmed(source, self._spans(source, *whole))
        for number, (start, end) in enumerate(spans, 1):
            yield Chunk(
                kind="code",
                role="module",
                path=path,
                start=start,
                end=end,
                name=file.name,
                symbol=path,
                text=source.text(start, end),
                language=self.language,
                part=number if len(spans) > 1 else 0,
                terms=f"{file.parent.name} {file.stem}".strip(),
            )

    def _spans(self, source: Source, start: int, end: int) -> list[Span]:
        if source.length(start, end) <= MAX_CHARACTERS or not self.starts:
            return _cut(source, start, end)
        begins = re.compile(self.starts)
        cuts = [line for line in range(start + 1, end + 1) if begins.match(source.lines[line - 1][:200])]
        bounds = [start, *cuts, end + 1]
        units = [(first, after - 1) for first, after in pairwise(bounds)]
        return pack(source, [span for unit in units for span in _cut(source, *unit)])


PROSE = (
    ProseChunker("markdown", frozenset({".md", ".markdown", ".mdx"}), markdown),
    ProseChunker("rst", frozenset({".rst"}), rst),
    ProseChunker("text", frozenset({".txt", ".text"})),
)

BLOCKS = (
    BlockChunker("toml", frozenset({".toml"}), r"\[+[^\]]+\]|[\w\"'.-]+\s*="),
    BlockChunker("yaml", frozenset({".yaml", ".yml"}), r"[^\s#-][^#]*:(?:\s|$)|---"),
    BlockChunker("json", frozenset({".json"}), r"(?: {1,4}|\t)\"[^\"]*\"\s*:"),
    BlockChunker("ini", frozenset({".ini", ".cfg", ".conf"}), r"\["),
    BlockChunker("c", frozenset({".c", ".h"})),
    BlockChunker("cpp", frozenset({".cc", ".cpp", ".cxx", ".hh", ".hpp", ".hxx", ".inl"})),
    BlockChunker("cython", frozenset({".pyx", ".pxd", ".pxi"}), r"(?:cp?def|def|class|@)\b"),
    BlockChunker("csharp", frozenset({".cs"})),
    BlockChunker("osl", frozenset({".osl"})),
    BlockChunker("javascript", frozenset({".js", ".mjs", ".cjs", ".jsx"})),
    BlockChunker("typescript", frozenset({".ts", ".tsx"})),
    BlockChunker("lua", frozenset({".lua"})),
    BlockChunker("rust", frozenset({".rs"})),
    BlockChunker("html", frozenset({".html", ".htm", ".vue"})),
    BlockChunker("css", frozenset({".css", ".scss"})),
    BlockChunker("xml", frozenset({".xml"})),
    BlockChunker("shell", frozenset({".sh", ".bash", ".zsh"})),
    BlockChunker("batch", frozenset({".bat", ".cmd", ".ps1"})),
)


def _cut(source: Source, start: int, end: int) -> list[Span]:
    """A span in parts, cut at blank lines if it must be cut, and at any line where a block is too long."""
    if source.length(start, end) <= MAX_CHARACTERS + 1:
        return [(start, end)]
    units: list[Span] = []
    for block in by_blank_lines(source, start, end):
        units += [block] if source.length(*block) <= MAX_CHARACTERS else by_lines(source, *block)
    return pack(source, units)


def _slug(title: str) -> str:
    """The anchor a heading has on a forge's page."""
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", title.lower()).strip())
