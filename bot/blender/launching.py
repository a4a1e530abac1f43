"""How a Blender is started: its command line, and the folders of a user who has nothing."""

from __future__ import annotations

from pathlib import Path

from bot.blender.base import Runtime

_FOLDERS = {
    "HOME": "home",
    "TMPDIR": "tmp",
    "BLENDER_USER_SCRIPTS": "scripts",
    "BLENDER_USER_CONFIG": "config",
    "BLENDER_USER_EXTENSIONS": "extensions",
    "BLENDER_USER_DATAFILES": "datafiles",
}
"""What a user would have, below the scratch folder."""
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "USER": "nobody",
    "PYTHONDONTWRITEBYTECODE": "1",
    "LIBGL_ALWAYS_SOFTWARE": "1",  # the same picture with and without a graphics card
}


def command_line(runtime: Runtime, script: Path, *arguments: str) -> list[str]:
    """What runs a script in this Blender."""
    if runtime.kind == "module":
        return [str(runtime.path), "-I", "-B", str(script), *arguments]
    options = ["--background", "--factory-startup", "-noaudio"]
    return [str(runtime.path), *options, "--python", str(script), *(["--", *arguments] if arguments else [])]


def environment(scratch: Path) -> dict[str, str]:
    """Its whole environment; the folders it names are made below `scratch`."""
    named = dict(_ENVIRONMENT)
    for variable, name in _FOLDERS.items():
        folder = scratch / name
        folder.mkdir(parents=True, exist_ok=True)
        named[variable] = str(folder)
    (scratch / "scripts" / "addons").mkdir(exist_ok=True)
    return named
