"""The system libraries a `bpy` wheel takes from the machine, and the Debian packages that hold them."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable

from bot.blender.base import Runtime
from bot.blender.environments import site_packages
from bot.errors import MissingError

PACKAGES: dict[str, str] = {
    "libX11.so.6": "libx11-6",
    "libXext.so.6": "libxext6",
    "libXfixes.so.3": "libxfixes3",
    "libXi.so.6": "libxi6",
    "libXrender.so.1": "libxrender1",
    "libXxf86vm.so.1": "libxxf86vm1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libSM.so.6": "libsm6",
    "libICE.so.6": "libice6",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libEGL.so.1": "libegl1",
    "libEGL_mesa.so.0": "libegl-mesa0",
    "libgomp.so.1": "libgomp1",
    "libstdc++.so.6": "libstdc++6",
    "libgcc_s.so.1": "libgcc-s1",
    "libuuid.so.1": "libuuid1",
}
"""By library, the package of Debian 12 and Ubuntu that holds it."""

RENDERING = ("libEGL.so.1", "libEGL_mesa.so.0")
"""Opened only when a picture is rendered, without a screen, in software; `ldd` does not name them."""

_DRIVERS = "libgl1-mesa-dri"
_NOT_OPENED = re.compile(r"(\S+): cannot open shared object file")
_NOT_FOUND = re.compile(r"^\s*(\S+) => not found", re.MULTILINE)
_SYSTEM_PATH = "/usr/bin:/bin:/usr/sbin:/sbin"
_SECONDS = 20


def missing_libraries(runtime: Runtime) -> tuple[str, ...]:
    """The libraries it needs, to start and to render, that this machine does not have; sorted.

    Only Linux is looked at; anywhere else, and without `ldd` or `ldconfig`, the answer is empty.
    """
    missing: set[str] = set()
    packages = site_packages(runtime) if runtime.kind == "module" else None
    if packages is not None:
        missing.update(_NOT_FOUND.findall(_say("ldd", str(packages / "bpy" / "__init__.so"))))
    elif runtime.kind == "executable":
        missing.update(_NOT_FOUND.findall(_say("ldd", str(runtime.path))))
    known = _say("ldconfig", "-p")
    if known:
        missing.update(name for name in RENDERING if name not in known)
    return tuple(sorted(missing))


def missing_for_wheels() -> tuple[str, ...]:
    """What a `bpy` wheel would lack on this machine, before there is one; sorted."""
    known = _say("ldconfig", "-p")
    return tuple(sorted(name for name in PACKAGES if name not in known)) if known else ()


def install_command(libraries: Iterable[str]) -> str:
    """What to type on Debian or Ubuntu to get these libraries."""
    wanted = set(libraries)
    packages = sorted({PACKAGES[name] for name in wanted if name in PACKAGES})
    if wanted & set(RENDERING):
        packages.append(_DRIVERS)
    if not packages:
        return "Install the packages of your system that hold these libraries."
    return "apt-get install " + " ".join(packages)


def explain_failed_start(runtime: Runtime, output: str) -> None:
    """Raise where Blender's last words are that a library is missing.

    Raises:
        MissingError: with the command that installs everything Blender lacks here.
    """
    if not _NOT_OPENED.search(output):
        return
    missing = missing_libraries(runtime)
    if missing:
        raise MissingError(
            f"{runtime.label} cannot start: this machine lacks {', '.join(missing)}.", install_command(missing)
        )


def _say(program: str, *arguments: str) -> str:
    """What a system tool prints; nothing where it is absent or fails."""
    found = shutil.which(program, path=_SYSTEM_PATH)
    if found is None:
        return ""
    try:
        answer = subprocess.run(
            [found, *arguments], capture_output=True, timeout=_SECONDS, env={"LC_ALL": "C"}, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.decode("utf-8", "replace")
