"""Facts about Blender's releases that no Blender needs to be started for."""

from __future__ import annotations

from dataclasses import dataclass

from bot.models.release import Release

MEBIBYTE = 1024**2

_DOCUMENTATION = "https://docs.blender.org/api/{release}/"

_WHEELS: dict[Release, tuple[tuple[int, int], int, int]] = {
    Release(4, 2): ((3, 11), 340, 1000),
    Release(4, 3): ((3, 11), 370, 1050),
    Release(4, 4): ((3, 11), 340, 920),
    Release(4, 5): ((3, 11), 350, 950),
    Release(5, 0): ((3, 11), 360, 970),
    Release(5, 1): ((3, 13), 360, 1000),
}
"""By release line: the one Python its `bpy` wheel loads in, and MiB to download and once installed."""

_DOCUMENTED_FROM = Release(2, 79)


@dataclass(frozen=True)
class Wheel:
    """A `bpy` wheel: the Python it needs, exactly, and its size in MiB (rounded, with what it depends on)."""

    python: tuple[int, int]
    download_mib: int
    installed_mib: int

    @property
    def python_text(self) -> str:
        """`3.11`."""
        return f"{self.python[0]}.{self.python[1]}"

    @property
    def needed_bytes(self) -> int:
        """Free space an installation needs: the download and the result stand side by side for a while."""
        return int((self.download_mib + self.installed_mib) * 1.4) * MEBIBYTE


WHEELS: tuple[Release, ...] = tuple(sorted(_WHEELS))
"""The releases `bot blender install` can install, oldest first."""


def wheel(release: Release) -> Wheel | None:
    """The release's wheel, if there is one."""
    facts = _WHEELS.get(release)
    return Wheel(*facts) if facts else None


def documentation(release: Release) -> str:
    """The base URL of the release's Python API documentation, with a slash at its end."""
    return _DOCUMENTATION.format(release=release)


def stubs(release: Release) -> str | None:
    """The distribution that holds the release's stubs (`fake-bpy-module-4.5`), if there is one."""
    if release < _DOCUMENTED_FROM:
        return None
    return f"fake-bpy-module-{release}"
