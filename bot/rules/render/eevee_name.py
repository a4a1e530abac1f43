"""The render engine EEVEE by name.

## What it does
Chooses the name by release where an engine is set; where engines are compared, accepts both names.

## Why it breaks
EEVEE is called `BLENDER_EEVEE_NEXT` from Blender 4.2 to 4.5, and `BLENDER_EEVEE` before and since 5.0.
Setting the other name raises `TypeError: enum "BLENDER_EEVEE" not found`; comparing with it is never true.

## Example
```python
import bpy


class RENDER_PT_demo(bpy.types.Panel):
    bl_space_type = "PROPERTIES"
    bl_region_type = "WINDOW"
    COMPAT_ENGINES = {"BLENDER_EEVEE", "CYCLES"}

    @classmethod
    def poll(cls, context):
        return context.engine in cls.COMPAT_ENGINES


def prepare(scene):
    if scene.render.engine == "BLENDER_EEVEE":
        return
    scene.render.engine = "BLENDER_EEVEE"
```

Use instead:
```python
import bpy


class RENDER_PT_demo(bpy.types.Panel):
    bl_space_type = "PROPERTIES"
    bl_region_type = "WINDOW"
    COMPAT_ENGINES = {"BLENDER_EEVEE", "BLENDER_EEVEE_NEXT", "CYCLES"}

    @classmethod
    def poll(cls, context):
        return context.engine in cls.COMPAT_ENGINES


def prepare(scene):
    if scene.render.engine in {"BLENDER_EEVEE", "BLENDER_EEVEE_NEXT"}:
        return
    scene.render.engine = "BLENDER_EEVEE_NEXT"
```

Supporting 3.6 to 5.0:
```python
import bpy


class RENDER_PT_demo(bpy.types.Panel):
    bl_space_type = "PROPERTIES"
    bl_region_type = "WINDOW"
    COMPAT_ENGINES = {"BLENDER_EEVEE", "BLENDER_EEVEE_NEXT", "CYCLES"}

    @classmethod
    def poll(cls, context):
        return context.engine in cls.COMPAT_ENGINES


def prepare(scene):
    if scene.render.engine in {"BLENDER_EEVEE", "BLENDER_EEVEE_NEXT"}:
        return
    scene.render.engine = "BLENDER_EEVEE_NEXT" if (4, 2, 0) <= bpy.app.version < (5, 0, 0) else "BLENDER_EEVEE"
```

## Left alone
Items of the add-on's own enums, code that knows both names, and a panel's list nothing looks at.
```python
import bpy

ITEMS = [("BLENDER_EEVEE", "Eevee", ""), ("CYCLES", "Cycles", "")]


class RENDER_PT_hint(bpy.types.Panel):
    bl_label = "Hint"
    bl_space_type = "PROPERTIES"
    bl_region_type = "WINDOW"
    COMPAT_ENGINES = {"BLENDER_EEVEE", "BLENDER_WORKBENCH"}


def short(engine):
    if engine == "BLENDER_EEVEE":
        return "old"
    elif engine == "BLENDER_EEVEE_NEXT":
        return "new"
    return {"BLENDER_EEVEE": "E"}.get(engine)


def engine_name():
    return "BLENDER_EEVEE_NEXT" if (4, 2, 0) <= bpy.app.version < (5, 0, 0) else "BLENDER_EEVEE"
```

## Fix safety
Safe: the same engine is meant; a set or comparison only learns its second name.

## References
- https://developer.blender.org/docs/release_notes/4.2/python_api/
- https://developer.blender.org/docs/release_notes/5.0/python_api/
- https://docs.blender.org/api/4.5/bpy.types.RenderSettings.html#bpy.types.RenderSettings.engine
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Edit, Repair, Requirement
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.base import Context, Rule, Safety
from bot.rules.building import every, repair
from bot.rules.guards import guarded_expression, is_guarded, needs_bpy
from bot.rules.inference import types_of
from bot.rules.places import dotted, fault_at, scope_of, text_of, walk
from bot.rules.source import Source

OLD: Final = "BLENDER_EEVEE"
NEXT: Final = "BLENDER_EEVEE_NEXT"
COMPATIBLE: Final = "COMPAT_ENGINES"

_RENAMED: Final = Release(4, 2)
_RENAMED_BACK: Final = Release(5, 0)
_RAISED: Final = r'enum "BLENDER_EEVEE(_NEXT)?" not found'


class _Change(NamedTuple):
    title: str
    edits: tuple[Edit, ...]
    requires: tuple[Requirement, ...] = ()


class EeveeName(Rule):
    """RND101."""

    code = "RND101"
    name = "eevee-name"
    family = "render"
    since = _RENAMED
    safety = Safety.SAFE
    triggers = (OLD,)
    example_support = ("4.2", "4.5")

    def answers(self, fault: Fault) -> bool:
        """Setting a name the release does not have."""
        return f'enum "{OLD}' in fault.message

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every place where an engine is set or compared by one of the two names."""
        for node in every(source, cst.SimpleString):
            name = text_of(node)
            if name not in (OLD, NEXT):
                continue
            wrong = [release for release in context.targets if (_name_in(release) != name)]
            if is_guarded(source, node, wrong):
                continue
            change = (
                _set(source, context, node, name)
                or _compared(source, node, name)
                or _listed(source, context, node, name)
            )
            if change is None:
                continue
            yield repair(
                self,
                source,
                node,
                f"there is no render engine {name}",
                change.title,
                edits=change.edits,
                question=_question(name),
                requires=change.requires,
                owner="RenderSettings",
                member="engine",
                fault=fault_at(source, node, context, _RAISED),
            )


def _name_in(release: Release) -> str:
    return NEXT if _RENAMED <= release < _RENAMED_BACK else OLD


def _question(name: str) -> Question:
    return Question(kind=QuestionKind.ENUM_ITEM, owner="bpy.types.RenderSettings.engine", name=name)


def _set(source: Source, context: Context, node: cst.SimpleString, name: str) -> _Change | None:
    """`scene.render.engine = "…"`, also in the branches of a conditional expression."""
    value: cst.CSTNode = node
    parent = source.parent(node)
    while isinstance(parent, cst.IfExp) and value is not parent.test:
        value, parent = parent, source.parent(parent)
    if not isinstance(parent, cst.Assign) or not all(_is_engine(source, target.target) for target in parent.targets):
        return None
    names = {_name_in(release) for release in context.support.releases()} or {name}
    if len(names) == 1:
        (only,) = names
        return None if only == name else _Change(f"set {only}", (source.replace(node, _quoted(node, only)),))
    text = guarded_expression(
        _quoted(node, NEXT), _quoted(node, OLD), _RENAMED, _RENAMED_BACK, parentheses=value is not node
    )
    bpy = needs_bpy(source)
    return _Change(
        "choose the name by release",
        (source.replace(node, text), *((bpy,) if bpy else ())),
        (
            Requirement(question=_question(NEXT), since=_RENAMED, until=_RENAMED_BACK),
            Requirement(question=_question(OLD), until=_RENAMED),
            Requirement(question=_question(OLD), since=_RENAMED_BACK),
        ),
    )


def _is_engine(source: Source, target: cst.BaseExpression) -> bool:
    if not (isinstance(target, cst.Attribute) and target.attr.value == "engine"):
        return False
    if types_of(source).of(target.value) == "bpy.types.RenderSettings":
        return True
    holder = dotted(target.value) or ""
    return holder.split(".")[-1] in ("render", "render_settings", "rd")


def _compared(source: Source, node: cst.SimpleString, name: str) -> _Change | None:
    """`engine == "…"` and `!=`, either way round."""
    target = source.parent(node)
    comparison = source.parent(target) if isinstance(target, cst.ComparisonTarget) else target
    if not isinstance(comparison, cst.Comparison) or len(comparison.comparisons) != 1:
        return None
    operation = comparison.comparisons[0]
    if not isinstance(operation.operator, cst.Equal | cst.NotEqual) or _knows_both(source, node, name):
        return None
    other = operation.comparator if comparison.left is node else comparison.left
    word = "in" if isinstance(operation.operator, cst.Equal) else "not in"
    both = "{" + f"{_quoted(node, OLD)}, {_quoted(node, NEXT)}" + "}"
    text = f"{source.code(other)} {word} {both}"
    first = comparison.left
    start = source.start(first)
    return _Change("accept both names", (Edit(start=start, end=source.end(operation.comparator), text=text),))


def _listed(source: Source, context: Context, node: cst.SimpleString, name: str) -> _Change | None:
    """An element of what engines are looked up in: `in {…}`, `COMPAT_ENGINES`, a set that has a name."""
    element = source.parent(node)
    display = source.parent(element) if isinstance(element, cst.Element) else None
    if not isinstance(display, cst.Set | cst.Tuple | cst.List):
        return None
    other = NEXT if name == OLD else OLD
    if other in _texts(display.elements):
        return None
    holder = source.parent(display)
    if isinstance(holder, cst.ComparisonTarget) and isinstance(holder.operator, cst.In | cst.NotIn):
        if _knows_both(source, node, name):
            return None
    elif not (isinstance(holder, cst.Assign) and _is_list_of_engines(source, context, holder, display)):
        return None
    return _Change(
        "list both names", (Edit(start=source.end(node), end=source.end(node), text=f", {_quoted(node, other)}"),)
    )


def _is_list_of_engines(source: Source, context: Context, holder: cst.Assign, display: cst.BaseExpression) -> bool:
    names = [dotted(target.target) or "" for target in holder.targets]
    named = all(name.split(".")[-1] == COMPATIBLE or (name and isinstance(display, cst.Set)) for name in names)
    return named and not _is_never_asked(source, context, holder)


def _is_never_asked(source: Source, context: Context, holder: cst.Assign) -> bool:
    """A panel's `COMPAT_ENGINES` that no `poll` looks at: Blender itself does not, only its panels' own classes do."""
    if any(dotted(target.target) != COMPATIBLE for target in holder.targets):
        return False
    cls = scope_of(source, holder)
    if not isinstance(cls, cst.ClassDef):
        return False
    types = types_of(source)
    plain = all((types.qualified(base.value) or "").startswith("bpy.types.") for base in cls.bases)
    return plain and not any(f".{COMPATIBLE}" in other.text for other in (source, *context.sources))


def _texts(elements: Sequence[cst.BaseElement]) -> set[str | None]:
    return {text_of(element.value) for element in elements}


def _knows_both(source: Source, node: cst.SimpleString, name: str) -> bool:
    """Whether the function around names the other one too: then somebody tells them apart already."""
    other = NEXT if name == OLD else OLD
    scope = scope_of(source, node)
    if isinstance(scope, cst.ClassDef | cst.Module):
        return any(text_of(inner) == other for parent in _expression(source, node) for inner in walk(parent))
    return any(text_of(inner) == other for inner in walk(scope))


def _expression(source: Source, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The statement at module level a node is in."""
    for parent in source.ancestors(node):
        if isinstance(parent, cst.BaseStatement):
            yield parent
            return


def _quoted(node: cst.SimpleString, text: str) -> str:
    """A name in the quotes the file uses here."""
    return f"{node.quote[0]}{text}{node.quote[0]}"
