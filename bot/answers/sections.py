"""Markdown answers taken apart: headings, and the fenced blocks below them."""

from __future__ import annotations

import json
import re
from typing import Any

LIMIT = 400_000
"""Characters of an answer that are read."""

_HEADING = re.compile(r"^\s{0,3}(?:#{1,6}\s*|\*\*)([A-Za-z][\w ]{0,60}?)\s*:?\s*(?:\*\*|#*)\s*:?\s*$", re.MULTILINE)
_FENCE = re.compile(r"^(?P<fence>`{3,}|~{3,})[^\n]*\n(?P<body>.*?)(?:^(?P=fence)[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)


def sections(text: str) -> dict[str, str]:
    """The text below each heading, by the heading in lower case; headings inside fences are none."""
    text = text[:LIMIT].replace("\r\n", "\n")
    hidden = [(match.start(), match.end()) for match in _FENCE.finditer(text)]
    marks = [
        match for match in _HEADING.finditer(text) if not any(start <= match.start() < end for start, end in hidden)
    ]
    ends = [match.start() for match in marks[1:]] + [len(text)]
    found: dict[str, str] = {}
    for match, end in zip(marks, ends, strict=False):  # without a heading there is an end all the same
        found.setdefault(match[1].strip().lower(), text[match.end() : end].strip("\n"))
    return found


def block(text: str) -> str | None:
    """The longest fenced block of a text; null where there is none."""
    bodies = [match["body"] for match in _FENCE.finditer(text[:LIMIT].replace("\r\n", "\n"))]
    return max(bodies, key=len, default=None)


def json_object(text: str) -> dict[str, Any] | None:
    """The JSON object an answer is, alone, in a fence, or with words around it; null where there is none."""
    tried = [text, block(text) or "", text[text.find("{") : text.rfind("}") + 1]]
    for candidate in tried:
        try:
            value = json.loads(candidate[:LIMIT])
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            return value
    return None
