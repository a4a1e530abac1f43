"""The sandboxes there are, by the name `--sandbox` takes."""

from __future__ import annotations

from bot.errors import ConfigurationError, MissingError
from bot.sandbox.base import Sandbox
from bot.sandbox.bubblewrap import Bubblewrap
from bot.sandbox.docker import Docker
from bot.sandbox.plain import Plain

NAMES = ("auto", "bubblewrap", "docker", "none")
NEITHER = "There is no sandbox to run the add-on in. {bubblewrap} {docker}"


def select(name: str) -> Sandbox:
    """The sandbox of that name; `auto` is the strongest one that works here, and never none.

    Raises:
        ConfigurationError: there is no sandbox of that name.
        MissingError: it does not work on this machine.
    """
    if name == "auto":
        return _strongest()
    if name == "bubblewrap":
        return Bubblewrap.find()
    if name == "docker":
        return Docker.find()
    if name == "none":
        return Plain()
    raise ConfigurationError(f"There is no sandbox {name!r}.", f"Choose one of: {', '.join(NAMES)}.")


def _strongest() -> Sandbox:
    try:
        return Bubblewrap.find()
    except MissingError as first:
        try:
            return Docker.find()
        except MissingError as second:
            raise MissingError(NEITHER.format(bubblewrap=first, docker=second), first.cure) from second
