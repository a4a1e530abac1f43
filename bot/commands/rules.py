"""`bot rules`: look a repair rule up."""

from __future__ import annotations

from typing import Annotated

import typer


def rules(
    code: Annotated[
        str | None, typer.Argument(metavar="[RULE]", help="A rule's code or name: MSH101, auto-smooth.")
    ] = None,
    for_message: Annotated[
        str | None, typer.Option("--for", metavar="MESSAGE", help="Which rules answer this error message?")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list on stdout.")] = False,
) -> None:
    """List the repair rules, explain one, or find those that answer an error message."""
    from bot.commands.rulebook import show

    show(code, for_message, as_json)
