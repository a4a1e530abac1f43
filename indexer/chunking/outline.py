"""A chunker for any language tree-sitter knows: what counts as a definition there, and what it is called."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from tree_sitter import Language, Node

from indexer.chunking.base import Chunked
from indexer.chunking.context import window
from indexer.chunking.source import Source, Span, one_line
from indexer.chunking.splitting import trimmed, without
from indexer.chunking.treesitter import MAX_BYTES, first_line, kinds, last_line, parse, split, text_of, walk
from indexer.models import Chunk, Facts

_MAX_CALLS = 200
_MIN_RUN = 16
"""Less than this between definitions says nothing: a closing `#endif`."""


@dataclass(frozen=True)
class Naming:
    """How a kind of node is named: its role in the index, and its name (empty: it is none after all)."""

    role: str
    name: Callable[[Node, Source], str]


@dataclass(frozen=True)
class OutlineChunker:
    """One chunk for each definition, and for each run of lines between them.

    `grammar` loads the language, `definitions` are by node kind, `calls` are the kinds of node that
    call what their field `function` names.
    """

    language: str
    suffixes: frozenset[str]
    grammar: Callable[[], Language]
    definitions: Mapping[str, Naming]
    calls: tuple[str, ...] = ()

    def chunk(self, path: str, data: bytes) -> Chunked:
        """See `Chunker`."""
        if len(data) > MAX_BYTES:
            return Chunked(self.language, ())
        source = Source.of(data)
        return Chunked(self.language, tuple(self._chunks(path, source, parse(self.grammar(), source.data))))

    def _chunks(self, path: str, source: Source, root: Node) -> Iterator[Chunk]:
        wanted = kinds(self.grammar(), *self.definitions)
        found: list[tuple[Span, str, str, Node]] = []
        for node in walk(root, wanted, wanted):
            naming = self.definitions[node.type]
            if name := naming.name(node, source):
                found.append(((first_line(node), min(last_line(node), source.count)), naming.role, name, node))
        top = root.named_children
        runs = without((1, source.count), [span for span, *_ in found])
        between = [span for run in trimmed(source, runs) for span in split(source, top, run)]
        stem = PurePosixPath(path).stem
        chunks: list[Chunk] = []
        for whole, role, name, node in found:
            called = self._called(node, source)
            for part, span, context in self._parts(source, whole, node):
                inside = dict.fromkeys(one for line, one in called if span[0] <= line <= span[1])
                facts = Facts(calls=tuple(inside)[:_MAX_CALLS])
                chunks.append(self._chunk(path, source, role, name, span, part, context, facts))
        spans = [span for span in trimmed(source, between) if not found or source.length(*span) > _MIN_RUN]
        chunks += [
            self._chunk(path, source, "module", stem, span, number if len(spans) > 1 else 0, "", None)
            for number, span in enumerate(spans, 1)
        ]
        yield from sorted(chunks, key=lambda chunk: (chunk.start, chunk.end))

    def _parts(self, source: Source, whole: Span, node: Node) -> Iterator[tuple[int, Span, str]]:
        spans = trimmed(source, split(source, node.named_children, whole))
        header = one_line(text_of(node, source, 200).partition("{")[0], 160)
        for number, span in enumerate(spans, 1):
            yield number if len(spans) > 1 else 0, span, window([(header, 160)]) if number > 1 else ""

    def _chunk(
        self, path: str, source: Source, role: str, name: str, span: Span, part: int, context: str, facts: Facts | None
    ) -> Chunk:
        return Chunk(
            kind="code",
            role=role,
            path=path,
            start=span[0],
            end=span[1],
            name=name,
            symbol=f"{path}:{name}" if facts is not None else path,
            text=source.text(*span),
            context=context,
            language=self.language,
            part=part,
            terms=PurePosixPath(path).stem,
            facts=facts or Facts(),
        )

    def _called(self, node: Node, source: Source) -> list[tuple[int, str]]:
        """What a definition calls, with the lines it does so in."""
        if not self.calls:
            return []
        found = walk(node, kinds(self.grammar(), *self.calls), frozenset())
        named = ((first_line(call), text_of(call.child_by_field_name("function"), source, 80)) for call in found)
        return [(line, one_line(name, 80)) for line, name in named if name]
