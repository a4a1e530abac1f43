"""Reading a stub's syntax tree: what every reader of stubs needs."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter_python
from tree_sitter import Language, Node, Parser


def parser() -> Parser:
    """A parser of Python as tree-sitter knows it, newer syntax than our own included."""
    return Parser(Language(tree_sitter_python.language()))


def text_of(node: Node) -> str:
    """The source of a node."""
    return (node.text or b"").decode("utf-8", "replace")


def name_of(node: Node) -> str:
    """The name of a definition."""
    name = node.child_by_field_name("name")
    return text_of(name) if name is not None else ""


def statements(block: Node | None) -> Iterator[tuple[Node, Node | None]]:
    """The statements of a block, each with the one that follows."""
    nodes = [node for node in block.named_children if node.type != "comment"] if block is not None else []
    yield from zip(nodes, [*nodes[1:], None], strict=True)


def string_of(node: Node | None) -> str:
    """What a statement that is nothing but a string says: the documentation of what stands above it."""
    if node is None or node.type != "expression_statement" or not node.named_children:
        return ""
    inner = node.named_children[0]
    if inner.type != "string":
        return ""
    return "".join(text_of(part) for part in inner.children if part.type == "string_content")


def docstring_of(body: Node | None) -> str:
    """The docstring of a body or module."""
    return string_of(body.named_children[0]) if body is not None and body.named_children else ""


def definition_of(node: Node) -> Node | None:
    """The class or function a statement defines, without its decorators."""
    if node.type == "decorated_definition":
        return node.child_by_field_name("definition")
    return node if node.type in ("class_definition", "function_definition") else None


def decorators_of(node: Node) -> tuple[str, ...]:
    """The decorators of a statement as they are written, without the `@`."""
    return tuple(text_of(child).lstrip("@").strip() for child in node.named_children if child.type == "decorator")


def assignment_of(node: Node) -> Node | None:
    """The assignment (or annotated name) a statement is, where it gives a plain name."""
    if node.type != "expression_statement" or not node.named_children or node.named_children[0].type != "assignment":
        return None
    left = node.named_children[0].child_by_field_name("left")
    return node.named_children[0] if left is not None and left.type == "identifier" else None


def bases_of(node: Node, module: str) -> tuple[str, ...]:
    """The full names of a class's bases; a plain name is of the class's own module."""
    arguments = node.child_by_field_name("superclasses")
    found = []
    for base in arguments.named_children if arguments is not None else ():
        if base.type in ("identifier", "attribute", "subscript"):
            name = text_of(base).partition("[")[0].strip()
            found.append(name if "." in name else f"{module}.{name}")
    return tuple(found)


def strings_in(node: Node) -> tuple[str, ...]:
    """Every string inside a node, in order."""
    found: list[str] = []
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if current.type == "string_content":
            found.append(text_of(current))
        waiting += reversed(current.named_children)
    return tuple(found)
