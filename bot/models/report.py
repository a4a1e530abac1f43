"""The report of a run: what `report.json` holds."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal

from pydantic import Field

from bot.models.attempt import Attempt
from bot.models.base import Frozen
from bot.models.citation import Citation
from bot.models.effect import Sameness
from bot.models.exchange import Exchange
from bot.models.fault import Fault
from bot.models.plan import Plan
from bot.models.release import Release
from bot.models.reproducer import ProposedTest, Reproducer
from bot.models.reproduction import Reproduction
from bot.models.request import RepairRequest
from bot.models.validation import NOT_REACHED, Difference, Outcome

SCHEMA_VERSION: Literal["bcrag.report/1"] = "bcrag.report/1"


class Status(StrEnum):
    """How a run ended."""

    CLEAN = "clean"
    REPAIRED = "repaired"
    PARTIAL = "partial"
    UNREPAIRED = "unrepaired"
    ANSWERED = "answered"
    """A question was asked, and here is the answer; nothing is changed."""
    ERROR = "error"


class PatchSummary(Frozen):
    """The patch as the report describes it; the diff itself is the file `path` of the bundle."""

    path: str
    files: tuple[str, ...]
    added: int
    removed: int
    rules: tuple[str, ...]


class Cost(Frozen):
    """What models cost; all zero without one. What a memory answered is in the calls, and cost nothing."""

    usd: float | None = 0.0
    """Null where the price of a model is not known."""
    input_tokens: int = 0
    output_tokens: int = 0
    calls: tuple[Exchange, ...] = ()

    @classmethod
    def of(cls, calls: Sequence[Exchange]) -> Cost:
        """The bill: what was paid for, and every call."""
        paid = [call for call in calls if not call.cached]
        prices = [call.usd for call in paid]
        return cls(
            usd=None if any(price is None for price in prices) else round(sum(price or 0.0 for price in prices), 6),
            input_tokens=sum(call.input_tokens for call in paid),
            output_tokens=sum(call.output_tokens for call in paid),
            calls=tuple(calls),
        )


class Answer(Frozen):
    """The answer to a question: Markdown with marks, and what each mark stands for; hostile text."""

    text: str = Field(max_length=20_000)
    cites: tuple[Citation, ...] = ()
    by: Literal["rules", "model"] = "model"


class Artifact(Frozen):
    """One file of the bundle: `path` relative to it, `kind` and a caption for people."""

    path: str
    kind: Literal["patch", "render", "report", "log", "scenario", "script", "test"]
    caption: str = ""


class Untried(Frozen):
    """A check that came to nothing: the add-on refused it, or it was skipped; `why` is a sentence for people."""

    check: str
    release: Release | None = None
    outcome: Outcome
    why: str = ""


class Looked(Frozen):
    """How much was looked at in one release: what came through and what failed, by the ids of checks; lines.

    What was refused or not tried, and why, stands in `Report.untried`. `ran` of `lines` lines that can run did; by
    file in `files`.
    """

    release: Release
    passed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    ran: int = 0
    lines: int = 0
    files: dict[str, tuple[int, int]] = {}


class Report(Frozen):
    """Everything a run found, did and proved. The version field comes first."""

    schema_: str = Field(default=SCHEMA_VERSION, alias="schema", serialization_alias="schema")
    id: str
    status: Status
    verified: bool
    summary: str
    """One or two sentences for people."""
    request: RepairRequest
    faults: tuple[Fault, ...]
    """The faults of the untouched commit."""
    remaining: tuple[Fault, ...] = ()
    """The faults that are still there with the best patch."""
    plan: Plan
    attempts: tuple[Attempt, ...]
    best: int | None = None
    """The number of the attempt whose patch this is."""
    patch: PatchSummary | None = None
    validation: tuple[Difference, ...] = ()
    sameness: tuple[Sameness, ...] = ()
    """Of a repair: whether operators still make what they made, in numbers."""
    looked: tuple[Looked, ...] = ()
    """How much was looked at, in Blenders that ran; of a repair, with the patch."""
    untried: tuple[Untried, ...] = ()
    """What was looked for and could not be tried, in Blenders that ran."""
    citations: tuple[Citation, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    reproductions: tuple[Reproduction, ...] = ()
    """Scripts the bot wrote to show a fault before anything was changed, those that did not count included."""
    reproducers: tuple[Reproducer, ...] = ()
    """Of faults that were raised in Blender: scripts that show them by themselves, and whether they do."""
    proposed_tests: tuple[ProposedTest, ...] = ()
    """Those of repaired faults, as tests in the style of the repository's own."""
    answer: Answer | None = None
    """Where a question was asked."""
    cost: Cost = Cost()
    timings: dict[str, float] = {}
    """Seconds per step."""
    blender_starts: dict[str, int] = {}
    """How many Blenders were started, by release."""
    versions: dict[str, str] = {}
    notes: tuple[str, ...] = ()
    """What a reader should know: releases that were only checked statically, things left alone, …"""
    error: str | None = None

    model_config = {"populate_by_name": True}

    @property
    def ran_in(self) -> tuple[Release, ...]:
        """The releases the add-on was really run in, oldest first: those asked for, less those that could not be."""
        dead = {row.release for row in self.validation if not row.static and row.after == NOT_REACHED}
        return tuple(release for release in self.request.runs_on if release not in dead)
