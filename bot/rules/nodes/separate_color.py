"""Nodes that take a colour apart and put it together.

## What it does
Makes `ShaderNodeSeparateColor` and `ShaderNodeCombineColor` (in geometry nodes `FunctionNode…`, in the compositor
`CompositorNode…`) where one of the older nodes was made, sets its mode, and asks for its sockets by their new names.

## Why it breaks
One node for every colour model took over in Blender 3.3; Blender 5.0 removed the older ones:
`RuntimeError: Error: Node type ShaderNodeSeparateRGB undefined`.

## Example
```python
import bpy


def split(nodes, links, image):
    rgb = nodes.new("ShaderNodeSeparateRGB")
    links.new(image.outputs["Color"], rgb.inputs["Image"])
    hsv = nodes.new(type="ShaderNodeCombineHSV")  # darker
    links.new(rgb.outputs["R"], hsv.inputs["H"])
    links.new(rgb.outputs[2], hsv.inputs.get("V"))


material = bpy.data.materials.new("Split")
material.use_nodes = True
tree = material.node_tree
split(tree.nodes, tree.links, tree.nodes.new("ShaderNodeTexImage"))
```

Use instead:
```python
import bpy


def split(nodes, links, image):
    rgb = nodes.new("ShaderNodeSeparateColor")
    links.new(image.outputs["Color"], rgb.inputs["Color"])
    hsv = nodes.new(type="ShaderNodeCombineColor")  # darker
    hsv.mode = "HSV"
    links.new(rgb.outputs["Red"], hsv.inputs["Red"])
    links.new(rgb.outputs[2], hsv.inputs.get("Blue"))


material = bpy.data.materials.new("Split")
material.use_nodes = True
tree = material.node_tree
split(tree.nodes, tree.links, tree.nodes.new("ShaderNodeTexImage"))
```

## Left alone
Sockets of other nodes, tables of names, and code that chooses already.
```python
import bpy

PLACES = {"ShaderNodeSeparateRGB": (0, 0)}


def split(nodes, other):
    other.outputs["R"].default_value = 1.0
    if bpy.app.version >= (3, 3, 0):
        node = nodes.new("ShaderNodeSeparateColor")
    else:
        node = nodes.new("ShaderNodeSeparateRGB")
    return node
```

## Fix safety
Safe: the new node does the same. Where a node's type is compared, a person decides, as the new types have a mode.

## References
- https://developer.blender.org/docs/release_notes/3.3/nodes_physics/
- https://developer.blender.org/docs/release_notes/5.0/python_api/
- https://docs.blender.org/api/4.5/bpy.types.ShaderNodeSeparateColor.html
- https://github.com/niftools/blender_niftools_addon/blob/0305c8d50edd342d5e4b1cb5aad3da70ee5bc209/io_scene_niftools/modules/nif_import/property/nodes_wrapper/__init__.py#L307
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

import libcst as cst

from bot.models.release import Release
from bot.rules.base import Safety
from bot.rules.inference import types_of
from bot.rules.nodes.retired import RetiredNodes, Successor
from bot.rules.source import Source

_NEW: Final = ("Red", "Green", "Blue", "Alpha")


def _separate(idname: str, parts: str, mode: str = "", colour: str = "") -> Successor:
    """The node that takes a colour apart; `parts` were its outputs, `colour` its input if that was renamed."""
    return Successor(
        idname,
        inputs=MappingProxyType({colour: "Color"} if colour else {}),
        outputs=MappingProxyType(dict(zip(parts.split(), _NEW, strict=False))),
        settings=MappingProxyType({"mode": mode} if mode else {}),
    )


def _combine(idname: str, parts: str, mode: str = "", colour: str = "") -> Successor:
    """The node that puts a colour together; `parts` were its inputs, `colour` its output if that was renamed."""
    apart = _separate(idname, parts, mode, colour)
    return Successor(idname, inputs=apart.outputs, outputs=apart.inputs, settings=apart.settings)


class SeparateColor(RetiredNodes):
    """NOD110."""

    code = "NOD110"
    name = "separate-color"
    family = "nodes"
    since = Release(5, 0)
    available = Release(3, 3)
    safety = Safety.SAFE
    triggers = ("SeparateRGB", "CombineRGB", "SeparateHSV", "CombineHSV", "NodeSep", "NodeComb", "TextureNode")
    runs_in_blender = True
    nodes = MappingProxyType(
        {
            "ShaderNodeSeparateRGB": _separate("ShaderNodeSeparateColor", "R G B", colour="Image"),
            "ShaderNodeCombineRGB": _combine("ShaderNodeCombineColor", "R G B", colour="Image"),
            "ShaderNodeSeparateHSV": _separate("ShaderNodeSeparateColor", "H S V", "HSV"),
            "ShaderNodeCombineHSV": _combine("ShaderNodeCombineColor", "H S V", "HSV"),
            "CompositorNodeSepRGBA": _separate("CompositorNodeSeparateColor", "R G B A"),
            "CompositorNodeCombRGBA": _combine("CompositorNodeCombineColor", "R G B A"),
            "CompositorNodeSepHSVA": _separate("CompositorNodeSeparateColor", "H S V A", "HSV"),
            "CompositorNodeCombHSVA": _combine("CompositorNodeCombineColor", "H S V A", "HSV"),
            "CompositorNodeSepYUVA": _separate("CompositorNodeSeparateColor", "Y U V A", "YUV"),
            "CompositorNodeCombYUVA": _combine("CompositorNodeCombineColor", "Y U V A", "YUV"),
            "CompositorNodeSepYCCA": _separate("CompositorNodeSeparateColor", "Y Cb Cr A", "YCC"),
            "CompositorNodeCombYCCA": _combine("CompositorNodeCombineColor", "Y Cb Cr A", "YCC"),
            "TextureNodeDecompose": Successor("TextureNodeSeparateColor"),
            "TextureNodeCompose": Successor("TextureNodeCombineColor"),
        }
    )

    def successor(self, source: Source, call: cst.Call | None, idname: str) -> Successor:
        """In geometry nodes another node does what the shader node did there."""
        new = super().successor(source, call, idname)
        if call is None or not idname.startswith("Shader") or not _in_geometry(source, call):
            return new
        named = new.idname.replace("ShaderNode", "FunctionNode")
        return Successor(named, inputs=new.inputs, outputs=new.outputs, settings=new.settings)


def _in_geometry(source: Source, call: cst.Call) -> bool:
    """Whether `tree.nodes.new(…)` is called on what is certainly a tree of geometry nodes."""
    nodes = call.func.value if isinstance(call.func, cst.Attribute) else None
    tree = nodes.value if isinstance(nodes, cst.Attribute) else None
    return tree is not None and types_of(source).of(tree) == "bpy.types.GeometryNodeTree"
