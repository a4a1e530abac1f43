"""UV textures are UV layers

## What it does

Rewrites `mesh.uv_textures` to `mesh.uv_layers`, with the keyword `name=` that `new` wants.

## Why it breaks

Blender 2.80 removed the images that faces had, and with them `Mesh.uv_textures`; using it raises an
`AttributeError`. What else it was used for, adding, choosing and removing UV maps, is done with
`uv_layers`.

## Example

```python
import bpy


def unwrap(context):
    mesh = bpy.data.meshes.new("Leaf")
    layer = mesh.uv_textures.new("Front")
    mesh.uv_textures.active = layer
    layers = mesh.uv_textures
    if len(layers) < 2:
        layers.new("Back")
    return [uv.name for uv in mesh.uv_textures]


unwrap(bpy.context)
```

Use instead:

```python
import bpy


def unwrap(context):
    mesh = bpy.data.meshes.new("Leaf")
    layer = mesh.uv_layers.new(name="Front")
    mesh.uv_layers.active = layer
    layers = mesh.uv_layers
    if len(layers) < 2:
        layers.new(name="Back")
    return [uv.name for uv in mesh.uv_layers]


unwrap(bpy.context)
```

## Left alone

```python
import bpy


def unwrap(context, mesh):
    if hasattr(mesh, "uv_textures"):
        mesh.uv_textures.new("Front")
    else:
        mesh.uv_layers.new(name="Front")
    for face in context.object.data.uv_textures.active.data:
        face.image = None
```

## Fix safety

Safe: the UV maps are the same. Where the images of faces are used (`uv_textures.active.data[0].image`)
nothing is changed: materials show images now.

## References

- https://developer.blender.org/docs/release_notes/2.80/python_api/mesh_api/
- https://docs.blender.org/api/current/bpy.types.UVLoopLayers.html#bpy.types.UVLoopLayers.new
- https://github.com/varkenvarken/blenderaddons/blob/38f295f65afd4978b0efc1e62c36728ad9043c29/planks.py#L551
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import libcst as cst

from bot.models.patch import Edit
from bot.models.release import Release
from bot.rules.bindings import comes_from
from bot.rules.building import every
from bot.rules.places import dotted, scope_of, walk
from bot.rules.renames import Member, Renames
from bot.rules.source import Source

OLD: Final = "uv_textures"
HANDED_ON = "a layer is handed on, and may be wanted for images of faces; if not, use uv_layers"
FACE_IMAGES = "faces have no images since 2.80; show the image with an image texture node of the material"


class UvTextures(Renames):
    """`mesh.uv_textures` becomes `mesh.uv_layers`."""

    code = "MSH111"
    name = "uv-textures"
    family = "mesh"
    since = Release(2, 80)
    triggers = (OLD,)
    runs_in_blender = True
    members = (Member("bpy.types.Mesh", OLD, "uv_layers", unique=True),)

    def along(self, source: Source, member: Member, node: cst.BaseExpression) -> tuple[tuple[Edit, ...], str]:
        """The keyword of `new`, here and where a name holds the layers; or why a person must decide."""
        if any(_faces_have_images(source, layers) for layers in _holders(source, node)):
            return (), FACE_IMAGES
        if _hands_on_a_layer(source, node):
            return (), HANDED_ON
        return tuple(edit for layers in _holders(source, node) for edit in _named(source, layers)), ""


def _holders(source: Source, node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """The expression itself, and every use of a name of the same function that surely holds it."""
    yield node
    parent = source.parent(node)
    assign = source.parent(parent) if isinstance(parent, cst.AssignTarget) else parent
    if not isinstance(assign, cst.Assign) or assign.value is not node:
        return
    names = {target.target.value for target in assign.targets if isinstance(target.target, cst.Name)}
    scope = scope_of(source, node)
    for name in every(source, cst.Name):
        if (
            name.value in names
            and any(parent is scope for parent in source.ancestors(name))
            and comes_from(source, name, _is_layers)
        ):
            yield name


def _is_layers(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Attribute) and node.attr.value in (OLD, "uv_layers")


def _hands_on_a_layer(source: Source, layers: cst.BaseExpression) -> bool:
    """`paint(mesh.uv_textures.active)`: who knows what another function does with it."""
    item = source.parent(layers)
    if not (isinstance(item, cst.Subscript) or (isinstance(item, cst.Attribute) and item.attr.value == "active")):
        return False
    argument = source.parent(item)
    call = source.parent(argument) if isinstance(argument, cst.Arg) else None
    return isinstance(call, cst.Call) and not (
        isinstance(call.func, cst.Attribute) and call.func.attr.value == "remove"
    )


def _named(source: Source, layers: cst.BaseExpression) -> Iterator[Edit]:
    """`new("Name")` takes its name by keyword."""
    method = source.parent(layers)
    call = source.parent(method) if isinstance(method, cst.Attribute) and method.attr.value == "new" else None
    if isinstance(call, cst.Call) and call.func is method and len(call.args) == 1:
        argument = call.args[0]
        if argument.keyword is None and not argument.star:
            yield Edit(start=source.start(argument.value), end=source.start(argument.value), text="name=")


def _faces_have_images(source: Source, layers: cst.BaseExpression) -> bool:
    """Whether an image of a face is reached from these layers in the same function."""
    scope = scope_of(source, layers)
    if not any(isinstance(node, cst.Attribute) and node.attr.value in ("image", "use_image") for node in walk(scope)):
        return False
    return any(
        isinstance(node, cst.Attribute) and node.attr.value == "data" and _reaches(source, node.value, layers)
        for node in walk(scope)
    )


def _reaches(source: Source, node: cst.BaseExpression, layers: cst.BaseExpression) -> bool:
    """Whether `node` begins with the layers, or is a name that was given something of theirs."""
    written = source.code(layers)
    if any(part is layers for part in walk(node)):
        return True
    if source.code(node).startswith(written):
        return True
    return comes_from(source, node, lambda value: OLD in (_beginning(value) or ""))


def _beginning(node: cst.BaseExpression) -> str | None:
    """The names an expression begins with, whatever is called or subscripted after them."""
    while isinstance(node, cst.Call | cst.Subscript):
        node = node.func if isinstance(node, cst.Call) else node.value
    return dotted(node)
