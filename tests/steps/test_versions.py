"""Each tool in a report has its own version, under its own name."""

from __future__ import annotations

from importlib.metadata import version

from bot.models.release import Release
from bot.models.validation import Observation
from bot.steps.report import versions

NEW = Release(4, 5)


def test_the_checker_behind_the_types_is_named_with_its_version() -> None:
    seen = (
        Observation(validator="exercise", release=NEW, version="4.5.15 LTS"),
        Observation(validator="types", release=Release(4, 2), version="ty"),
        Observation(validator="types", release=NEW, version="ty"),
    )
    told = versions(seen)
    assert told["blender 4.5"] == "4.5.15 LTS" and told["ty"] == version("ty")
    assert not [name for name in told if name.startswith("types")]
