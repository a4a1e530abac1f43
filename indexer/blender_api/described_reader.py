"""Type stubs of one Blender release -> everything they say about each thing of its API.

`reader.read_stubs` reads names and signatures for checking code; this one reads descriptions, types,
defaults and enum items as well, for people and models to read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from tree_sitter import Node, Parser

from indexer.blender_api import docstring
from indexer.blender_api.described import MAX_TEXT, ApiSymbol, EnumItem, Parameter
from indexer.blender_api.docstring import Docstring, Said
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
from indexer.blender_api.table import EntryKind
from indexer.errors import MissingError

_ALIAS = re.compile(r"\brna_enums\.(\w+)")
_ALIAS_ITEM = re.compile(r'"((?:[^"\\\n]|\\.)*)",?[ \t]*#[ \t]*(.*)$', re.MULTILINE)
_LITERAL = re.compile(r"(?:typing\.)?Literal\[[^\]]*\]|(?:bpy\.stub_internal\.)?rna_enums\.\w+")
_ENUM_OF_ENUM = re.compile(r"(?:typing\.)?Literal\[enum\]")
_PREFIXES = re.compile(r"\b(?:typing|typing_extensions|collections\.abc|npt)\.")
_OR_NONE = re.compile(r"\s*\|\s*None\b")
_INNER_SPACE = re.compile(r"(?<=[\[(]) |,? (?=[\])])")
_BASE_ITEM = re.compile(r"\b\w+\[([\w.]+)\]")
_CONSTRUCTORS = ("__init__", "__new__")
_MAX_DEFAULT = 80
_MAX_TYPE = 400


@dataclass(frozen=True)
class Described:
    """What the stubs of one version say; `stubs` is that version (`20260730`)."""

    stubs: str
    symbols: Mapping[str, ApiSymbol]


def read_described(source: Path) -> Described:
    """Read a stub wheel, or the folder one was unpacked to.

    Raises:
        MissingError: it holds no API stubs, or cannot be read.
    """
    reader = _Reader()
    with open_stubs(source) as files:
        for module, text in files.modules():
            reader.read_module(module, text)
    if "bpy.types" not in reader.symbols:
        raise MissingError(f"{source.name} holds no stubs of bpy.types.", "Delete it and try again.")
    return Described(files.version, reader.symbols)


@dataclass
class _Reader:
    symbols: dict[str, ApiSymbol] = field(default_factory=dict)
    _aliases: dict[str, tuple[EnumItem, ...]] = field(default_factory=dict)
    _parser: Parser = field(default_factory=parser)

    def read_module(self, module: str, source: bytes) -> None:
        root = self._parser.parse(source).root_node
        if module.startswith(ENUM_ALIASES):
            self._read_aliases(root)
            return
        said = docstring.parse(docstring_of(root))
        # The module of all types carries the introductions of its classes, which without the
        # examples they introduce say nothing.
        text = "" if module == "bpy.types" else said.text
        self._add(ApiSymbol(module, "module", text=text, examples=said.examples))
        deep = not module.startswith(SHALLOW)
        for node, following in statements(root):
            self._read_statement(module, node, following, deep)

    def _read_aliases(self, root: Node) -> None:
        for node in root.named_children:
            if node.type == "type_alias_statement" and len(node.named_children) > 1:
                text = text_of(node.named_children[-1])
                if "Literal" in text[:40]:
                    comments = {match[1]: match[2] for match in _ALIAS_ITEM.finditer(text)}
                    items = strings_in(node.named_children[-1])
                    self._aliases[text_of(node.named_children[0])] = tuple(
                        docstring.enum_item(item, comments.get(item, "")) for item in items
                    )

    def _read_statement(self, module: str, node: Node, following: Node | None, deep: bool) -> None:
        definition = definition_of(node)
        if definition is None:
            self._read_attribute(module, node, following, "value")
        elif definition.type == "function_definition":
            self._read_function(module, definition, "function", bound=False)
        elif module.startswith("bpy.ops.") and not name_of(definition).startswith("_"):
            self._read_operator(module, definition)
        else:
            self._read_class(module, definition, deep)

    def _read_operator(self, module: str, node: Node) -> None:
        # An operator is written as a class whose `__new__` is the call.
        for inner, _ in statements(node.child_by_field_name("body")):
            definition = definition_of(inner)
            if definition is not None and name_of(definition) == "__new__":
                self._read_function(module, definition, "operator", bound=True, name=name_of(node))

    def _read_class(self, module: str, node: Node, deep: bool) -> None:
        full = f"{module}.{name_of(node)}"
        body = node.child_by_field_name("body")
        said = docstring.parse(docstring_of(body))
        self._add(
            ApiSymbol(
                full,
                "class",
                text=said.text,
                type=_items_of(node),
                deprecated=said.deprecated,
                bases=bases_of(node, module),
                see_also=said.references,
                examples=said.examples,
            )
        )
        if not deep:
            return
        for inner, following in statements(body):
            definition = definition_of(inner)
            if definition is None:
                self._read_attribute(full, inner, following, "property")
            elif definition.type == "class_definition":
                self._add(ApiSymbol(f"{full}.{name_of(definition)}", "value"))
            else:
                self._read_method(full, definition, decorators_of(inner))
        self._name_constructor(full)

    def _name_constructor(self, full: str) -> None:
        """A class is called as its constructor says."""
        found = next((self.symbols[name] for name in _of(full) if name in self.symbols), None)
        if found is not None and full in self.symbols:
            self.symbols[full] = replace(
                self.symbols[full],
                signature=found.signature,
                parameters=found.parameters,
                text=self.symbols[full].text or found.text,
            )

    def _read_attribute(self, owner: str, node: Node, following: Node | None, kind: EntryKind) -> None:
        assignment = assignment_of(node)
        if assignment is None:
            return
        name = text_of(assignment.children[0])
        annotation = assignment.child_by_field_name("type")
        if owner == "bpy.types" and (of := self._registered(name, annotation)) is not None:
            self._add(replace(of, symbol=f"{owner}.{name}"))
            return
        self._add(self._property(f"{owner}.{name}", kind, annotation, docstring.parse(string_of(following))))

    def _registered(self, name: str, annotation: Node | None) -> ApiSymbol | None:
        """The class of the user interface's own modules that `bpy.types` has under the same name."""
        full = "".join(text_of(annotation).split()).strip("()") if annotation is not None else ""
        found = self.symbols.get(full)
        return found if found is not None and found.kind == "class" and full.endswith(f".{name}") else None

    def _read_method(self, owner: str, node: Node, decorators: tuple[str, ...]) -> None:
        symbol = f"{owner}.{name_of(node)}"
        if any(decorator.endswith(".setter") for decorator in decorators):
            if (known := self.symbols.get(symbol)) is not None:
                self.symbols[symbol] = replace(known, kind="property", readonly=False)
        elif "property" in decorators:
            said = docstring.parse(docstring_of(node.child_by_field_name("body")))
            self._add(self._property(symbol, "readonly", node.child_by_field_name("return_type"), said))
        else:
            self._read_function(owner, node, "method", bound="staticmethod" not in decorators)

    def _property(self, symbol: str, kind: EntryKind, annotation: Node | None, said: Docstring) -> ApiSymbol:
        type_, enum = self._type(annotation, symbol)
        notes = said.notes
        if notes.readonly and kind == "property":
            kind = "readonly"
        return ApiSymbol(
            symbol,
            kind,
            text=said.text,
            type=f"{type_} ({notes.array})" if notes.array else type_,
            default=notes.default,
            enum=enum,
            minimum=notes.minimum,
            maximum=notes.maximum,
            readonly={"readonly": True, "property": False}.get(kind),
            deprecated=said.deprecated if "deprecated" not in symbol else "",
            see_also=said.references,
            examples=said.examples,
        )

    def _read_function(self, owner: str, node: Node, kind: EntryKind, *, bound: bool, name: str = "") -> None:
        symbol = f"{owner}.{name or name_of(node)}"
        said = docstring.parse(docstring_of(node.child_by_field_name("body")))
        parameters = self._parameters(node.child_by_field_name("parameters"), bound, said, symbol)
        if kind == "operator":
            parameters = tuple(each for each in parameters if not each.positional_only)
        returns, _ = self._type(node.child_by_field_name("return_type"), symbol)
        if kind == "operator" or returns == "None":
            returns = ""  # every operator returns the same
        elif said.returns:
            returns = f"{returns}: {said.returns}" if returns else said.returns
        new = ApiSymbol(
            symbol,
            kind,
            signature=_signature(parameters),
            text=said.text if said.text != name_of(node) else "",
            parameters=parameters,
            returns=returns[:MAX_TEXT],
            deprecated=said.deprecated if "deprecated" not in symbol else "",
            see_also=said.references,
            examples=said.examples,
        )
        known = self.symbols.get(symbol)
        self._add(new) if known is None or not known.parameters else self._overload(known, new)

    def _overload(self, known: ApiSymbol, new: ApiSymbol) -> None:
        lines = dict.fromkeys([*known.signature.splitlines(), new.signature])
        names = {parameter.name for parameter in known.parameters}
        more = tuple(parameter for parameter in new.parameters if parameter.name not in names)
        self.symbols[known.symbol] = replace(
            known,
            signature="\n".join(lines),
            text=known.text or new.text,
            parameters=(*known.parameters, *more),
            returns=known.returns or new.returns,
        )

    def _parameters(self, node: Node | None, bound: bool, said: Docstring, symbol: str) -> tuple[Parameter, ...]:
        found: list[Parameter] = []
        keyword_only = False
        for index, child in enumerate(node.named_children if node is not None else ()):
            if child.type == "comment" or (bound and index == 0):
                continue
            if child.type == "keyword_separator":
                keyword_only = True
            elif child.type == "positional_separator":
                found = [replace(parameter, positional_only=True) for parameter in found]
            else:
                found.append(self._parameter(child, keyword_only, said, symbol))
                keyword_only = keyword_only or found[-1].name.startswith("*")
        return tuple(found)

    def _parameter(self, node: Node, keyword_only: bool, said: Docstring, symbol: str) -> Parameter:
        named = node.child_by_field_name("name")
        if named is None:
            named = node.named_children[0] if node.type == "typed_parameter" else node
        name = text_of(named)
        value = node.child_by_field_name("value")
        default = _INNER_SPACE.sub("", " ".join(text_of(value).split()))[:_MAX_DEFAULT] if value is not None else None
        type_, enum = self._type(node.child_by_field_name("type"), symbol)
        if default != "None":
            type_ = _OR_NONE.sub("", type_)  # the stubs let every parameter be None
        about = said.parameters.get(name.lstrip("*"), _NOTHING)
        return Parameter(
            name,
            type=f"{type_} ({about.notes.array})" if about.notes.array else type_,
            default=default,
            text=about.text,
            keyword_only=keyword_only and not name.startswith("*"),
            enum=_described(enum, about.enum),
            minimum=about.notes.minimum,
            maximum=about.notes.maximum,
        )

    def _type(self, annotation: Node | None, symbol: str) -> tuple[str, tuple[EnumItem, ...]]:
        """How a person would write the type, and the items where it is an enum."""
        if annotation is None:
            return "", ()
        text = text_of(annotation)
        enum: tuple[EnumItem, ...] = ()
        if "rna_enums." in text and (alias := _ALIAS.search(text)):
            enum = self._aliases.get(alias[1], ())
        elif "Literal[" in text:
            enum = tuple(EnumItem(item) for item in strings_in(annotation))
        if "rna_enums." in text or "Literal[" in text:
            text = _ENUM_OF_ENUM.sub("enum", _LITERAL.sub("enum", text))
        if "Self" in text:
            text = text.replace("typing_extensions.Self", symbol.rpartition(".")[0].rpartition(".")[2])
        if "." in text:
            text = _PREFIXES.sub("", text)
        return _INNER_SPACE.sub("", " ".join(text.split()))[:_MAX_TYPE], enum

    def _add(self, symbol: ApiSymbol) -> None:
        # A submodule can carry the name of a function beside it (`bpy.ops` groups never do); the first stands.
        known = self.symbols.get(symbol.symbol)
        if known is None or (known.kind == "value" and symbol.kind != "value"):
            self.symbols[symbol.symbol] = symbol


_NOTHING = Said()


def _items_of(node: Node) -> str:
    """The type of what a collection holds, as its base says: `bpy_prop_collection[MeshVertex]`."""
    arguments = node.child_by_field_name("superclasses")
    found = _BASE_ITEM.search(text_of(arguments)) if arguments is not None else None
    return found[1] if found is not None else ""


def _of(full: str) -> tuple[str, ...]:
    return tuple(f"{full}.{name}" for name in _CONSTRUCTORS)


def _signature(parameters: tuple[Parameter, ...]) -> str:
    parts: list[str] = []
    for index, parameter in enumerate(parameters):
        if parameter.keyword_only and not any(each.startswith("*") for each in parts):
            parts.append("*")
        parts.append(parameter.name if parameter.default is None else f"{parameter.name}={parameter.default}")
        following = parameters[index + 1] if index + 1 < len(parameters) else None
        if parameter.positional_only and (following is None or not following.positional_only):
            parts.append("/")
    return ", ".join(parts)


def _described(items: tuple[EnumItem, ...], about: tuple[EnumItem, ...]) -> tuple[EnumItem, ...]:
    if not about:
        return items
    known = {item.identifier: item for item in about}
    return tuple(known.get(item.identifier, item) for item in items) if items else about
