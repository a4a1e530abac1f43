"""From what the job `repair` left to the one result of an errand: looked at, delivered, told.

Whatever happens on the way becomes a result, and the result is told in a last step that always runs.
"""

from __future__ import annotations

import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from bot.errors import BcragError
from bot.host.errors import HostError, RateLimited
from bot.host.github import GitHub
from bot.host.surroundings import Surroundings
from bot.models.errand import Errand
from bot.models.result import Delivery, Ending, Result
from bot.publishing import bundles, configuration, pulls, told
from bot.publishing.expected import Expected, of_run
from bot.publishing.placing import placed
from bot.publishing.refusals import Refusal
from bot.secrets import redacted
from bot.settings import GitHubSettings, Settings

SUCCESS, FAILURE, CANCELLED, SKIPPED = "success", "failure", "cancelled", "skipped"
JOB_RESULTS = (SUCCESS, FAILURE, CANCELLED, SKIPPED)
"""What GitHub calls how a job ended."""

NO_BUNDLE = "The job that repairs ended without leaving anything."
NO_REPORT = "The job that repairs ended without a report."
LOG_CURE = "The log of the run says why. To try again: `/bcrag retry`."
LIMITED = "GitHub takes no more requests from the bot until {until:%H:%M} UTC."
LIMITED_CURE = "The bundle lies with the run. Ask again after that: `/bcrag retry`."
AGAIN = " Then: `/bcrag retry`."
UNDONE = "GitHub did not do what is needed to publish the result."
MISCONFIGURED = "The configuration of the repository is wrong."
DEFECT = "The bot failed with a defect of its own ({kind})."
DEFECT_CURE = (
    "To try again: `/bcrag retry`. If it fails again, please report it where you have bcrag from, with the text above."
)

_MAX_DETAILS = 1_500
_TELLING = (Ending.FAILED, Ending.TIMED_OUT, Ending.CANCELLED)
"""What another job may say of how it ended."""


@dataclass(frozen=True)
class Work:
    """What is published: the bundle (None where none came), and for which errand."""

    bundle: Path | None
    errand: Errand
    job_result: str = SUCCESS
    """How the job that made it ended."""
    by_hand: bool = False
    """Whether a person publishes it, and no job of the workflow does: then nothing is told but to them."""
    run: int | None = None
    """The workflow run that made it, where it is not the one this is part of."""


def publish(
    work: Work,
    host: GitHub,
    around: Surroundings,
    settings: Settings | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Result:
    """Publish, and tell the result on GitHub where a job of a workflow does it. Settings that are not given are read
    from the default branch. `say` takes what could not be told."""
    run_url, again = ("", "") if work.by_hand else (around.run_url, AGAIN)
    own, tests = (settings.github, settings.tests_in_patch) if settings is not None else (GitHubSettings(), False)
    result = Result(ending=Ending.CANCELLED, run_url=run_url)
    try:
        if settings is None:
            known = configuration.of(host)
            own, tests = known.github, known.tests_in_patch
        office = pulls.Office(host, own, around.server_url, run_url, 1 if work.by_hand else around.attempt, tests)
        result = outcome(work, office, around)
    except RateLimited as error:
        result = limited(error)
    except HostError as error:
        result = Result(ending=Ending.FAILED, why=UNDONE, cure=f"{error.cure}{again}", details=str(error))
    except BcragError as error:
        result = Result(
            ending=Ending.FAILED, why=MISCONFIGURED, cure=f"{error.cure}{again}", details=_details(str(error))
        )
    except Exception as error:  # a defect is a result, too
        result = defect(error)
    finally:
        result = result.model_copy(update={"run_url": run_url})
        if not work.by_hand:
            result = _told(result, work.errand, host, own, around, say)
    return result


def outcome(work: Work, office: pulls.Office, around: Surroundings) -> Result:
    """What became of an errand.

    Raises:
        HostError: GitHub fails where the result rests on it.
    """
    if work.job_result in (CANCELLED, SKIPPED):
        return _cancelled(work, office.host)
    if work.bundle is None or not work.bundle.exists():
        return Result(ending=Ending.FAILED, why=NO_BUNDLE, cure=LOG_CURE)
    with tempfile.TemporaryDirectory(prefix="bcrag-") as fresh:
        bundle = bundles.opened(work.bundle, Path(fresh))
    if isinstance(bundle, Refusal):
        return refused(bundle)
    # a bundle gets its origin after its report; a person's own has none
    stopped = bundle.origin is None and bundle.ended is not None and not work.by_hand
    if bundle.report is None or stopped:
        return _without_report(bundle)
    expected = _expected(work, office.host, around)
    if isinstance(expected, Refusal):
        return refused(expected)
    sound = bundles.checked(bundle, work.errand, expected, office.host, tests=office.tests_in_patch)
    if isinstance(sound, Refusal):
        return refused(sound)
    finished = Result(ending=Ending.FINISHED, report=sound.report, notes=bundle.notes)
    if sound.patch is None:
        return finished
    files = placed(sound.patch, sound.tree, office.host.blob)
    if isinstance(files, Refusal):
        return refused(files)
    try:
        delivered = pulls.deliver(office, work.errand, bundle, sound, files)
    except pulls.TooManyOpen as many:
        return Result(ending=Ending.LIMITED, why=str(many), cure=many.cure, delivery=Delivery.ARTIFACT)
    return finished.model_copy(
        update={
            "delivery": delivered.delivery,
            "pull": delivered.pull,
            "draft": delivered.draft,
            "branch": work.errand.branch,
            "url": delivered.url,
            "notes": (*delivered.notes, *bundle.notes),
        }
    )


def _expected(work: Work, host: GitHub, around: Surroundings) -> Expected | Refusal | None:
    """The run a bundle must be of; None for a person's own, which no workflow made."""
    if work.run is not None:
        return of_run(host, work.run, None if work.by_hand else work.errand)
    return None if work.by_hand else Expected.here(around, work.errand)


def _told(
    result: Result, errand: Errand, host: GitHub, own: GitHubSettings, around: Surroundings, say: Callable[[str], None]
) -> Result:
    """Tell a result; where it cannot be put into words, that."""
    try:
        why = told.tell(result, errand, host, own, around)
    except Exception as error:
        result = defect(error).model_copy(update={"run_url": result.run_url})
        why = told.tell(result, errand, host, own, around)
    if why:
        say(why)
    return result


def refused(refusal: Refusal) -> Result:
    """The result of what was not let through."""
    return Result(ending=Ending.REFUSED, why=refusal.reason, cure=refusal.cure, details=_details(refusal.details))


def limited(error: RateLimited) -> Result:
    """The result where GitHub takes no more requests."""
    until = error.until.astimezone(UTC)
    return Result(ending=Ending.LIMITED, why=LIMITED.format(until=until), cure=LIMITED_CURE)


def defect(error: Exception) -> Result:
    """The result where the bot itself is wrong."""
    trace = "".join(traceback.format_exception(error)[-6:])
    why = DEFECT.format(kind=type(error).__name__)
    return Result(ending=Ending.FAILED, why=why, cure=DEFECT_CURE, trace=_details(trace[-_MAX_DETAILS:]))


def _cancelled(work: Work, host: GitHub) -> Result:
    """A job that was cancelled: by the clock, by a newer command, or by somebody."""
    if work.bundle is not None and work.bundle.exists():
        with tempfile.TemporaryDirectory(prefix="bcrag-") as fresh:
            bundle = bundles.opened(work.bundle, Path(fresh))
        if isinstance(bundle, bundles.Bundle) and bundle.ended and bundle.ended.ending is Ending.TIMED_OUT:
            return _without_report(bundle)
    newer = told.superseded(work.errand, host)
    return Result(ending=Ending.SUPERSEDED if newer else Ending.CANCELLED)


def _without_report(bundle: bundles.Bundle) -> Result:
    """What the job itself says of its end; that is shown as what it said."""
    if bundle.ended is None:
        return Result(ending=Ending.FAILED, why=NO_REPORT, cure=LOG_CURE)
    ended = bundle.ended.result()
    ending = ended.ending if ended.ending in _TELLING else Ending.FAILED
    if ending is not Ending.FAILED:  # what a job says of these its comment says better
        return Result(ending=ending)
    return Result(ending=ending, why=NO_REPORT, details=_details(ended.details))


def _details(text: str) -> str:
    return redacted(text)[:_MAX_DETAILS]
