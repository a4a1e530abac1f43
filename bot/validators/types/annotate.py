"""Annotate parameters by their names, in a throw-away copy.

Add-ons hardly ever annotate, so a checker knows little of them; but names mean the same throughout
Blender's world: `context` is a `bpy.types.Context`. What is annotated already stays as it is, no
line moves, and every column finds its way back (see `columns`).

Annotations are strings that speak of a name imported at the very end of the copy: nothing of the
add-on's own names gets in their way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.validators.types.columns import Copy, Insertion, insert

if TYPE_CHECKING:
    from tree_sitter import Node

OURS = "_bcrag"
"""What the names put into a copy begin with."""

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "context": "bpy.types.Context",
        "ctx": "bpy.types.Context",
        "event": "bpy.types.Event",
        "layout": "bpy.types.UILayout",
        "row": "bpy.types.UILayout",
        "col": "bpy.types.UILayout",
        "box": "bpy.types.UILayout",
        "obj": "bpy.types.Object",
        "ob": "bpy.types.Object",
        "object": "bpy.types.Object",
        "active_object": "bpy.types.Object",
        "scene": "bpy.types.Scene",
        "scn": "bpy.types.Scene",
        "sce": "bpy.types.Scene",
        "mesh": "bpy.types.Mesh",
        "me": "bpy.types.Mesh",
        "material": "bpy.types.Material",
        "mat": "bpy.types.Material",
        "armature": "bpy.types.Armature",
        "arm": "bpy.types.Armature",
        "bone": "bpy.types.Bone",
        "edit_bone": "bpy.types.EditBone",
        "pose_bone": "bpy.types.PoseBone",
        "pbone": "bpy.types.PoseBone",
        "node_tree": "bpy.types.NodeTree",
        "nodetree": "bpy.types.NodeTree",
        "ntree": "bpy.types.NodeTree",
        "node": "bpy.types.Node",
        "depsgraph": "bpy.types.Depsgraph",
        "world": "bpy.types.World",
        "curve": "bpy.types.Curve",
        "image": "bpy.types.Image",
        "img": "bpy.types.Image",
        "texture": "bpy.types.Texture",
        "action": "bpy.types.Action",
        "fcurve": "bpy.types.FCurve",
        "modifier": "bpy.types.Modifier",
        "mod": "bpy.types.Modifier",
        "view_layer": "bpy.types.ViewLayer",
        "area": "bpy.types.Area",
        "region": "bpy.types.Region",
        "window": "bpy.types.Window",
        "wm": "bpy.types.WindowManager",
        "bm": "bmesh.types.BMesh",
        "operator": "bpy.types.Operator",
        "constraint": "bpy.types.Constraint",
        "lamp": "bpy.types.Light",
        "light": "bpy.types.Light",
        "space": "bpy.types.SpaceView3D",
        "matrix": "mathutils.Matrix",
        "vec": "mathutils.Vector",
        "spline": "bpy.types.Spline",
        "particle_system": "bpy.types.ParticleSystem",
        "uv_layer": "bpy.types.MeshUVLoopLayer",
    }
)

"""By name, the type. Measured in docs/sensors.md; left out is what turned out to mean several things (`camera`
is an object as often as its data, `collection` any list)."""

DRAWN = "bpy.types.Panel"
"""What `self` is in a function of the file that draws: it is appended to panels, menus and headers."""


def annotate(
    text: str,
    names: Mapping[str, str] = NAMES,
    drawn: str | None = DRAWN,
    contradicted: Collection[tuple[str, str]] = (),
) -> Copy:
    """The copy of a file in which parameters without annotations have those their names stand for.

    Text that cannot be parsed is annotated as far as it can be. `contradicted` are parameters (name of
    the function, name) that stay as they are.
    """
    data = text.encode("utf-8", "replace")
    marks = sorted(
        (mark.offset, mark.type)
        for mark in marks_in(data, names, drawn)
        if (mark.function, mark.name) not in contradicted
    )
    if not marks:
        return insert(text, ())
    modules = sorted({type_name.partition(".")[0] for _, type_name in marks})
    imports = "; ".join(f"import {module} as {OURS}_{module}" for module in modules)
    return insert(text, _insertions(data, marks), imports)


def _insertions(data: bytes, marks: list[tuple[int, str]]) -> Iterator[Insertion]:
    """From offsets in bytes to offsets in characters, in one pass."""
    position = characters = 0
    for offset, type_name in marks:
        characters += len(data[position:offset].decode("utf-8", "replace"))
        position = offset
        yield Insertion(characters, f': "{OURS}_{type_name}"')


@dataclass(frozen=True)
class Mark:
    """Where an annotation goes: the byte offset behind a parameter's name; `index` is its position."""

    offset: int
    function: str
    name: str
    index: int
    type: str


def marks_in(data: bytes, names: Mapping[str, str] = NAMES, drawn: str | None = DRAWN) -> Iterator[Mark]:
    """Every parameter whose name says what it is; `index` does not count a method's instance or class."""
    import tree_sitter_python
    from tree_sitter import Language

    from indexer.chunking.treesitter import kinds, parse, walk

    language = Language(tree_sitter_python.language())
    for function in walk(parse(language, data), kinds(language, "function_definition"), frozenset()):
        parameters = function.child_by_field_name("parameters")
        if parameters is None:
            continue
        method = _is_method(function)
        called = function.child_by_field_name("name")
        owner = (called.text or b"").decode("utf-8", "replace") if called is not None else ""
        for index, parameter in enumerate(parameters.named_children):
            name = _bare_name(parameter)
            if name is None or name.text is None:
                continue
            spelled = name.text.decode("utf-8", "replace")
            if index == 0 and method:
                continue
            if index == 0 and spelled == "self":
                if drawn is not None and b"self.layout" in data[function.start_byte : function.end_byte]:
                    yield Mark(name.end_byte, owner, spelled, 0, drawn)
            elif (type_name := names.get(spelled)) is not None:
                yield Mark(name.end_byte, owner, spelled, index - method, type_name)


def _bare_name(parameter: Node) -> Node | None:
    """The name of a parameter without annotation whose default, if any, is `None`."""
    if parameter.type == "identifier":
        return parameter
    if parameter.type == "default_parameter":
        value = parameter.child_by_field_name("value")
        if value is not None and value.type == "none":
            name = parameter.child_by_field_name("name")
            return name if name is not None and name.type == "identifier" else None
    return None


def _is_method(function: Node) -> bool:
    """Whether the first parameter is the instance or the class."""
    holder = function.parent
    if holder is not None and holder.type == "decorated_definition":
        if any(b"staticmethod" in (child.text or b"") for child in holder.children if child.type == "decorator"):
            return False
        holder = holder.parent
    return holder is not None and holder.parent is not None and holder.parent.type == "class_definition"
