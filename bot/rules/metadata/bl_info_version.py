"""`bl_info` declares Blender 2.80 at least

## What it does

Raises the release an add-on declares in `bl_info["blender"]` to `(2, 80, 0)` where it is older.

## Why it breaks

From 2.80 on Blender does not load an add-on that declares an older release: it prints that the
add-on "was not upgraded for 2.80" and ignores it. The check is gone in the newest releases, so there
the declaration is raised along with other repairs and is no fault by itself. The tuples are compared
as they are written, so `(2, 8, 0)` and `(2, 80)` are older too.

## Example

```python
bl_info = {
    "name": "Grow",
    "author": "A. Author",
    "version": (1, 2),
    "blender": (2, 79, 0),
    "category": "Mesh",
}
```

Use instead:

```python
bl_info = {
    "name": "Grow",
    "author": "A. Author",
    "version": (1, 2),
    "blender": (2, 80, 0),
    "category": "Mesh",
}
```

## Left alone

```python
bl_info = {"name": "New", "blender": (2, 80, 0), "version": (2, 7, 0)}
other = {"blender": (2, 79, 0)}


def report():
    bl_info = {"blender": (2, 70, 0)}
    return bl_info
```

## Fix safety

Safe: 2.80 is the oldest release a repair keeps working, as older Python cannot hold today's syntax.
The add-on no longer loads in the release it declared, and the report says so.

## References

- https://developer.blender.org/docs/release_notes/2.80/python_api/addons/
- https://developer.blender.org/docs/handbook/extensions/addon_guidelines/
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from bot.models.fault import Fault, FaultKind
from bot.models.patch import Edit, Repair
from bot.models.release import OLDEST, Release
from bot.rules.base import Context, Rule
from bot.rules.building import repair
from bot.rules.examples import ExampleFault
from bot.rules.places import fault_at, text_of
from bot.rules.source import Source

REFUSAL = "was not upgraded for 2.80"
"""What Blender's `addon_utils` says of such an add-on."""


class BlInfoVersion(Rule):
    """`"blender": (2, 79, 0)` becomes `"blender": (2, 80, 0)`."""

    code = "MET101"
    name = "bl-info-version"
    family = "metadata"
    since = Release(2, 80)
    triggers = ("bl_info",)
    example_faults = (ExampleFault(f"add-on {REFUSAL}, ignoring", '"blender"', "ImportError", FaultKind.LOAD),)

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """The declared release, where it is one Blender refuses."""
        for element in _declarations(source):
            numbers = _numbers(element.value)
            if numbers is None or numbers >= (2, 80, 0):
                continue
            written = source.code(element.value)
            message = f"bl_info declares Blender {written}; Blender releases from 2.80 on ignore such an add-on"
            seen = self._seen(source, element, context)
            yield repair(
                self,
                source,
                element.value,
                message,
                f"declare {OLDEST.tuple_text}",
                edits=(_raised(source, element.value),),
                owner="bl_info",
                member="blender",
                fault=seen,
            ).model_copy(update={"accompanies": seen is None})

    def _seen(self, source: Source, element: cst.DictElement, context: Context) -> Fault | None:
        near = fault_at(source, element, context, REFUSAL)
        anywhere = (fault for fault in context.faults_in(source) if REFUSAL in fault.message)
        return near or next(anywhere, None)

    def answers(self, fault: Fault) -> bool:
        """Blender's refusal."""
        return REFUSAL in fault.message


def _declarations(source: Source) -> Iterator[cst.DictElement]:
    """The `"blender"` entries of module-level `bl_info` dictionaries."""
    for statement in source.module.body:
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            if (
                isinstance(small, cst.Assign)
                and any(isinstance(t.target, cst.Name) and t.target.value == "bl_info" for t in small.targets)
                and isinstance(small.value, cst.Dict)
            ):
                for element in small.value.elements:
                    if isinstance(element, cst.DictElement) and text_of(element.key) == "blender":
                        yield element


def _numbers(node: cst.BaseExpression) -> tuple[int, ...] | None:
    if not isinstance(node, cst.Tuple | cst.List):
        return None
    values = [element.value for element in node.elements if isinstance(element, cst.Element)]
    if len(values) != len(node.elements) or not values or not all(isinstance(v, cst.Integer) for v in values):
        return None
    return tuple(value.evaluated_value for value in values if isinstance(value, cst.Integer))


def _raised(source: Source, node: cst.BaseExpression) -> Edit:
    """Only the numbers change where there are three of them, so that the spacing stays."""
    if isinstance(node, cst.Tuple) and len(node.elements) == 3:
        first, last = node.elements[0].value, node.elements[2].value
        start, end = source.start(first), source.end(last)
        separators = [
            source.text[source.end(one.value) : source.start(two.value)]
            for one, two in zip(node.elements, node.elements[1:], strict=False)
        ]
        return Edit(start=start, end=end, text=f"2{separators[0]}80{separators[1]}0")
    return source.replace(node, OLDEST.tuple_text)
