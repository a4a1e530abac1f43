"""What the rules of this family share: which expressions are scenes, and how their context is written."""

from __future__ import annotations

import libcst as cst

from bot.models.patch import Requirement
from bot.models.question import Question, QuestionKind
from bot.rules.base import Context
from bot.rules.inference import types_of
from bot.rules.places import fault_at
from bot.rules.source import Source

CONTEXT = "bpy.types.Context"
SCENE = "bpy.types.Scene"
OBJECT = "bpy.types.Object"


def member(owner: str, name: str) -> Question:
    """Whether a type has a member."""
    return Question(kind=QuestionKind.MEMBER, owner=owner, name=name)


def needs(owner: str, name: str) -> tuple[Requirement, ...]:
    """The new code uses this member in every supported release."""
    return (Requirement(question=member(owner, name)),)


def scene_of_context(source: Source, scene: cst.BaseExpression) -> str | None:
    """`context` as it is written in `context.scene`, or null for a scene that is reached any other way."""
    if isinstance(scene, cst.Attribute) and scene.attr.value == "scene" and _is_context(source, scene.value):
        return source.code(scene.value)
    return None


def _is_context(source: Source, node: cst.BaseExpression) -> bool:
    return types_of(source).of(node) == CONTEXT


def is_scene_objects(source: Source, node: cst.BaseExpression, context: Context, message: str) -> bool:
    """Whether `node` is `<scene>.objects`: by its type, or by a fault at its place that says so."""
    if not isinstance(node, cst.Attribute) or node.attr.value != "objects":
        return False
    known = types_of(source).of(node.value)
    if known is not None:
        return known == SCENE
    named = isinstance(node.value, cst.Name) and node.value.value.lower() in ("scene", "scn", "sce", "sc")
    return named and fault_at(source, node, context, message) is not None


def context_behind(source: Source, scene: cst.BaseExpression) -> str | None:
    """How the context is written whose scene this is: in `context.scene`, or in what a local name was given.

    A name counts if every assignment of its scope gives it the scene of one context that can be
    written at this place too; null for any other scene.
    """
    direct = scene_of_context(source, scene)
    if direct is not None or not isinstance(scene, cst.Name):
        return direct
    writers = {
        scene_of_context(source, value) if value is not None else None for value in types_of(source).assigned(scene)
    }
    return writers.pop() if len(writers) == 1 else None
