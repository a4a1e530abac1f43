"""The scenarios a repository declares in its configuration, with what they name, as it stands in the commit."""

from __future__ import annotations

from pydantic import ValidationError

from bot.errors import ConfigurationError
from bot.models.measures import Expectations
from bot.models.reproduction import Script
from bot.repository import Repository
from bot.settings import ScenarioSettings, Settings
from bot.validators.likeness import LARGEST_FILE
from bot.validators.scenarios import Reference, Scenario

TWICE = "There are two scenarios with the name {name!r}."
TWICE_CURE = "Give one of them another name."
ABSENT = "The scenario {name!r} names {path}, which is not in the commit."
ABSENT_CURE = "Commit the file, or correct its path, which begins at the root of the repository."
UNFIT = "The scenario {name!r} cannot use {path}: {why}."
UNFIT_CURE = "See the table [[scenario]] in docs/config.md."
NO_TEXT = "it is no UTF-8 text"
TOO_LONG = "it is too long"
TOO_LARGE = "it has more than {limit:,} bytes"


def declared(settings: Settings, repository: Repository) -> tuple[Scenario, ...]:
    """Every scenario, read.

    Raises:
        ConfigurationError: two have one name, or a file is not there or not what it should be.
    """
    names = [one.name for one in settings.scenario]
    for name in names:
        if names.count(name) > 1:
            raise ConfigurationError(TWICE.format(name=name), TWICE_CURE)
    return tuple(_read(one, repository) for one in settings.scenario)


def _read(one: ScenarioSettings, repository: Repository) -> Scenario:
    try:
        text = _file(one, one.script, repository).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unfit(one, one.script, NO_TEXT) from error
    expects = Expectations(objects=one.objects, vertices=one.vertices, files=one.files, steady=one.steady)
    try:
        script = Script(name=f"scenario-{one.name}", text=text, runs=one.runs, releases=one.blender, expects=expects)
    except ValidationError as error:
        raise _unfit(one, one.script, TOO_LONG) from error
    if one.render is None:
        return Scenario(one.name, one.script, script)
    data = repository.read(one.render) if one.render in repository.files else None
    if data is not None and len(data) > LARGEST_FILE:
        raise _unfit(one, one.render, TOO_LARGE.format(limit=LARGEST_FILE))
    return Scenario(one.name, one.script, script, Reference(one.render, data, one.tolerance))


def _file(one: ScenarioSettings, path: str, repository: Repository) -> bytes:
    if path not in repository.files:
        raise ConfigurationError(ABSENT.format(name=one.name, path=path), ABSENT_CURE)
    return repository.read(path)


def _unfit(one: ScenarioSettings, path: str, why: str) -> ConfigurationError:
    return ConfigurationError(UNFIT.format(name=one.name, path=path, why=why), UNFIT_CURE)
