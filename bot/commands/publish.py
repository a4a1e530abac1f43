"""`bot publish`: a bundle looked at again, its patch put on a branch, a pull request, the result told."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import BcragError, ExitStatus, UsageError

if TYPE_CHECKING:
    from bot.host.github import GitHub
    from bot.host.surroundings import Surroundings
    from bot.models.errand import Errand
    from bot.models.report import Report
    from bot.models.result import Result
    from bot.publishing.bundles import Bundle

HELP = """Make a pull request of what a run left.

The bundle is taken for a stranger's: it is read with bounds, held against its schema and against the commit as GitHub
has it, and its patch is judged again. It is put on a branch of its own, on top of the commit it was made for, by
GitHub's API: nothing is checked out and nothing of it is run.

Examples:

  bot publish .bcrag/runs/ID --dry-run                       the pull request as it would be; needs no token

  bot publish .bcrag/runs/ID --repo me/my_addon --issue 12   with the token in BCRAG_TOKEN or GITHUB_TOKEN

  bot publish bcrag-bundle --job-result success              in a workflow, after `bot respond listen`

In a workflow the errand is in BCRAG_ERRAND, and what becomes of it is told in its comment, whatever happens. There the
exit status is 0 where there is a report, whatever it says.
"""

BAD_RESULT = "--job-result: {text!r} is no result of a job."
BAD_RESULT_CURE = "It is `needs.repair.result`: {known}."
NO_REPOSITORY = "It is not said which repository the pull request is for."
NO_REPOSITORY_CURE = "Name it: --repo OWNER/NAME"
NO_REPORT = "The bundle holds no report."
NO_REPORT_CURE = "Give the folder a finished run has left: .bcrag/runs/ID, or what --out named."
NOTHING = "The run has left no patch, so there is nothing to publish."
NOT_IN_BASE = "The commit {commit} is not part of {base} on GitHub."
NOT_IN_BASE_CURE = "Push it first, or name the branch it is part of: --base BRANCH"
NO_BASE = "There is no branch {base} in {repository}."
NO_BASE_CURE = "Name the branch the pull request is to go to: --base BRANCH"
NO_COMMIT_CURE = "Push the commit first: git push"
ODD = "--repo, --base or --issue is not what it should be: {what}."
ODD_CURE = "Write them as --repo me/my_addon --base main --issue 12."
HEAD = "{what:<9} {text}"
WOULD = "would put {files} on the branch {branch}, and {how}"
OPEN = "open the pull request above"
OPEN_DRAFT = "open the pull request above as a draft"
NOT_SEEN = "GitHub was not asked: whether the patch fits what is there now shows when it is published."


def publish(
    bundle: Annotated[Path, typer.Argument(help="The folder a run has left, or that folder as a zip archive.")],
    run: Annotated[
        int | None, typer.Option("--run", min=1, help="The workflow run that made the bundle, where it is another one.")
    ] = None,
    job_result: Annotated[
        str,
        typer.Option(
            "--job-result", metavar="success|failure|cancelled|skipped", help="How the job that repairs ended."
        ),
    ] = "success",
    repo: Annotated[
        str | None, typer.Option("--repo", metavar="OWNER/NAME", help="The repository; in a workflow: its own.")
    ] = None,
    issue: Annotated[int | None, typer.Option("--issue", min=1, help="The issue it is about.")] = None,
    base: Annotated[
        str | None, typer.Option("--base", help="The branch it goes to. Default: the repository's default branch.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be published.")] = False,
) -> None:
    """Make a pull request of what a run left."""
    from bot.host.connecting import WRITING, connected
    from bot.host.surroundings import ERRAND, Surroundings
    from bot.publishing.publish import JOB_RESULTS

    if job_result not in JOB_RESULTS:
        raise UsageError(BAD_RESULT.format(text=job_result), BAD_RESULT_CURE.format(known=", ".join(JOB_RESULTS)))
    around = Surroundings(_environment(repo))
    if dry_run:
        _rehearse(bundle, around, issue, base)
        return
    if not around.environment.get("GITHUB_REPOSITORY"):
        raise UsageError(NO_REPOSITORY, NO_REPOSITORY_CURE)
    if around.environment.get(ERRAND):
        errand = around.errand()
        with connected(around, WRITING) as host:
            result = _by_job(bundle, job_result, errand, run, host, around)
    else:
        with connected(around, WRITING) as host:
            result = _by_hand(bundle, run, issue, base, host, around)
    _print(result)
    around.put(ending=result.ending.value, delivery=result.delivery.value, pull_request=str(result.pull or ""))
    raise typer.Exit(int(_exit_status(result, told=bool(around.environment.get(ERRAND)))))


def _environment(repo: str | None) -> dict[str, str]:
    """The environment, with the repository that is named. Outside of GitHub Actions every token is a person's."""
    found = {**os.environ, **({"GITHUB_REPOSITORY": repo} if repo else {})}
    own = found.get("GITHUB_TOKEN")
    if own and found.get("GITHUB_ACTIONS") != "true" and not found.get("GITHUB_RUN_ID"):
        found = {**found, "BCRAG_TOKEN": found.get("BCRAG_TOKEN") or own, "GITHUB_TOKEN": ""}
    return found


def _by_job(
    bundle: Path, job_result: str, errand: Errand, run: int | None, host: GitHub, around: Surroundings
) -> Result:
    """Publish as a job of the workflow, for the errand it was handed."""
    from bot.publishing.publish import Work, publish
    from bot.reporting.log import logged

    work = Work(bundle if bundle.exists() else None, errand, job_result, run=run)
    return publish(work, host, around, say=lambda text: typer.echo(f"bot: {logged(text)}", err=True))


def _by_hand(
    bundle: Path, run: int | None, issue: int | None, base: str | None, host: GitHub, around: Surroundings
) -> Result:
    """Publish a bundle of one's own: the errand is made of what the flags and GitHub say."""
    from bot.host.errors import NotThere
    from bot.publishing.publish import Work, publish

    _, report = _opened(bundle)
    about = host.about()
    errand = _errand(report, about.full_name, issue, base or about.default_branch)
    try:
        tip = host.branch(errand.base)
        if tip is None:
            raise UsageError(NO_BASE.format(base=errand.base, repository=about.full_name), NO_BASE_CURE)
        if tip != errand.commit and host.commits_between(tip, errand.commit):
            raise UsageError(NOT_IN_BASE.format(commit=errand.commit[:12], base=errand.base), NOT_IN_BASE_CURE)
    except NotThere as error:
        message = NOT_IN_BASE.format(commit=errand.commit[:12], base=errand.base)
        raise UsageError(message, NO_COMMIT_CURE) from error
    return publish(Work(bundle, errand, by_hand=True, run=run), host, around)


def _errand(report: Report, repository: str, issue: int | None, base: str) -> Errand:
    """The errand a person does by hand.

    Raises:
        UsageError: a flag is not what it should be.
    """
    from datetime import UTC, datetime

    from pydantic import ValidationError

    from bot.models.command import Command, Verb
    from bot.models.errand import Errand, Subject
    from bot.models.request import Trigger
    from bot.publishing import problems

    command = Command(verb=Verb(report.request.mode.value), words=report.request.task[:10_000])
    digits = "".join(character for character in report.id if character.isdecimal())[:14]
    try:
        return Errand(
            repository=repository,
            run=int(digits or "0") or 1,
            command=command,
            trigger=Trigger.COMMAND_LINE,
            problem=problems.of(command, issue),
            subject=Subject(number=issue) if issue is not None else None,
            base=base,
            commit=report.request.commit,
            asked_at=datetime.now(UTC),
        )
    except ValidationError as error:
        what = ", ".join(sorted({str(each["loc"][0]) for each in error.errors() if each["loc"]}))
        raise UsageError(ODD.format(what=what), ODD_CURE) from error


def _opened(path: Path) -> tuple[Bundle, Report]:
    """The bundle of a person's own, and its report.

    Raises:
        UsageError: it is none that could be published.
    """
    import tempfile

    from bot.publishing.bundles import opened
    from bot.publishing.refusals import Refusal

    with tempfile.TemporaryDirectory(prefix="bcrag-") as fresh:
        found = opened(path, Path(fresh))
    if isinstance(found, Refusal):
        raise UsageError(str(found), found.cure)
    if found.report is None:
        raise UsageError(NO_REPORT, NO_REPORT_CURE)
    return found, found.report


def _rehearse(path: Path, around: Surroundings, issue: int | None, base: str | None) -> None:
    """Show what would be published, of the bundle alone."""
    from bot.host.surroundings import ERRAND
    from bot.publishing.bundles import against
    from bot.publishing.pulls import wants_draft
    from bot.reporting import pull_request
    from bot.reporting.text import listed
    from bot.settings import load

    bundle, report = _opened(path)
    patch = bundle.patch
    repository = around.environment.get("GITHUB_REPOSITORY") or "OWNER/NAME"
    given = bool(around.environment.get(ERRAND))
    errand = around.errand() if given else _errand(report, repository, issue, base or "main")
    if patch is None:
        sys.stdout.write(f"{NOTHING}\n")
        return
    tests = any(one.in_patch for one in report.proposed_tests)
    if reasons := against(patch, report.request.addon, report.request.mode, tests=tests):
        raise BcragError("\n".join(reasons), "Nothing would be published.")
    links = pull_request.Links(server=around.server_url, repository=repository, commit=errand.commit)
    draft = wants_draft(load(None).github, report.verified)
    title = pull_request.title(report, errand)
    rows = {"title": title, "branch": errand.branch, "base": errand.base, "commit": errand.commit}
    for what, text in rows.items():
        sys.stdout.write(HEAD.format(what=what, text=text) + "\n")
    sys.stdout.write(f"\n{pull_request.body(report, errand, links)}\n")
    how = OPEN_DRAFT if draft else OPEN
    sys.stdout.write(WOULD.format(files=listed(patch.files), branch=errand.branch, how=how) + "\n")
    for note in (*bundle.notes, NOT_SEEN):
        sys.stdout.write(f"note: {note}\n")


def _print(result: Result) -> None:
    """Say in the terminal, or the job's log, what became of it."""
    from bot.models.result import Delivery, Ending
    from bot.reporting.log import logged

    number = f"#{result.pull}" if result.pull else ""
    words = " ".join(filter(None, (result.ending.value, f"({result.delivery.value})", number, result.url)))
    nothing = NOTHING if result.ending is Ending.FINISHED and result.delivery is Delivery.NONE else ""
    rest = (nothing, result.why, result.cure, result.details, result.trace, *result.notes)
    sys.stdout.write("\n".join(logged(text, 2_000) for text in (words, *rest) if text) + "\n")


def _exit_status(result: Result, *, told: bool) -> ExitStatus:
    """A job that did its work succeeds; a person is told how the repair stands, as by every command."""
    from bot.commands.repairing import exit_status
    from bot.models.result import Ending

    match result.ending:
        case Ending.FINISHED:
            return ExitStatus.OK if told or result.report is None else exit_status(result.report)
        case Ending.CANCELLED | Ending.SUPERSEDED if told:
            return ExitStatus.OK
        case Ending.LIMITED:
            return ExitStatus.MISSING
        case _:
            return ExitStatus.PROBLEMS
