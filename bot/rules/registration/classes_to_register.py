"""Which classes `bpy.utils.register_module` registered, and in which order they can be registered one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final

import libcst as cst

from bot.rules.building import every
from bot.rules.classes import AddonClass, AddonClasses
from bot.rules.inference import types_of
from bot.rules.places import text_of, walk
from bot.rules.source import Source

REGISTRABLE: Final = frozenset(
    f"bpy.types.{name}"
    for name in (
        "AddonPreferences", "AssetShelf", "CompositorNodeCustomGroup", "FileHandler", "GeometryNodeCustomGroup",
        "Gizmo", "GizmoGroup", "Header", "KeyingSetInfo", "Macro", "Menu", "Node", "NodeCustomGroup", "NodeSocket",
        "NodeTree", "Operator", "Panel", "PropertyGroup", "RenderEngine", "ShaderNodeCustomGroup", "UIList",
    )
)  # fmt: skip
"""The classes of Blender that add-ons derive registered classes from."""

_NEEDED: Final = {
    "bpy.types.Operator": ("bl_label",),
    "bpy.types.Panel": ("bl_label", "draw"),
    "bpy.types.Menu": ("bl_label", "draw"),
    "bpy.types.Header": ("draw",),
    "bpy.types.KeyingSetInfo": ("bl_label",),
}
"""What a class must have for Blender to take it; a base of others that lacks it is abstract."""


def registrable(classes: AddonClasses, sources: Iterable[Source]) -> list[AddonClass]:
    """The classes of these files that can be registered, file by file, in the order of the text."""
    found: list[AddonClass] = []
    for source in sources:
        last = {cls.name: cls for cls in classes.of_source[source.path]}
        found += [cls for cls in last.values() if classes.blender_base(cls) in REGISTRABLE]
    bases = {parent for group in classes.of_source.values() for cls in group for parent in classes.parents(cls)}
    return [cls for cls in found if not (cls in bases and _abstract(classes, cls))]


def _abstract(classes: AddonClasses, cls: AddonClass) -> bool:
    names = {name for ancestor in classes.lineage(cls) for name in _defined(ancestor.node)}
    return any(name not in names for name in _NEEDED.get(classes.blender_base(cls) or "", ()))


def _defined(node: cst.ClassDef) -> Iterator[str]:
    for statement in node.body.body:
        if isinstance(statement, cst.FunctionDef):
            yield statement.name.value
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            if isinstance(small, cst.Assign):
                yield from (t.target.value for t in small.targets if isinstance(t.target, cst.Name))
            elif isinstance(small, cst.AnnAssign) and isinstance(small.target, cst.Name):
                yield small.target.value


def ordered(classes: AddonClasses, wanted: Sequence[AddonClass]) -> list[AddonClass]:
    """Each class after those it needs, otherwise as they came; needs in a circle stay as they came."""
    done: list[AddonClass] = []
    active: set[AddonClass] = set()

    def place(cls: AddonClass) -> None:
        if cls in done or cls in active:
            return
        active.add(cls)
        for needed in _needs(classes, cls, wanted):
            place(needed)
        done.append(cls)

    for cls in wanted:
        place(cls)
    return done


def _needs(classes: AddonClasses, cls: AddonClass, wanted: Sequence[AddonClass]) -> Iterator[AddonClass]:
    """The property groups it points to, its base classes, and the panel it is a part of."""
    for ancestor in classes.lineage(cls):
        if ancestor is not cls and ancestor in wanted:
            yield ancestor
        types = types_of(ancestor.source)
        for node in walk(ancestor.node.body):
            if isinstance(node, cst.Call) and types.qualified(node.func) in (
                "bpy.props.PointerProperty",
                "bpy.props.CollectionProperty",
            ):
                for argument in node.args:
                    if argument.keyword is not None and argument.keyword.value == "type":
                        target = classes.resolve(ancestor.source, argument.value)
                        if target is not None and target in wanted and target is not cls:
                            yield target
    parent = _text_attribute(cls, "bl_parent_id")
    if parent:
        for other in wanted:
            if other is not cls and parent in (other.name, _text_attribute(other, "bl_idname")):
                yield other


def _text_attribute(cls: AddonClass, name: str) -> str | None:
    for statement in cls.node.body.body:
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            if isinstance(small, cst.Assign) and any(
                isinstance(t.target, cst.Name) and t.target.value == name for t in small.targets
            ):
                return text_of(small.value)
    return None


def imported_files(root: Source, sources: Sequence[Source]) -> list[Source]:
    """The package's files the root imports, directly and through others, in the order they are met."""
    folder = PurePosixPath(root.path).parent
    by_module = {_parts(source, folder): source for source in sources if _inside(source, folder)}
    met: list[Source] = [root]
    queue = [root]
    while queue:
        current = queue.pop(0)
        for parts in _imports(current, folder):
            found = by_module.get(parts)
            if found is not None and not any(found is other for other in met):
                met.append(found)
                queue.append(found)
    return met[1:]


def _inside(source: Source, folder: PurePosixPath) -> bool:
    return PurePosixPath(source.path).is_relative_to(folder)


def _parts(source: Source, folder: PurePosixPath) -> tuple[str, ...]:
    """The module's dotted name below the package, in parts: `("ops", "add")`."""
    parts = PurePosixPath(source.path).relative_to(folder).with_suffix("").parts
    return parts[:-1] if parts and parts[-1] == "__init__" else parts


def module_parts(source: Source, root: Source) -> tuple[str, ...]:
    """How the root names another file of its package, in parts."""
    return _parts(source, PurePosixPath(root.path).parent)


def _imports(source: Source, folder: PurePosixPath) -> Iterator[tuple[str, ...]]:
    """What a file imports, as parts below the package; names that are no module do no harm."""
    here = _parts(source, folder)
    package = here if PurePosixPath(source.path).stem == "__init__" else here[:-1]
    for statement in every(source, cst.ImportFrom):
        named = tuple(_dotted(statement.module).split(".")) if statement.module else ()
        level = len(statement.relative)
        if level:
            if level - 1 > len(package):
                continue
            base = (*package[: len(package) - level + 1], *named)
        elif named[:1] == (folder.name,):
            base = named[1:]
        else:
            continue
        yield base
        if not isinstance(statement.names, cst.ImportStar):
            for alias in statement.names:
                yield (*base, *_dotted(alias.name).split("."))
    for plain in every(source, cst.Import):
        for alias in plain.names:
            named = tuple(_dotted(alias.name).split("."))
            if named[:1] == (folder.name,):
                yield named[1:]


def _dotted(node: cst.CSTNode | None) -> str:
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    return ".".join((node.value if isinstance(node, cst.Name) else "", *reversed(parts)))
