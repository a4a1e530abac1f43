"""What several commands share: reading text files, lists of releases, the progress on stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import UsageError
from bot.models.release import Release

if TYPE_CHECKING:
    from bot.reporting.terminal import Progress

MAX_TEXT = 5_000_000


def releases(text: str | None) -> tuple[Release, ...] | None:
    """Read `4.2,4.5`; None stays None.

    Raises:
        UsageError: one of them is no release.
    """
    if text is None:
        return None
    try:
        found = tuple(Release.parse(part) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise UsageError(f"--blender: {error}.", "Write releases as 4.2,4.5.") from error
    if not found:
        raise UsageError("--blender names no release.", "Write releases as 4.2,4.5.")
    return found


def read_text(path: Path, flag: str) -> str:
    """A text file the user named, decoded leniently; only its end where it is very long.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{flag}: {path} cannot be read: {error.strerror}.", "Check the path.") from error
    return data[-MAX_TEXT:].decode("utf-8", "replace")


@contextmanager
def installing(progress: Progress) -> Iterator[Callable[[str, float], None]]:
    """A callback for `install` that shows its progress as one line."""
    current: list[str] = []

    def show(sentence: str, fraction: float) -> None:
        if current[-1:] != [sentence]:
            current.append(sentence)
            progress.note(sentence)

    yield show
