"""Where each symbol of the API stands in its stubs: for judging tools that return lines, not names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

import tree_sitter_python
from tree_sitter import Language, Node, Parser

from indexer.evaluation.history import Target
from indexer.evaluation.systems import Snapshot


def snapshot(folder: Path) -> Snapshot:
    """The stub files of a folder as a tree."""
    data = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*.pyi"))
        if "stub_internal" not in path.as_posix()
    }
    blobs = {path: hashlib.sha256(content).hexdigest() for path, content in data.items()}
    by_blob = {blobs[path]: content for path, content in data.items()}

    def read(wanted: Sequence[str]) -> Iterator[bytes]:
        return (by_blob[blob] for blob in wanted)

    return Snapshot(folder, f"stubs:{folder.name}", blobs, read)


def places(tree: Snapshot) -> dict[str, list[Target]]:
    """The lines of every symbol, by its full name; a class' are those before its first member."""
    parser = Parser(Language(tree_sitter_python.language()))
    found: dict[str, list[Target]] = {}
    for path, data in zip(tree.files, tree.read(list(tree.files.values())), strict=True):
        for name, start, end in _named(parser.parse(data).root_node, _module(path)):
            found.setdefault(name, []).append(Target(path, name, ((start, end),)))
    return found


def targets(known: dict[str, list[Target]], symbols: Iterable[str]) -> tuple[Target, ...]:
    """Where some symbols stand."""
    return tuple(target for symbol in sorted(symbols) for target in known.get(symbol, ()))


def _module(path: str) -> str:
    pure = PurePosixPath(path)
    parts = [pure.parts[0].removesuffix("-stubs"), *pure.parts[1:-1]]
    return ".".join(parts if pure.stem == "__init__" else [*parts, pure.stem])


def _named(root: Node, owner: str) -> Iterator[tuple[str, int, int]]:
    statements = root.named_children
    lines = [node.start_point.row + 1 for node in statements]
    ends = [*(line - 1 for line in lines[1:]), root.end_point.row + 1]
    for node, start, end in zip(statements, lines, ends, strict=True):
        inner = node.child_by_field_name("definition") if node.type == "decorated_definition" else node
        name = _name(inner) if inner is not None else ""
        if inner is None or not name:
            continue
        full = f"{owner}.{name}"
        body = inner.child_by_field_name("body")
        if inner.type == "class_definition" and body is not None:
            members = list(_named(body, full))
            # An operator is a class there, of one method that says everything.
            own = end if owner.startswith("bpy.ops.") else min([end, *(first - 1 for _, first, _ in members)])
            yield full, start, own
            yield from members
        else:
            # What follows an attribute up to the next one is its description.
            yield full, start, _described(statements, node, end)


def _name(node: Node) -> str:
    if node.type in {"class_definition", "function_definition"}:
        named = node.child_by_field_name("name")
    elif node.type == "expression_statement" and node.named_children and node.named_children[0].type == "assignment":
        named = node.named_children[0].child_by_field_name("left")
    else:
        named = None
    return (named.text or b"").decode() if named is not None and named.type == "identifier" else ""


def _described(statements: Sequence[Node], node: Node, end: int) -> int:
    at = statements.index(node) + 1
    if node.type == "expression_statement" and at < len(statements):
        after = statements[at]
        if after.type == "expression_statement" and after.named_children[0].type == "string":
            return int(after.end_point.row) + 1
    return end
