"""Installing and removing managed Blenders: a virtual environment each, holding the `bpy` wheel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.blender.base import Runtime
from bot.models.release import Release

Progress = Callable[[str, float], None]
"""Called with a sentence and a fraction from 0 to 1, now and then, from the calling thread."""


def install(
    release: Release,
    *,
    allowed: bool,
    progress: Progress | None = None,
    patch: int | None = None,
    cache: Path | None = None,
) -> Runtime:
    """The managed Blender of a release, installed first where it is not yet there.

    Raises:
        UsageError: there is no wheel of this release.
        MissingError: it may not be installed (`allowed` is false), or something it needs is missing.
    """
    raise NotImplementedError


def remove(runtime: Runtime) -> None:
    """Delete a managed Blender."""
    raise NotImplementedError


def unused(runtimes: tuple[Runtime, ...], *, days: int = 30) -> tuple[Runtime, ...]:
    """The managed Blenders no run has used for that many days."""
    raise NotImplementedError


def touch(runtime: Runtime) -> None:
    """Remember that a managed Blender is used now."""
    raise NotImplementedError
