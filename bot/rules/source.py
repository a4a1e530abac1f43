"""One Python file, parsed at most once and shared by every rule; edits keep every other byte."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from bot.models.patch import Edit
from bot.rules.tree import parents
from bot.texts import NEWLINE, Undecodable, decode, newline_of


class Unreadable(Exception):  # noqa: N818  (an outcome, told apart by its name)
    """The file cannot be decoded or parsed; the message says where."""


@dataclass(frozen=True)
class Source:
    """A file's decoded text, and its syntax tree with positions and parents on demand.

    `path` is relative to the repository root. Offsets count characters of `text`, which keeps the
    file's own line endings; `encode` turns edited text back into bytes with its encoding and mark.
    """

    path: str
    text: str
    encoding: str

    @classmethod
    def read(cls, path: str, data: bytes) -> Source:
        """Decode by BOM or PEP 263 declaration, UTF-8 otherwise.

        Raises:
            Unreadable: the bytes do not fit the encoding.
        """
        try:
            return cls(path, *decode(data))
        except Undecodable as error:
            raise Unreadable(f"{path}: {error}") from error

    def encode(self, text: str) -> bytes:
        """The bytes of an edited text, in the file's own encoding."""
        return text.encode(self.encoding)

    @cached_property
    def _wrapper(self) -> MetadataWrapper:
        try:
            return MetadataWrapper(cst.parse_module(self.text), unsafe_skip_copy=True)
        except cst.ParserSyntaxError as error:
            raise Unreadable(f"{self.path}:{error.editor_line}: {error.message}") from error
        except RecursionError as error:
            raise Unreadable(f"{self.path}: nested too deeply to be read") from error

    @property
    def module(self) -> cst.Module:
        """The syntax tree.

        Raises:
            Unreadable: the file is no Python of today.
        """
        return self._wrapper.module

    @cached_property
    def _positions(self) -> Mapping[cst.CSTNode, cst.metadata.CodeRange]:
        return self._wrapper.resolve(PositionProvider)

    @cached_property
    def _parents(self) -> Mapping[cst.CSTNode, cst.CSTNode]:
        return parents(self.module)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in NEWLINE.finditer(self.text))]

    def line(self, node: cst.CSTNode) -> int:
        """The line a node starts on, from 1."""
        return int(self._positions[node].start.line)

    def end_line(self, node: cst.CSTNode) -> int:
        """The line a node ends on."""
        return int(self._positions[node].end.line)

    def start(self, node: cst.CSTNode) -> int:
        """The offset of a node's first character (its own parentheses included, comments before it not)."""
        outermost = node.lpar[0] if isinstance(node, cst.BaseExpression) and node.lpar else node
        place = self._positions[outermost].start
        return self._line_starts[place.line - 1] + int(place.column)

    def end(self, node: cst.CSTNode) -> int:
        """The offset just past a node's last character (its own parentheses included)."""
        outermost = node.rpar[-1] if isinstance(node, cst.BaseExpression) and node.rpar else node
        place = self._positions[outermost].end
        return self._line_starts[place.line - 1] + int(place.column)

    def code(self, node: cst.CSTNode) -> str:
        """The node exactly as it is written."""
        return self.text[self.start(node) : self.end(node)]

    def replace(self, node: cst.CSTNode, text: str) -> Edit:
        """The edit that puts `text` where the node is."""
        return Edit(start=self.start(node), end=self.end(node), text=text)

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The node that holds this one."""
        return self._parents.get(node)

    def ancestors(self, node: cst.CSTNode) -> Iterable[cst.CSTNode]:
        """Its parents, innermost first."""
        current = self._parents.get(node)
        while current is not None:
            yield current
            current = self._parents.get(current)

    def indent(self, node: cst.CSTNode) -> str:
        """The white space the line of a node begins with."""
        begin = self._line_starts[self.line(node) - 1]
        match = re.compile(r"[ \t]*").match(self.text, begin)
        return match[0] if match else ""

    @cached_property
    def newline(self) -> str:
        """The file's line ending (that of its first line)."""
        return newline_of(self.text)

    @cached_property
    def indent_unit(self) -> str:
        """One level of indentation, as the file has it."""
        return self.module.default_indent


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Apply edits that do not overlap; equal edits count once.

    Raises:
        ValueError: two edits overlap.
    """
    ordered = sorted(set(edits), key=lambda edit: (edit.start, edit.end))
    result: list[str] = []
    position = 0
    for edit in ordered:
        if edit.start < position:
            raise ValueError(f"edits overlap at offset {edit.start}")
        result += (text[position : edit.start], edit.text)
        position = edit.end
    return "".join((*result, text[position:]))
