"""`bot respond progress`: the job that edits the comment while another one works."""

from __future__ import annotations

import os
from typing import Annotated

import typer

HELP = """Say in the comment how far the run is: the job `progress` of the workflow.

It looks at the steps of the job `repair` now and then, as GitHub tells them, and edits the comment of the errand
a handful of times. It runs nothing of the repository, and that it fails is no failure of the run.
"""

NOT_SAID = "The comment could not be edited: {error}"
NOWHERE = "This errand has no comment."
NOW = "Now: {stage}."


def progress(
    minutes: Annotated[float, typer.Option("--minutes", min=1, max=350, help="Give up after so long.")] = 150.0,
    every: Annotated[
        float,
        typer.Option(
            "--every", min=0.1, max=600, metavar="SECONDS", envvar="BCRAG_PROGRESS_SECONDS", help="How often to look."
        ),
    ] = 15.0,
) -> None:
    """Say in the comment how far the run is."""
    from bot.errands.watching import watch
    from bot.host.connecting import TALKING, connected
    from bot.host.errors import HostError
    from bot.host.surroundings import Surroundings
    from bot.reporting.log import logged
    from bot.reporting.progress import progress as worded

    around = Surroundings(os.environ)
    errand = around.errand()
    if errand.comment is None:
        typer.echo(NOWHERE, err=True)
        return
    with connected(around, TALKING) as host:
        for stage in watch(host, errand.run, minutes * 60, interval=every):
            typer.echo(NOW.format(stage=stage.value), err=True)
            try:
                host.edit_comment(errand.comment, worded(errand, stage.value, around.run_url))
            except HostError as error:
                typer.echo(logged(NOT_SAID.format(error=error)), err=True)
