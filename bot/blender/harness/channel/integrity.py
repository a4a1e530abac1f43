"""What the harness is made of, as it was before anybody else's code ran."""

from __future__ import annotations

import builtins
import inspect
import re
from collections.abc import Iterator, Mapping
from types import CodeType, FunctionType, ModuleType
from typing import Any

Original = tuple[Mapping[str, Any], Any, str, Any, str]
"""Names and values, what holds them, one of the names, its value, what people call it."""

EXCHANGED = frozenset({"sys", "bpy", "builtins"})
"""Modules in which add-ons and the harness itself exchange functions all the time."""


def codes_of(modules: Mapping[str, ModuleType]) -> tuple[CodeType, ...]:
    """Every piece of code of the harness, functions within functions too."""
    found: dict[int, CodeType] = {}
    for module in modules.values():
        for holder in (module, *_classes(module)):
            for value in list(vars(holder).values()):
                for function in _functions(value):
                    pending = [function.__code__]
                    while pending:
                        code = pending.pop()
                        found[id(code)] = code
                        pending += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return tuple(found.values())


def originals_of(modules: Mapping[str, ModuleType], codes: tuple[CodeType, ...]) -> list[Original]:
    """Every name of the harness with its value, and of other modules the functions it uses by name."""
    used = {name for code in codes for name in code.co_names}
    found: list[Original] = []
    others: dict[str, ModuleType] = {}
    for short, module in modules.items():
        names = vars(module)
        found += [
            (names, module, name, value, f"{short}.{name}") for name, value in names.items() if not _is_dunder(name)
        ]
        for cls in _classes(module):
            inside = vars(cls)
            found += [
                (inside, cls, name, value, f"{short}.{cls.__name__}.{name}")
                for name, value in inside.items()
                if name != "__weakref__" and (not _is_dunder(name) or isinstance(value, FunctionType))
            ]
        for value in names.values():
            if isinstance(value, ModuleType):
                others[value.__name__] = value
    for module in list(others.values()):
        for name, value in list(vars(module).items()):
            if isinstance(value, ModuleType) and name in used and name == "path":
                others[value.__name__] = value
    for known, module in sorted(others.items()):
        if known.partition(".")[0] in EXCHANGED or module in modules.values():
            continue
        names = vars(module)
        found += [
            (names, module, name, names[name], f"{known}.{name}")
            for name in sorted(used & set(names))
            if callable(names[name])
        ]
    return found


def shadows_of(modules: Mapping[str, ModuleType], codes: tuple[CodeType, ...], missing: Any) -> list[Original]:
    """The built-in names the harness uses and does not define, which nobody may define for it."""
    used = {name for code in codes for name in code.co_names} & set(vars(builtins))
    return [
        (vars(module), module, name, missing, f"{short}.{name}")
        for short, module in modules.items()
        for name in sorted(used - set(vars(module)))
    ]


def saying_lines(caller: FunctionType) -> frozenset[int]:
    """The lines of a function at which it says something."""
    lines, first = inspect.getsourcelines(caller)
    return frozenset(
        first + index for index, line in enumerate(lines) if re.search(r"\b(record|self\._record)\(", line)
    )


def _is_dunder(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _classes(module: ModuleType) -> Iterator[type]:
    for value in vars(module).values():
        if isinstance(value, type) and value.__module__ == module.__name__:
            yield value


def _functions(value: Any) -> Iterator[FunctionType]:
    for one in (value, getattr(value, "__wrapped__", None), getattr(value, "__func__", None)):
        if isinstance(one, FunctionType):
            yield one
    if isinstance(value, property):
        for accessor in (value.fget, value.fset, value.fdel):
            if isinstance(accessor, FunctionType):
                yield accessor
