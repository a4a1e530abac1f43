"""The checkers there are, by the name the setting `checkers` takes."""

from __future__ import annotations

from collections.abc import Sequence

from bot.sandbox.base import Sandbox
from bot.validators.base import Tables
from bot.validators.types import mypy, pyright, ty
from bot.validators.types.own import OwnTypes
from bot.validators.types.sensor import Sensor, Stubs


def sensor(names: Sequence[str], sandbox: Sandbox, stubs: Stubs, tables: Tables) -> Sensor | None:
    """What compares releases: fast enough is `ty` alone. Null where it is not wanted."""
    return Sensor(ty.Ty(sandbox), stubs, tables) if ty.NAME in names else None


def own_types(names: Sequence[str], sandbox: Sandbox, stubs: Stubs) -> tuple[OwnTypes, ...]:
    """What watches the add-on's own types, quickest first."""
    checkers = (mypy.Mypy(sandbox), pyright.Pyright(sandbox))
    return tuple(OwnTypes(checker, stubs) for checker in checkers if checker.name in names)
