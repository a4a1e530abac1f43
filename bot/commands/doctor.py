"""`bot doctor`: what a run needs, what of it is here, and the exact command that mends what is not."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import ExitStatus

if TYPE_CHECKING:
    from bot.commands.checks.base import Check

READY = "Everything a run needs is here."
NOT_READY = "A run is not possible yet: type what is written beside the crosses."


def doctor(
    sandbox: Annotated[
        str | None,
        typer.Option("--sandbox", metavar="auto|bubblewrap|docker|none", help="The sandbox to look at."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the checks for other programs.")] = False,
) -> None:
    """Check what a run needs, and try what the sandbox claims; each thing missing is shown with what mends it."""
    checks = tuple(look(sandbox))
    possible = all(check.ok for check in checks if check.needed)
    if as_json:
        listed = [{"name": c.name, "ok": c.ok, "found": c.found, "cure": c.cure, "needed": c.needed} for c in checks]
        sys.stdout.write(json.dumps({"ok": possible, "checks": listed}, indent=2) + "\n")
    else:
        _show(checks)
        typer.echo("\n" + (READY if possible else NOT_READY))
    raise typer.Exit(int(ExitStatus.OK if possible else ExitStatus.MISSING))


def look(sandbox: str | None = None) -> Iterator[Check]:
    """Every check, in the order a run would need them.

    Raises:
        ConfigurationError: there is no sandbox of that name, or the user's configuration is wrong.
    """
    from bot.commands.checks import blenders, helpers, machine, sandboxes
    from bot.settings import load

    settings = load(None, sandbox=sandbox)
    name = settings.sandbox
    yield machine.python()
    yield machine.git()
    working, check = sandboxes.sandbox(name)
    yield check
    if working is not None:
        yield from sandboxes.claims(working)
    yield machine.cache()
    runtimes, found = blenders.runtimes()
    yield from found
    yield blenders.libraries(runtimes)
    yield from blenders.starts(runtimes, working)
    yield from blenders.installable(needed=not runtimes)
    yield machine.disk(needed=not runtimes)
    yield from helpers.type_checkers()
    yield helpers.stubs()
    yield helpers.index()
    yield helpers.models(settings)


def _show(checks: Sequence[Check]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for _ in range(3):
        table.add_column(overflow="fold")
    for check in checks:
        mark = Text("✓", "green") if check.ok else Text("✗", "red" if check.needed else "yellow")
        told = Text(check.found)
        if not check.ok and check.cure:
            told.append(f"\n→ {check.cure}", "bold")
        table.add_row(mark, Text(check.name), told)
    Console(highlight=False).print(table)
