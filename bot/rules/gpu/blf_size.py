"""The resolution handed to `blf.size`.

## What it does
Takes the third argument, the resolution in dots per inch, into the size.

## Why it breaks
Blender 4.0 removed the argument: `TypeError: blf.size() takes exactly 2 arguments (3 given)`.

## Example
```python
import blf


def draw(font, scale, dpi):
    blf.size(font, 12, 72)
    blf.size(font, 12 + scale, dpi)
```

Use instead:
```python
import blf


def draw(font, scale, dpi):
    blf.size(font, 12)
    blf.size(font, (12 + scale) * dpi / 72)
```

Supporting 2.83 to 4.5:
```python
import bpy
import blf


def draw(font, scale, dpi):
    if bpy.app.version >= (4, 0, 0):
        blf.size(font, 12)
    else:
        blf.size(font, 12, 72)
    if bpy.app.version >= (4, 0, 0):
        blf.size(font, (12 + scale) * dpi / 72)
    else:
        blf.size(font, 12 + scale, dpi)
```

## Left alone
Calls with two arguments.
```python
import blf

blf.size(0, 20.0)
```

## Fix safety
Safe: the size on the screen is the same.

## References
- https://developer.blender.org/docs/release_notes/4.0/python_api/
- https://docs.blender.org/api/4.5/blf.html#blf.size
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Decision, Edit, Repair
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.base import Context, Rule, Safety
from bot.rules.building import every, plain_arguments, repair
from bot.rules.guards import guarded_statement, is_guarded, needs_bpy, whole_line
from bot.rules.inference import qualified
from bot.rules.places import fault_at
from bot.rules.source import Source

SHARED = "the call shares its line with other code; leave the third argument out by hand"

_OPTIONAL: Final = Release(3, 4)
"""The oldest release the two arguments were tried in."""
_SIMPLE = (cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.Integer, cst.Float)


class BlfSize(Rule):
    """GPU102."""

    code = "GPU102"
    name = "blf-size"
    family = "gpu"
    since = Release(4, 0)
    safety = Safety.SAFE
    triggers = ("blf",)

    def answers(self, fault: Fault) -> bool:
        """The error a third argument raises."""
        return "blf.size() takes exactly 2 arguments" in fault.message

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every call of `blf.size` with three arguments."""
        releases = [release for release in context.targets if release >= self.since]
        for call in every(source, cst.Call):
            if len(call.args) != 3 or not plain_arguments(call) or qualified(source, call.func) != "blf.size":
                continue
            fault = fault_at(source, call, context, r"blf\.size\(\) takes exactly 2 arguments")
            if any(argument.keyword for argument in call.args):
                continue
            if is_guarded(source, call, releases, seen=fault is not None):
                continue
            edits = _edits(source, context, call, self.since)
            yield repair(
                self,
                source,
                call,
                "blf.size() takes no resolution",
                "take the resolution into the size",
                decision=Decision.REPAIR if edits else Decision.LEAVE,
                reason="" if edits else SHARED,
                edits=edits,
                question=Question(kind=QuestionKind.POSITIONAL, owner="blf.size", name="3"),
                owner="blf",
                member="size",
                fault=fault,
            )


def _edits(source: Source, context: Context, call: cst.Call, since: Release) -> tuple[Edit, ...]:
    size, dpi = call.args[1].value, call.args[2].value
    start, end = source.start(size), source.end(dpi)
    if "#" in source.text[start:end]:
        return ()
    text = source.code(size)
    if not (isinstance(dpi, cst.Integer) and dpi.evaluated_value == 72):
        text = f"{_factor(source, size)} * {_factor(source, dpi)} / 72"
    if context.covers(_OPTIONAL):
        return (Edit(start=start, end=end, text=text),)
    line = whole_line(source, call)
    if line is None:
        return ()
    begin, old = source.start(line), source.code(line)
    new = old[: start - begin] + text + old[end - begin :]
    bpy = needs_bpy(source)
    return (guarded_statement(source, line, new, old, since), *((bpy,) if bpy else ()))


def _factor(source: Source, node: cst.BaseExpression) -> str:
    code = source.code(node)
    return code if isinstance(node, _SIMPLE) or node.lpar else f"({code})"
