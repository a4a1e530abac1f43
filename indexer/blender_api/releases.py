"""The releases of Blender there are stubs of, in their order."""

from __future__ import annotations

RELEASES = (
    "2.79", "2.80", "2.81", "2.82", "2.83", "2.90", "2.91", "2.92", "2.93",
    "3.0", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6",
    "4.0", "4.1", "4.2", "4.3", "4.4", "4.5", "5.0", "5.1",
)  # fmt: skip


def order(release: str) -> tuple[int, ...]:
    """What releases are sorted by."""
    return tuple(int(part) for part in release.split(".") if part.isdigit())


def between(old: str, new: str) -> tuple[str, ...]:
    """The releases after the one and before the other, oldest first."""
    return tuple(release for release in RELEASES if order(old) < order(release) < order(new))
