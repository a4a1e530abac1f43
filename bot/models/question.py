"""Questions about the API of one Blender release, asked of a real Blender or of its stubs."""

from __future__ import annotations

from enum import StrEnum

from bot.models.base import Frozen


class QuestionKind(StrEnum):
    """What is asked to exist."""

    MEMBER = "member"
    """`owner` has the attribute, property or method `name` (`bpy.types.Mesh`, `use_auto_smooth`)."""
    KEYWORD = "keyword"
    """The function or operator `owner` takes the keyword `name` (`bpy.ops.mesh.bevel`, `vertex_only`)."""
    POSITIONAL = "positional"
    """The function or operator `owner` takes `name` (a count) positional arguments
    (`bpy.types.UILayout.label`, `1`); for an operator, an argument of the kind a context override is."""
    ENUM_ITEM = "enum_item"
    """The enum property `owner` has the item `name` (`bpy.types.RenderSettings.engine`, `BLENDER_EEVEE`)."""
    SOCKET = "socket"
    """A fresh node of the type `owner` has an input socket `name`, or an output written `out:name`
    (`ShaderNodeBsdfPrincipled`, `Specular`)."""
    MODULE = "module"
    """The module `owner` can be imported (`bgl`); `name` is empty."""
    ASSIGNED_PROPERTY = "assigned_property"
    """A class that assigns `x = bpy.props.IntProperty()` gets a property `x`; `owner` is the kind
    of base class (`bpy.types.Operator`), `name` is empty."""
    PRODUCT = "product"
    """`owner * name` is the matrix product of the two `mathutils` types (`mathutils.Matrix`, `mathutils.Vector`)."""
    WRITABLE = "writable"
    """The attribute `name` of `owner` can be assigned."""
    LENGTH = "length"
    """The array property `owner` has `name` (a count) numbers (`bpy.types.Material.diffuse_color`, `3`)."""


class Question(Frozen):
    """One thing whose existence is asked; `owner` and `name` are spelled as Blender's documentation does."""

    kind: QuestionKind
    owner: str
    name: str = ""


class Answer(Frozen):
    """What a Blender, or its stubs, said; `exists` is null where the question could not be asked there."""

    question: Question
    exists: bool | None
    detail: str = ""
