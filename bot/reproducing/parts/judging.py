"""What came of it: the exception that is expected, another one, or none."""

from __future__ import annotations

import os
import shutil
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import NoReturn

import bpy

from bot.reproducing.parts.names import EXPECTED, FOLDER, PRINTED, RELEASE

SEEN: list[BaseException] = []
"""What operators, polls, updates and handlers raised: Blender makes text of it, or only prints it."""


def witness(_kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Stands in for `sys.excepthook`, to which Blender hands such an exception as it was."""
    SEEN.append(error.with_traceback(error.__traceback__ or trace))


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An exception, and those it came from."""
    known: list[BaseException] = []
    while error is not None and not any(error is one for one in known):
        yield error
        known.append(error)
        error = error.__cause__ or error.__context__


def place(error: BaseException, root: str) -> tuple[str, int]:
    """File and line of the add-on's code an exception comes from; no file where it does not come from there."""
    spots = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    spots += [(error.filename or "", error.lineno or 0)] if isinstance(error, SyntaxError) else []
    for file, line in reversed(spots):
        path = os.path.normpath(file)
        if path == root:
            return Path(path).name, line
        if path.startswith(root + os.sep):
            return path[len(root) + 1 :].replace(os.sep, "/"), line
    return "", 0


def expected(error: BaseException, root: str) -> bool:
    """Whether it is the exception this is about, raised where it is expected."""
    return type(error).__name__ == EXPECTED[0] and (not EXPECTED[1] or place(error, root) == EXPECTED[1:])


def judge(raised: BaseException | None, root: str) -> NoReturn:
    """Say what came of it, and end with the status that tells."""
    found = [one for error in (raised, *SEEN) for one in chain(error)]
    shown = next((one for one in found if expected(one, root)), None)
    inside = next((one for one in found if place(one, root)[0]), None)
    error = shown or (inside or raised if raised is not None or PRINTED else None)
    if error is None:
        leave(0, "Nothing was raised: the fault does not show.")
    traceback.print_exception(type(error), error, error.__traceback__)
    file, line = place(error, root)
    where = f"{type(error).__name__} at {file}:{line}" if file else type(error).__name__
    if shown is not None:
        leave(1, f"{where}, as expected: the fault shows.")
    wanted = f"{EXPECTED[0]} at {EXPECTED[1]}:{EXPECTED[2]}" if EXPECTED[1] else EXPECTED[0]
    leave(3, f"{where}, which is not what was expected: {wanted}.")


def leave(status: int, words: str) -> NoReturn:
    """End at once: Blender as a module can hang when it ends."""
    if bpy.app.version[:2] != RELEASE:
        print(f"It was seen in Blender {RELEASE[0]}.{RELEASE[1]}; this is {bpy.app.version_string}.", file=sys.stderr)
    print(words, file=sys.stderr)
    sys.stdout.flush()
    sys.stderr.flush()
    shutil.rmtree(FOLDER, ignore_errors=True)
    os._exit(status)
