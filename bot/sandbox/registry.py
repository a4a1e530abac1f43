"""The sandboxes there are, by the name `--sandbox` takes."""

from __future__ import annotations

from bot.errors import ConfigurationError
from bot.sandbox.base import Sandbox
from bot.sandbox.bubblewrap import Bubblewrap
from bot.sandbox.plain import Plain

NAMES = ("auto", "bubblewrap", "none")


def select(name: str) -> Sandbox:
    """The sandbox of that name; `auto` is the strongest one that works here.

    Raises:
        ConfigurationError: there is no sandbox of that name.
        MissingError: it does not work on this machine.
    """
    if name in ("auto", "bubblewrap"):
        return Bubblewrap.find()
    if name == "none":
        return Plain()
    raise ConfigurationError(f"There is no sandbox {name!r}.", f"Choose one of: {', '.join(NAMES)}.")
