"""What to do where no sandbox works: ask whoever owns the checkout, once, or stop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import MissingError

if TYPE_CHECKING:
    from bot.settings import Settings

QUESTION = """{why}

Without one, the add-on's code runs as you: it can read and change whatever you can, and use the network.
Answer yes only for an add-on you wrote or would run anyway. The answer is kept for {checkout} alone.

Run the add-on in {checkout} without a sandbox?"""
KEPT = "Kept in {file}; remove it to be asked again.\n"
WITHOUT = "No sandbox works here; you allowed this add-on to run without one.\n"
REFUSED = "You chose not to run this add-on without a sandbox."


def settled(settings: Settings, checkout: Path) -> Settings:
    """The settings, with `sandbox` decided where it is `auto` and none works.

    Asked is only a person at a terminal, about a checkout of their own; the answer is remembered.

    Raises:
        MissingError: none works, and nobody may be asked or the answer is no.
    """
    if settings.sandbox != "auto":
        return settings

    import sys

    from bot.sandbox import consent
    from bot.sandbox.registry import select

    try:
        select("auto")
    except MissingError as missing:
        if not consent.may_ask(checkout):
            raise
        answer = consent.remembered(checkout)
        if answer is None:
            answer = _ask(missing, checkout)
            file = consent.remember(checkout, without_sandbox=answer)
            if file is not None:
                sys.stderr.write(KEPT.format(file=file))
        if not answer:
            raise MissingError(REFUSED, missing.cure) from missing
        sys.stderr.write(WITHOUT)
        return settings.model_copy(update={"sandbox": "none"})
    return settings


def _ask(missing: MissingError, checkout: Path) -> bool:
    import typer

    return typer.confirm(QUESTION.format(why=missing, checkout=checkout), default=False, err=True)
