"""Finding the real Blenders of this machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.blender.base import Runtime
from bot.models.release import Release


def find_runtimes(
    executables: Sequence[Path] = (), *, cache: Path | None = None, search: bool = True
) -> tuple[Runtime, ...]:
    """Every Blender there is, by release, the preferred one of a release first.

    `executables` are those the user named (they come first); `search` also looks at `BCRAG_BLENDER`,
    `PATH`, the usual install places and the managed environments of the cache.

    Raises:
        UsageError: a named executable is not there or is no Blender.
    """
    raise NotImplementedError


def managed_runtimes(*, cache: Path | None = None) -> tuple[Runtime, ...]:
    """The environments bcrag installed, by release, newest patch level first."""
    raise NotImplementedError


def pick(runtimes: Iterable[Runtime], release: Release) -> Runtime | None:
    """The runtime to use for a release: one the user named, else a managed one, else an executable."""
    return next((runtime for runtime in runtimes if runtime.release == release), None)
