"""Changes: what a rule would do at one place, and the patch that comes of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from bot.models.base import Frozen
from bot.models.citation import Citation
from bot.models.fault import Fault
from bot.models.question import Question
from bot.models.release import Release


class Edit(Frozen):
    """Replace the characters `start` to `end` (end excluded) of a file's decoded text by `text`."""

    start: int
    end: int
    text: str


class Decision(StrEnum):
    """What a rule does about one place."""

    REPAIR = "repair"
    EXPLAIN = "explain"
    """It knows what is wrong, and a person must decide."""
    LEAVE = "leave"
    """The place is left as it is, and the report says why."""


class Requirement(Frozen):
    """Something the new code uses, and the oldest release in which it is reached (a guard's bound).

    `since` is null where the new code runs in every supported release; `until` excludes the release
    it names.
    """

    question: Question
    since: Release | None = None
    until: Release | None = None

    def applies_to(self, release: Release) -> bool:
        """Whether the new code uses it in this release."""
        return (self.since is None or release >= self.since) and (self.until is None or release < self.until)


class Repair(Frozen):
    """One place a rule knows about, and what it would do there.

    The place is a fault when `question` is answered "no" by a release the run must prove, or when
    the fault named by `fault` was seen at it. `message` names the fault, `title` the cure.
    """

    rule: str
    path: str
    line: int
    end_line: int
    message: str
    title: str
    decision: Decision = Decision.REPAIR
    reason: str = ""
    edits: tuple[Edit, ...] = ()
    question: Question | None = None
    requires: tuple[Requirement, ...] = ()
    owner: str | None = None
    member: str | None = None
    fault: Fault | None = None
    cleared_by: str | None = None
    """A check that contradicts the question's answer when it passes, or when it is not there although the
    add-on loads: `class:Name` where the add-on itself puts right what the code alone gets wrong."""
    accompanies: bool = False
    """Made along with other repairs, never by itself: what it changes is no fault in the releases run."""


class Patch(Frozen):
    """A unified diff against the base commit, made by git, and the repairs it came from."""

    diff: str
    """Unified diff, decoded with `encoding`, so that it can be written back byte for byte."""
    encoding: Literal["utf-8", "latin-1"] = "utf-8"
    """Latin-1, which every byte has a character in, where the diff is no UTF-8."""
    files: tuple[str, ...] = ()
    added: int = 0
    removed: int = 0
    repairs: tuple[Repair, ...] = ()
    changed_lines: dict[str, tuple[int, ...]] = {}
    """By path, the lines of the new file the patch added."""
    refused: tuple[str, ...] = ()
    """Why the policy does not let it be used; empty when it may."""
    by: Literal["rules", "model"] = "rules"
    """Who wrote it; what a model wrote may stand on top of what rules did."""
    own: str = ""
    """What the model's part changes, where rules had their part before: a diff for people and models to read."""
    summary: str = Field(default="", max_length=4000)
    """A model's own words about it; hostile text."""
    cites: tuple[Citation, ...] = ()
    """What the model says it rests on; each was in its prompt."""
    names: tuple[str, ...] = ()
    """The names of Blender's API a model's lines use."""
    query: str = Field(default="", max_length=400)
    """What the model would see first, where it gave no patch."""
    unanswered: str = ""
    """Why no model answered; nothing was tried then."""

    @property
    def empty(self) -> bool:
        """Whether nothing is changed."""
        return not self.diff

    @property
    def rules(self) -> tuple[str, ...]:
        """The codes of the rules that took part, sorted."""
        return tuple(sorted({repair.rule for repair in self.repairs}))


EMPTY = Patch(diff="")
"""The patch the first attempt starts from."""
