"""Where the definitions of a script come from: parts of its own, and what the harness has of scenes and layouts."""

from __future__ import annotations

from pathlib import Path

from bot.blender import harness
from bot.reproducing import parts

_HARNESS, _PARTS = Path(harness.__path__[0]), Path(parts.__path__[0])

TINY, PLAIN, CHECKING = "tiny", "plain", "checking"
"""A layout that takes everything; one that knows what there is; one that is as strict as Blender's own."""
LAYOUTS = {name: _PARTS / f"{name}_layout.py" for name in (TINY, PLAIN, CHECKING)}
FILES = (
    *(_PARTS / f"{name}.py" for name in ("situation", "drawing", "judging", "loading", "switching", "surfacing")),
    *sorted(file for folder in ("scene", "interface") for file in (_HARNESS / folder).glob("*.py")),
)
"""What a recipe names is looked up here; what that needs is found by itself."""

DEFINED = frozenset({"ADDON", "FAULTY", "NAME", "MODULE", "EXPECTED", "RELEASE", "PRINTED", "FOLDER", "TMP", "SCRIPT"})
"""What a script defines itself."""
MODULES = frozenset({"contextlib", "faulthandler", "importlib", "math", "os", "sys", "tempfile"})
"""What a recipe may name without importing it."""
OF_BLENDER = ("bpy", "addon_utils", "bmesh", "mathutils")
"""The same, of what Blender brings along; its own module is imported first, the others lie in its folders."""
