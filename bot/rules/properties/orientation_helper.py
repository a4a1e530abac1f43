"""The orientation helper of importers and exporters is a decorator

## What it does

Replaces a mixin made by `orientation_helper_factory` by a class of the same name that is decorated
with `orientation_helper`, which gives it the same two properties.

## Why it breaks

Blender 2.80 removed `bpy_extras.io_utils.orientation_helper_factory`; importing it raises an
`ImportError`, and the add-on cannot be enabled.

## Example

```python
import bpy
from bpy_extras.io_utils import ImportHelper, orientation_helper_factory

IOThingOrientationHelper = orientation_helper_factory("IOThingOrientationHelper", axis_forward='-Z', axis_up='Y')


class ImportThing(bpy.types.Operator, ImportHelper, IOThingOrientationHelper):
    bl_idname = "import_scene.thing"
    bl_label = "Import Thing"

    def execute(self, context):
        print(self.axis_forward, self.axis_up)
        return {"FINISHED"}


bpy.utils.register_class(ImportThing)
bpy.ops.import_scene.thing()
```

Use instead:

```python
import bpy
from bpy_extras.io_utils import ImportHelper, orientation_helper

@orientation_helper(axis_forward='-Z', axis_up='Y')
class IOThingOrientationHelper:
    pass


class ImportThing(bpy.types.Operator, ImportHelper, IOThingOrientationHelper):
    bl_idname = "import_scene.thing"
    bl_label = "Import Thing"

    def execute(self, context):
        print(self.axis_forward, self.axis_up)
        return {"FINISHED"}


bpy.utils.register_class(ImportThing)
bpy.ops.import_scene.thing()
```

## Left alone

```python
from bpy_extras.io_utils import orientation_helper


@orientation_helper(axis_forward='Y', axis_up='Z')
class Helper:
    pass


def orientation_helper_factory(name):
    return name


Other = orientation_helper_factory("Other")
```

## Fix safety

Safe: the mixin keeps its name, its two properties and their defaults.

## References

- https://docs.blender.org/api/current/bpy_extras.io_utils.html#bpy_extras.io_utils.orientation_helper
- https://developer.blender.org/docs/release_notes/2.80/python_api/addons/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Decision, Edit, Repair, Requirement
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.base import Context, Rule
from bot.rules.building import every, plain_arguments, repair
from bot.rules.guards import is_guarded, under, whole_line
from bot.rules.inference import types_of
from bot.rules.places import fault_at
from bot.rules.source import Source

HOME: Final = "bpy_extras.io_utils"
OLD: Final = "orientation_helper_factory"
NEW: Final = "orientation_helper"
SHAPE = "decorate the class that uses it with orientation_helper(axis_forward=…, axis_up=…)"


class OrientationHelper(Rule):
    """`X = orientation_helper_factory("X", …)` becomes a decorated class."""

    code = "PRP102"
    name = "orientation-helper"
    family = "properties"
    since = Release(2, 80)
    triggers = (OLD,)
    runs_in_blender = True

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every mixin the factory makes, with the import it needs."""
        types = types_of(source)
        for call in every(source, cst.Call):
            if types.qualified(call.func) == f"{HOME}.{OLD}" and not is_guarded(source, call):
                yield self._repair(source, call, context)

    def _repair(self, source: Source, call: cst.Call, context: Context) -> Repair:
        edits = _edits(source, call)
        return repair(
            self,
            source,
            call,
            f"{HOME} has no {OLD} since Blender 2.80",
            f"decorate a class with {NEW}",
            question=Question(kind=QuestionKind.MEMBER, owner=HOME, name=OLD),
            requires=(Requirement(question=Question(kind=QuestionKind.MEMBER, owner=HOME, name=NEW)),) if edits else (),
            owner=HOME,
            member=OLD,
            decision=Decision.REPAIR if edits else Decision.EXPLAIN,
            reason="" if edits else SHAPE,
            edits=edits,
            fault=fault_at(source, call, context, OLD) or _import_fault(source, context),
        )

    def answers(self, fault: Fault) -> bool:
        """`cannot import name 'orientation_helper_factory'`."""
        return OLD in fault.message


def _import_fault(source: Source, context: Context) -> Fault | None:
    return next((fault for fault in context.faults_in(source) if f"cannot import name '{OLD}'" in fault.message), None)


def _edits(source: Source, call: cst.Call) -> tuple[Edit, ...]:
    """The decorated class in the place of the assignment, and the import's new name."""
    assign = source.parent(call)
    line = whole_line(source, call)
    if (
        line is None
        or not isinstance(assign, cst.Assign)
        or len(assign.targets) != 1
        or not isinstance(assign.targets[0].target, cst.Name)
        or not plain_arguments(call)
        or not call.args
    ):
        return ()
    options = [one for one in call.args if one.keyword is None or one.keyword.value != "name"]
    if len(options) == len(call.args):
        options = options[1:]
    called = NEW if isinstance(call.func, cst.Name) else f"{source.code(call.func).removesuffix(OLD)}{NEW}"
    arguments = ", ".join(source.code(one).rstrip(", \t\r\n") for one in options)
    header = f"@{called}({arguments}){source.newline}{source.indent(line)}class {assign.targets[0].target.value}:"
    text = under(source, line, header, "pass")
    small = line.body[0]
    edits = [Edit(start=source.start(small), end=source.end(small), text=text)]
    if isinstance(call.func, cst.Name):
        renamed = _import_edit(source, call.func.value)
        if renamed is None:
            return ()
        edits.append(renamed)
    return tuple(edits)


def _import_edit(source: Source, local: str) -> Edit | None:
    for statement in every(source, cst.ImportFrom):
        if statement.module is None or source.code(statement.module) != HOME:
            continue
        for alias in () if isinstance(statement.names, cst.ImportStar) else statement.names:
            if source.code(alias.name) == OLD == local and alias.asname is None:
                return source.replace(alias.name, NEW)
    return None
