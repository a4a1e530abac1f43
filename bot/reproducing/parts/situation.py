"""What stands around the one thing a script does: an emptied scene, files, the text of a script."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import ModuleType

import bpy

from bot.reproducing.parts.names import MODULE, TMP


def clear() -> None:
    """Take the things Blender begins with out of the scene."""
    for things in (bpy.data.objects, bpy.data.meshes, bpy.data.lights, bpy.data.cameras):
        for name in ("Cube", "Light", "Camera"):
            if name in things:
                things.remove(things[name])
    bpy.context.scene.render.resolution_percentage = 10  # what an add-on renders should not take long


def given(name: str, data: bytes) -> str:
    """A file to be read: its path."""
    path = Path(TMP, name)
    path.write_bytes(data)
    return str(path)


def run(text: str) -> None:
    """Run a text as Blender's text editor does, with what it may name."""
    module = ModuleType("__main__")
    vars(module).update(bpy=bpy, addon=sys.modules[MODULE], MODULE=MODULE, TMP=TMP + os.sep)
    exec(compile(text, "<script>", "exec", dont_inherit=True), vars(module))  # noqa: S102  (that is what it is for)
