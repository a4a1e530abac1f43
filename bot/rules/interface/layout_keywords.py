"""Optional arguments of layouts are given by keyword

## What it does

Gives every optional argument of a `UILayout` call its keyword: `layout.label("Size")` becomes
`layout.label(text="Size")`, `layout.row(True)` becomes `layout.row(align=True)`. The names are those
of Blender 2.79; the `percentage` of a split is called `factor` now.

## Why it breaks

Since Blender 2.80 optional arguments of functions defined in RNA are taken by keyword only, and
`UILayout.split` has `factor` in the place of `percentage`. Anything else raises a `TypeError` while
the panel is drawn.

## Example

```python
import bpy


class VIEW3D_PT_sizes(bpy.types.Panel):
    bl_label = "Sizes"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"

    def draw(self, context):
        layout = self.layout
        layout.label("Size", icon="MESH_CUBE")
        row = layout.row(True)
        row.prop(context.object, "scale", "Scale")
        row.operator("object.delete", "Remove")
        split = layout.split(0.3, True)
        split.column(align=True).label("Left")
        layout.split(percentage=0.5).menu("VIEW3D_MT_object", "Object")


def draw_item(self, context):
    self.layout.operator("mesh.primitive_cube_add", "Cube")
```

Use instead:

```python
import bpy


class VIEW3D_PT_sizes(bpy.types.Panel):
    bl_label = "Sizes"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"

    def draw(self, context):
        layout = self.layout
        layout.label(text="Size", icon="MESH_CUBE")
        row = layout.row(align=True)
        row.prop(context.object, "scale", text="Scale")
        row.operator("object.delete", text="Remove")
        split = layout.split(factor=0.3, align=True)
        split.column(align=True).label(text="Left")
        layout.split(factor=0.5).menu("VIEW3D_MT_object", text="Object")


def draw_item(self, context):
    self.layout.operator("mesh.primitive_cube_add", text="Cube")
```

## Left alone

```python
import bpy


class VIEW3D_PT_sizes(bpy.types.Panel):
    def draw(self, context):
        layout = self.layout
        layout.label(text="Size")
        layout.prop(context.object, "scale")
        layout.prop_search(context.scene, "name", bpy.data, "objects")
        layout.template_list("UI_UL_list", "", context.scene, "objects", context.scene, "index")
        words = "a b".split(" ")
        plot = figure.label("not a layout")
        arguments = ("Text",)
        layout.label(*arguments)
```

## Fix safety

Safe: each value goes to the parameter it went to. Calls are rewritten where the object is certainly
a layout, or where Blender refused the call; those with `*arguments` are left alone.

## References

- https://docs.blender.org/api/current/bpy.types.UILayout.html
- https://developer.blender.org/docs/release_notes/2.80/python_api/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Decision, Edit, Repair, Requirement
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.base import Context, Rule
from bot.rules.building import every, plain_arguments, repair
from bot.rules.guards import is_guarded
from bot.rules.inference import types_of
from bot.rules.places import fault_at
from bot.rules.source import Source

LAYOUT: Final = "bpy.types.UILayout"

_TEXT = ("text", "text_ctxt", "translate")
SIGNATURES: Final[Mapping[str, tuple[int, tuple[str, ...]]]] = MappingProxyType(
    {
        "row": (0, ("align",)),
        "column": (0, ("align",)),
        "column_flow": (0, ("columns", "align")),
        "split": (0, ("percentage", "align")),
        "label": (0, (*_TEXT, "icon", "icon_value")),
        "menu": (1, (*_TEXT, "icon", "icon_value")),
        "operator": (1, (*_TEXT, "icon", "emboss", "icon_value")),
        "operator_menu_enum": (2, (*_TEXT, "icon")),
        "prop": (
            2,
            (
                *_TEXT, "icon", "expand", "slider", "toggle", "icon_only", "event", "full_event", "emboss",
                "index", "icon_value",
            ),
        ),
        "prop_menu_enum": (2, (*_TEXT, "icon")),
        "prop_enum": (3, (*_TEXT, "icon")),
        "prop_search": (4, (*_TEXT, "icon")),
        "template_ID": (2, ("new", "open", "unlink")),
        "template_ID_preview": (2, ("new", "open", "unlink", "rows", "cols")),
        "template_any_ID": (3, _TEXT),
        "template_path_builder": (3, _TEXT),
        "template_preview": (1, ("show_buttons", "parent", "slot", "preview_id")),
        "template_curve_mapping": (2, ("type", "levels", "brush", "use_negative_slope")),
        "template_color_ramp": (2, ("expand",)),
        "template_icon": (1, ("scale",)),
        "template_icon_view": (2, ("show_labels", "scale")),
        "template_color_picker": (2, ("value_slider", "lock", "lock_luminosity", "cubic")),
        "template_image": (3, ("compact", "multiview")),
        "template_list": (6, ("item_dyntip_propname", "rows", "maxrows", "type", "columns")),
    }
)  # fmt: skip
"""Per function, how many arguments it requires, and the names of the optional ones, as in Blender 2.79."""

RENAMED: Final[Mapping[tuple[str, str], str]] = MappingProxyType({("split", "percentage"): "factor"})

_REFUSED: Final = r"UILayout\.{}\(\):? .*(keyword argument!|invalid keyword|was called with|positional)"
_NAMED = re.compile(r"UILayout\.(\w+)\(\)")


class LayoutKeywords(Rule):
    """`layout.label("T")` becomes `layout.label(text="T")`."""

    code = "UI101"
    name = "layout-keywords"
    family = "interface"
    since = Release(2, 80)
    triggers = tuple(f".{function}" for function in SIGNATURES)

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Calls on layouts with too many positional arguments, or with a keyword of 2.79."""
        for call in every(source, cst.Call):
            function = call.func
            if not isinstance(function, cst.Attribute) or function.attr.value not in SIGNATURES:
                continue
            name = function.attr.value
            required, optional = SIGNATURES[name]
            positional = [argument for argument in call.args if argument.keyword is None]
            surplus = positional[required:]
            old = [a for a in call.args if a.keyword is not None and (name, a.keyword.value) in RENAMED]
            if not (surplus or old) or not plain_arguments(call):
                continue
            if not self._concerns(source, call, function, context, bool(old)):
                continue
            fault = fault_at(source, call, context, _REFUSED.format(name))
            if is_guarded(source, call, seen=fault is not None):
                continue
            yield self._repair(source, call, name, surplus, old, optional, fault)

    def _concerns(
        self, source: Source, call: cst.Call, function: cst.Attribute, context: Context, renamed: bool
    ) -> bool:
        known = types_of(source).of(function.value)
        if known is not None:
            return known == LAYOUT
        # No other `split` in a Blender add-on takes a keyword `percentage`.
        return renamed or fault_at(source, call, context, _REFUSED.format(function.attr.value)) is not None

    def _repair(
        self,
        source: Source,
        call: cst.Call,
        name: str,
        surplus: Sequence[cst.Arg],
        old: Sequence[cst.Arg],
        optional: tuple[str, ...],
        fault: Fault | None,
    ) -> Repair:
        given = {argument.keyword.value for argument in call.args if argument.keyword is not None}
        keywords = [RENAMED.get((name, keyword), keyword) for keyword in optional[: len(surplus)]]
        problem = ""
        if len(surplus) > len(optional):
            problem = f"UILayout.{name} never took that many arguments"
        elif given & {*keywords, *optional[: len(surplus)]}:
            problem = f"an argument of UILayout.{name} is given twice"
        edits: list[Edit] = []
        for argument, keyword in zip(surplus, keywords, strict=False):
            at = source.start(argument.value)
            edits.append(Edit(start=at, end=at, text=f"{keyword}="))
        for argument in old:
            assert argument.keyword is not None  # noqa: S101  (see find)
            edits.append(source.replace(argument.keyword, RENAMED[name, argument.keyword.value]))
        count = len([argument for argument in call.args if argument.keyword is None])
        if surplus:
            question = Question(kind=QuestionKind.POSITIONAL, owner=f"{LAYOUT}.{name}", name=str(count))
            message = f"UILayout.{name} takes its optional arguments by keyword only"
        else:
            question = Question(kind=QuestionKind.KEYWORD, owner=f"{LAYOUT}.{name}", name="percentage")
            message = f"UILayout.{name} has no keyword percentage"
        new = [*keywords, *(RENAMED[name, a.keyword.value] for a in old if a.keyword is not None)]
        return repair(
            self,
            source,
            call,
            message,
            "write " + ", ".join(f"{keyword}=" for keyword in new),
            question=question,
            requires=tuple(
                Requirement(question=Question(kind=QuestionKind.KEYWORD, owner=f"{LAYOUT}.{name}", name=keyword))
                for keyword in new
            )
            if not problem
            else (),
            owner="UILayout",
            member=name,
            decision=Decision.EXPLAIN if problem else Decision.REPAIR,
            reason=problem,
            edits=() if problem else edits,
            fault=fault,
        )

    def answers(self, fault: Fault) -> bool:
        """A `TypeError` of a layout function whose signature changed."""
        named = _NAMED.search(fault.message)
        return named is not None and named[1] in SIGNATURES and fault.exception in (None, "TypeError")
