"""What every grammar shares: walking a tree, the text and lines of nodes, cutting long ones at statements.

Nothing here recurses, and everything is linear in the size of the tree: how deep and how wide a
stranger's file is nested is the stranger's choice. (Tree-sitter's own queries are not: they take
minutes for 200 kB of open brackets.)
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence, Set

from tree_sitter import Language, Node, Parser

from indexer.chunking.base import MAX_CHARACTERS
from indexer.chunking.source import Source, Span
from indexer.chunking.splitting import by_lines, pack

MAX_BYTES = 4 * 1024**2
"""Larger files are data, not code, and have no symbols here."""


def parse(language: Language, data: bytes) -> Node:
    """The root of a file's tree; what cannot be parsed is in it as `ERROR` nodes."""
    return Parser(language).parse(data).root_node


def kinds(language: Language, *names: str) -> frozenset[int]:
    """The numbers of named node kinds; comparing numbers is what makes a walk fast."""
    return frozenset(number for name in names if (number := language.id_for_node_kind(name, True)) is not None)


def walk(root: Node, wanted: Set[int], closed: Set[int]) -> Iterator[Node]:
    """Every node of the wanted kinds in the order of the file; the closed kinds are not looked into."""
    cursor = root.walk()
    while True:
        node = cursor.node
        kind = node.kind_id if node is not None else -1
        if node is not None and kind in wanted:
            yield node
        if kind not in closed and cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return


def text_of(node: Node | None, source: Source, limit: int = 400) -> str:
    """What the file says in a node, at most that many bytes of it."""
    if node is None:
        return ""
    start = node.start_byte
    return source.data[start : min(node.end_byte, start + limit)].decode("utf-8", "ignore")


def first_child(node: Node | None) -> Node | None:
    """The first named child, if there is any."""
    return node.named_child(0) if node is not None and node.named_child_count else None


def first_line(node: Node) -> int:
    """The line a node begins in, counted from 1."""
    return node.start_point[0] + 1


def last_line(node: Node) -> int:
    """The line a node ends in, counted from 1."""
    # A node that ends at column 0 ends with the line before.
    row, column = node.end_point
    return max(row if column == 0 else row + 1, first_line(node))


def split(source: Source, nodes: Sequence[Node], span: Span, limit: int = MAX_CHARACTERS) -> list[Span]:
    """The span in parts of about that many characters, cut where one of the nodes in it begins.

    `nodes` are siblings in their order; those outside the span do no harm and cost nothing.
    A node that is itself too long is cut where its own statements, arguments or elements begin, and
    one that has none (a long string) where a line ends.
    """
    units: list[Span] = []
    waiting: list[tuple[int, int, Sequence[Node]]] = [(*span, nodes)]
    while waiting:
        start, end, inside = waiting.pop()
        if source.length(start, end) <= limit or start == end:
            units.append((start, end))
            continue
        groups = _groups(start, end, inside)
        while len(groups) == 1 and groups[0][2]:
            # One node, or several in one line: the longest of them is what is long.
            groups = _groups(start, end, max(groups[0][2], key=lambda node: node.end_byte).named_children)
        if len(groups) > 1:
            waiting += reversed(groups)
        else:
            units += by_lines(source, start, end, limit)
    return pack(source, units, limit)


def _groups(start: int, end: int, nodes: Sequence[Node]) -> list[tuple[int, int, list[Node]]]:
    """The span cut at the lines nodes begin in, with the nodes of each piece; a comment stays with what follows."""
    begins: list[tuple[int, list[Node]]] = [(start, [])]
    before, free = start, True
    for index in range(bisect_left(nodes, start, key=last_line), len(nodes)):
        node = nodes[index]
        line, last = first_line(node), last_line(node)
        if line > end:
            break
        if line > before and free:
            begins.append((line, []))
        begins[-1][1].append(node)
        free = node.type != "comment" or line <= before
        before = max(before, last)
    ends = [line - 1 for line, _ in begins[1:]] + [end]
    return [(line, last, inside) for (line, inside), last in zip(begins, ends, strict=True)]
