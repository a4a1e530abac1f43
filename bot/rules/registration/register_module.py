"""Classes are registered one by one

## What it does

Replaces `bpy.utils.register_module(__name__)` by a loop over an explicit tuple of the add-on's
classes, and `unregister_module` by the same loop backwards. Property groups come before those who
point to them, panels before their sub-panels. Classes of other files of the package are imported.

## Why it breaks

Blender 2.80 removed `register_module` and `unregister_module`; enabling the add-on raises an
`AttributeError`.

## Example

```python
import bpy


class ThingSettings(bpy.types.PropertyGroup):
    part: bpy.props.PointerProperty(type=bpy.types.Object)


class OBJECT_OT_thing(bpy.types.Operator):
    bl_idname = "object.thing"
    bl_label = "Thing"

    def execute(self, context):
        return {"FINISHED"}


def register():
    bpy.utils.register_module(__name__)
    bpy.types.Scene.thing = bpy.props.PointerProperty(type=ThingSettings)


def unregister():
    del bpy.types.Scene.thing
    bpy.utils.unregister_module(__name__)


register()
unregister()
```

Use instead:

```python
import bpy


class ThingSettings(bpy.types.PropertyGroup):
    part: bpy.props.PointerProperty(type=bpy.types.Object)


class OBJECT_OT_thing(bpy.types.Operator):
    bl_idname = "object.thing"
    bl_label = "Thing"

    def execute(self, context):
        return {"FINISHED"}


classes = (
    ThingSettings,
    OBJECT_OT_thing,
)


def register():
    for cls in classes:
        bpy.utils.register_class(cls)
    bpy.types.Scene.thing = bpy.props.PointerProperty(type=ThingSettings)


def unregister():
    del bpy.types.Scene.thing
    for cls in reversed(classes):
        bpy.utils.unregister_class(cls)


register()
unregister()
```

## Left alone

```python
import bpy


class OBJECT_OT_thing(bpy.types.Operator):
    bl_idname = "object.thing"
    bl_label = "Thing"


def register():
    if bpy.app.version < (2, 80, 0):
        bpy.utils.register_module(__name__)
    else:
        bpy.utils.register_class(OBJECT_OT_thing)


def unregister():
    bpy.utils.unregister_class(OBJECT_OT_thing)
```

## Fix safety

Safe: the same classes are registered, those registered by name elsewhere left out as before. Mixins
that Blender would refuse are left out too; 2.79 only printed an error for them. Left to a person are
calls for another module, and classes that exist only under a condition.

## References

- https://docs.blender.org/api/current/bpy.utils.html#bpy.utils.register_class
- https://developer.blender.org/docs/release_notes/2.80/python_api/addons/
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Decision, Edit, Repair
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.base import Context, Rule
from bot.rules.building import every, repair
from bot.rules.classes import AddonClass, AddonClasses, classes_of
from bot.rules.guards import reached, under, whole_line
from bot.rules.inference import types_of
from bot.rules.places import fault_at, scope_of, walk
from bot.rules.registration.classes_to_register import imported_files, module_parts, ordered, registrable
from bot.rules.source import Source, Unreadable

CALLS: Final = {
    "bpy.utils.register_module": "register_class",
    "bpy.utils.unregister_module": "unregister_class",
}
ERROR: Final = r"has no attribute '(un)?register_module'|cannot import name '(un)?register_module'"

OTHER_MODULE = "it names another module than this one; register that module's classes there"
NOT_A_LINE = "the call needs a line of its own to become a loop"
CONDITIONAL = "a class is defined under a condition; list the classes that exist in a tuple and register those"
SAME_NAME = "two files of the package have a class of the same name; import and register them by hand"
NOTHING = "no class that can be registered was found; register the add-on's classes by name"


@dataclass(frozen=True)
class _Plan:
    """What one file registers: a tuple's name, and the edit that makes it (none where it is there)."""

    names: tuple[str, ...] = ()
    variable: str = "classes"
    edit: Edit | None = None
    problem: str = ""


class RegisterModule(Rule):
    """`bpy.utils.register_module(__name__)` becomes a loop over a tuple of classes."""

    code = "REG101"
    name = "register-module"
    family = "registration"
    since = Release(2, 80)
    triggers = ("register_module",)
    runs_in_blender = True

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Calls of `register_module` and `unregister_module`."""
        calls = [call for call in _calls(source) if not _guarded(source, call, context)]
        if not calls:
            return
        plan = _plan(source, calls, context)
        for call in calls:
            yield self._repair(source, call, plan, context)

    def _repair(self, source: Source, call: cst.Call, plan: _Plan, context: Context) -> Repair:
        old = types_of(source).qualified(call.func) or ""
        line = whole_line(source, call)
        problem = plan.problem
        if not call.args or source.code(call.args[0].value) not in ("__name__", "__package__"):
            problem = OTHER_MODULE
        elif line is None or not isinstance(source.parent(call), cst.Expr):
            problem = NOT_A_LINE
        edits: list[Edit] = []
        if not problem and line is not None:
            edits = [*_loop(source, call, line, plan, CALLS[old]), *([plan.edit] if plan.edit else [])]
        name = old.rsplit(".", 1)[-1]
        return repair(
            self,
            source,
            call,
            f"bpy.utils.{name} was removed in Blender 2.80",
            f"{CALLS[old].split('_')[0]} {len(plan.names)} classes one by one",
            question=Question(kind=QuestionKind.MEMBER, owner="bpy.utils", name=name),
            owner="bpy.utils",
            member=name,
            decision=Decision.EXPLAIN if problem else Decision.REPAIR,
            reason=problem,
            edits=edits,
            fault=fault_at(source, call, context, ERROR),
        )

    def answers(self, fault: Fault) -> bool:
        """`module 'bpy.utils' has no attribute 'register_module'`."""
        return fault.member in ("register_module", "unregister_module")


def _calls(source: Source) -> list[cst.Call]:
    types = types_of(source)
    return [call for call in every(source, cst.Call) if types.qualified(call.func) in CALLS]


def _guarded(source: Source, call: cst.Call, context: Context) -> bool:
    """Whether the call is reached in old releases only. A `try` that prints the error is no guard."""
    for release in context.targets or (context.support.newest,):
        if reached(source, call, release) is False:
            return True
    for parent in source.ancestors(call):
        if isinstance(parent, cst.If) and "register_module" in source.code(parent.test):
            return True
        if isinstance(parent, cst.Try) and any("register_class" in source.code(h) for h in parent.handlers):
            return True
    return False


# What to register ---------------------------------------------------------------------------------


def _plan(source: Source, calls: Sequence[cst.Call], context: Context) -> _Plan:
    classes = classes_of(source, context)
    files = [source, *_further_files(source, context)]
    if any(_conditional(file, classes) for file in files):
        return _Plan(problem=CONDITIONAL)
    by_name = _registered_by_name(source, files, classes)
    # What a file imports was defined before its own classes.
    wanted = [cls for cls in registrable(classes, [*files[1:], source]) if cls not in by_name]
    if not wanted:
        return _Plan(problem=NOTHING)
    if len({cls.name for cls in wanted}) < len(wanted):
        return _Plan(problem=SAME_NAME)
    chosen = ordered(classes, wanted)
    names = tuple(_reference(source, cls) for cls in chosen)
    existing = _existing_tuple(source, names)
    if existing:
        return _Plan(names, existing)
    variable = _free_variable(source)
    return _Plan(names, variable, _definition(source, calls, chosen, variable))


def _further_files(source: Source, context: Context) -> list[Source]:
    """The other files whose classes the call stood for: all that a package imports, as 2.79 had it.

    A sub-module that registers itself when the package calls its `register` keeps its own classes.
    """
    if PurePosixPath(source.path).stem != "__init__":
        return []
    readable = [other for other in context.sources if _readable(other)]
    return [
        other
        for other in imported_files(source, readable)
        if other.path != source.path and not (_calls(other) and _delegates(source, other))
    ]


def _delegates(root: Source, other: Source) -> bool:
    """Whether the root calls the `register` of another file: `other.register()`, or in a loop over modules."""
    stem = PurePosixPath(other.path).stem
    for call in every(root, cst.Call):
        if isinstance(call.func, cst.Attribute) and call.func.attr.value == "register" and not call.args:
            owner = root.code(call.func.value)
            name = owner.rsplit(".", 1)[-1]
            target = (types_of(root).qualified(call.func.value) or name).rsplit(".", 1)[-1]
            imported = target != name or types_of(root).qualified(call.func.value) is not None
            if target == stem or not imported:
                return True
    return False


def _readable(source: Source) -> bool:
    try:
        return bool(source.module)
    except Unreadable:
        return False


def _conditional(source: Source, classes: AddonClasses) -> bool:
    """Whether a registrable class of the file is not simply there at module level."""
    top = {id(node) for node in source.module.body}
    own = registrable(classes, [source])
    return any(id(cls.node) not in top for cls in own)


def _registered_by_name(root: Source, files: Sequence[Source], classes: AddonClasses) -> set[AddonClass]:
    """The classes `register_class` is called for by name, where that really happens when the add-on is enabled."""
    found: set[AddonClass] = set()
    for source in files:
        called = source is root or _delegates(root, source)
        types = types_of(source)
        for call in every(source, cst.Call):
            if types.qualified(call.func) != "bpy.utils.register_class" or len(call.args) != 1:
                continue
            if called or isinstance(scope_of(source, call), cst.Module):
                cls = classes.resolve(source, call.args[0].value)
                if cls is not None:
                    found.add(cls)
    return found


# How it is written --------------------------------------------------------------------------------


def _loop(source: Source, call: cst.Call, line: cst.SimpleStatementLine, plan: _Plan, function: str) -> Iterator[Edit]:
    variable = "cls"
    used = {node.value for node in walk(scope_of(source, call)) if isinstance(node, cst.Name)}
    if "cls" in used and not isinstance(scope_of(source, call), cst.Module):
        variable = "registered_class"
    over = plan.variable if function == "register_class" else f"reversed({plan.variable})"
    if isinstance(call.func, cst.Attribute):
        called = f"{source.code(call.func.value)}.{function}"
    else:
        called = source.code(call.func)
        yield from _import_edits(source, called, function)
        called = function if called in ("register_module", "unregister_module") else called
    text = under(source, line, f"for {variable} in {over}:", f"{called}({variable})")
    yield Edit(start=source.start(line.body[0]), end=source.end(line.body[0]), text=text)


def _import_edits(source: Source, name: str, function: str) -> Iterator[Edit]:
    """`from bpy.utils import register_module` imports the new function instead."""
    for statement in every(source, cst.ImportFrom):
        if isinstance(statement.names, cst.ImportStar) or statement.module is None:
            continue
        for alias in statement.names:
            local = alias.asname.name if alias.asname else alias.name
            if source.code(statement.module) == "bpy.utils" and source.code(local) == name:
                yield source.replace(alias.name, function)


def _definition(source: Source, calls: Sequence[cst.Call], chosen: Sequence[AddonClass], variable: str) -> Edit:
    """The tuple, before the statement that holds the first call, or after the last class it names."""
    newline = source.newline
    lines: list[str] = []
    by_file: dict[str, list[AddonClass]] = {}
    for cls in chosen:
        if cls.source is not source and "." not in _reference(source, cls):
            by_file.setdefault(cls.source.path, []).append(cls)
    for group in by_file.values():
        module = ".".join(module_parts(group[0].source, source))
        named = [_imported_as(cls.name, _reference(source, cls)) for cls in group]
        if len(", ".join(named)) <= 80:
            lines.append(f"from .{module} import {', '.join(named)}")
        else:
            lines += [f"from .{module} import (", *(f"{source.indent_unit}{name}," for name in named), ")"]
    if lines:
        lines.append("")
    lines.append(f"{variable} = (")
    lines += [f"{source.indent_unit}{_reference(source, cls)}," for cls in chosen]
    lines.append(")")
    block = newline.join(lines)
    body = source.module.body
    first = min(_top_position(source, call) for call in calls)
    own = [cls.position for cls in chosen if cls.source is source]
    last = max(own, default=-1)
    if last < first:
        place = _start_with_comments(source, body[first], body[first - 1] if first else None)
        return Edit(start=place, end=place, text=f"{block}{newline}{newline}{newline}")
    place = source.end(body[last])
    return Edit(start=place, end=place, text=f"{newline}{newline}{newline}{block}")


def _reference(source: Source, cls: AddonClass) -> str:
    """How the file names a class: its own by name, others through the module it imports, or imported anew."""
    if cls.source is source:
        return cls.name
    module = ".".join(module_parts(cls.source, source))
    package = PurePosixPath(source.path).parent.name
    for local, target in types_of(source).module_imports().items():
        if target in (f".{module}", f"{package}.{module}"):
            return f"{local}.{cls.name}"
    imports = types_of(source).module_imports()
    if imports.get(cls.name) in (f".{module}.{cls.name}", f"{package}.{module}.{cls.name}"):
        return cls.name
    if {f".{module}", f"{package}.{module}"} & {*types_of(source).star_imports}:
        return cls.name
    used = any(node.value == cls.name for node in every(source, cst.Name))
    return f"{cls.name}_class" if used else cls.name


def _imported_as(name: str, local: str) -> str:
    return name if name == local else f"{name} as {local}"


def _top_position(source: Source, node: cst.CSTNode) -> int:
    chain = {id(node), *(id(parent) for parent in source.ancestors(node))}
    return next(n for n, statement in enumerate(source.module.body) if id(statement) in chain)


def _start_with_comments(source: Source, statement: cst.CSTNode, previous: cst.CSTNode | None) -> int:
    """Where a statement at module level begins, with the comment lines directly above it."""
    decorators = statement.decorators if isinstance(statement, cst.FunctionDef | cst.ClassDef) else ()
    place = min(source.start(node) for node in (statement, *decorators))
    floor = source.end(previous) if previous is not None else 0
    while place > floor:
        above = source.text.rfind("\n", 0, place - 1) + 1
        if above < floor or not source.text.startswith("#", above):
            break
        place = above
    return place


def _existing_tuple(source: Source, names: tuple[str, ...]) -> str | None:
    """The module-level tuple or list that holds exactly these classes already."""
    for statement in source.module.body:
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            if (
                isinstance(small, cst.Assign)
                and isinstance(small.value, cst.Tuple | cst.List)
                and isinstance(small.targets[0].target, cst.Name)
                and tuple(source.code(element.value) for element in small.value.elements) == names
            ):
                return small.targets[0].target.value
    return None


def _free_variable(source: Source) -> str:
    used = {node.value for node in every(source, cst.Name)}
    options = ("classes", "registered_classes", "classes_to_register")
    return next((name for name in options if name not in used), "bl_classes_to_register")
