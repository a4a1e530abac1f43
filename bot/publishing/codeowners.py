"""Who answers for a file, as the repository's CODEOWNERS says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where the file may lie; GitHub takes the first of them."""
MOST_REVIEWERS = 5
MAX_FILE = 3_000_000
"""Bytes: a larger one GitHub does not read either."""
MAX_LINES = 20_000
_LONGEST = 500
_ANY = "**"
"""Any number of folders."""

_OWNER = re.compile(r"@([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))(?:/([A-Za-z0-9][A-Za-z0-9._-]{0,99}))?", re.ASCII)


@dataclass(frozen=True)
class Line:
    """A pattern and the owners it names: people `ann`, teams `us/core`. None: nobody owns what it matches."""

    pattern: str
    owners: tuple[str, ...]

    def matches(self, path: str) -> bool:
        """Whether it is about a file."""
        return _fits(self.pattern, path)


@dataclass(frozen=True)
class Reviewers:
    """Whom to ask."""

    users: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    """By their short names: the organisation is the repository's."""


def parsed(data: bytes) -> tuple[Line, ...]:
    """The lines of a CODEOWNERS file. One that is not as it should be is skipped, as GitHub does."""
    lines = []
    for text in data[:MAX_FILE].decode("utf-8", "replace").split("\n")[:MAX_LINES]:
        words = _words(text.strip()[:_LONGEST])
        if not words or words[0].startswith("!") or "[" in words[0]:
            continue
        owners = [_owner(word) for word in words[1:]]
        if all(owner is not None for owner in owners):
            lines.append(Line(words[0], tuple(owner for owner in owners if owner)))
    return tuple(lines)


def owners(lines: Sequence[Line], path: str) -> tuple[str, ...]:
    """Who owns a file: the last line that matches says it."""
    for line in reversed(lines):
        if line.matches(path):
            return line.owners
    return ()


def reviewers(lines: Sequence[Line], paths: Iterable[str], organisation: str, without: Iterable[str]) -> Reviewers:
    """Whom to ask for these files: the owners of most of them first, at most five, and nobody of `without`."""
    left_out = {name.casefold() for name in without}
    counts: dict[str, int] = {}
    for path in paths:
        for owner in owners(lines, path):
            counts[owner] = counts.get(owner, 0) + 1
    users: list[str] = []
    teams: list[str] = []
    for owner in sorted(counts, key=lambda name: -counts[name]):
        if len(users) + len(teams) == MOST_REVIEWERS:
            break
        group, slash, team = owner.partition("/")
        if slash:
            if group.casefold() == organisation.casefold():
                teams.append(team)
        elif owner.casefold() not in left_out:
            users.append(owner)
    return Reviewers(tuple(users), tuple(teams))


def _words(text: str) -> list[str]:
    """The words of a line up to its comment; a blank after a backslash, and a `#` after one, belong to a word."""
    words: list[str] = []
    for word in re.findall(r"(?:\\.|[^\s\\])+", text):
        if word.startswith("#"):
            break
        words.append(word.replace("\\ ", " ").replace("\\#", "#"))
    return words


def _owner(word: str) -> str | None:
    """The owner a word names; empty for an address, whose account we do not know; None where it is none."""
    found = _OWNER.fullmatch(word)
    if found is not None:
        return found[1] + (f"/{found[2]}" if found[2] else "")
    return "" if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", word) else None


def _fits(pattern: str, path: str) -> bool:
    """Whether a pattern is about a path: like a line of .gitignore, without `!` and `[ ]`."""
    parts, steps = pattern.strip("/").split("/"), path.split("/")
    if not parts[0]:
        return False
    anchored = "/" in pattern.rstrip("/")
    if not anchored:
        parts.insert(0, _ANY)
    reached = {0}
    for place, part in enumerate(parts):
        if part == _ANY:
            first = min(reached) + (place == len(parts) - 1)
            reached = set(range(first, len(steps) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(steps) and _alike(part, steps[at])}
        if not reached:
            return False
    itself = len(steps) in reached and not pattern.endswith("/")
    # `docs/*` is about the files in it, and not about those deeper down.
    below = min(reached) < len(steps) and (pattern.endswith("/") or not (anchored and parts[-1] == "*"))
    return itself or below


def _alike(part: str, step: str) -> bool:
    """Whether one part of a pattern, with `*` and `?`, is one step of a path; in time the product of both at most."""
    at = here = 0
    star, tried = -1, 0
    while here < len(step):
        if at < len(part) and part[at] == "*":
            star, tried, at = at, here, at + 1
        elif at < len(part) and part[at] in ("?", step[here]):
            at, here = at + 1, here + 1
        elif star >= 0:
            tried += 1
            at, here = star + 1, tried
        else:
            return False
    return not part[at:].strip("*")
