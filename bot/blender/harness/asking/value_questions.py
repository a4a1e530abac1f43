"""Questions about values: items of enums, sockets of nodes."""

from __future__ import annotations

import re

import bpy
import gpu

from bot.blender.harness.asking.names import rna_function, rna_type
from bot.blender.harness.interface.buttons import operator_exists
from bot.blender.harness.interface.signatures import bounded_list


def has_enum_item(owner: str, name: str) -> tuple[bool | None, str]:
    """ENUM_ITEM: of a property, or of a parameter of a function or an operator."""
    if owner in {"bpy.types.RenderSettings.engine", "RenderSettings.engine"}:
        return accepts_engine(name)
    if owner == "gpu.shader.from_builtin.shader_name":
        return has_builtin_shader(name)
    prop = None
    if owner.startswith("bpy.ops."):
        module, function, parameter = (owner[len("bpy.ops.") :] + "..").split(".")[:3]
        if operator_exists(f"{module}.{function}"):
            prop = getattr(getattr(bpy.ops, module), function).get_rna_type().properties.get(parameter)
    else:
        holder, _, last = owner.rpartition(".")
        rna = rna_type(holder)
        function = rna_function(holder)
        if rna is not None:
            prop = rna.properties.get(last)
        elif function is not None:
            prop = function.parameters.get(last)
    if prop is None:
        return None, f"there is no {owner}"
    if prop.type != "ENUM":
        return None, f"{owner} is no enum"
    items = list(prop.enum_items.keys()) or list(prop.enum_items_static.keys())
    if not items:
        return None, f"the items of {owner} depend on the scene"
    return name in items, bounded_list(items)


def has_length(owner: str, name: str) -> tuple[bool | None, str]:
    """LENGTH: of an array property."""
    holder, _, last = owner.rpartition(".")
    rna = rna_type(holder)
    prop = rna.properties.get(last) if rna is not None else None
    if prop is None or not getattr(prop, "is_array", False):
        return None, f"{owner} is no array"
    return prop.array_length == int(name), f"{prop.array_length} numbers"


def accepts_engine(name: str) -> tuple[bool | None, str]:
    """Render engines are registered while Blender runs: try it."""
    render = bpy.context.scene.render
    before = render.engine
    try:
        render.engine = name
    except TypeError as error:
        return False, str(error)
    render.engine = before
    return True, ""


def has_builtin_shader(name: str) -> tuple[bool | None, str]:
    """The names `gpu.shader.from_builtin` takes: it cannot be called without a window, but they are documented."""
    names = re.findall(r"^``([A-Z0-9_]+)``", gpu.shader.__doc__ or "", re.MULTILINE)
    if name in names:
        return True, bounded_list(names)
    if not names or bpy.app.version < (4, 0, 0):
        return None, "names from before 3.4 are taken until 4.0, though undocumented"
    return False, bounded_list(names)


TREES = {
    "Geometry": "GeometryNodeTree",
    "Function": "GeometryNodeTree",
    "Compositor": "CompositorNodeTree",
    "Texture": "TextureNodeTree",
}
"""The tree a node goes into, by the first word of its type; all others go into a material's."""


def has_socket(owner: str, name: str) -> tuple[bool | None, str]:
    """SOCKET: of a fresh node in a node group that is removed again."""
    kind = owner.rpartition(".")[2]
    tree_type = next((tree for word, tree in TREES.items() if kind.startswith(word)), "ShaderNodeTree")
    group = bpy.data.node_groups.new("bcrag", tree_type)
    try:
        try:
            node = group.nodes.new(kind)
        except RuntimeError as error:
            return None, str(error).strip()
        sockets = node.outputs if name.startswith("out:") else node.inputs
        wanted = name[len("out:") :] if name.startswith("out:") else name
        names = [socket.name for socket in sockets]
        return wanted in names, bounded_list(names)
    finally:
        bpy.data.node_groups.remove(group)
