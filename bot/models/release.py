"""Blender releases and the range of them an add-on supports."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from bot.models.base import Frozen

_SPELLING = re.compile(r"v?(\d{1,2})\.(\d{1,3})(?:\.\d+)?\S*")


@total_ordering
@dataclass(frozen=True)
class Release:
    """One Blender release line, `4.5`: the patch level never changes the Python API.

    Ordered by number, written and serialised as text. `2.8` is read as `2.80`, as Blender's own
    `bl_info` spells it.
    """

    major: int
    minor: int

    @classmethod
    def parse(cls, text: str) -> Release:
        """Read `4.5`, `4.5.15`, `v2.93` or `5.0.0 Beta`.

        Raises:
            ValueError: the text is no release.
        """
        match = _SPELLING.fullmatch(text.strip().split(" ")[0])
        if match is None:
            raise ValueError(f"{text!r} is no Blender release; write it as 4.5")
        return cls.of(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, major: int, minor: int) -> Release:
        """The release of a version tuple such as `bl_info["blender"]` holds it."""
        if major == 2 and minor < 10:
            minor *= 10
        return cls(major, minor)

    @property
    def tuple_text(self) -> str:
        """The release as `bpy.app.version` is compared in code: `(4, 1, 0)`."""
        return f"({self.major}, {self.minor}, 0)"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Release):
            return NotImplemented
        return (self.major, self.minor) < (other.major, other.minor)

    def __str__(self) -> str:
        return f"{self.major}.{self.minor:02d}" if self.major == 2 else f"{self.major}.{self.minor}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def read(value: object) -> Release:
            if isinstance(value, Release):
                return value
            if isinstance(value, str):
                return cls.parse(value)
            raise ValueError("a Blender release is written as text, such as 4.5")

        return core_schema.no_info_plain_validator_function(
            read,
            json_schema_input_schema=core_schema.str_schema(pattern=r"^\d+\.\d+$"),
            serialization=core_schema.to_string_ser_schema(),
        )


OLDEST = Release(2, 80)
"""The oldest release a repair can keep working: older Python cannot hold today's syntax."""

KNOWN: tuple[Release, ...] = (
    *(Release(2, minor) for minor in (80, 81, 82, 83, 90, 91, 92, 93)),
    *(Release(3, minor) for minor in range(7)),
    *(Release(4, minor) for minor in range(6)),
    Release(5, 0),
    Release(5, 1),
)
"""Every release line there has been, oldest first."""


class SupportRange(Frozen):
    """The releases, both ends included, that a repair must keep working."""

    oldest: Release
    newest: Release

    def __contains__(self, release: Release) -> bool:
        return self.oldest <= release <= self.newest

    def releases(self) -> tuple[Release, ...]:
        """Every known release inside the range, oldest first."""
        return tuple(release for release in KNOWN if release in self)

    def __str__(self) -> str:
        return str(self.oldest) if self.oldest == self.newest else f"{self.oldest} to {self.newest}"
