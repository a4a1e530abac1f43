"""`bot check`: find what is wrong with an add-on and repair nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.errors import Cancelled, ExitStatus, MissingError

DEAD = "It could not be checked. {notes}."
DEAD_CURE = "See what this machine lacks: bot doctor"

HELP = """Find what is wrong with a Blender add-on; repair nothing.

Loads and exercises the add-on in the sandboxed Blender of each release, asks it about the API the code uses, and
prints one table per release. --static starts no Blender and looks at the code alone.

Examples:

  bot check                              the add-on in this folder

  bot check --blender 4.2,5.0            on these releases

  bot check --format json                a list of faults for other programs
"""


def check(
    checkout: Annotated[Path, typer.Argument(help="The add-on's repository, or a folder in it.")] = Path(),
    addon: Annotated[str | None, typer.Option("--addon", help="The add-on's path, where there are several.")] = None,
    blender: Annotated[str | None, typer.Option("--blender", metavar="4.2,4.5", help="Releases to look at.")] = None,
    blender_path: Annotated[
        list[Path] | None, typer.Option("--blender-path", metavar="FILE", help="A Blender executable to use.")
    ] = None,
    static: Annotated[bool, typer.Option("--static", help="Start no Blender.")] = False,
    log: Annotated[Path | None, typer.Option("--log", help="A log or traceback to aim at.")] = None,
    form: Annotated[Literal["text", "json", "github"], typer.Option("--format", help="What to print.")] = "text",
    sandbox: Annotated[
        str | None, typer.Option("--sandbox", metavar="auto|bubblewrap|none", help="What runs the add-on.")
    ] = None,
    no_install: Annotated[bool, typer.Option("--no-install", help="Never download a Blender or its stubs.")] = False,
) -> None:
    """Find what is wrong with a Blender add-on; repair nothing."""
    from bot import wiring
    from bot.commands import common
    from bot.reporting import faults as tables
    from bot.reporting.terminal import Progress
    from bot.repository import Repository
    from bot.settings import load
    from bot.steps.distinct import distinct
    from bot.steps.evidence import dead_targets, gather

    repository = Repository.open(checkout)
    settings = load(
        repository.root,
        addon=addon,
        blender=common.releases(blender),
        blender_paths=tuple(blender_path) if blender_path else None,
        sandbox=sandbox,
        install=False if no_install else None,
    )
    progress = Progress()
    text = common.read_text(log, "--log") if log else ""
    with common.installing(progress) as show:
        job = wiring.prepare(checkout, repository, settings, wiring.Task(log=text), None, show, static=static)
    releases = " and ".join(map(str, job.request.runs_on))
    try:
        with wiring.tools(job, pictures=False, static=static) as tools:
            where = "reading the code" if static else f"running {job.request.addon.name} in Blender {releases}"
            with progress.step("look", where):
                evidence = gather(job.request, tools)
    except KeyboardInterrupt as error:
        raise Cancelled("Interrupted; nothing was changed.") from error
    faults = distinct(evidence.faults)
    if form == "json":
        sys.stdout.write(json.dumps([fault.model_dump(mode="json") for fault in faults], indent=2) + "\n")
    elif form == "github":
        sys.stdout.write(tables.github(faults))
    else:
        from rich.console import Console

        by_release = {
            release: distinct([fault for fault in evidence.faults if fault.release == release])
            for release in (*job.request.runs_on, None)
        }
        tables.text(job.request, evidence, faults, by_release, Console(highlight=False))
    dead = dead_targets(job.request, evidence)
    if dead and not faults:
        raise MissingError(DEAD.format(notes=". ".join(seen.note for seen in dead)), DEAD_CURE)
    raise typer.Exit(int(ExitStatus.PROBLEMS if faults else ExitStatus.OK))
