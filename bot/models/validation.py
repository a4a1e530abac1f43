"""What validators see, and the difference a patch makes."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from bot.models.base import Frozen
from bot.models.effect import Effect, Sameness
from bot.models.fault import Fault
from bot.models.question import Answer
from bot.models.recipe import Recipe
from bot.models.release import Release


class Outcome(StrEnum):
    """How one check ended."""

    PASS = "pass"  # noqa: S105  (the word, not a password)
    FAIL = "fail"
    REFUSED = "refused"
    """The operator's own poll said no, or it reported an error to the user as it is meant to."""
    SKIPPED = "skipped"


class Check(Frozen):
    """One thing that was looked at. `id` is the same before and after a patch (`operator:mesh.linefit`)."""

    id: str
    outcome: Outcome
    detail: str = ""
    """Why it was refused or not tried; of a script, the end of what it printed. Hostile text."""
    fault: Fault | None = None
    situation: str = ""
    """The scene it ended in."""
    effect: Effect | None = None
    """Of an operator that passed: what it did to the scene."""
    recipe: Recipe | None = None
    """Of what failed in Blender: how it comes about again."""
    reached: int = 0
    """Of a script: how many lines of the add-on ran in it."""
    made: dict[str, tuple[int, ...]] = {}
    """Of a script: how many there were of what became more or fewer (`objects`), before it and after each of its
    runs."""
    touched: tuple[str, ...] = ()
    """Of a test: the functions of the add-on that ran in it, `<path in the repository>::<qualified name>`."""
    apart: Literal["", "flaky", "untried"] = ""
    """Of a test that counts neither for a patch nor against it: its outcome changes by itself, or there was no time."""


class Observation(Frozen):
    """What one validator saw of one tree in one release (`release` is null where it does not matter).

    `reached` is false where the validator could not do its work at all (Blender died, stubs are
    missing); `note` then says why, in a sentence for people.
    """

    validator: str
    release: Release | None = None
    static: bool = False
    """Nothing was run: stubs stand in for a release there is no runtime for."""
    reached: bool = True
    note: str = ""
    unsuited: bool = False
    """Not reached because this Blender lacks what Blender's own releases bring along: no runtime for this add-on."""
    findings_only: bool = False
    """`checks` holds what is wrong and nothing else: what is absent passes."""
    advisory: bool = False
    """Held against a patch is only what a real Blender confirmed at a line the patch changed: all else that is new
    was there before and has come to light, or is the opinion of stubs, which know less than Blender."""
    checks: tuple[Check, ...] = ()
    answers: tuple[Answer, ...] = ()
    executed: dict[str, tuple[int, ...]] = {}
    """Lines of the add-on that ran, by repository path."""
    lines: dict[str, int] = {}
    """How many lines of each file of the add-on can run at all, by repository path; empty where nobody counted."""
    pictures: dict[str, str] = {}
    """Name to file, of renders made on the way."""
    camera: tuple[float, ...] = ()
    """The camera the render was made with: 4 by 4 world matrix row by row, then the orthographic scale."""
    alone: bool = False
    """The render shows what the main operator made, and nothing else."""
    main_operator: str | None = None
    """The operator whose geometry was rendered."""
    starts: int = 0
    """How many Blenders were started for it."""
    seconds: float = 0.0
    version: str = ""
    """The full version of what was run."""
    tampering: tuple[str, ...] = ()
    """What the add-on did to pass for other than it is; nothing it was seen to do is proof then."""


TEST_SUITE = "test suite"
"""The validator that runs the repository's own tests. Their checks are `test:<file>::<name>`, and `test-file:<file>`
for whether a file of tests can be read at all."""
OF_TESTS = ("test:", "test-file:")
"""What the ids of these checks begin with."""

NOT_REACHED = "not reached"
"""What a difference says of a look that could not be had."""


class Tally(Frozen):
    """How many tests passed, failed and came to nothing; a file that cannot be read is one that fails."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0


class SuiteCounts(Frozen):
    """The repository's own tests before and after a patch, without those whose outcome changes by itself."""

    before: Tally | None = None
    after: Tally | None = None
    flaky: int = 0
    untried: int = 0
    """Tests there was no time for, before or after."""


class Difference(Frozen):
    """One validator in one release, before and after: SWE-bench's fail-to-pass and pass-to-fail."""

    validator: str
    release: Release | None = None
    static: bool = False
    baseline: str
    after: str
    fixed: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    revealed: tuple[str, ...] = ()
    """Checks that fail now and could not be reached before: neither fixed nor broken by the patch."""
    remaining: tuple[str, ...] = ()
    tested: SuiteCounts | None = None
    """Of the repository's own tests alone."""
    seconds: float = 0.0
    note: str = ""


class ValidationReport(Frozen):
    """Every observation of one candidate, and what differs from the baseline."""

    observations: tuple[Observation, ...]
    differences: tuple[Difference, ...]
    faults: tuple[Fault, ...]
    """The faults that are there after the patch."""
    sameness: tuple[Sameness, ...] = ()
    """Whether operators that worked before still make what they made."""

    @property
    def broken(self) -> tuple[str, ...]:
        """Everything that passed before and fails now."""
        return tuple(check for difference in self.differences for check in difference.broken)
