"""What is read off single nodes of a Python tree: names called, raised and imported, docstrings, `bl_` values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from tree_sitter import Node

from indexer.chunking.source import Source, one_line
from indexer.chunking.treesitter import first_child, text_of

_MAX_NAME = 200
_MAX_NAMES = 200
_MAX_STRING = 600
_MAX_STATEMENTS = 500
_MAX_COMMENTS = 60

_CHAIN = re.compile(r"[^\W\d]\w*(?:\s*\.\s*[^\W\d]\w*)*\s*$")
_RAISED = re.compile(r"raise\s+([^\W\d]\w*(?:\.[^\W\d]\w*)*)\s*(\()?")
_STRING = re.compile(r'(?i:[rbu]|rb|br)?("""|\'\'\'|"|\')((?:\\.|(?!\1).)*)\1', re.DOTALL)
_BL = re.compile(r"bl_(?:idname|label|description)")


def module_of(path: str) -> str:
    """The dotted name of a file: `addon/ui/__init__.py` is `addon.ui`."""
    parts = list(PurePosixPath(path).with_suffix("").parts)
    if parts[-1:] == ["__init__"]:
        parts.pop()
    return ".".join(parts)


def chain(node: Node | None, source: Source) -> str:
    """The dotted name an expression ends with: `a.b` of `a.b`, `x().a.b` and `x[0].a.b`; else nothing."""
    if node is None or node.type in {"string", "parenthesized_expression", "subscript", "call"}:
        return ""
    # Only the end is read: in a().b().c()… every call holds all those before it.
    start = max(node.start_byte, node.end_byte - _MAX_NAME)
    text = source.data[start : node.end_byte].decode("utf-8", "ignore")
    found = _CHAIN.search(text)
    if found is None:
        return ""
    name = re.sub(r"\s+", "", found[0])
    whole = found.start() > 0 or start == node.start_byte
    return name if whole else name.partition(".")[2]


def raised(node: Node, source: Source) -> str:
    """The name of the exception a `raise` statement raises; nothing where it is a variable's."""
    found = _RAISED.match(text_of(node, source, _MAX_NAME))
    if found is None:
        return ""
    last = found[1].rpartition(".")[2]
    return found[1] if found[2] or last[:1].isupper() else ""


def imported(node: Node, source: Source, path: str) -> Iterator[str]:
    """The dotted names an import statement may load, relative ones resolved by the file's path.

    `from a import b` gives `a` and `a.b`: whether `b` is a module cannot be seen in this file.
    """
    names = node.children_by_field_name("name")[:_MAX_NAMES]
    if node.type == "import_statement":
        yield from filter(None, (_plain(name, source) for name in names))
        return
    written = re.sub(r"\s+", "", text_of(node.child_by_field_name("module_name"), source, _MAX_NAME))
    stem = written.lstrip(".")
    if dots := len(written) - len(stem):
        parts = list(PurePosixPath(path).parent.parts)
        if dots - 1 > len(parts):
            return
        stem = ".".join([*parts[: len(parts) - dots + 1], *filter(None, [stem])])
    if stem:
        yield stem
    for name in names:
        if plain := _plain(name, source):
            yield f"{stem}.{plain}" if stem else plain


def _plain(node: Node, source: Source) -> str:
    if node.type == "aliased_import":
        return _plain(inner, source) if (inner := node.child_by_field_name("name")) is not None else ""
    return re.sub(r"\s+", "", text_of(node, source, _MAX_NAME)) if node.type == "dotted_name" else ""


def docstring(body: Node | None, source: Source) -> str:
    """The docstring a body begins with, its beginning at least; empty without one."""
    first = first_child(body)
    for _ in range(_MAX_COMMENTS):
        if first is None or first.type != "comment":
            break
        first = first.next_named_sibling
    if first is None or first.type != "expression_statement":
        return ""
    inner = first_child(first)
    if inner is None or inner.type != "string":
        return ""
    text = text_of(inner, source, _MAX_STRING * 2).lstrip("rRbBuUfF")
    quotes = text[:3] if text[:3] in {'"""', "'''"} else text[:1]
    return text[len(quotes) :].removesuffix(quotes).strip()


def strings(text: str) -> str:
    """What the string literals of an expression say, joined; nothing for a template with fields in it."""
    if re.match(r"[fF][rR]?[\"']", text):
        return ""
    found = "".join(match[2] for match in _STRING.finditer(text))
    return re.sub(r"\\(.)", lambda escaped: " " if escaped[1] in "nrt" else escaped[1], found)


def bl_values(body: Node | None, source: Source, constants: Mapping[str, str]) -> dict[str, str]:
    """`bl_idname`, `bl_label` and `bl_description` as a class body sets them, constants of the module looked up."""
    found: dict[str, str] = {}
    for name, value in assignments(body, source):
        if _BL.fullmatch(name):
            said = constants.get(value.strip()) or strings(value)
            if said:
                found.setdefault(name, one_line(said, 200))
    return found


def assignments(body: Node | None, source: Source) -> Iterator[tuple[str, str]]:
    """The plain names a body assigns directly, with the text of what they get."""
    if body is None:
        return
    for statement in body.named_children[:_MAX_STATEMENTS]:
        if statement.type != "expression_statement":
            continue
        inner = first_child(statement)
        if inner is None or inner.type != "assignment":
            continue
        left, right = inner.child_by_field_name("left"), inner.child_by_field_name("right")
        if left is not None and left.type == "identifier" and right is not None:
            yield text_of(left, source, _MAX_NAME), text_of(right, source, _MAX_STRING)
