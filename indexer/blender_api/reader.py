"""Type stubs of one Blender release (`fake-bpy-module-X.Y`) -> the table of its API.

Read with tree-sitter: the stubs use the newest syntax (PEP 695) whatever Python reads them, and
nothing of them is ever imported.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile

import tree_sitter_python
from tree_sitter import Language, Node, Parser

from indexer.blender_api.table import ApiTable, Entry, EntryKind
from indexer.errors import MissingError

MAX_STUB_BYTES = 32 * 1024**2
"""No stub file is near this size (the largest has 4 MB); a larger one is not what it says it is."""

_SUFFIX = "-stubs"
_DIST_INFO = re.compile(r"^fake_bpy_module\w*?-(\d+)\.dist-info/", re.ASCII)
_ENUM_ALIAS = re.compile(r"\brna_enums\.(\w+)")
_SENTENCE = re.compile(r"(?<=[.!?])\s")
_TEXT_LIMIT = 200

# Blender's user interface in Python: add-ons import some of its modules and draw functions, hardly
# ever anything deeper, and it is a quarter of the stubs.
_SHALLOW = ("bl_ui", "bl_operators", "bl_i18n_utils", "keyingsets_builtins", "freestyle")


def read_stubs(source: Path, release: str) -> ApiTable:
    """Read a stub wheel, or the folder one was unpacked to.

    Raises:
        MissingError: it holds no API stubs, or cannot be read.
    """
    builder = _Builder()
    try:
        with contextlib.ExitStack() as open_files:
            files = _files_in(source) if source.is_dir() else _members_of(open_files.enter_context(ZipFile(source)))
            # The enum aliases first: the others refer to them.
            for name in sorted(files, key=lambda name: ("rna_enums" not in name, name)):
                if (module := _module_of(name)) is not None:
                    builder.read_module(module, files[name]())
    except (BadZipFile, OSError, KeyError) as error:
        raise MissingError(f"{source.name} cannot be read: {error}", "Delete it and try again.") from error
    if "bpy.types" not in builder.entries:
        raise MissingError(f"{source.name} holds no stubs of bpy.types.", "Delete it and try again.")
    return ApiTable(release, _version(files), builder.entries, tuple(builder.items))


_Files = Mapping[str, Callable[[], bytes]]


def _members_of(archive: ZipFile) -> _Files:
    return {
        info.filename: partial(archive.read, info)
        for info in archive.infolist()
        if _sized(info.filename, info.file_size)
    }


def _files_in(folder: Path) -> _Files:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes
        for path in folder.rglob("*")
        if path.is_file() and _sized(path.name, path.stat().st_size)
    }


def _sized(name: str, size: int) -> bool:
    if size > MAX_STUB_BYTES:
        raise MissingError(f"{name} has {size:,} bytes, which no API stub has.", "Report it, please.")
    return True


def _version(names: Iterable[str]) -> str:
    return next((match[1] for name in names if (match := _DIST_INFO.match(name))), "0")


def _module_of(name: str) -> str | None:
    path = PurePosixPath(name)
    if path.suffix != ".pyi" or not path.parts[0].endswith(_SUFFIX):
        return None
    parts = [path.parts[0].removesuffix(_SUFFIX), *path.parts[1:-1]]
    if path.stem != "__init__":
        parts.append(path.stem)
    return ".".join(parts)


@dataclass
class _Builder:
    """Collects entries module by module; enum aliases come first, for others refer to them."""

    entries: dict[str, Entry] = field(default_factory=dict)
    items: list[tuple[str, ...]] = field(default_factory=list)
    _known_items: dict[tuple[str, ...], int] = field(default_factory=dict)
    _aliases: dict[str, int] = field(default_factory=dict)
    _parser: Parser = field(default_factory=lambda: Parser(Language(tree_sitter_python.language())))

    def read_module(self, module: str, source: bytes) -> None:
        root = self._parser.parse(source).root_node
        if module.startswith("bpy.stub_internal"):
            self._read_aliases(root)
            return
        self._add(Entry(module, "module", _docstring(root)))
        deep = not module.startswith(_SHALLOW)
        for node, text in _statements(root):
            self._read_top_level(module, node, text, deep)

    def _read_aliases(self, root: Node) -> None:
        for node in root.named_children:
            if node.type == "type_alias_statement" and (parts := node.named_children):
                name = _text(parts[0])
                if (items := _strings(parts[-1])) and "Literal" in _text(parts[-1])[:40]:
                    self._aliases[name] = self._intern(items)

    def _read_top_level(self, module: str, node: Node, text: str, deep: bool) -> None:
        definition = _definition(node)
        if definition is None:
            if name := _assigned(node):
                self._add(Entry(f"{module}.{name}", "value", text, enums=self._enum_of(node, "type")))
        elif definition.type == "function_definition":
            self._add_function(module, definition, "function")
        elif module.startswith("bpy.ops.") and not _name(definition).startswith("_"):
            self._read_operator(module, definition)
        else:
            self._read_class(module, definition, deep)

    def _read_operator(self, module: str, node: Node) -> None:
        # An operator is written as a class whose `__new__` is the call.
        body = node.child_by_field_name("body")
        for inner, _ in _statements(body) if body is not None else ():
            definition = _definition(inner)
            if definition is not None and _name(definition) == "__new__":
                self._add_function(module, definition, "operator", name=_name(node))

    def _read_class(self, module: str, node: Node, deep: bool) -> None:
        full = f"{module}.{_name(node)}"
        body = node.child_by_field_name("body")
        self._add(Entry(full, "class", _docstring(body), bases=_bases(node, module)))
        if body is None or not deep:
            return
        for inner, text in _statements(body):
            definition = _definition(inner)
            if definition is None:
                if name := _assigned(inner):
                    enums = self._enum_of(inner, "type")
                    self._add(Entry(f"{full}.{name}", "property", text, enums=enums))
            elif definition.type == "class_definition":
                self._add(Entry(f"{full}.{_name(definition)}", "value"))
            else:
                self._read_method(full, definition, _decorators(inner))

    def _read_method(self, owner: str, node: Node, decorators: tuple[str, ...]) -> None:
        symbol = f"{owner}.{_name(node)}"
        if any(decorator.endswith(".setter") for decorator in decorators):
            if (entry := self.entries.get(symbol)) is not None:
                self.entries[symbol] = Entry(symbol, "property", entry.text, enums=entry.enums)
        elif "property" in decorators:
            enums = self._enum_of(node, "return_type")
            self._add(Entry(symbol, "readonly", _docstring(node.child_by_field_name("body")), enums=enums))
        else:
            self._add_function(owner, node, "method", bound="staticmethod" not in decorators)

    def _add_function(
        self, owner: str, node: Node, kind: EntryKind, *, name: str = "", bound: bool | None = None
    ) -> None:
        symbol = f"{owner}.{name or _name(node)}"
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
        text = _docstring(node.child_by_field_name("body"))
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
                name = _text(named)
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
        text = _text(annotation)
        if (alias := _ENUM_ALIAS.search(text)) and alias[1] in self._aliases:
            return {"": self._aliases[alias[1]]}
        if "Literal[" in text and (items := _strings(annotation)):
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


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


def _name(node: Node) -> str:
    name = node.child_by_field_name("name")
    return _text(name) if name is not None else ""


def _statements(block: Node) -> Iterator[tuple[Node, str]]:
    """The statements of a block, each with the string that stands below it (an attribute's documentation)."""
    nodes = [node for node in block.named_children if node.type != "comment"]
    for index, node in enumerate(nodes):
        following = nodes[index + 1] if index + 1 < len(nodes) else None
        yield node, _string_statement(following) if following is not None else ""


def _string_statement(node: Node) -> str:
    if node.type == "expression_statement" and node.named_children[0].type == "string":
        inner = node.named_children[0]
        return _first_sentence("".join(_text(part) for part in inner.children if part.type == "string_content"))
    return ""


def _docstring(body: Node | None) -> str:
    if body is None or not body.named_children:
        return ""
    return _string_statement(body.named_children[0])


def _first_sentence(text: str) -> str:
    paragraph = " ".join(text.strip().partition("\n\n")[0].partition(":param")[0].split())
    sentence = _SENTENCE.split(paragraph, maxsplit=1)[0]
    return sentence if len(sentence) <= _TEXT_LIMIT else sentence[: _TEXT_LIMIT - 1] + "…"


def _definition(node: Node) -> Node | None:
    if node.type == "decorated_definition":
        return node.child_by_field_name("definition")
    return node if node.type in ("class_definition", "function_definition") else None


def _decorators(node: Node) -> tuple[str, ...]:
    return tuple(_text(child).lstrip("@").strip() for child in node.named_children if child.type == "decorator")


def _assigned(node: Node) -> str:
    if node.type != "expression_statement" or node.named_children[0].type != "assignment":
        return ""
    left = node.named_children[0].child_by_field_name("left")
    return _text(left) if left is not None and left.type == "identifier" else ""


def _bases(node: Node, module: str) -> tuple[str, ...]:
    arguments = node.child_by_field_name("superclasses")
    found = []
    for base in arguments.named_children if arguments is not None else ():
        if base.type in ("identifier", "attribute", "subscript"):
            name = _text(base).partition("[")[0].strip()
            found.append(name if "." in name else f"{module}.{name}")
    return tuple(found)


def _strings(node: Node) -> tuple[str, ...]:
    found: list[str] = []
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if current.type == "string_content":
            found.append(_text(current))
        waiting += reversed(current.named_children)
    return tuple(found)
