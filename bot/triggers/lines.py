"""A hostile text made into plain lines: as a terminal would have shown them.

Terminal colours, JSON around each line, HTML, typographic quotes and tracebacks pasted as one line
are undone here, so that those who read tracebacks need not know of them. One pass, bounded.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

LIMIT = 5_000_000
"""Characters of a log that are read."""

LONGEST = 4_000
"""Characters of a line that are kept."""

HEADER = "Traceback (most recent call last)"

_LONGEST_RAW = 40_000
_ANSI = re.compile(r"\x1b(?:\[[0-?]{0,40}[ -/]{0,5}[@-~]|\][^\x07\x1b\n]{0,500}(?:\x07|\x1b\\)|[@-Z\\^_])")
_LINE_END = re.compile(r"\r\n|\r|\n")
_ENTITY = re.compile(r"&(?:quot|lt|gt|amp|apos|nbsp|#\d{1,6}|#x[0-9a-fA-F]{1,6});")
_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:p|pre|code|div|span|details|summary|b|i|em|strong|samp|kbd|blockquote|li|ul|ol|tr|td|th|table|font|h[1-6])"
    r"(?: [^<>]{0,300})?>",
    re.IGNORECASE,
)
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2018\u2019\u201a\u201b", "'"),
        **dict.fromkeys("\u00a0\u2007\u202f", " "),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff"),
    }
)
"""What word processors, chats and web pages make of quotes and spaces; marks nobody sees are dropped."""

_WRITTEN_OUT = re.compile(r"\\(?:r\\n|[nrt\"'/\\])")
_MEANING = {"\\n": "\n", "\\r": "\n", "\\r\\n": "\n", "\\t": "\t"}
_FRAME_BEGINS = ' File "'
_ENDS_IN = re.compile(r"(?<=\s)(?=[A-Za-z_][\w.]{0,100}(?:Error|Exception|Interrupt|Exit|Iteration|Warning): )")
_JSON_KEYS = ("log", "message", "msg", "MESSAGE", "text")


def plain(log: str) -> Iterator[str]:
    """The lines of a log without what programs and web pages put around them, each at most `LONGEST` long."""
    for raw in _raw(log):
        for part in _unpacked(raw):
            yield part[:LONGEST]


def _raw(log: str) -> Iterator[str]:
    # halves of surrogate pairs (bytes that were no UTF-8) have no place in a report
    text = _ANSI.sub("", log[:LIMIT].encode("utf-8", "replace").decode()).translate(_PLAIN)
    start = 0
    for end in _LINE_END.finditer(text):
        yield text[start : min(end.start(), start + _LONGEST_RAW)]
        start = end.end()
    yield text[start : start + _LONGEST_RAW]


def _unpacked(line: str) -> Iterator[str]:
    if line.startswith("{") and (told := _json(line)) is not None:
        yield from (part for one in _LINE_END.split(told) for part in _unfolded(one))
        return
    if HEADER in line and "\\n" in line:
        line = _WRITTEN_OUT.sub(lambda found: _MEANING.get(found[0], found[0][-1]), line)
    if "<" in line:
        line = _TAG.sub("", _BREAK.sub("\n", line)).removesuffix("\n")
    if "&" in line:
        line = _ENTITY.sub(lambda found: html.unescape(found[0]).replace("\xa0", " "), line)
    for one in line.split("\n") if "\n" in line else (line,):
        yield from _unfolded(one)


def _json(line: str) -> str | None:
    """The text of a log line that is JSON, as docker and journald write it."""
    try:
        value: Any = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    told = next((value[key] for key in _JSON_KEYS if isinstance(value.get(key), str)), None)
    if told is None:
        return None
    text: str = told.encode("utf-8", "replace").decode()
    return text.removesuffix("\n")


def _unfolded(line: str) -> Iterator[str]:
    """A traceback that lost its line ends, its frames one a line again."""
    frames = line.count(_FRAME_BEGINS)
    if not (frames > 1 or (frames == 1 and HEADER in line)):
        yield line
        return
    first, *rest = line.split(_FRAME_BEGINS)
    yield first
    for number, part in enumerate(rest, 1):
        piece = f'  File "{part}'
        ends = [found.start() for found in _ENDS_IN.finditer(piece)] if number == len(rest) else []
        # after the frame `in f` the code and the exception follow, parted by nothing
        for begin, end in zip([0, *ends], [*ends, len(piece)], strict=True):
            yield piece[begin:end].rstrip()
