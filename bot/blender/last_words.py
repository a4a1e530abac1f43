"""Where a Blender died: the innermost Python frame its fault handler wrote to standard error.

The add-on can write there as well. So this tells a reader where to look, and may excuse a crash; it proves nothing.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_DEATH = re.compile(
    r"^Fatal Python error: [^\n]{1,200}\n(?:[^\n]{0,200}\n){0,3}?[^\n]{0,200}\(most recent call first\):\n"
    r'  File "(?P<file>[^"\n]{1,1000})", line (?P<line>\d{1,7}) in ',
    re.MULTILINE,
)
_OPERATORS = ("/bpy/ops.py", "/harness/interface/guards.py")
"""Blender's own way to an operator, and the harness's guard on it."""
_INSTALLED = re.compile(r"/(?:scripts/addons|extensions/[^/]{1,100})/(?P<module>[^/]{1,200})(?:/(?P<inner>.+))?$")

IN_AN_OPERATOR = "bpy.ops"
"""The owner of a crash that came about in a call of one of Blender's operators."""


class Death(NamedTuple):
    """`owner` is `bpy.ops` where an operator was being called; `path`, relative to the add-on's root folder, and
    `line` are the add-on's own where it was at work itself."""

    owner: str | None = None
    path: str = ""
    line: int = 0


def last_words(output: str, module: str, folder: str = "") -> Death:
    """Where the process died, as far as the end of its output says and the add-on `module` is concerned.

    `folder` is where its folder, or its one file, lies, if not where Blender has its add-ons.
    """
    deaths = list(_DEATH.finditer(output))
    if not deaths:
        return Death()
    found = deaths[-1]
    file = found["file"].replace("\\", "/")
    if file.endswith(_OPERATORS):
        return Death(owner=IN_AN_OPERATOR)
    if folder and (file == folder or file.startswith(f"{folder}/")):
        return Death(path=file.removeprefix(folder).lstrip("/") or module, line=int(found["line"]))
    place = _INSTALLED.search(file)
    if place is None or place["module"] not in (module, f"{module}.py"):
        return Death()
    return Death(path=place["inner"] or place["module"], line=int(found["line"]))
