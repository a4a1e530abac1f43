"""Finding the real Blenders of this machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.blender.base import Runtime
from bot.blender.environments import environment_runtime
from bot.blender.executables import Versions, candidates, executable_runtime
from bot.cache import cache_root
from bot.errors import UsageError
from bot.models.release import Release


def find_runtimes(
    executables: Sequence[Path] = (), *, cache: Path | None = None, search: bool = True
) -> tuple[Runtime, ...]:
    """Every Blender there is, by release, the preferred one of a release first.

    `executables` are those the user named, environments with `bpy` included; they are preferred.
    Then come managed environments, then, with `search`, what `PATH` and the usual install
    places hold.

    Raises:
        UsageError: what the user named is not there or is no Blender.
    """
    versions = Versions(cache)
    named = tuple(_named(path.expanduser(), versions) for path in executables)
    managed = managed_runtimes(cache=cache)
    found: list[Runtime] = []
    if search:
        found = [runtime for path in candidates() if (runtime := executable_runtime(path, versions))]
    unique: dict[Path, Runtime] = {}
    for runtime in (*named, *managed, *found):
        unique.setdefault(runtime.path, runtime)
    return tuple(sorted(unique.values(), key=lambda runtime: runtime.release))


def managed_runtimes(*, cache: Path | None = None) -> tuple[Runtime, ...]:
    """The environments bcrag installed, by release, newest patch level first."""
    folder = (cache or cache_root()) / "blender"
    try:
        entries = sorted(entry for entry in folder.iterdir() if entry.name[:1].isdigit())
    except OSError:
        return ()
    runtimes = [found for entry in entries if (found := environment_runtime(entry)) and found.managed]
    runtimes.sort(key=_patch_level, reverse=True)
    return tuple(sorted(runtimes, key=lambda runtime: runtime.release))


def pick(runtimes: Iterable[Runtime], release: Release) -> Runtime | None:
    """The runtime to use for a release: the first one, in the order of `find_runtimes`."""
    return next((runtime for runtime in runtimes if runtime.release == release), None)


def _patch_level(runtime: Runtime) -> int:
    return int(runtime.version.split(".")[2])


def _named(path: Path, versions: Versions) -> Runtime:
    """What the user named: an executable, its folder, an environment, or the environment's Python."""
    path = path.absolute()
    for folder in (path, path.parent.parent):
        if (folder / "pyvenv.cfg").is_file() and (runtime := environment_runtime(folder)):
            return runtime
    for file in (path, path / "blender", path / "Contents" / "MacOS" / "Blender"):
        if runtime := executable_runtime(file, versions):
            return runtime
    raise UsageError(
        f"{path} is no Blender that starts." if path.exists() else f"{path} is not there.",
        "Name a blender executable, the folder it lies in, or a Python environment that holds bpy.",
    )
