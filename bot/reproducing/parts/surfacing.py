"""What Blender only prints, raised."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from types import TracebackType


@contextlib.contextmanager
def surfaced() -> Iterator[None]:
    """Raise what polls, updates and handlers raise inside: Blender hands it to this hook, and to nobody else."""
    seen: list[BaseException] = []

    def hook(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        seen.append(error)

    before, sys.excepthook = sys.excepthook, hook
    try:
        yield
    finally:
        sys.excepthook = before
    if seen:
        raise seen[0]
