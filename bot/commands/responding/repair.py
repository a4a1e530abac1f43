"""`bot respond repair`: the job that runs the add-on's code, with a token that may only read."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import BcragError, Cancelled, UsageError
from bot.models.request import Mode, Trigger

if TYPE_CHECKING:
    from bot.errands.thread import Thread
    from bot.host.surroundings import Surroundings
    from bot.models.errand import Errand
    from bot.models.report import Report
    from bot.reporting.terminal import Progress
    from bot.repository import Repository
    from bot.runs import Kept
    from bot.settings import Settings
    from bot.wiring import Job

HELP = """Do the errand that `bot respond listen` decided: the job `repair` of the workflow.

It runs the add-on's code, in the sandbox, and may only read the repository. What it leaves is the bundle, which
the job `publish` looks at again before it does anything with it. With `--until` the work is divided into steps
that a reader of the workflow's page, and the job `progress`, can tell apart:

  bot respond repair --until reproduced    what is wrong, and a script that shows it

  bot respond repair --until repaired      a patch

  bot respond repair                       the patch tried in every Blender, other patches, the report

It reads the errand from BCRAG_ERRAND, and what was said from GitHub.
"""

STEPS = {"reproduced": ("retrieve",), "repaired": ("validate",)}
"""What each `--until` stops before."""

BAD_UNTIL = "--until: {until!r} is no stage."
BAD_UNTIL_CURE = "Choose reproduced or repaired, or leave it out to go on to the end."
TOO_LATE = "The run was not done after {minutes:g} minutes, and was stopped."
TOO_LATE_CURE = "Ask again with less at once (`/bcrag fix` in a smaller issue), or raise `deadline` in the workflow."
CANCELLED = "The run was cancelled."
DONE_ALREADY = "The report is there already."
FORK = "The code comes from a fork: no model is asked."
HERE = "this repository"
WAITING = "Up to here for now; the next step goes on."


class _DeadlineError(BaseException):  # nothing on the way may take it for an error of its own
    """The time of the run is over."""


def repair(
    checkout: Annotated[Path, typer.Argument(help="The add-on's repository.")] = Path(),
    out: Annotated[Path, typer.Option("--out", help="Folder for the bundle.")] = Path("bcrag-bundle"),
    until: Annotated[
        str | None, typer.Option("--until", metavar="reproduced|repaired", help="Stop when this is done.")
    ] = None,
    deadline: Annotated[
        float, typer.Option("--deadline", min=0.01, max=350, metavar="MINUTES", help="Stop this step after so long.")
    ] = 45.0,
) -> None:
    """Do the errand that `bot respond listen` decided."""
    from bot.host import endings
    from bot.host.surroundings import Surroundings
    from bot.models.result import Ending

    if until is not None and until not in STEPS:
        raise UsageError(BAD_UNTIL.format(until=until), BAD_UNTIL_CURE)
    around = Surroundings(os.environ)
    errand = around.errand()
    try:
        with _deadline(deadline):
            report = _work(around, errand, checkout.absolute(), out.absolute(), STEPS[until] if until else ())
    except _DeadlineError:
        why = TOO_LATE.format(minutes=deadline)
        endings.leave(out, Ending.TIMED_OUT, why, TOO_LATE_CURE)
        raise BcragError(why, TOO_LATE_CURE) from None
    except (KeyboardInterrupt, Cancelled):
        endings.leave(out, Ending.CANCELLED, CANCELLED)
        raise
    except BcragError as error:
        endings.leave(out, Ending.FAILED, *_told(error, checkout))
        raise
    except Exception as error:
        endings.leave(out, Ending.FAILED, f"bcrag failed with a defect of its own ({type(error).__name__}).")
        raise
    if report is None:
        typer.echo(WAITING, err=True)
        return
    around.put(status=report.status.value, verified=report.verified)


def _work(around: Surroundings, errand: Errand, checkout: Path, out: Path, before: tuple[str, ...]) -> Report | None:
    """Take the errand on: begin its run, or take it up where the step before left it."""
    from bot import __version__, runs
    from bot.commands import common, repairing
    from bot.host import connecting
    from bot.models.report import Report
    from bot.publishing import configuration, origin
    from bot.reporting.terminal import Progress
    from bot.repository import Repository

    if (out / "report.json").is_file():
        typer.echo(DONE_ALREADY, err=True)
        return Report.model_validate_json((out / "report.json").read_bytes())
    progress = Progress()
    repository = Repository.open(checkout).at(errand.commit)
    with contextlib.ExitStack() as stack:
        begun = next((one for one in runs.interrupted(repository.root) if Path(one.bundle) == out), None)
        if begun is not None:
            from bot import wiring
            from bot.settings import Settings

            settings = Settings(**begun.settings)
            common.keyless(settings)
            kept = stack.enter_context(runs.take_up(begun.request.id, repository.root, __version__, checkout))
            job = wiring.resume(repository, settings, kept.asked, out)
        else:
            with connecting.connected(around) as host:
                settings = _settings(configuration.of(host), errand)
                common.keyless(settings)
                from bot.errands import thread

                told = thread.told(host, errand, around.event())
            job, kept = _begin(stack, repository, settings, errand, told, out, progress)

        def reported() -> None:
            _in_time()
            origin.write(out, errand, around)

        report = repairing.advance(job, kept, progress, None, before, reported)
        if report is not None:
            kept.done()
    return report


def _told(error: BcragError, checkout: Path) -> tuple[str, str]:
    """What a comment says of an error, and the cure: who reads it knows no folder of this machine, and has no flags."""
    from bot.addons import ChoiceError

    cure = error.in_files if isinstance(error, ChoiceError) else error.cure
    return str(error).replace(str(checkout.resolve()), HERE), cure


def _settings(read: Settings, errand: Errand) -> Settings:
    """What was configured, and what the command says of releases; code from a fork gets no model, nor does a look."""
    changed: dict[str, object] = {"llm": "none", "roles": {}} if errand.mode is Mode.CHECK else {}
    if errand.command.releases:
        changed["blender"] = errand.command.releases
    if not errand.trusted and (read.llm != "none" or read.roles):
        typer.echo(FORK, err=True)
        changed |= {"llm": "none", "roles": {}}
    return read.model_copy(update=changed)


def _begin(
    stack: contextlib.ExitStack, repository: Repository, settings: Settings, errand: Errand, told: Thread, out: Path,
    progress: Progress,
) -> tuple[Job, Kept]:  # fmt: skip
    """A new run, as the errand wants it."""
    from bot import wiring
    from bot.commands import common, repairing
    from bot.commands.sandboxing import settled

    common.check_words(told.mode, told.task)
    settings = settled(settings, repository.root)
    task = wiring.Task(told.task, told.log, told.mode, told.hint, told.conversation, _looks_ahead(errand))
    with common.installing(progress) as show:
        job = wiring.prepare(repository.root, repository, settings, task, out, show)
    asked_by = errand.asked_by.login if errand.asked_by else None
    job = replace(job, request=job.request.model_copy(update={"trigger": errand.trigger, "asked_by": asked_by}))
    return job, stack.enter_context(repairing.begun(job))


def _looks_ahead(errand: Errand) -> bool:
    """Whether it is asked if the add-on works in the newest Blender, too: once a week, unless releases are named."""
    return errand.trigger is Trigger.SCHEDULE and not errand.command.releases


@contextlib.contextmanager
def _deadline(minutes: float) -> Iterator[None]:
    """Stop what is done in the block when its time is over, whatever it waits for."""

    def over(_number: int, _frame: FrameType | None) -> None:
        raise _DeadlineError

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, minutes * 60)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _in_time() -> None:
    """Lift the deadline: a run that has its report is not too late for what it has still to put away."""
    signal.setitimer(signal.ITIMER_REAL, 0)
