"""Changes of Blender's API that people wrote down, each with its source: similarity alone only guesses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Literal, get_args

WhatChanged = Literal["removed", "added", "renamed", "moved", "signature", "enum", "type"]
"""What can become of a symbol between two releases.

`renamed` keeps its owner, `moved` finds another; `enum` is about items, `type` about what a value
is, whether it can be assigned included.
"""

FILE = "api_changes.jsonl"
"""One JSON object a line, keys as the fields of `KnownChange`; ours, shipped as package data."""


@dataclass(frozen=True, slots=True)
class KnownChange:
    """One written-down change. `old` is spelled as the old release's documentation has it.

    `part` is the parameter or enum item that is meant, empty for the symbol as a whole. `since` is the
    first release where `old` no longer holds. `new` are the symbols to use instead, best first.
    `stated` marks what no comparison of two tables can show, so that this line is all there is.
    """

    old: str
    since: str
    what: WhatChanged
    url: str
    new: tuple[str, ...] = ()
    part: str = ""
    note: str = ""
    stated: bool = False

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> KnownChange:
        """From a line of the file.

        Raises:
            ValueError: `what` is none of the known kinds.
            KeyError: a field is missing.
        """
        if data["what"] not in get_args(WhatChanged):
            raise ValueError(f"{data['what']!r} is no kind of change")
        return cls(
            str(data["old"]),
            str(data["since"]),
            data["what"],
            str(data["url"]),
            tuple(map(str, data.get("new", ()))),
            str(data.get("part", "")),
            str(data.get("note", "")),
            data.get("stated") is True,
        )


@lru_cache(maxsize=1)
def known_changes() -> Mapping[str, tuple[KnownChange, ...]]:
    """Every written-down change by its old symbol; read once a process."""
    text = resources.files("indexer").joinpath("data", FILE).read_text(encoding="utf-8")
    found: dict[str, list[KnownChange]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        change = KnownChange.read(json.loads(line))
        found.setdefault(change.old, []).append(change)
    return {old: tuple(changes) for old, changes in found.items()}
