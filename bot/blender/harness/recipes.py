"""How what a probe saw comes about again, in Blender's own Python: for a script that needs nothing of the harness.

A probe that fails says its recipe: `recipe("bpy.ops.mesh.bend()", scene=situation, over='view("VIEW_3D")')`. The lines
are run as they stand, in a Blender that was just started, over an add-on that was just enabled. They may use `bpy`,
`MODULE` (the add-on's module), `TMP` (an empty folder), what `bot/reproducing/parts/` holds (`draw`, `enable`, `given`,
...), and what stands in `scene` and `interface`; whatever they name is written into the script.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import bpy

from bot.blender.harness.values import Json, bounded

LONGEST = 20_000
"""Bytes of a file that is written into a recipe."""
_PLAIN = (bool, int, float, str, bytes, type(None))


class UnwritableError(ValueError):
    """A value that no line of Python gives in another Blender."""


def recipe(*lines: str, scene: str = "", over: str = "", printed: bool = False) -> Json:
    """A `Recipe`: what is run, the scene it needs, the context it is run in, and whether Blender only prints what is
    raised."""
    return {
        "lines": [bounded(line, 24_000) for line in lines],
        "scene": scene,
        "over": bounded(over, 1000),
        "printed": printed,
    }


def call(function: str, positional: Sequence[Any] = (), named: Mapping[str, Any] | None = None) -> str:
    """A call of a function with these arguments.

    Raises:
        UnwritableError: one of them cannot be written.
    """
    given = [written(value) for value in positional]
    given += [f"{name}={written(value)}" for name, value in (named or {}).items()]
    return f"{function}({', '.join(given)})"


def type_named(cls: Any) -> str:
    """A registered class by its name in `bpy.types`."""
    name = cls.bl_rna.identifier
    return f"bpy.types.{name}" if name.isidentifier() else f"getattr(bpy.types, {name!r})"


def written(value: Any) -> str:
    """A value as code that gives it in any Blender: plain values, and what can be reached from `bpy`.

    Raises:
        UnwritableError: it cannot be written.
    """
    kind = type(value)
    if kind in _PLAIN:
        return repr(value)
    if kind in (list, tuple, set, dict):
        return _collection(value)
    if kind.__name__ == "Context":
        return "bpy.context"
    if kind.__name__ == "Depsgraph":
        return "bpy.context.evaluated_depsgraph_get()"
    if kind.__name__ == "RecordingLayout":
        return "Layout()"
    if kind.__module__ == "mathutils":
        rows = [tuple(row) for row in value] if kind.__name__ == "Matrix" else tuple(value)
        return f"mathutils.{kind.__name__}({rows!r})"
    return _reached(value)


def file_written(path: str, scratch: str) -> str:
    """A path below the scratch folder, as code that gives one like it; what lies there goes along.

    Raises:
        UnwritableError: it is too large.
    """
    if path.endswith(os.sep):
        return "TMP + os.sep"
    name = os.path.basename(path)
    if not os.path.isfile(path):
        return f"os.path.join(TMP, {name!r})"
    if os.path.getsize(path) > LONGEST:
        raise UnwritableError(path)
    return f"given({name!r}, {Path(path).read_bytes()!r})"


def is_below(value: Any, scratch: str) -> bool:
    """Whether a value is a path below the scratch folder."""
    return isinstance(value, str) and value.startswith(scratch.rstrip(os.sep) + os.sep)


def _collection(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(key)}: {written(each)}" for key, each in value.items()) + "}"
    inner = [written(each) for each in value]
    if isinstance(value, list):
        return f"[{', '.join(inner)}]"
    if isinstance(value, set):
        return "{" + ", ".join(sorted(inner)) + "}" if inner else "set()"
    return f"({', '.join(inner)}{',' if len(inner) == 1 else ''})"


def _reached(value: Any) -> str:
    """What Blender itself calls a thing (`bpy.data.objects['Cube']`), where that leads back to it."""
    text = repr(value)
    try:
        same = text.startswith("bpy.") and eval(text, {"bpy": bpy}) == value  # noqa: S307  (Blender's own words)
    except Exception as error:
        raise UnwritableError(text[:200]) from error
    if not same:
        raise UnwritableError(text[:200])
    return text
