"""The other ways code can go: where one branch holds the old spelling and another the new, somebody chose."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import libcst as cst

from bot.rules.places import walk
from bot.rules.source import Source


def chosen_already(source: Source, node: cst.CSTNode, is_new: Callable[[cst.CSTNode], bool]) -> bool:
    """Whether another branch of an `if`, a conditional expression or a `try` around a node holds the new spelling.

    However the choice is made (by a helper's answer, by a flag of the add-on), it has been made.
    """
    return any(is_new(inner) for branch in _other_branches(source, node) for inner in walk(branch))


def _other_branches(source: Source, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    child: cst.CSTNode = node
    for parent in source.ancestors(node):
        if isinstance(parent, cst.FunctionDef | cst.ClassDef | cst.Lambda):
            return
        if isinstance(parent, cst.If | cst.IfExp):
            for branch in (parent.body, parent.orelse):
                if branch is not None and branch is not child and child is not parent.test:
                    yield branch
        elif isinstance(parent, cst.Try):
            yield from (part for part in (parent.body, *parent.handlers) if part is not child)
        child = parent
