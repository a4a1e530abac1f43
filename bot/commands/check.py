"""`bot check`: find what is wrong with an add-on and repair nothing."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bot.errors import Cancelled, ExitStatus, MissingError, UsageError
from bot.reporting.text import listed, plural, shell_word

if TYPE_CHECKING:
    from rich.console import Console

    from bot.models.evidence import Evidence
    from bot.models.fault import Fault
    from bot.models.release import Release
    from bot.reporting.baseline import Comparison
    from bot.reporting.fingerprint import Marked
    from bot.wiring import Job

DEAD = "It could not be checked. {notes}."
DEAD_CURE = "See what this machine lacks: bot doctor"
BOTH = "--baseline and --write-baseline are two different wishes."
BOTH_CURE = "Compare with --baseline FILE, or record today's faults with --write-baseline FILE."
NO_BASELINE = "--baseline: {name} cannot be read: {why}."
NO_BASELINE_CURE = "Write one first: bot check --write-baseline {name}"
UNWRITABLE = "{name} cannot be written: {why}."
UNWRITABLE_CURE = "Name a file in a folder that is there and may be written to."
WRITTEN = "{faults} recorded in {name}; check against it with --baseline {name}"
INTERRUPTED = "Interrupted; nothing was changed."

HELP = """Find what is wrong with a Blender add-on; repair nothing.

Loads and exercises the add-on in the sandboxed Blender of each release, asks it about the API the code uses, and
prints one table per release. --static starts no Blender: the code is held against the stubs of each release.

Examples:

  bot check                              the add-on in this folder

  bot check --blender 4.2,5.0            on these releases

  bot check --log blender.log            and what a log or traceback tells of

  bot check --format sarif --out check.sarif      for GitHub code scanning

  bot check --write-baseline faults.json          record the faults there are

  bot check --baseline faults.json       tell only of new ones
"""

_PRINT = "What is printed"


def check(
    checkout: Annotated[Path, typer.Argument(help="The add-on's repository, or a folder in it.")] = Path(),
    addon: Annotated[str | None, typer.Option("--addon", help="The add-on's path, where there are several.")] = None,
    blender: Annotated[str | None, typer.Option("--blender", metavar="4.2,4.5", help="Releases to look at.")] = None,
    blender_path: Annotated[
        list[Path] | None, typer.Option("--blender-path", metavar="FILE", help="A Blender executable to use.")
    ] = None,
    static: Annotated[bool, typer.Option("--static", help="Start no Blender, ask the stubs.")] = False,
    log: Annotated[
        Path | None, typer.Option("--log", help="A log or traceback to look into too, or - for standard input.")
    ] = None,
    issue_file: Annotated[
        Path | None, typer.Option("--issue-file", help="An issue's text to look into too, or - for standard input.")
    ] = None,
    form: Annotated[
        Literal["text", "json", "sarif", "github"],
        typer.Option("--format", help="What to print.", rich_help_panel=_PRINT),
    ] = "text",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", help="Write it to a file instead of standard output.", rich_help_panel=_PRINT
        ),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(
            "--baseline", metavar="FILE", help="Tell only of faults that are not in it.", rich_help_panel=_PRINT
        ),
    ] = None,
    write_baseline: Annotated[
        Path | None,
        typer.Option(
            "--write-baseline", metavar="FILE", help="Record today's faults for --baseline.", rich_help_panel=_PRINT
        ),
    ] = None,
    sandbox: Annotated[
        str | None, typer.Option("--sandbox", metavar="auto|bubblewrap|docker|none", help="What runs the add-on.")
    ] = None,
    no_install: Annotated[bool, typer.Option("--no-install", help="Never download a Blender or its stubs.")] = False,
) -> None:
    """Find what is wrong with a Blender add-on; repair nothing."""
    from bot import wiring
    from bot.commands import common
    from bot.commands.sandboxing import settled
    from bot.models.request import Mode
    from bot.reporting import baseline as baselines
    from bot.reporting.fingerprint import marked
    from bot.reporting.terminal import Progress
    from bot.repository import Repository
    from bot.settings import load
    from bot.steps.distinct import distinct
    from bot.steps.evidence import dead_targets, gather
    from bot.steps.watch import watching

    if baseline and write_baseline:
        raise UsageError(BOTH, BOTH_CURE)
    for file in (out, write_baseline):
        _check_writable(file)
    if write_baseline and write_baseline.exists() and not baselines.looks_like_one(_read(write_baseline)):
        name = shell_word(str(write_baseline))
        raise UsageError(baselines.FOREIGN.format(name=name), baselines.FOREIGN_CURE)
    known = _read(baseline) if baseline else None
    repository = Repository.open(checkout)
    settings = load(
        repository.root,
        addon=addon,
        blender=common.releases(blender),
        blender_paths=tuple(blender_path) if blender_path else None,
        sandbox=sandbox,
        install=False if no_install else None,
    )
    settings = settled(settings, repository.root)
    progress = Progress()
    task = wiring.Task(*common.asked(None, issue_file, log), mode=Mode.CHECK)
    with common.installing(progress) as show:
        job = wiring.prepare(checkout, repository, settings, task, None, show, static=static)
    compared = baselines.read(known, str(baseline), job.request.addon.path) if known is not None else None
    releases = listed(map(str, job.request.runs_on))
    try:
        with wiring.tools(job, pictures=False, static=static) as tools:
            where = "reading the code" if static else f"running {job.request.addon.name} in Blender {releases}"
            with progress.step("look", where):
                evidence = gather(job.request, watching(tools, progress.now))
                texts = tools.texts(job.request.addon)
    except KeyboardInterrupt as error:
        raise Cancelled(INTERRUPTED) from error
    faults = marked(distinct(evidence.faults), texts)
    dead = dead_targets(job.request, evidence)
    unreachable = MissingError(DEAD.format(notes=". ".join(seen.note for seen in dead)), DEAD_CURE)
    if write_baseline:
        if dead:
            raise unreachable
        made = baselines.record(faults, job.request.addon.path, job.request.runs_on, static=static)
        _write(write_baseline, baselines.written(made))
        progress.note(WRITTEN.format(faults=plural(len(faults), "fault"), name=shell_word(str(write_baseline))))
        raise typer.Exit(int(ExitStatus.OK))
    comparison = baselines.compare(compared, faults, job.request.runs_on, static=static) if compared else None
    new = comparison.new if comparison else faults
    status = ExitStatus.PROBLEMS if new else ExitStatus.MISSING if dead else ExitStatus.OK
    look = _Look(job, evidence, new, texts, comparison, str(baseline or ""), status, static=static)
    if out:
        _write(out, _rendered(look, form))
    elif form == "text":
        from rich.console import Console

        _tell(look, Console(highlight=False))
    else:
        sys.stdout.write(_rendered(look, form))
    if dead and not new:
        raise unreachable
    raise typer.Exit(int(status))


@dataclass(frozen=True)
class _Look:
    """What was seen, and what of it is to be told."""

    job: Job
    evidence: Evidence
    marked: Sequence[Marked]
    texts: Mapping[str, str]
    comparison: Comparison | None
    baseline: str
    status: ExitStatus
    static: bool = field(kw_only=True)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults to tell of, each once."""
        return tuple(one.fault for one in self.marked)


def _rendered(look: _Look, form: str) -> str:
    """The text of a format, as a file or a pipe gets it."""
    if form == "json":
        return json.dumps([fault.model_dump(mode="json") for fault in look.faults], indent=2) + "\n"
    if form == "github":
        from bot.reporting.github import commands

        return commands(look.marked, look.job.request.addon, _seen_in(look))
    if form == "sarif":
        return _sarif(look)
    from rich.console import Console

    buffer = StringIO()
    _tell(look, Console(file=buffer, highlight=False, width=100))
    return buffer.getvalue()


def _tell(look: _Look, console: Console) -> None:
    from bot.reporting import faults as tables
    from bot.reporting.fingerprint import marked
    from bot.steps.distinct import distinct

    told = {one.fingerprint for one in look.marked}
    by_release = {}
    # a log may tell of a release this check did not look at
    for release in dict.fromkeys((*look.job.request.runs_on, None, *(fault.release for fault in look.evidence.faults))):
        there = marked(distinct([fault for fault in look.evidence.faults if fault.release == release]), look.texts)
        # a known fault is left out of every release's table, too
        by_release[release] = [one.fault for one in there if look.comparison is None or one.fingerprint in told]
    tables.text(
        look.job.request,
        look.evidence,
        look.faults,
        by_release,
        console,
        static=look.static,
        comparison=look.comparison,
        baseline=look.baseline,
    )


def _seen_in(look: _Look) -> dict[str, tuple[Release, ...]]:
    """The releases each fault was seen in, by fingerprint: what is told once may be wrong in several."""
    from bot.reporting.fingerprint import marked

    found: dict[str, set[Release]] = {}
    for one in marked(look.evidence.faults, look.texts):
        if one.fault.release is not None:
            found.setdefault(one.fingerprint, set()).add(one.fault.release)
    return {fingerprint: tuple(sorted(releases)) for fingerprint, releases in found.items()}


def _sarif(look: _Look) -> str:
    from bot import __version__
    from bot.reporting import sarif
    from bot.rules.registry import all_rules
    from bot.steps.evidence import dead_targets

    request = look.job.request
    checked = sarif.Checked(
        addon=request.addon,
        commit=request.commit,
        releases=request.runs_on,
        static=look.static,
        version=__version__,
        exit_status=int(look.status),
        reached=not dead_targets(request, look.evidence),
    )
    compared = look.comparison is not None
    return sarif.document(checked, look.marked, all_rules(), look.evidence.baseline, _seen_in(look), compared=compared)


def _read(path: Path) -> str:
    """A baseline's text.

    Raises:
        UsageError: it cannot be read.
    """
    from bot.reporting.baseline import LIMIT

    try:
        with path.open("rb") as file:
            return file.read(LIMIT + 1).decode("utf-8", "replace")
    except OSError as error:
        name = shell_word(str(path))
        raise UsageError(
            NO_BASELINE.format(name=name, why=error.strerror), NO_BASELINE_CURE.format(name=name)
        ) from error


def _check_writable(path: Path | None) -> None:
    """See before the work is done that its outcome can be written.

    Raises:
        UsageError: it cannot.
    """
    if path is None:
        return
    why = (
        "it is a folder"
        if path.is_dir()
        else "there is no such folder"
        if not path.parent.is_dir()
        else ""
        if os.access(path if path.exists() else path.parent, os.W_OK)
        else "permission denied"
    )
    if why:
        raise UsageError(UNWRITABLE.format(name=shell_word(str(path)), why=why), UNWRITABLE_CURE)


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all.

    Raises:
        UsageError: it cannot be written.
    """
    data = text.encode("utf-8", "replace")
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)  # a pipe or a device
            return
        target = path.resolve()
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        fresh = Path(name)
        fresh.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        fresh.replace(target)
    except OSError as error:
        raise UsageError(UNWRITABLE.format(name=shell_word(str(path)), why=error.strerror), UNWRITABLE_CURE) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
