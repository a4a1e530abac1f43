"""Type stubs of one Blender release (`fake-bpy-module-X.Y`) -> the table of its API.

Read with tree-sitter: the stubs use the newest syntax (PEP 695) whatever Python reads them, and
nothing of them is ever imported.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from tree_sitter import Node, Parser

from indexer.blender_api.stub_files import ENUM_ALIASES, SHALLOW, open_stubs
from indexer.blender_api.syntax import (
    assignment_of,
    bases_of,
    decorators_of,
    definition_of,
    docstring_of,
    name_of,
    parser,
    statements,
    string_of,
    strings_in,
    text_of,
)
from indexer.blender_api.table import ApiTable, Entry, EntryKind
from indexer.errors import MissingError

_ENUM_ALIAS = re.compile(r"\brna_enums\.(\w+)")
_SENTENCE = re.compile(r"(?<=[.!?])\s")
_TEXT_LIMIT = 200


def read_stubs(source: Path, release: str) -> ApiTable:
    """Read a stub wheel, or the folder one was unpacked to.

    Raises:
        MissingError: it holds no API stubs, or cannot be read.
    """
    builder = _Builder()
    with open_stubs(source) as files:
        for module, text in files.modules():
            builder.read_module(module, text)
    if "bpy.types" not in builder.entries:
        raise MissingError(f"{source.name} holds no stubs of bpy.types.", "Delete it and try again.")
    return ApiTable(release, files.version, builder.entries, tuple(builder.items))


@dataclass
class _Builder:
    """Collects entries module by module; enum aliases come first, for others refer to them."""

    entries: dict[str, Entry] = field(default_factory=dict)
    items: list[tuple[str, ...]] = field(default_factory=list)
    _known_items: dict[tuple[str, ...], int] = field(default_factory=dict)
    _aliases: dict[str, int] = field(default_factory=dict)
    _parser: Parser = field(default_factory=parser)

    def read_module(self, module: str, source: bytes) -> None:
        root = self._parser.parse(source).root_node
        if module.startswith(ENUM_ALIASES):
            self._read_aliases(root)
            return
        self._add(Entry(module, "module", _summary(docstring_of(root))))
        deep = not module.startswith(SHALLOW)
        for node, following in statements(root):
            self._read_top_level(module, node, _summary(string_of(following)), deep)

    def _read_aliases(self, root: Node) -> None:
        for node in root.named_children:
            if node.type == "type_alias_statement" and (parts := node.named_children):
                name = text_of(parts[0])
                if (items := strings_in(parts[-1])) and "Literal" in text_of(parts[-1])[:40]:
                    self._aliases[name] = self._intern(items)

    def _read_top_level(self, module: str, node: Node, text: str, deep: bool) -> None:
        definition = definition_of(node)
        if definition is None:
            if name := _assigned(node):
                self._add(Entry(f"{module}.{name}", "value", text, enums=self._enum_of(node, "type")))
        elif definition.type == "function_definition":
            self._add_function(module, definition, "function")
        elif module.startswith("bpy.ops.") and not name_of(definition).startswith("_"):
            self._read_operator(module, definition)
        else:
            self._read_class(module, definition, deep)

    def _read_operator(self, module: str, node: Node) -> None:
        # An operator is written as a class whose `__new__` is the call.
        body = node.child_by_field_name("body")
        for inner, _ in statements(body):
            definition = definition_of(inner)
            if definition is not None and name_of(definition) == "__new__":
                self._add_function(module, definition, "operator", name=name_of(node))

    def _read_class(self, module: str, node: Node, deep: bool) -> None:
        full = f"{module}.{name_of(node)}"
        body = node.child_by_field_name("body")
        self._add(Entry(full, "class", _summary(docstring_of(body)), bases=bases_of(node, module)))
        if body is None or not deep:
            return
        for inner, following in statements(body):
            definition = definition_of(inner)
            if definition is None:
                if name := _assigned(inner):
                    enums = self._enum_of(inner, "type")
                    text = _summary(string_of(following))
                    self._add(Entry(f"{full}.{name}", "property", text, enums=enums))
            elif definition.type == "class_definition":
                self._add(Entry(f"{full}.{name_of(definition)}", "value"))
            else:
                self._read_method(full, definition, decorators_of(inner))

    def _read_method(self, owner: str, node: Node, decorators: tuple[str, ...]) -> None:
        symbol = f"{owner}.{name_of(node)}"
        if any(decorator.endswith(".setter") for decorator in decorators):
            if (entry := self.entries.get(symbol)) is not None:
                self.entries[symbol] = Entry(symbol, "property", entry.text, enums=entry.enums)
        elif "property" in decorators:
            enums = self._enum_of(node, "return_type")
            self._add(Entry(symbol, "readonly", _summary(docstring_of(node.child_by_field_name("body"))), enums=enums))
        else:
            self._add_function(owner, node, "method", bound="staticmethod" not in decorators)

    def _add_function(
        self, owner: str, node: Node, kind: EntryKind, *, name: str = "", bound: bool | None = None
    ) -> None:
        symbol = f"{owner}.{name or name_of(node)}"
        bound = kind in ("method", "operator") if bound is None else bound
        parameters = node.child_by_field_name("parameters")
        signature, enums = self._signature(parameters, bound) if parameters is not None else ("", {})
        known = self.entries.get(symbol)
        if known is not None and known.signatures:  # an overload
            signatures = tuple(dict.fromkeys((*known.signatures, signature)))
            self.entries[symbol] = Entry(
                symbol, kind, known.text, signatures, enums={**(known.enums or {}), **enums} or None
            )
            return
        text = _summary(docstring_of(node.child_by_field_name("body")))
        self._add(Entry(symbol, kind, text, (signature,), enums=enums or None))

    def _signature(self, parameters: Node, bound: bool) -> tuple[str, dict[str, int]]:
        parts: list[str] = []
        enums: dict[str, int] = {}
        for index, node in enumerate(parameters.named_children):
            if node.type == "comment" or (bound and index == 0):
                continue
            if node.type == "keyword_separator":
                parts.append("*")
            elif node.type == "positional_separator":
                parts.append("/")
            else:
                named = node.child_by_field_name("name") or (
                    node.named_children[0] if node.type == "typed_parameter" else node
                )
                name = text_of(named)
                parts.append(name + ("=" if node.child_by_field_name("value") is not None else ""))
                if found := self._enum_of(node, "type"):
                    enums[name] = found[""]
        return ", ".join(parts), enums

    def _enum_of(self, node: Node, field_name: str) -> dict[str, int] | None:
        if node.type == "expression_statement":
            node = node.named_children[0]
        annotation = node.child_by_field_name(field_name)
        if annotation is None:
            return None
        text = text_of(annotation)
        if (alias := _ENUM_ALIAS.search(text)) and alias[1] in self._aliases:
            return {"": self._aliases[alias[1]]}
        if "Literal[" in text and (items := strings_in(annotation)):
            return {"": self._intern(items)}
        return None

    def _intern(self, items: tuple[str, ...]) -> int:
        index = self._known_items.setdefault(items, len(self.items))
        if index == len(self.items):
            self.items.append(items)
        return index

    def _add(self, entry: Entry) -> None:
        # A submodule can carry the name of a function beside it (`bpy.ops` groups never do); the first stands.
        known = self.entries.get(entry.symbol)
        if known is None or (known.kind == "value" and entry.kind != "value"):
            self.entries[entry.symbol] = entry


def _summary(text: str) -> str:
    """The first sentence."""
    paragraph = " ".join(text.strip().partition("\n\n")[0].partition(":param")[0].split())
    sentence = _SENTENCE.split(paragraph, maxsplit=1)[0]
    return sentence if len(sentence) <= _TEXT_LIMIT else sentence[: _TEXT_LIMIT - 1] + "…"


def _assigned(node: Node) -> str:
    assignment = assignment_of(node)
    left = assignment.child_by_field_name("left") if assignment is not None else None
    return text_of(left) if left is not None else ""
