"""`bot respond conclude`: the last step of the job `repair`, which always runs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

HELP = """See that the job `repair` leaves something to tell, however it ended, and write the page of the run.

It is the last step of the job and always runs: where there is neither a report nor a reason why there is none, the
status of the job is written down.
"""

FAILED = "The job ended without a report; its log says why."
CANCELLED = "The run was cancelled."


def conclude(
    out: Annotated[Path, typer.Option("--out", help="The bundle's folder.")] = Path("bcrag-bundle"),
    job_status: Annotated[
        str, typer.Option("--job-status", metavar="success|failure|cancelled", help="How the job stands.")
    ] = "failure",
) -> None:
    """See that the job `repair` leaves something to tell."""
    from pydantic import ValidationError

    from bot.host import endings
    from bot.host.surroundings import Surroundings
    from bot.models.report import Report
    from bot.models.result import Ending, Result
    from bot.reporting.checks import job_summary

    around = Surroundings(os.environ)
    report = None
    try:
        report = Report.model_validate_json((out / "report.json").read_bytes())
    except (OSError, ValidationError):
        if endings.left(out) is None:
            cancelled = job_status == "cancelled"
            endings.leave(out, Ending.CANCELLED if cancelled else Ending.FAILED, CANCELLED if cancelled else FAILED)
    ended = endings.left(out)
    if report is not None:
        result = Result(ending=Ending.FINISHED, report=report, run_url=around.run_url)
    else:
        result = (ended.result() if ended else Result(ending=Ending.FAILED)).model_copy(
            update={"run_url": around.run_url}
        )
    around.summarise(job_summary(result))
