"""What the steps of one snippet share; `wiring` makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.blender.base import Runtime
from bot.llm.base import Asker
from bot.models.release import Release
from bot.validators.base import Tables, Validator
from bot.validators.exercise import Exercise
from indexer.search import Retriever

Tell = Callable[[str], None]
"""Says in a few words what is going on."""


@dataclass(frozen=True)
class Tools:
    """The collaborators of one snippet.

    `exercise` starts Blender in the sandbox; `validators` look at the code alone: the first finds what is wrong, the
    others give advice. `retriever` and `tables` know Blender's API and nothing else. `work` is a private folder.
    """

    work: Path
    exercise: Exercise
    runtimes: tuple[Runtime, ...]
    lint: Validator
    types: tuple[Validator, ...]
    retriever: Retriever
    tables: Tables
    models: Asker
    prompt_tokens: int = 5500

    def label(self, release: Release) -> str:
        """How people know the Blender of a release."""
        return next((one.label for one in self.runtimes if one.release == release), f"Blender {release}")
