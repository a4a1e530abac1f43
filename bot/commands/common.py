"""What several commands share: reading text files, lists of releases, the progress on stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from pydantic import TypeAdapter, ValidationError

from bot.errors import MissingError, UsageError
from bot.models.release import Release
from bot.models.request import Mode, Turn
from bot.triggers.decoding import decode

if TYPE_CHECKING:
    from bot.reporting.terminal import Progress
    from bot.settings import Settings

MAX_TEXT = 5_000_000
"""Bytes of a text that are read: its end, where the newest error stands."""

MAX_STREAM = 200_000_000
"""Bytes of a stream that are looked at: a device or a pipe may have no end."""

MAX_TASK = 200_000
"""Characters of a task."""

STANDARD_INPUT = Path("-")
PASTE = "Paste the text for {flag}, then press Ctrl-D on a line of its own.\n"
TWICE = "--log and --issue-file cannot both be read from standard input."
TWICE_CURE = "Save one of them to a file and name it."
BAD_MODE = "--mode: {mode!r} is no kind of work."
BAD_MODE_CURE = "Choose one of: {names}. To look without repairing: bot check"
NO_WORDS = "--mode {mode} needs a task."
NO_WORDS_CURE = 'Say it in words: bot run --mode {mode} --task "..."'
BAD_THREAD = "--thread: {path}: {place}: {why}."
BAD_THREAD_CURE = 'It is a JSON list: [{"author": "ann", "text": "It also fails with two objects."}]'
UNREADABLE = "{flag}: {path} cannot be read: {why}."
UNREADABLE_CURE = "Check the path; `-` reads standard input."


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


class Asked(NamedTuple):
    """What a person hands in: the task in words, and every text that may hold a traceback."""

    task: str
    log: str


def asked(task: str | None, issue_file: Path | None, log: Path | None) -> Asked:
    """The texts of `--task`, `--issue-file` and `--log`; `-` is standard input. An issue is both task and log.

    Raises:
        UsageError: a file cannot be read, or standard input is named twice.
    """
    if issue_file == log == STANDARD_INPUT:
        raise UsageError(TWICE, TWICE_CURE)
    issue = read_text(issue_file, "--issue-file") if issue_file else ""
    told = read_text(log, "--log") if log else ""
    words = "\n\n".join(part for part in (task or "", issue) if part)
    texts = "\n".join(part for part in (told, issue, task or "") if part)
    return Asked(words[:MAX_TASK], texts[:MAX_TEXT])


def mode(text: str) -> Mode:
    """The mode of this name.

    Raises:
        UsageError: there is none, or it is another command.
    """
    names = [one.value for one in Mode if one is not Mode.CHECK]
    if text not in names:
        raise UsageError(BAD_MODE.format(mode=text), BAD_MODE_CURE.format(names=", ".join(names)))
    return Mode(text)


def check_words(wanted: Mode, task: str) -> None:
    """See that there is a task where the mode cannot do without.

    Raises:
        UsageError: there is none.
    """
    if wanted not in (Mode.FIX, Mode.CHECK) and not task.strip():
        raise UsageError(NO_WORDS.format(mode=wanted.value), NO_WORDS_CURE.format(mode=wanted.value))


def turns(path: Path) -> tuple[Turn, ...]:
    """The conversation in a file.

    Raises:
        UsageError: it cannot be read, or is no list of turns.
    """
    try:
        return TypeAdapter(tuple[Turn, ...]).validate_json(read_text(path, "--thread"))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise UsageError(BAD_THREAD.format(path=path, place=place, why=first["msg"]), BAD_THREAD_CURE) from error


def keyless(settings: Settings) -> None:
    """Hand the keys of model providers to the broker, and start this command anew without them.

    It returns where there is no key, or where no model is wanted: then nothing looks at a key at all. Without a
    working sandbox nobody gets them.
    """
    if settings.llm == "none" and not settings.roles:
        return
    from bot.llm.starting import shed_keys, this_command
    from bot.sandbox.registry import select

    try:
        works = settings.sandbox != "none" and select(settings.sandbox) is not None
    except MissingError:
        works = False
    shed_keys(os.environ, this_command(), sandboxed=works)


def read_text(path: Path, flag: str) -> str:
    """A text file the user named, or standard input for `-`, in whatever encoding; only its end where it is long.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        if path == STANDARD_INPUT:
            if sys.stdin.isatty():
                sys.stderr.write(PASTE.format(flag=flag))
            return decode(_end(sys.stdin.buffer))
        with path.open("rb") as file:
            size = path.stat().st_size
            if size > MAX_TEXT:
                # an even number of bytes: UTF-16 stays in step
                file.seek((size - MAX_TEXT) & ~1)
            return decode(_end(file))
    except OSError as error:
        raise UsageError(UNREADABLE.format(flag=flag, path=path, why=error.strerror), UNREADABLE_CURE) from error


def _end(stream: BinaryIO) -> bytes:
    """The last `MAX_TEXT` bytes of a stream, which is read no further than `MAX_STREAM`: it may have no end."""
    kept = bytearray()
    total = 0
    while total < MAX_STREAM and (part := stream.read(1 << 20)):
        total += len(part)
        kept += part
        del kept[: max(len(kept) - MAX_TEXT, 0) & ~1]
    return bytes(kept)


@contextmanager
def installing(progress: Progress) -> Iterator[Callable[[str, float], None]]:
    """A callback for `install` that shows its progress as one line."""
    current: list[str] = []

    def show(sentence: str, fraction: float) -> None:
        if current[-1:] != [sentence]:
            current.append(sentence)
            progress.note(sentence)

    yield show
