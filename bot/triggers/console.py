"""What Blender's console says without a traceback: a complaint, and on its own line the place it is about.

Blender prints `file.py:12` after such a complaint where Python code led to it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from bot.models.release import Release
from bot.triggers.files import Files
from bot.triggers.tracebacks import LogFrame, Told

MOST = 1_000
"""More complaints are not read."""

WORDS = ("annotation: ", "unknown operator", "property not found")
"""A text without any of these holds no complaint with a place."""

ANNOTATION = "property '{member}' of {owner} is assigned, not annotated"

_PLACE = re.compile(r"\.py:(?P<line>\d{1,7})\s*$")
_LONGEST_PATH = 500
_ASSIGN = re.compile(r"(?:assign as a type|make) annotation: (?P<owner>\w{1,200})\.(?P<member>\w{1,200})")
_LAYOUT = re.compile(
    r"\b(?P<message>(?:rna_)?ui\w{3,60}: (?:unknown operator '[\w.]{1,200}'"
    r"|(?:[a-z-]{1,20} ){0,3}property not found: [\w.]{1,200}))"
)
_NOT_LOADED = re.compile(
    r"[Aa]dd-on not loaded: \"(?P<name>[^\"]{1,200})\",? (?:cause|because):? (?P<message>.{1,500})"
)
_REGISTERING = re.compile(r"\bError: (?P<message>Registering \w{1,20} class: '\w{1,200}', .{1,300})")
_LONE = re.compile(r"(?<![\w.'\"])([A-Z]\w{0,80}(?:Error|Exception)): (\S.{0,2000})")
_SCRIPTS = re.compile(r"[/\\](\d\.\d{1,2})[/\\]scripts[/\\]")
_NEAR = 3


def said(lines: Iterator[str], files: Files) -> Iterator[Told]:
    """Every complaint, with its place where Blender said one within the add-on."""
    recent: deque[str] = deque(maxlen=_NEAR)
    pending: list[tuple[str, str]] = []  # what was said, and the line it was said on, waiting for its place
    count = 0
    for line in lines:
        if count >= MOST:
            return
        text = line.strip()
        if pending and (where := _place(text, files)).frame is not None:
            for message, whole in pending:
                count += 1
                yield _told(message, whole, where)
            pending = []
            continue
        if found := _ASSIGN.search(text):
            # the place, where there is one, was said between the class and this line
            message = ANNOTATION.format(owner=found["owner"], member=found["member"])
            places = [there for one in recent if (there := _place(one, files)).path]
            count += 1
            yield _told(message, text, places[-1] if places else _NOWHERE)
        elif found := _LAYOUT.search(text):
            yield from _unplaced(pending)
            pending = [(found["message"], text)]
        elif pending and recent and not text:
            yield from _unplaced(pending)
            pending = []
        recent.append(text)
    yield from _unplaced(pending)


def without_place(lines: Iterator[str]) -> Iterator[Told]:
    """The complaints that say what went wrong and never where, for a log that holds nothing better."""
    for line in lines:
        if found := _NOT_LOADED.search(line):
            # Blender tells the cause of an import that failed without the exception's name
            exception = "ModuleNotFoundError" if found["message"].startswith("No module named") else "ImportError"
            yield Told((), exception, found["message"].strip(), "", None)
        elif found := _REGISTERING.search(line):
            yield Told((), "RuntimeError", found["message"].strip(), "", None)
        elif found := _LONE.search(line):
            yield Told((), found[1], found[2].strip().strip("`*").rstrip(), "", None)


@dataclass(frozen=True)
class _Place:
    """Where Blender says a complaint came from: its path as it was said, and the add-on's line it means."""

    path: str = ""
    frame: LogFrame | None = None


_NOWHERE = _Place()


def _unplaced(pending: list[tuple[str, str]]) -> Iterator[Told]:
    for message, whole in pending:
        yield _told(message, whole, _NOWHERE)


def _place(text: str, files: Files) -> _Place:
    found = _PLACE.search(text)
    if found is None:
        return _NOWHERE
    name = text[: found.start() + len(".py")][-_LONGEST_PATH:]
    path = files.find(name)
    return _Place(name, LogFrame(path, int(found["line"])) if path is not None else None)


def _told(message: str, whole: str, place: _Place) -> Told:
    release = _SCRIPTS.search(place.path)
    frames = (place.frame,) if place.frame else ()
    return Told(frames, None, message, whole[:500], Release.parse(release[1]) if release else None)
