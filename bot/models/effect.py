"""What an operator does to a scene, in numbers: a repair must not change it."""

from __future__ import annotations

from pydantic import Field

from bot.models.base import Frozen
from bot.models.measures import MOST_OBJECTS, ObjectMeasures
from bot.models.release import Release


class Effect(Frozen):
    """What was another after an operator had run, in the scene its probe names.

    `changed` has objects as they are afterwards; `nodes` the number of nodes of each tree that has more or fewer;
    `files` the bytes of each file that was written.
    """

    made: dict[str, ObjectMeasures] = Field(default={}, max_length=MOST_OBJECTS)
    changed: dict[str, ObjectMeasures] = Field(default={}, max_length=MOST_OBJECTS)
    removed: tuple[str, ...] = Field(default=(), max_length=MOST_OBJECTS)
    nodes: dict[str, int] = Field(default={}, max_length=MOST_OBJECTS)
    files: dict[str, int] = Field(default={}, max_length=MOST_OBJECTS)

    @property
    def nothing(self) -> bool:
        """Whether nothing was another."""
        return not (self.made or self.changed or self.removed or self.nodes or self.files)


class Sameness(Frozen):
    """One operator before a repair, in a release where it worked, and after it, in this or another release."""

    operator: str
    before: Release
    after: Release
    differences: tuple[str, ...] = ()
    """What is not the same, in sentences of bounded number and length; hostile text in quotes."""
    settled: bool = False
    """Seen twice on both trees: what differs is not chance."""
