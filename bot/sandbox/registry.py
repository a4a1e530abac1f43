"""The sandboxes there are, by the name `--sandbox` takes."""

from __future__ import annotations

from bot.sandbox.base import Sandbox

NAMES = ("auto", "bubblewrap", "none")


def select(name: str) -> Sandbox:
    """The sandbox of that name; `auto` is the strongest one that works here.

    Raises:
        ConfigurationError: there is no sandbox of that name.
        MissingError: it does not work on this machine.
    """
    raise NotImplementedError
