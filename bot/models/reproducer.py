"""A script that shows a fault by itself, in a Blender that was just started; and the test it can become."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from bot.models.base import Frozen
from bot.models.release import Release


class Came(StrEnum):
    """What came of running such a script."""

    SHOWS = "shows"
    """The fault: the exception that is stated, at the place that is stated."""
    PASSES = "passes"
    """Nothing was raised."""
    OTHERWISE = "otherwise"
    """Something else: another exception, another place, or Blender did not survive it."""


class Tried(Frozen):
    """One run on one tree; `said` is the script's last word, which holds a stranger's."""

    came: Came
    said: str = Field(default="", max_length=2000)
    seconds: float = 0.0


class ProposedTest(Frozen):
    """A file of tests in the style of the repository's own, one for each of some repaired faults.

    They were run: each fails without the patch and passes with it.
    """

    path: str
    """Where it belongs in the repository; in the bundle it lies under `proposed_tests/`."""
    style: Literal["pytest", "unittest"]
    tests: tuple[str, ...]
    """What they are called."""
    text: str = Field(max_length=400_000)
    in_patch: bool = False
    """The patch adds it."""


class Reproducer(Frozen):
    """A script of the bundle, the fault it is about, and what it did in a clean Blender of that release."""

    path: str
    """In the bundle."""
    text: str = Field(max_length=200_000)
    commands: tuple[str, ...]
    """Each runs it, in the bundle's folder, where that lies in the repository; else name the add-on at its end."""
    release: Release
    exception: str = ""
    place: str = ""
    """Where it is expected: `path:line` in the untouched commit."""
    message: str = ""
    confirmed: bool
    """It shows the fault in a Blender that knows nothing of the harness."""
    before: Tried
    after: Tried | None = None
    """With the patch; null where it is not confirmed, or there is none."""
    test: str = ""
    """The test it became, as `path::name`; empty where it became none."""

    @property
    def mended(self) -> bool:
        """Whether it fails before and passes with the patch."""
        return self.confirmed and self.after is not None and self.after.came is Came.PASSES
