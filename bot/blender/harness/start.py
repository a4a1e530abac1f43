"""The file Blender is started with: reads the request, makes the folders of a user, loads the rest.

    python start.py REQUEST.json                                  (an environment with the `bpy` wheel)
    blender -b --factory-startup --python start.py -- REQUEST.json

The request and the result are JSON of the shapes `HarnessRequest` and `HarnessResult`
(`bot.blender.base`). Standard output is never read: the result goes to one file, and the journal gets
a line before and after each probe, so that a Blender that dies loses one probe:

    {"started": {"version": "4.5.15 LTS", "release": "4.5", "python": "3.11.7"}}
    {"answers": [...]}
    {"running": "operator:mesh.linefit"}
    {"id": "operator:mesh.linefit", "kind": "operator", "outcome": "pass", ...}

The scratch folder of the request is where Blender keeps everything a user would have; whoever starts
an executable sets these in its environment, this file sets them before it imports the wheel:

    BLENDER_USER_SCRIPTS=<scratch>/scripts  BLENDER_USER_CONFIG=<scratch>/config
    BLENDER_USER_EXTENSIONS=<scratch>/extensions  BLENDER_USER_DATAFILES=<scratch>/datafiles
    HOME=<scratch>/home  TMPDIR=<scratch>/tmp

The process always ends with `os._exit`, since Blender as a module can hang for minutes at exit.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

PACKAGE = "bot.blender.harness"
FOLDERS = {
    "BLENDER_USER_SCRIPTS": "scripts",
    "BLENDER_USER_CONFIG": "config",
    "BLENDER_USER_EXTENSIONS": "extensions",
    "BLENDER_USER_DATAFILES": "datafiles",
    "HOME": "home",
    "TMPDIR": "tmp",
}
"""Environment variable to folder below the scratch folder."""


def prepare_environment(scratch: str) -> None:
    """Make the folders of a user and point Blender to them; works only before Blender starts."""
    for variable, name in FOLDERS.items():
        folder = os.path.join(scratch, name)
        os.makedirs(folder, exist_ok=True)
        os.environ[variable] = folder
    for usual in ("scripts/addons", "home/.config/blender", "home/.cache", "home/.local/share"):
        os.makedirs(os.path.join(scratch, usual), exist_ok=True)
    sys.dont_write_bytecode = True


def load(name: str) -> Any:
    """A module of the harness, from this file's folder: the rest of the bot is not here.

    No module of it stays where `import` would find it.
    """
    parts = PACKAGE.split(".")
    for length in range(1, len(parts) + 1):
        package = ModuleType(".".join(parts[:length]))
        package.__path__ = [os.path.dirname(os.path.abspath(__file__))] if length == len(parts) else []
        sys.modules[package.__name__] = package
    try:
        return importlib.import_module(f"{PACKAGE}.{name}")
    finally:
        for known in [one for one in sys.modules if one == parts[0] or one.startswith(parts[0] + ".")]:
            del sys.modules[known]


def main(argv: list[str]) -> None:
    """Read the request, do the work, write the result, leave at once."""
    status = 1
    try:
        given = argv[argv.index("--") + 1 :] if "--" in argv else argv[1:]
        request = json.loads(Path(given[0]).read_text(encoding="utf-8"))
        prepare_environment(request["scratch"])
        importlib.import_module("bpy")  # before anything that lies in its folders
        load("main").run(request)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        os._exit(status)


if __name__ == "__main__":
    main(sys.argv)
