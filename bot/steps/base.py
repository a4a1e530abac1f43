"""What the steps of one run share; `wiring` makes it, no step makes its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.blender.base import Runtime
from bot.blender.clean import Clean
from bot.clones import PrivateClone
from bot.llm.base import Asker
from bot.llm.nothing import NoModels
from bot.models.addon import Addon
from bot.models.release import Release
from bot.rules.base import Rule
from bot.rules.source import Source, Unreadable
from bot.validators.base import Tables, Validator
from bot.validators.exercise import Exercise
from bot.validators.types.sensor import Sensor
from indexer.search import Retriever


def no_tables(_release: Release) -> None:
    """For runs that know no stubs."""


@dataclass(frozen=True)
class Tools:
    """The collaborators of one run.

    `validators` come cheapest first; `exercise` is the one among them that starts Blender. `work`
    is a private folder for this run, gone afterwards; `renders` are kept until it is reported, however often it is
    interrupted. `retriever` searches the repository at the
    run's commit, and Blender's API.
    """

    clone: PrivateClone
    work: Path
    renders: Path
    validators: Sequence[Validator]
    exercise: Exercise
    rules: Sequence[Rule]
    runtimes: Sequence[Runtime]
    retriever: Retriever
    tables: Tables = no_tables
    """The API of a release by its stubs."""
    models: Asker = field(default_factory=NoModels)
    prompt_tokens: int = 5000
    """How long a prompt may be."""
    candidates: int = 1
    """How many patches a model is asked for at a time."""
    critic_gate: float = 0.75
    clean: Clean | None = None
    """Blenders without the harness, for scripts that show a fault by themselves; null where none are wanted."""
    reproductions: int = 8
    """For how many faults such scripts are made."""
    tests_in_patch: bool = False
    """Whether the patch adds those of them that become tests."""
    sensor: Sensor | None = None
    """What type checkers find, for Blender to answer; null where they are not wanted."""
    stand_in: Tables | None = None
    """The API of a release by its stubs, where no Blender is to be started; null where one is."""
    parsed: dict[tuple[str, bytes], Source] = field(default_factory=dict, repr=False)
    """Files as they were read before: a file that did not change is parsed once in a run."""

    def sources(self, addon: Addon) -> tuple[Source, ...]:
        """The add-on's files as the clone has them now; those that cannot be decoded are left out."""
        found: list[Source] = []
        for path, data in self.clone.read(addon.files).items():
            if (path, data) not in self.parsed:
                try:
                    self.parsed[path, data] = Source.read(path, data)
                except Unreadable:
                    continue  # the syntax validator reports it
            found.append(self.parsed[path, data])
        return tuple(found)

    def texts(self, addon: Addon) -> dict[str, str]:
        """The decoded text of the same files, by repository path."""
        return {source.path: source.text for source in self.sources(addon)}


def static_releases(known: Sequence[Release], runs_on: Sequence[Release]) -> tuple[Release, ...]:
    """The supported releases nothing is run in."""
    return tuple(release for release in known if release not in runs_on)
