"""Names an add-on gives members itself: what Blender calls so too cannot be told apart by the name alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, cast

import libcst as cst

from bot.rules.base import Context
from bot.rules.building import every
from bot.rules.places import dotted
from bot.rules.source import Source, Unreadable

_KEPT_AS: Final = "_own_member_names"


def defined_by_addon(source: Source, context: Context, name: str) -> bool:
    """Whether a file of the add-on gives a class, an instance or a Blender type a member of this name."""
    return any(
        name in other.text and name in own_member_names(other)
        for other in {one.path: one for one in (*context.sources, source)}.values()
    )


def extends_blender(source: Source, context: Context, owner: str, name: str) -> bool:
    """Whether the add-on itself gives a type of Blender a property: `bpy.types.Object.name = …`."""
    wanted = f"{owner}.{name}"
    for other in {one.path: one for one in (*context.sources, source)}.values():
        if name in other.text and wanted in own_member_names(other):
            return True
    return False


def own_member_names(source: Source) -> frozenset[str]:
    """Names of members a file defines: in class bodies, on `self` and `cls`, on `bpy.types` (in full, too)."""
    kept: dict[str, object] = vars(source)
    if _KEPT_AS not in kept:
        try:
            kept[_KEPT_AS] = frozenset(_found(source))
        except (Unreadable, RecursionError):
            kept[_KEPT_AS] = frozenset(_found_in_text(source.text))
    return cast("frozenset[str]", kept[_KEPT_AS])


_IN_TEXT: Final = re.compile(
    r"^[ \t]+(?:async[ \t]+)?def[ \t]+(\w+)"
    r"|^[ \t]+(\w+)[ \t]*(?::[^=\n]*Property\b|=[ \t]*(?:\w+\.)*\w*Property\b)"
    r"|\b(?:self|cls)\.(\w+)[ \t]*=(?!=)"
    r"|\b(bpy\.types\.\w+\.\w+)[ \t]*=(?!=)",
    re.MULTILINE,
)


def _found_in_text(text: str) -> Iterator[str]:
    """The same of a file that is no Python of today, as far as its lines tell."""
    for match in _IN_TEXT.finditer(text):
        name = next(group for group in match.groups() if group)
        yield from (name, name.rpartition(".")[2])


def _found(source: Source) -> Iterator[str]:
    for owner in every(source, cst.ClassDef):
        for statement in owner.body.body:
            if isinstance(statement, cst.FunctionDef):
                yield statement.name.value
            elif isinstance(statement, cst.SimpleStatementLine):
                for small in statement.body:
                    yield from (target.value for target in _targets(small) if isinstance(target, cst.Name))
    for kind in (cst.Assign, cst.AnnAssign):
        for node in every(source, kind):
            for target in _targets(node):
                if not isinstance(target, cst.Attribute):
                    continue
                name = dotted(target) or ""
                if name.startswith("bpy.types."):
                    yield from (name, target.attr.value)
                elif isinstance(target.value, cst.Name) and target.value.value in ("self", "cls"):
                    yield target.attr.value


def _targets(node: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    if isinstance(node, cst.Assign):
        yield from (target.target for target in node.targets)
    elif isinstance(node, cst.AnnAssign):
        yield node.target
