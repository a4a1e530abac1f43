"""Failures as pytest prints them: `path:line: AttributeError` after `E   AttributeError: …`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.triggers.files import Files
from bot.triggers.messages import split
from bot.triggers.tracebacks import LONGEST_TEXT, MOST_FRAMES, LogFrame, Told

WORDS = ("E  ",)
"""A text without any of these holds no failure."""

_PLACE = re.compile(
    r"^(?P<path>(?:[A-Za-z]:)?[^\s:\"'|│][^:\"\n]{0,500}\.py):(?P<line>\d{1,7}): ?"
    r"(?:in (?P<function>\S{1,200})|(?P<exception>[A-Za-z_][\w.]{0,100})?)$"
)
_ERROR = re.compile(r"^E {2,10}(?P<text>\S.*)$")
_TITLE = re.compile(r"^(?:_{3,}|={3,}) .{0,300}(?:_{3,}|={3,})$")


def failures(lines: Iterator[str], files: Files) -> Iterator[Told]:
    """Every failure that went through the add-on."""
    frames: list[LogFrame] = []
    error = ""
    text: list[str] = []
    size = 0
    for line in lines:
        line = line.rstrip()
        if _TITLE.match(line):
            yield from _end(frames, error, text)
            frames, error, text, size = [], "", [], 0
        elif found := _ERROR.match(line):
            error = error or (found["text"] if split(found["text"])[0] else "")
        elif found := _PLACE.match(line):
            path = files.find(found["path"])
            if path is not None and len(frames) < MOST_FRAMES:
                frames.append(LogFrame(path, int(found["line"]), found["function"] or ""))
            if found["exception"]:
                yield from _end(frames, error or found["exception"], [*text, line])
                frames, error, text, size = [], "", [], 0
                continue
        if size < LONGEST_TEXT:
            text.append(line)
            size += len(line) + 1
    yield from _end(frames, error, text)


def _end(frames: list[LogFrame], error: str, text: list[str]) -> Iterator[Told]:
    if not frames or not error:
        return
    exception, message = split(error)
    yield Told(tuple(frames), exception, message, "\n".join(text)[-LONGEST_TEXT:], None)
