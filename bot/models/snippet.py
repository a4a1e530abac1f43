"""A snippet: code for Blender that a model wrote for a task in words, and what real Blenders said of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from bot.models.base import Frozen
from bot.models.citation import Citation
from bot.models.opinion import Opinion
from bot.models.release import Release
from bot.models.report import Cost

SNIPPET_SCHEMA: Literal["bcrag.snippet/1"] = "bcrag.snippet/1"
"""The version of report.json of a snippet; a change that breaks readers raises it."""


class SnippetRequest(Frozen):
    """What is asked for. `releases` are those it must work in, oldest first; `task` is hostile text."""

    id: str
    task: str = Field(min_length=1, max_length=200_000)
    releases: tuple[Release, ...] = Field(min_length=1)
    max_attempts: int = Field(default=3, ge=1, le=20)


class Draft(Frozen):
    """A model's answer, read and not yet believed: the code, and what it says that it rests on."""

    code: str = Field(max_length=60_000)
    cites: tuple[Citation, ...] = ()


class SnippetCheck(Frozen):
    """What was found without running anything; each complaint is a sentence and names its line.

    `advice` is a type checker's opinion, which is no complaint: stubs know less than Blender.
    """

    complaints: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    names: tuple[Citation, ...] = ()
    """The names of Blender's API it uses that are there, each with its page."""
    missing: int = 0
    """How many names it uses that are not there in some release."""


class SnippetRun(Frozen):
    """Two runs in one scene of one release. `reached` is false where no Blender could be asked; `said` says why."""

    release: Release
    version: str = ""
    reached: bool = True
    passed: bool = False
    said: str = ""
    """What it raised, and where; empty where it came to its end twice."""
    traceback: str = ""
    made: dict[str, tuple[int, ...]] = {}
    """How many there were of what became more or fewer: before, after the first run, after the second."""
    seconds: float = 0.0
    starts: int = 0

    @property
    def again(self) -> dict[str, tuple[int, ...]]:
        """What the second run made more or fewer of."""
        return {name: counts for name, counts in self.made.items() if len(counts) == 3 and counts[1] != counts[2]}

    @property
    def idempotent(self) -> bool:
        """Whether it ran twice and the second run left as much as the first."""
        return self.passed and not self.again


class SnippetAttempt(Frozen):
    """One draft, and all that was found of it. `why` says why it is not good enough; empty where it is."""

    number: int
    draft: Draft
    check: SnippetCheck
    runs: tuple[SnippetRun, ...] = ()
    why: str = ""

    @property
    def good(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.why


class Criterion(Frozen):
    """One part of the score: a mark from 0 to 1, what it weighs, and the reason in a sentence."""

    name: str
    mark: float = Field(ge=0, le=1)
    weight: float = Field(gt=0, le=1)
    why: str


class SnippetStatus(StrEnum):
    """What came of it."""

    VERIFIED = "verified"
    """It ran twice in every release named, and nothing speaks against it."""
    PROBLEMS = "problems"
    """What is there is the best attempt, or nothing."""


class SnippetReport(Frozen):
    """Everything that is known of a snippet. The version field comes first."""

    schema_: str = Field(default=SNIPPET_SCHEMA, alias="schema", serialization_alias="schema")
    id: str
    status: SnippetStatus
    summary: str
    """One sentence for people."""
    request: SnippetRequest
    code: str = ""
    score: float = 0.0
    criteria: tuple[Criterion, ...] = ()
    citations: tuple[Citation, ...] = ()
    """What the model says it rests on, then the other names of the API it uses."""
    opinion: Opinion | None = None
    """A critic model's, apart from the score; null where none was asked."""
    attempts: tuple[SnippetAttempt, ...] = ()
    best: int | None = None
    """The number of the attempt whose code this is."""
    render: str | None = None
    """The picture of what it makes, a file of the folder."""
    cost: Cost = Cost()
    timings: dict[str, float] = {}
    """Seconds per step."""
    versions: dict[str, str] = {}

    model_config = {"populate_by_name": True}
