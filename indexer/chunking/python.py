"""Python, read with tree-sitter: a file with a syntax error still has most of its symbols.

One chunk for each function, method and class, and for each run of lines between them. A class is
shown by its header, docstring, own statements and members' signatures; a function nested in another
belongs to it, unless the outer one is too long to stay whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePosixPath

import tree_sitter_python
from tree_sitter import Language, Node

from indexer.chunking.base import MAX_CHARACTERS, Chunked
from indexer.chunking.blender_roles import Described, roles
from indexer.chunking.context import window
from indexer.chunking.python_syntax import (
    assignments,
    bl_values,
    chain,
    docstring,
    imported,
    module_of,
    raised,
    strings,
)
from indexer.chunking.source import Source, Span, clip, first_sentence, one_line
from indexer.chunking.splitting import trimmed, without
from indexer.chunking.treesitter import MAX_BYTES, first_line, kinds, last_line, parse, split, text_of, walk
from indexer.models import Chunk, Facts, Symbol, SymbolKind

__all__ = ["MAX_BYTES", "PythonChunker", "enclosing", "module_of", "symbols"]

_MAX_DEPTH = 12
"""Definitions nested deeper belong to what they stand in."""
_MAX_FACTS = 200
_MAX_BASES = 20
_MAX_IMPORTS = 1_000
_MAX_NESTED = 40
_NESTED = MAX_CHARACTERS // 3
"""A nested function of this length gets a chunk of its own, if the outer one is cut anyway."""

_HEADER = ("return_type", "parameters", "superclasses", "name")
_LICENCE = re.compile(r"GPL|General Public License|SPDX-|licen[sc]e|copyright", re.IGNORECASE)
_HANDLER = re.compile(rb"\bhandlers\s*\.\s*\w+\s*\.\s*(?:append|insert)\s*\(\s*(?:\d+\s*,\s*)?([\w.]{1,200})")
_MIN_COMMENT = 200
"""Comments that stand alone and say less are dividers, and words of the definition that follows."""


@dataclass(eq=False)
class _Definition:
    """A class or function while its file is taken apart."""

    node: Node
    start: int
    end: int
    name: str
    parent: _Definition | None
    depth: int
    is_class: bool
    own: bool = True
    decorators: tuple[str, ...] = ()
    members: list[_Definition] = field(default_factory=list)
    bl: Mapping[str, str] = field(default_factory=dict)
    role: str = ""
    about: str = ""

    @property
    def qualified(self) -> str:
        return f"{self.parent.qualified}.{self.name}" if self.parent else self.name

    @property
    def kind(self) -> SymbolKind:
        if self.is_class:
            return "class"
        return "method" if self.parent is not None and self.parent.is_class else "function"

    @property
    def body(self) -> Node | None:
        return self.node.child_by_field_name("body")

    @property
    def header(self) -> Node:
        """What its header ends with: its return type, parameters, bases or name."""
        parts = (self.node.child_by_field_name(name) for name in _HEADER)
        return next(filter(None, parts), self.node)

    @property
    def header_end(self) -> int:
        """The line its header ends in."""
        return min(last_line(self.header), self.end)

    @property
    def span(self) -> Span:
        return self.start, self.end


@dataclass(eq=False)
class _Draft:
    """A chunk before it is known what it calls."""

    of: _Definition | None
    start: int
    end: int
    lines: Sequence[int]
    text: str
    part: int = 0
    calls: dict[str, None] = field(default_factory=dict)
    raises: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True)
class PythonChunker:
    """Cuts Python files, Python 2's too."""

    language: str = "python"
    suffixes: frozenset[str] = frozenset({".py", ".pyi", ".pyw"})

    def chunk(self, path: str, data: bytes) -> Chunked:
        """See `Chunker`."""
        if len(data) > MAX_BYTES:
            return Chunked(self.language, ())
        source = Source.of(data)
        file = _File(path, source, parse(_grammar().language, source.data))
        return Chunked(self.language, tuple(file.chunks()), tuple(file.imports)[:_MAX_IMPORTS])


@dataclass(frozen=True)
class _Grammar:
    language: Language
    wanted: frozenset[int]
    definitions: frozenset[int]
    closed: frozenset[int]


@cache
def _grammar() -> _Grammar:
    language = Language(tree_sitter_python.language())
    definitions = kinds(language, "class_definition", "function_definition", "decorated_definition")
    others = kinds(language, "call", "raise_statement", "import_statement", "import_from_statement")
    closed = kinds(language, "identifier", "comment", "integer", "float", "import_statement", "import_from_statement")
    return _Grammar(language, definitions | others, definitions, closed)


class _File:
    """One file while it is taken apart."""

    def __init__(self, path: str, source: Source, root: Node) -> None:
        self.path = path
        self.source = source
        self.root = root
        self.module = module_of(path)
        self.imports: dict[str, None] = {}
        self.top = root.named_children
        self.definitions: list[_Definition] = []
        self.uses: list[tuple[int, str, bool]] = []  # line, name, whether it is raised
        self._read()
        self._decide()
        self.about = first_sentence(docstring(root, source), 100)
        for found in self.definitions:
            found.about = first_sentence(docstring(found.body, source))
        self.constants = {name: said for name, value in assignments(root, source) if (said := strings(value))}
        self._understand()

    def _read(self) -> None:
        open_ones: list[_Definition] = []
        decorated: Node | None = None
        for node in walk(self.root, _grammar().wanted, _grammar().closed):
            match node.type:
                case "decorated_definition":
                    decorated = node
                case "class_definition" | "function_definition":
                    outer = decorated if decorated and decorated.end_byte == node.end_byte else None
                    decorated = None
                    while open_ones and open_ones[-1].node.end_byte <= node.start_byte:
                        open_ones.pop()
                    if (found := self._definition(node, outer, open_ones[-1] if open_ones else None)) is not None:
                        open_ones.append(found)
                        self.definitions.append(found)
                case "call":
                    if name := chain(node.child_by_field_name("function"), self.source):
                        self.uses.append((first_line(node), name, False))
                case "raise_statement":
                    if name := raised(node, self.source):
                        self.uses.append((first_line(node), name, True))
                case _:
                    self.imports |= dict.fromkeys(imported(node, self.source, self.path))

    def _definition(self, node: Node, outer: Node | None, parent: _Definition | None) -> _Definition | None:
        name = text_of(node.child_by_field_name("name"), self.source, 200)
        depth = parent.depth + 1 if parent else 1
        if not name or depth > _MAX_DEPTH:
            return None
        decorators = tuple(
            text_of(child, self.source, 120).removeprefix("@").partition("(")[0].strip()
            for child in (outer.named_children if outer else ())
            if child.type == "decorator"
        )
        start = first_line(outer or node)
        end = min(last_line(node), max(self.source.count, start))
        is_class = node.type == "class_definition"
        return _Definition(node, start, end, name, parent, depth, is_class, decorators=decorators)

    def _decide(self) -> None:
        """Which definitions get chunks of their own; parents come before what stands in them."""
        for found in self.definitions:
            parent = found.parent
            if parent is not None:
                cut = self.source.length(*parent.span) > MAX_CHARACTERS
                long = self.source.length(*found.span) >= _NESTED
                nested = cut and long and len(parent.members) < _MAX_NESTED
                found.own = parent.own and (parent.is_class or nested)
                if found.own:
                    parent.members.append(found)

    def _understand(self) -> None:
        if b"bpy" not in self.source.data:
            return
        classes = [found for found in self.definitions if found.is_class]
        for found in classes:
            found.bl = bl_values(found.body, self.source, self.constants)
        given = [
            Described(found.name, self._bases(found), found.bl.get("bl_idname", ""), bool(found.bl))
            for found in classes
        ]
        for found, role in zip(classes, roles(given), strict=True):
            found.role = role
        handlers = {match[1].decode().rpartition(".")[2] for match in _HANDLER.finditer(self.source.data)}
        for found in self.definitions:
            if found.is_class:
                continue
            persistent = any(name.rpartition(".")[2] == "persistent" for name in found.decorators)
            if persistent or found.name in handlers:
                found.role = "handler"
            elif found.parent is None and found.name in {"register", "unregister"}:
                found.role = "registration"

    def _bases(self, found: _Definition) -> tuple[str, ...]:
        arguments = found.node.child_by_field_name("superclasses")
        children = arguments.named_children[: _MAX_BASES * 2] if arguments is not None else []
        kept = [child for child in children if child.type not in {"comment", "keyword_argument"}]
        return tuple(dict.fromkeys(one_line(text_of(child, self.source, 120), 120) for child in kept))[:_MAX_BASES]

    def chunks(self) -> Iterator[Chunk]:
        """Every chunk, in the order of the lines they begin in."""
        drafts = [*self._module(), *(draft for found in self.definitions if found.own for draft in self._drafts(found))]
        self._attribute(drafts)
        for draft in sorted(drafts, key=lambda draft: (draft.start, -draft.end)):
            yield self._chunk(draft)

    def _drafts(self, found: _Definition) -> Iterator[_Draft]:
        if found.is_class:
            yield from self._class(found)
            return
        if self.source.length(*found.span) <= MAX_CHARACTERS + 1:
            spans = [found.span]
        else:
            holes = [member.span for member in found.members]
            runs = without(found.span, holes)
            inside = found.node.named_children
            spans = [span for run in runs for span in split(self.source, inside, run)]
            spans = trimmed(self.source, spans)
        yield from self._numbered(found, spans)

    def _numbered(self, of: _Definition | None, spans: Sequence[Span]) -> Iterator[_Draft]:
        for number, (start, end) in enumerate(spans, 1):
            yield _Draft(
                of, start, end, range(start, end + 1), self.source.text(start, end), number if len(spans) > 1 else 0
            )

    def _class(self, found: _Definition) -> Iterator[_Draft]:
        lines = list(self._class_lines(found))
        cuts = {first_line(node) for node in (found.body.named_children if found.body is not None else ())}
        cuts |= {member.start for member in found.members}
        # Units of lines that are shown together, then as many of them as fit.
        parts: list[list[int]] = []
        unit: list[int] = []
        for line in [*lines, 0]:
            if unit and (line == 0 or line in cuts or self._size([*unit, line]) > MAX_CHARACTERS):
                if parts and self._size(parts[-1]) + self._size(unit) <= MAX_CHARACTERS:
                    parts[-1] += unit
                else:
                    parts.append(unit)
                unit = []
            unit.append(line)
        for number, part in enumerate(parts, 1):
            start = found.start if number == 1 else part[0]
            end = found.end if number == len(parts) else part[-1]
            text = clip("\n".join(self.source.lines[line - 1] for line in part))
            yield _Draft(found, start, end, part, text, number if len(parts) > 1 else 0)

    def _size(self, lines: Sequence[int]) -> int:
        return sum(len(self.source.lines[line - 1]) + 1 for line in lines if line)

    def _class_lines(self, found: _Definition) -> Iterator[int]:
        """The lines a class is shown by: all but blank ones, its members' bodies and what is commented out in them."""
        body = found.body
        column = body.start_point[1] if body is not None else 0
        shown = [(member.start, member.header_end) for member in found.members]
        for start, end in without(found.span, [member.span for member in found.members]):
            shown.append((start, end))
        for start, end in sorted(shown):
            for line in range(start, end + 1):
                text = self.source.lines[line - 1].strip()
                if text and not (text.startswith("#") and self.source.indent(line) > column):
                    yield line

    def _module(self) -> Iterator[_Draft]:
        tops = [found.span for found in self.definitions if found.parent is None]
        runs = trimmed(self.source, without((1, self.source.count), tops))
        first = True
        spans: list[Span] = []
        for start, end in runs:
            begin = self._after_licence(start, end) if first else start
            first = False
            if begin <= end and self._says_something(begin, end):
                spans += split(self.source, self.top, (begin, end))
        yield from self._numbered(None, trimmed(self.source, spans))

    def _after_licence(self, start: int, end: int) -> int:
        """The line after the comments a file begins with, if these are about its licence."""
        line = start
        while line <= end and self.source.lines[line - 1].lstrip()[:1] in {"#", ""}:
            line += 1
        return line if _LICENCE.search("\n".join(self.source.lines[start - 1 : line - 1])) else start

    def _says_something(self, start: int, end: int) -> bool:
        lines = [text for line in range(start, end + 1) if (text := self.source.lines[line - 1].strip())]
        if not all(text.startswith("#") for text in lines):
            return True
        return sum(len(text.strip("#-=*~ ")) for text in lines) >= _MIN_COMMENT

    def _attribute(self, drafts: Sequence[_Draft]) -> None:
        """Give each call and each exception to the chunk whose line it stands in."""
        holder: dict[int, _Draft] = {}
        for draft in drafts:
            holder |= dict.fromkeys(draft.lines, draft)
        for line, name, is_raised in self.uses:
            if (held := holder.get(line)) is not None:
                names = held.raises if is_raised else held.calls
                if len(names) < _MAX_FACTS:
                    names[name] = None

    def _chunk(self, draft: _Draft) -> Chunk:
        of = draft.of
        name = of.qualified if of else self.module.rpartition(".")[2] or PurePosixPath(self.path).stem
        facts = Facts(calls=tuple(draft.calls), raises=tuple(draft.raises))
        if of is not None:
            facts = Facts(
                of.decorators,
                self._bases(of) if of.is_class else (),
                facts.calls,
                facts.raises,
                of.role,
                self._identity(of),
            )
        return Chunk(
            kind="code",
            role=of.kind if of else "module",
            path=self.path,
            start=draft.start,
            end=draft.end,
            name=name,
            symbol=".".join(filter(None, (self.module, of.qualified))) if of else self.module or name,
            text=draft.text,
            context=self._context(of, draft.part),
            language="python",
            part=draft.part,
            terms=self._terms(of, draft),
            facts=facts,
        )

    def _identity(self, of: _Definition) -> str:
        """A class's `bl_idname`, which its methods have too."""
        holder = of if of.is_class else of.parent
        return holder.bl.get("bl_idname", "") if holder else ""

    def _context(self, of: _Definition | None, part: int) -> str:
        pieces: list[tuple[str, int]] = []
        if of is not None or part > 1:
            pieces.append((self.about, 100))
        around: list[_Definition] = []
        outer = of.parent if of else None
        while outer is not None:
            around.append(outer)
            outer = outer.parent
        for found in reversed(around):
            pieces.append((self._header(found), 110))
            if found.is_class:
                pieces.append((found.about, 100))
                said = "  ".join(f"{key} = {value}" for key, value in found.bl.items() if key != "bl_description")
                pieces.append((said, 100))
        if of is not None and part > 1:
            pieces.append((self._header(of), 160))
        return window(pieces)

    def _header(self, found: _Definition) -> str:
        start = found.node.start_byte
        text = self.source.data[start : min(found.header.end_byte, start + 400)].decode("utf-8", "ignore")
        return one_line(text, 160)

    def _terms(self, of: _Definition | None, draft: _Draft) -> str:
        words = self.module.split(".")[-2:]
        if of is not None:
            words += [of.name, *of.bl.values()]
            if of.role in {"operator", "macro"} and "." in of.bl.get("bl_idname", ""):
                words.append(f"bpy.ops.{of.bl['bl_idname']}")
            if draft.part > 1:
                words.append(of.about)
            words.append(self._comment_above(of))
        return " ".join(filter(None, words))

    def _comment_above(self, of: _Definition) -> str:
        said: list[str] = []
        line = of.start - 1
        while line >= 1 and len(said) < 5 and (text := self.source.lines[line - 1].strip()).startswith("#"):
            said.append(text.strip("#-=*~ "))
            line -= 1
        return one_line(" ".join(reversed(said)), 200)


def symbols(path: str, data: bytes) -> tuple[Symbol, ...]:
    """Every class, function and method of a file, in the order of their first lines.

    `path` is relative to the repository root, with forward slashes; the qualified names begin with it.
    """
    if len(data) > MAX_BYTES:
        return ()
    root = parse(_grammar().language, data)
    return tuple(sorted(_walk(root, path, module_of(path)), key=lambda symbol: symbol.start))


def enclosing(found: tuple[Symbol, ...], line: int) -> Symbol | None:
    """The innermost symbol that holds a line."""
    around = [symbol for symbol in found if symbol.encloses(line)]
    return min(around, key=lambda symbol: symbol.end - symbol.start, default=None)


def _walk(root: Node, path: str, module: str) -> Iterator[Symbol]:
    # A list instead of recursion: how deep a stranger's file is nested is the stranger's choice.
    waiting: list[tuple[Node, tuple[str, ...], bool]] = [(root, (), False)]
    while waiting:
        node, parents, in_class = waiting.pop()
        inner = node
        if node.type == "decorated_definition":
            inner = node.child_by_field_name("definition") or node
        name = inner.child_by_field_name("name") if inner.kind_id in _grammar().definitions else None
        if name is None:
            waiting += [(child, parents, in_class) for child in node.named_children]
            continue
        parents = (*parents, (name.text or b"").decode("utf-8", "replace"))
        is_class = inner.type == "class_definition"
        kind: SymbolKind = "class" if is_class else "method" if in_class else "function"
        qualified = ".".join(filter(None, (module, *parents)))
        yield Symbol(path, ".".join(parents), qualified, kind, first_line(node), last_line(node))
        if (body := inner.child_by_field_name("body")) is not None:
            waiting += [(child, parents, is_class) for child in body.named_children]
