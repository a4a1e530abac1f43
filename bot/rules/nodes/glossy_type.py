"""The type of glossy nodes.

## What it does
Names `ShaderNodeBsdfAnisotropic` where the type of a node is compared with `ShaderNodeBsdfGlossy`, and where that
class is used.

## Why it breaks
Blender 4.0 made one node of the two. It can still be made by either name, but its class and its
`bl_idname` are always `ShaderNodeBsdfAnisotropic`: the comparison is never true, and the old class raises
`AttributeError: module 'bpy.types' has no attribute 'ShaderNodeBsdfGlossy'`.

## Example
```python
import bpy

GLOSSY = bpy.types.ShaderNodeBsdfGlossy


def shininess(node):
    if node.bl_idname == "ShaderNodeBsdfGlossy":
        return node.inputs["Roughness"].default_value
    return 1.0
```

Use instead:
```python
import bpy

GLOSSY = bpy.types.ShaderNodeBsdfAnisotropic


def shininess(node):
    if node.bl_idname == "ShaderNodeBsdfAnisotropic":
        return node.inputs["Roughness"].default_value
    return 1.0
```

Supporting 3.6 to 4.5:
```python
import bpy

GLOSSY = bpy.types.ShaderNodeBsdfAnisotropic if bpy.app.version >= (4, 0, 0) else bpy.types.ShaderNodeBsdfGlossy


def shininess(node):
    if node.bl_idname == ("ShaderNodeBsdfAnisotropic" if bpy.app.version >= (4, 0, 0) else "ShaderNodeBsdfGlossy"):
        return node.inputs["Roughness"].default_value
    return 1.0
```

## Left alone
Nodes that are made by the old name, and code that tells both types apart.
```python
import bpy


def shininess(nodes, node):
    nodes.new("ShaderNodeBsdfGlossy")
    if node.bl_idname == "ShaderNodeBsdfGlossy":
        return 0.5
    if node.bl_idname == "ShaderNodeBsdfAnisotropic":
        return 0.2
    return {"ShaderNodeBsdfGlossy": 1.0}.get(node.bl_idname)
```

## Fix safety
Safe: the same nodes are meant; those that were anisotropic before 4.0 are among them.

## References
- https://developer.blender.org/docs/release_notes/4.0/python_api/
- https://docs.blender.org/api/4.5/bpy.types.ShaderNodeBsdfAnisotropic.html
- https://github.com/saturday06/VRM-Addon-for-Blender/blob/94c987d84fd144cefa1e789e3773351033117c78/io_scene_vrm/common/shader.py#L276
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Repair
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.base import Context, Safety
from bot.rules.items import Property, RenamedItems
from bot.rules.renames import Renames, TypeName
from bot.rules.source import Source

OLD: Final = "ShaderNodeBsdfGlossy"
NEW: Final = "ShaderNodeBsdfAnisotropic"


def _any_node(source: Source, node: cst.BaseExpression) -> bool:
    """No other `bl_idname` is spelled like a type of node."""
    return True


class GlossyType(RenamedItems, Renames):
    """NOD111."""

    code = "NOD111"
    name = "glossy-type"
    family = "nodes"
    since = Release(4, 0)
    safety = Safety.SAFE
    triggers = (OLD,)
    noun = "type of node"
    shared = True
    runs_in_blender = True
    renamed = MappingProxyType({OLD: NEW})
    slots = (Property("bpy.types.Node", "bl_idname", _any_node),)
    types = (TypeName(OLD, NEW),)

    def answers(self, fault: Fault) -> bool:
        """The error the missing class raises."""
        return Renames.answers(self, fault)

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every comparison with the old type, and every place that names its class."""
        yield from RenamedItems.find(self, source, context)
        yield from Renames.find(self, source, context)

    def question(self, owner: str, text: str) -> Question:
        """Types of nodes are asked for by class."""
        return Question(kind=QuestionKind.MEMBER, owner="bpy.types", name=text)
