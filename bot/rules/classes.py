"""The classes of a whole add-on: which derive from Blender's own, through every file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

import libcst as cst

from bot.rules.base import Context
from bot.rules.inference import dotted, types_of
from bot.rules.source import Source, Unreadable

_KEPT_AS: Final = "_classes"


@dataclass(frozen=True, eq=False)
class AddonClass:
    """One module-level class of the add-on."""

    name: str
    source: Source
    node: cst.ClassDef
    position: int
    """Its place among the statements of its file."""


class AddonClasses:
    """Every module-level class, by name, and what it derives from."""

    def __init__(self, sources: tuple[Source, ...]) -> None:
        self._by_name: dict[str, list[AddonClass]] = defaultdict(list)
        self.of_source: dict[str, list[AddonClass]] = defaultdict(list)
        for source in sources:
            try:
                body = source.module.body
            except Unreadable:
                continue
            for position, node in _top_classes(body):
                found = AddonClass(node.name.value, source, node, position)
                self._by_name[found.name].append(found)
                self.of_source[source.path].append(found)

    def parents(self, cls: AddonClass) -> list[AddonClass]:
        """The add-on's own classes it derives from directly."""
        found = (self.resolve(cls.source, argument.value) for argument in cls.node.bases if not argument.star)
        return [parent for parent in found if parent is not None and parent is not cls]

    def lineage(self, cls: AddonClass) -> list[AddonClass]:
        """The class and all of the add-on's own classes it derives from, nearest first."""
        seen: list[AddonClass] = []
        queue = [cls]
        while queue:
            current = queue.pop(0)
            if current not in seen:
                seen.append(current)
                queue += self.parents(current)
        return seen

    def blender_base(self, cls: AddonClass) -> str | None:
        """The first class of `bpy.types` it derives from, through classes of any file: `bpy.types.Operator`."""
        for ancestor in self.lineage(cls):
            types = types_of(ancestor.source)
            for argument in ancestor.node.bases:
                name = None if argument.star else types.qualified(argument.value)
                if name and name.startswith("bpy.types."):
                    return name
        return None

    def resolve(self, source: Source, node: cst.BaseExpression) -> AddonClass | None:
        """The add-on's class an expression names, in this file or imported from another; null if unsure."""
        name = dotted(node)
        if name is None:
            return None
        last = name.rsplit(".", 1)[-1]
        candidates = self._by_name.get(last, [])
        own = [cls for cls in candidates if cls.source is source]
        if "." not in name and own:
            return own[-1]
        target = types_of(source).qualified(node)
        if target is None or target.split(".")[0] in ("bpy", "bpy_extras", "mathutils"):
            # A name that came by `from .x import *` is known only if it is the add-on's alone.
            starred = isinstance(node, cst.Name) and target is None and len(candidates) == 1
            return candidates[0] if starred else None
        home = target.rsplit(".", 1)[0].rsplit(".", 1)[-1]
        fitting = [cls for cls in candidates if _module_name(cls.source) == home]
        if len(fitting) == 1:
            return fitting[0]
        return candidates[0] if len(candidates) == 1 and home == "" else None

    def heirs(self) -> dict[AddonClass, str]:
        """Every class a registered class may take properties from, and the Blender class behind it."""
        found: dict[AddonClass, str] = {}
        for group in self._by_name.values():
            for cls in group:
                base = self.blender_base(cls)
                if base is not None:
                    for ancestor in self.lineage(cls):
                        found.setdefault(ancestor, base)
        return found


def classes_of(source: Source, context: Context) -> AddonClasses:
    """The classes of the add-on a file belongs to; worked out once per context."""
    if not any(other is source for other in context.sources):
        return AddonClasses((source, *(other for other in context.sources if other.path != source.path)))
    kept: dict[str, object] = vars(context)
    known = kept.get(_KEPT_AS)
    if not isinstance(known, AddonClasses):
        known = kept[_KEPT_AS] = AddonClasses(tuple(context.sources))
    return known


def _module_name(source: Source) -> str:
    path = PurePosixPath(source.path)
    return path.parent.name if path.stem == "__init__" else path.stem


def _top_classes(body: tuple[cst.CSTNode, ...] | list[cst.CSTNode] | object) -> Iterator[tuple[int, cst.ClassDef]]:
    """Classes at module level, also below `if` and `try`."""
    statements = body if isinstance(body, tuple | list) else ()
    for position, statement in enumerate(statements):
        if isinstance(statement, cst.ClassDef):
            yield position, statement
        elif isinstance(statement, cst.If | cst.Try | cst.Else):
            for node in _below(statement):
                yield position, node


def _below(node: cst.CSTNode) -> Iterator[cst.ClassDef]:
    for child in node.children:
        if isinstance(child, cst.ClassDef):
            yield child
        elif not isinstance(child, cst.FunctionDef):
            yield from _below(child)
