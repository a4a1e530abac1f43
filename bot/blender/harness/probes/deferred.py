"""Properties that were assigned where they had to be annotated."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial
from typing import Any

import bpy

from bot.blender.harness.bench import Bench
from bot.blender.harness.code.classes import file_of, properties_of
from bot.blender.harness.course import Attempt, Course
from bot.blender.harness.values import FAIL, PASS, Json, probe, raised


def attempts(course: Course) -> Iterator[Attempt]:
    """Each registered class."""
    for cls in course.classes:
        yield Attempt("class", cls.__name__, partial(probe_class, course.bench, cls))


def probe_class(bench: Bench, cls: Any) -> Json:
    """Properties that are assigned instead of annotated are never registered, and nothing says so."""
    faults = []
    for holder in cls.__mro__:
        path = file_of(bench.addon, holder)
        if not path:
            continue
        for name, value in list(holder.__dict__.items()):
            if is_deferred(value) and name not in properties_of(cls):
                faults.append((name, path, _assignment_line(bench, path, holder.__name__, name)))
    if not faults:
        return probe("class", cls.__name__, PASS)
    messages = [
        f"property {name!r} of {cls.__name__} is assigned, not annotated, and was never registered"
        for name, _, _ in faults
    ]
    name, path, line = faults[0]
    others = "; ".join(
        f"{message} ({path}:{line})" for message, (_, path, line) in zip(messages[1:], faults[1:], strict=True)
    )
    frames = [{"path": path, "line": line, "function": cls.__name__}]
    fault = raised("DeferredProperty", messages[0], path, line, cls.__name__, name, frames)
    return probe("class", cls.__name__, FAIL, others, fault=fault)


def is_deferred(value: Any) -> bool:
    """Whether a value is what `bpy.props` functions return before registration."""
    deferred = getattr(bpy.props, "_PropertyDeferred", None)
    if deferred is not None:
        return isinstance(value, deferred)
    return isinstance(value, tuple) and len(value) == 2 and getattr(value[0], "__module__", "") == "bpy.props"


def _assignment_line(bench: Bench, path: str, cls: str, name: str) -> int:
    for node in ast.walk(bench.sources.tree(path) or ast.Module([], [])):
        if isinstance(node, ast.ClassDef) and node.name == cls:
            for statement in node.body:
                targets = statement.targets if isinstance(statement, ast.Assign) else []
                if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                    return statement.lineno
    return 0
