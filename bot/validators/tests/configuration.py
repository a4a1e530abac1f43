"""What a repository's configuration of pytest says about which tests there are: read as data, nothing of it is run.

pytest itself reads the same files in the sandbox; from here come the files it is given, and those of its options that
say which tests count or how they are imported. All other options may need plugins that are not there.
"""

from __future__ import annotations

import configparser
import shlex
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

PATTERNS = ("test_*.py", "*_test.py")
"""What pytest takes for a file of tests unless it is told otherwise."""
_KEPT = ("--import-mode", "--ignore", "--ignore-glob", "--deselect", "-k", "-m")
_LONGEST = 500
_MOST = 100

Read = Callable[[str], str]
"""A file of the repository, by its path; empty where there is none."""


@dataclass(frozen=True)
class Configuration:
    """`folders` are where tests are (empty: anywhere); `there` says whether pytest is configured at all."""

    there: bool = False
    folders: tuple[str, ...] = ()
    patterns: tuple[str, ...] = PATTERNS
    options: tuple[str, ...] = ()


def configuration(read: Read) -> Configuration:
    """What the first of pytest's configuration files in the root of the repository says, in pytest's own order."""
    for name, section in (
        ("pytest.ini", "pytest"),
        (".pytest.ini", "pytest"),
        ("pyproject.toml", "tool.pytest.ini_options"),
        ("tox.ini", "pytest"),
        ("setup.cfg", "tool:pytest"),
    ):
        text = read(name)
        table = _toml(text, section) if name.endswith(".toml") else _ini(text, section)
        if table is not None:
            return Configuration(
                there=True,
                folders=tuple(_words(table.get("testpaths"))),
                patterns=tuple(_words(table.get("python_files"))) or PATTERNS,
                options=tuple(_options(_words(table.get("addopts"), split=shlex.split))),
            )
    return Configuration()


def _toml(text: str, section: str) -> Mapping[str, object] | None:
    try:
        found: object = tomllib.loads(text)
    except (ValueError, RecursionError):
        return None
    for part in section.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None


def _ini(text: str, section: str) -> Mapping[str, object] | None:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except (configparser.Error, ValueError):
        return None
    return dict(parser[section]) if parser.has_section(section) else None


def _words(value: object, split: Callable[[str], list[str]] = str.split) -> list[str]:
    try:
        words = (
            split(value) if isinstance(value, str) else [str(one) for one in value] if isinstance(value, list) else []
        )
    except ValueError:  # a quote that does not end
        return []
    return [word for word in words if len(word) <= _LONGEST][:_MOST]


def _options(words: Sequence[str]) -> Iterator[str]:
    """Those that are kept, each with its value."""
    places = iter(range(len(words)))
    for place in places:
        name, equals, _ = words[place].partition("=")
        if name in _KEPT and (equals or place + 1 < len(words)):
            yield words[place]
            if not equals:
                yield words[next(places)]
