"""What is evaluated, and what came of it: cases, the fixes they are held against, results and figures."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from bot.models.base import Frozen
from bot.models.report import Status


class JudgedBy(StrEnum):
    """What tells whether a case is resolved."""

    PROBE = "probe"
    """A script that is run once the add-on is enabled; afterwards it is disabled."""
    TESTS = "tests"
    """The tests of the fix commit."""
    NOTHING = "nothing"
    """Only the fix itself is known: it says where the fault was, and nothing of what works."""


class Case(Frozen):
    """A commit with a fault and the project's own fix. The bot sees `task` and `log`, and the tree of `before`.

    `source` is a folder git can read, `script` what judges (empty: enabling and disabling alone).
    """

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")
    source: str
    before: str = Field(pattern=r"^[0-9a-f]{7,64}$")
    after: str | None = Field(default=None, pattern=r"^[0-9a-f]{7,64}$")
    addon: str = "."
    module: str = "addon"
    blender: str | None = None
    """The release to work on; null: the bot's own choice."""
    kind: str = ""
    task: str = ""
    log: str = ""
    judged_by: JudgedBy = JudgedBy.NOTHING
    script: str = Field(default="", max_length=50_000)


class Lines(Frozen):
    """Lines of a file of the commit with the fault, both ends included."""

    path: str
    start: int
    end: int

    def overlaps(self, path: str, start: int, end: int) -> bool:
        """Whether it shares a line with others."""
        return path == self.path and start <= self.end and self.start <= end


class Touched(Frozen):
    """A function or class the fix changed: all of its lines, and those that were changed."""

    name: str
    whole: Lines
    changed: tuple[Lines, ...]


class Reference(Frozen):
    """What the project's own fix changed of the add-on's code."""

    files: tuple[str, ...] = ()
    changed: tuple[Lines, ...] = ()
    functions: tuple[Touched, ...] = ()
    names: tuple[str, ...] = ()
    """The names of Blender's API that its new lines use and its old lines do not."""
    words: tuple[str, ...] = ()
    """What tells that a text is about it: last parts of API names in its old and new lines, names of the functions
    and classes it touched; names that stand everywhere (`execute`, `new`) are left out."""


class Prepared(Frozen):
    """A case as it was found here, before the bot had a look: what its fix changed, and whether what judges it can
    be believed."""

    case: Case
    reference: Reference = Reference()
    sound: bool | None = None
    """Whether it fails before the fix and passes after it; null: nothing judges, or it was not tried."""
    skipped: str = ""
    """Why it cannot be run here."""
    said: str = ""


class Context(Frozen):
    """What the prompt held of retrieved pieces, in order of rank, held against the fix."""

    relevant: tuple[bool, ...] = ()
    covered: int = 0
    wanted: int = 0
    hit: bool = False
    """Whether a piece shows a line the fix changed."""


class Share(Frozen):
    """`good` of `total`."""

    good: int = 0
    total: int = 0


class PatchMarks(Frozen):
    """How far one patch came."""

    by: Literal["rules", "model"]
    applies: bool
    lints: bool
    verified: bool


class Opinion(Frozen):
    """What a model says of an answer, from 0 to 1."""

    faithfulness: float = Field(ge=0, le=1)
    relevancy: float = Field(ge=0, le=1)


class Result(Frozen):
    """One case under one configuration. What could not be measured is null."""

    case: str
    configuration: str
    model: str = ""
    """As the settings name it."""
    kind: str = ""
    release: str = ""
    status: Status = Status.ERROR
    verified: bool = False
    judged_by: JudgedBy = JudgedBy.NOTHING
    sound: bool | None = None
    """Whether what judges fails before the fix and passes after it, as seen here; null: it was not tried."""
    passes: bool | None = None
    """Whether what judges passes with the patch; null: nothing judges, or it could not be run."""
    patched: bool = False
    attempt: int | None = None
    """The number of the patch that was handed over."""
    patches: tuple[PatchMarks, ...] = ()
    calls: int = 0
    usd: float | None = 0.0
    input_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    api: Share | None = None
    """Of the API names in the lines its patches added, those that exist in every supported release they run in."""
    first_api: Share | None = None
    """The same of a model's first answers, before any reminder."""
    claims: Share | None = None
    likeness: float | None = None
    on_target: bool | None = None
    context: Context | None = None
    right_file: bool | None = None
    right_place: bool | None = None
    opinion: Opinion | None = None
    skipped: str = ""
    """Why it was not run at all: no such Blender, no such commit."""
    error: str = ""
    """What the bot stumbled over."""
    said: str = ""
    """The report's summary, and what the judge said; hostile text."""

    @property
    def judged(self) -> bool:
        """Whether it counts where a rate of resolved cases is claimed."""
        return not self.skipped and self.judged_by is not JudgedBy.NOTHING and self.sound is not False and (
            self.passes is not None or not self.patched
        )  # fmt: skip

    @property
    def resolved(self) -> bool:
        """Repaired, verified by the bot, and whoever judges agrees."""
        return self.judged and self.patched and self.verified and self.passes is True

    @property
    def false_proof(self) -> bool:
        """The bot calls its patch verified, and whoever judges refuses it."""
        return self.judged and self.patched and self.verified and self.passes is False


class Figure(Frozen):
    """A number over the cases it could be measured on (`over`); null where there was none."""

    key: str
    title: str
    value: float | None
    over: int
    unit: Literal["share", "count", "mean", "USD", "tokens"] = "share"
    goal: float | None = None
    at_most: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; null without a goal, or without a number."""
        if self.goal is None or self.value is None:
            return None
        return self.value <= self.goal if self.at_most else self.value >= self.goal


class Row(Frozen):
    """A configuration and its figures."""

    configuration: str
    cases: int
    skipped: int
    figures: tuple[Figure, ...]
