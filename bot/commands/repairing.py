"""A job taken to its report, as `bot run` and `bot respond` do it: what is read first, the steps, the branch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, cast

from bot.errors import ExitStatus
from bot.reporting.text import plural
from indexer.errors import IndexerError

if TYPE_CHECKING:
    from bot.models.report import Report
    from bot.reporting.terminal import Progress
    from bot.runs import Kept
    from bot.wiring import Job

SUBMODULE = "{path} is a submodule: the commit does not hold its files, and neither does what Blender gets to see."
DIRTY = "Not committed: {files} of the add-on. This run looks at the last commit ({commit})."
STUBS = "reading the API of {releases} to be checked statically (once, about 1 MB each)"
NO_STUBS = "no stubs of {releases}: what a patch needs there is not checked"
INDEXING = "bringing the repository's index up to the commit"
INDEXED = "{files}, {pieces}"
NO_INDEX = "not to be had, so only names are looked up: {error}"
INDEXING_API = "reading the API of Blender {release}, to answer the task by (once)"
NO_API = "not to be had: only names are looked up"


def begun(job: Job, *, apply: bool = False, branch: str | None = None) -> AbstractContextManager[Kept]:
    """The folder of a new run, which is kept until it is done; there must be room for its bundle.

    Raises:
        UsageError, MissingError: the bundle cannot be written, or the cache cannot.
    """
    from bot import __version__, runs, wiring

    wiring.check_out(job.bundle, job.repository)
    asked = runs.Asked(
        version=__version__,
        root=str(job.repository.root),
        bundle=str(job.bundle),
        request=job.request,
        settings=job.settings.model_dump(mode="json"),
        apply=apply,
        branch=branch,
    )
    return runs.begin(asked)


def repair(job: Job, kept: Kept, progress: Progress, branch: str | None) -> Report:
    """Run a job to its report, and hand the branch over."""
    return cast("Report", advance(job, kept, progress, branch))  # it waits for nothing


def advance(
    job: Job, kept: Kept, progress: Progress, branch: str | None = None, before: Sequence[str] = (),
    reported: Callable[[], None] = lambda: None,
) -> Report | None:  # fmt: skip
    """Run a job on to the first step named in `before` (None is returned), or to its report.

    `reported` is called as soon as the bundle is there, before what the run needed is put away.
    """
    from bot import pipeline, wiring
    from bot.reporting import commits
    from bot.steps.narrate import Narrator

    _read_up(job, progress)
    repository = job.repository
    with wiring.tools(job, renders=kept.renders, asking=True) as tools:
        narrator = Narrator(progress, job.request)
        report = pipeline.advance(job.request, tools, narrator, job.bundle, kept.checkpoints, before)
        if report:
            reported()
        if report and branch and report.patch and not repository.has_branch_of(branch, report.id):
            patch = job.bundle / report.patch.path
            repository.take_branch(tools.clone, patch.read_bytes(), branch, commits.message(report), str(patch))
    return report


def _read_up(job: Job, progress: Progress) -> None:
    """Bring along what a run looks things up in, and say what of the checkout is not looked at."""
    from bot import wiring

    unread = wiring.unread_stubs(job)
    if unread:
        with progress.step("stubs", STUBS.format(releases=plural(len(unread), "release"))) as step:
            lacking = wiring.fetch_stubs(unread)
            if lacking:
                step.say(NO_STUBS.format(releases=", ".join(map(str, lacking))))
    with progress.step("index", INDEXING) as step:
        try:
            stats = wiring.update_index(job)
            step.say(INDEXED.format(files=plural(stats.files, "file"), pieces=plural(stats.embedded, "new piece")))
        except IndexerError as error:
            step.say(NO_INDEX.format(error=error))
    if job.request.task:
        with progress.step("docs", INDEXING_API.format(release=job.request.targets[-1])) as step:
            if not wiring.index_api(job):
                step.say(NO_API)
    repository, addon = job.repository, job.request.addon
    dirty = repository.changed_paths([path for path in repository.files if addon.inside(path)])
    if dirty:
        progress.note(DIRTY.format(files=plural(len(dirty), "changed file"), commit=job.request.commit[:12]))
    for path in repository.submodules:
        if addon.inside(path):
            progress.note(SUBMODULE.format(path=path))


def exit_status(report: Report) -> ExitStatus:
    """What a command that made this report ends with."""
    from bot.models.report import Status

    if report.status in (Status.CLEAN, Status.ANSWERED) or (report.status is Status.REPAIRED and report.verified):
        return ExitStatus.OK
    return ExitStatus.MISSING if report.status is Status.ERROR else ExitStatus.PROBLEMS
