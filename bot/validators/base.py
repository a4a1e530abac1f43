"""The protocol every validator meets: look at a tree, say what you saw."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bot.blender.base import Place
from bot.models.addon import Addon
from bot.models.patch import Patch, Repair
from bot.models.question import Question
from bot.models.release import Release
from bot.models.reproduction import Script
from bot.models.validation import Observation
from indexer.blender_api.table import ApiTable

Tables = Callable[[Release], ApiTable | None]
"""The API of a release by its stubs, or null where they are not to be had."""


@dataclass(frozen=True)
class Subject:
    """The tree to look at.

    `root` is a checkout (private, ours) of the whole repository with the candidate patch applied;
    `work` a fresh folder for this observation. `files` holds the add-on's Python files as bytes, by
    repository path. For the baseline `patch` is empty.
    """

    root: Path
    work: Path
    addon: Addon
    files: Mapping[str, bytes]
    patch: Patch = field(default_factory=lambda: Patch(diff=""))
    releases: Sequence[Release] = ()
    """Releases to run in, oldest first."""
    static_releases: Sequence[Release] = ()
    """Supported releases there is no runtime for."""
    target: Release | None = None
    """The newest release to prove, where renders are made."""
    questions: Sequence[Question] = ()
    repairs: Sequence[Repair] = ()
    places: Sequence[Place] = ()
    """Frames of a traceback somebody gave, with repository paths: to be aimed at."""
    scripts: Sequence[Script] = ()
    """What is run besides, in the releases each of them names."""
    baseline: Sequence[Observation] = ()
    """What was seen of the untouched commit; empty where that is what is looked at."""
    links: Mapping[str, str] = field(default_factory=dict)
    """What each link of the commit stands for in the repository; empty where that is nothing in it."""


class Validator(Protocol):
    """Looks at a subject; one observation per release, or one alone where releases do not matter."""

    @property
    def name(self) -> str:
        """What its observations are filed under."""
        ...

    def observe(self, subject: Subject) -> tuple[Observation, ...]:
        """Never raises for what the add-on does; that is an observation."""
        ...
