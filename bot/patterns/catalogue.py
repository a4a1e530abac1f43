"""The catalogue of error patterns: what lies in `known/`, as values.

A folder is a pattern: `broken.py` and `mended.py` are one add-on before and after, `pattern.toml` has the rest. Where
the pattern states a scenario, `script.py` is its text and the table `[script]` says how it is run.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from pydantic import ValidationError

from bot.models.pattern import Pattern
from bot.models.reproduction import Script

SCRIPT = "script.py"
UNFIT = "bot/patterns/known/{slug}: {why}"


@cache
def patterns() -> tuple[Pattern, ...]:
    """All of them, by name of their folder.

    Raises:
        ValueError: one is not as it has to be.
    """
    folders = (one for one in (files("bot.patterns") / "known").iterdir() if one.is_dir() and one.name != "__pycache__")
    return tuple(pattern_in(folder) for folder in sorted(folders, key=lambda one: one.name))


def pattern_in(folder: Traversable) -> Pattern:
    """The pattern a folder holds.

    Raises:
        ValueError: it is not as it has to be.
    """
    try:
        told = tomllib.loads(_text(folder, "pattern.toml"))
        if "script" in told or (folder / SCRIPT).is_file():
            named = {"name": folder.name.replace("_", "-"), "text": _text(folder, SCRIPT)}
            told["script"] = Script.model_validate({**named, **told.get("script", {})})
        broken, mended = _text(folder, "broken.py"), _text(folder, "mended.py")
        return Pattern.model_validate({"slug": folder.name, "broken": broken, "mended": mended, **told})
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise ValueError(UNFIT.format(slug=folder.name, why=error)) from error


def _text(folder: Traversable, name: str) -> str:
    return (folder / name).read_text("utf-8")
