"""A script that shows a fault, written before anything is repaired."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bot.models.base import Frozen
from bot.models.measures import Expectations
from bot.models.release import Release


class Script(Frozen):
    """Python to run in Blender after the add-on was enabled, in Blender's default scene.

    Its globals are `bpy`, `addon` (the add-on's module), `MODULE` (the name it is enabled as) and `TMP` (an empty
    folder). It passes when it ends, each time it is run; `name` is part of its check's id (`script:reproduction-1`).
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,60}$")
    text: str = Field(max_length=60_000)
    runs: int = Field(default=1, ge=1, le=5)
    """How often it is run in one scene; more than once shows what happens to what is there already."""
    releases: tuple[Release, ...] = ()
    """Where it is run; empty: in every release."""
    expects: Expectations | None = None
    """What there has to be once it has run; what is not so fails as an `AssertionError` of the script."""


class Reproduction(Frozen):
    """A script, what it is to show, and whether it does on the untouched commit.

    It *counts* when it fails on the base commit for the stated reason and not by an error of its own: it raised
    `expects` in the add-on (in `path`, where a path is stated), or, for a wrong result that raises nothing, an
    assertion of the script itself failed after the add-on's code ran.
    """

    script: Script
    author: Literal["model", "person"] = "model"
    expects: str
    """The exception it is to raise (`AssertionError` for a wrong result)."""
    path: str = ""
    """Where in the repository it is to be raised; empty where an assertion of the script is to fail."""
    claim: str = ""
    """What a person expects and does not get, in one sentence; hostile text."""
    release: Release | None = None
    """The release it was tried in."""
    counts: bool = False
    said: str = ""
    """What it did on the base commit, for people."""
