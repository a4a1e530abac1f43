"""Paths as answers write them: where a line names one, and what the repository calls it. Hostile ones are refused."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from bot.edits.unclear import Unclear

TOO_LONG = "A path has {length} characters; {limit} is the limit."
EMPTY = "A change names an empty path: write the file's path relative to the root of the repository."
BACKSLASH = "The path {path} has a backslash: separate folders by `/`, relative to the root of the repository."
CONTROL = "The path {path} holds control characters: write the file's path as it was shown."
ABSOLUTE = "The path {path} is absolute: write it relative to the root of the repository."
UPWARDS = "The path {path} holds `..`: write it relative to the root of the repository, which no change may leave."
GIT = "The path {path} lies in `.git`, which no change may touch."

MAX_PATH = 1000
MAX_LINE = 3 * MAX_PATH
"""Characters of a line that are looked at for a path."""
_SHOWN = 120

_QUOTED = re.compile(r"`([^`\n]+)`|\*\*([^*\n]+)\*\*|\"([^\"\n]+)\"")
_LABEL = re.compile(r"^(?:file(?:name)?|path|in|patch|update|edit|modify|changes? (?:to|in))\b\s*:?\s*", re.IGNORECASE)
_DRESS = re.compile(r"^(?://\s+|[#*>\s]+|-\s+|\d+[.)]\s+)+|[\s:*#]+$")
_EXTENSION = re.compile(
    r"\.(?:py|pyi|txt|md|rst|toml|json|glsl|vert|frag|geom|comp|osl|cfg|ini|xml|html|css|js|csv|svg|ya?ml|sh|in|po|"
    r"pot|lock|blend|png|c|h|cpp|rs)$",
    re.IGNORECASE,
)


def repository_path(raw: str) -> str:
    """A path relative to the repository's root, normalised.

    Raises:
        Unclear: it would leave the repository, or is no path at all.
    """
    shown = repr(raw.strip()[:_SHOWN])
    if any(ord(character) < 32 or 127 <= ord(character) < 160 for character in raw.strip("\t\r\n ")):
        raise Unclear(CONTROL.format(path=shown))
    raw = raw.strip().strip("`\"'").strip()
    if len(raw) > MAX_PATH:
        raise Unclear(TOO_LONG.format(length=len(raw), limit=MAX_PATH))
    if "\\" in raw:
        raise Unclear(BACKSLASH.format(path=shown))
    parts = [part for part in raw.split("/") if part not in ("", ".")]
    if raw.startswith("/") or re.match(r"~|[A-Za-z]:", "/".join(parts)):
        raise Unclear(ABSOLUTE.format(path=shown))
    if ".." in parts:
        raise Unclear(UPWARDS.format(path=shown))
    if not parts:
        raise Unclear(EMPTY)
    if any(part.lower() == ".git" for part in parts):
        raise Unclear(GIT.format(path=shown))
    return str(PurePosixPath(*parts))


def named(line: str) -> str | None:
    """The path a line of an answer announces, as it is written there; None where it announces none."""
    line = line[:MAX_LINE]
    for quoted in _QUOTED.finditer(line):
        inner = next(group for group in quoted.groups() if group).strip()
        inner = inner.partition("::")[0].strip()
        if looks_like_path(inner):
            return inner
    bare = _DRESS.sub("", line.partition("::")[0])
    label = _LABEL.match(bare)
    bare = _DRESS.sub("", bare[label.end() :] if label else bare)
    if looks_like_path(bare) and (label or " " not in bare):
        return bare
    words = [word.strip("'\"()[]*,:;") for word in bare.split()]
    found = {word for word in words if looks_like_path(word) and _EXTENSION.search(word)}
    return found.pop() if len(found) == 1 else None


def looks_like_path(text: str) -> bool:
    """Whether a piece of text is meant as a path: it has a known extension, or folders."""
    if not text or len(text) > MAX_PATH * 2 or any(mark in text for mark in "()<>{}=;,`\n"):
        return False
    if _EXTENSION.search(text):
        return True
    return bool(re.fullmatch(r"[\w.~:\\-]*[/\\][\w./\\-]*\w", text))
