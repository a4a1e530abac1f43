"""`bot eval`: run cases, judge what comes of them, and say in figures what the bot is worth."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.errors import Cancelled, ExitStatus, MissingError, UsageError
from indexer.errors import IndexerError

if TYPE_CHECKING:
    from bot.evaluation.ablations import Configuration
    from bot.evaluation.evaluate import Evaluation
    from bot.models.evaluation import Case, Result
    from bot.reporting.terminal import Progress
    from bot.repository import Repository

HELP = """Run the bot on cases and report figures.

A case is a commit with a fault, and something that tells whether it is repaired, which the bot never sees: a probe
from a file of cases, or the tests of a fix in your own repository's history. docs/eval.md says what every figure
means. Results are kept; a second call runs what is missing.

Examples:

  bot eval ~/my_addon --history 10             your ten newest fixes, each on the commit before it

  bot eval --cases cases.jsonl --repositories clones

  bot eval --history 5 --llm none --json       figures for other programs

  bot eval --cases cases.jsonl --ablate rules-only,no-retrieval --plot eval.png
"""
HISTORY = 20
"""Fixes that are looked at unless told otherwise."""
BOTH = "Choose one of --cases and --history."
BOTH_CURE = "--cases FILE runs the cases of a file; --history [N] makes them of the checkout's past fixes."
UNKNOWN_CASE = "--only: there is no case {id!r}."
UNKNOWN_CASE_CURE = "The first ones are: {ids}."
NO_MODULES = "--dep: there is no folder {path}."
NO_MODULES_CURE = "Unpack the Python packages the add-ons expect into a folder, and name that."
INTERRUPTED = "Interrupted after {done} of {all} results, which are kept in {out}."
INTERRUPTED_CURE = "Type the same command again: it runs what is missing."
TOLD = "[{done}/{all}] {case} ({configuration}): {outcome}"
UNWRITTEN = "{path} cannot be written: {why}."
UNWRITTEN_CURE = "Name another file or folder."

_WHICH = "Which cases"
_OUTCOME = "What comes of it"


def evaluate(
    checkout: Annotated[Path, typer.Argument(help="The repository whose history --history asks about.")] = Path(),
    cases: Annotated[
        Path | None, typer.Option("--cases", metavar="FILE", help="Cases, as JSON lines.", rich_help_panel=_WHICH)
    ] = None,
    repositories: Annotated[
        Path | None,
        typer.Option(
            "--repositories", metavar="DIR", help="Where the repositories of --cases are.", rich_help_panel=_WHICH
        ),
    ] = None,
    history: Annotated[
        int | None,
        typer.Option(
            "--history",
            metavar="N",
            min=1,
            max=500,
            help=f"Make cases of the N newest fixes of the checkout (without --cases: {HISTORY}).",
            rich_help_panel=_WHICH,
        ),
    ] = None,
    unaided: Annotated[
        bool,
        typer.Option("--unaided", help="Of --history: do not tell the bot the message.", rich_help_panel=_WHICH),
    ] = False,
    only: Annotated[
        str | None, typer.Option("--only", metavar="ID,ID", help="These cases alone.", rich_help_panel=_WHICH)
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="At most so many cases.", rich_help_panel=_WHICH)
    ] = None,
    blender: Annotated[
        str | None,
        typer.Option("--blender", metavar="4.2,4.5", help="Releases to prove, where a case names none."),
    ] = None,
    dep: Annotated[
        list[Path] | None,
        typer.Option("--dep", metavar="DIR", help="A folder of Python modules the add-ons expect in Blender."),
    ] = None,
    llm: Annotated[
        str | None, typer.Option("--llm", metavar="none|auto|NAME[:MODEL]", help="The model, as for bot run.")
    ] = None,
    max_attempts: Annotated[
        int | None, typer.Option("--max-attempts", min=1, max=50, help="Patches to try in a case.")
    ] = None,
    max_cost: Annotated[
        float | None, typer.Option("--max-cost", min=0, metavar="USD", help="What models may cost in one case.")
    ] = None,
    ablate: Annotated[
        str | None,
        typer.Option(
            "--ablate",
            metavar="NAME,NAME|all",
            help="Run once more without a part each: rules-only, no-retrieval, no-healing, no-api.",
        ),
    ] = None,
    judge: Annotated[
        bool, typer.Option("--judge", help="A model in the role critic marks the answers, too; it costs its tokens.")
    ] = False,
    sandbox: Annotated[
        str | None,
        typer.Option("--sandbox", metavar="auto|bubblewrap|docker|none", help="What runs the add-ons."),
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", min=1, max=64, help="Cases at a time.")] = 1,
    again: Annotated[bool, typer.Option("--again", help="Run cases that have a result, too.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Folder for the results. Default: .bcrag/eval.", rich_help_panel=_OUTCOME
        ),
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option("--plot", metavar="FILE.png", help="Draw the figures and their goals.", rich_help_panel=_OUTCOME),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one object of figures on stdout.", rich_help_panel=_OUTCOME)
    ] = False,
    worker: Annotated[str | None, typer.Option("--worker", hidden=True, help="CONFIGURATION:CASE to run.")] = None,
) -> None:
    """Run the bot on cases and report figures."""
    from bot.commands import common
    from bot.evaluation import ablations
    from bot.evaluation.bench import Bench
    from bot.evaluation.evaluate import Evaluation, work
    from bot.reporting.terminal import Progress
    from bot.settings import load

    if cases is not None and (history is not None or unaided):
        raise UsageError(BOTH, BOTH_CURE)
    configurations = ablations.chosen(ablate)
    modules = tuple(dep or ())
    if lacking := [folder for folder in modules if not folder.is_dir()]:
        raise UsageError(NO_MODULES.format(path=lacking[0]), NO_MODULES_CURE)
    repository = None if cases is not None else _opened(checkout)
    flags = {
        "blender": common.releases(blender),
        "llm": llm,
        "max_attempts": max_attempts,
        "max_cost": max_cost,
        "sandbox": sandbox,
    }
    settings = load(repository.root if repository else None, **flags)
    if worker is not None:
        common.keyless(settings)
    folder = _folder(out or (repository.root if repository else Path()) / ".bcrag" / "eval")
    bench = Bench(folder, settings, tuple(path.resolve() for path in modules), judge)
    if worker is not None:
        name, _, case = worker.partition(":")
        work(bench, bench.asked(case), ablations.named(name), Progress())
        return
    chosen = _chosen(_cases(cases, repositories, repository, history or HISTORY, told=not unaided), only, limit)
    results = _run(Evaluation(bench, chosen, configurations, _command, jobs, again), Progress())
    _write(results, folder, plot)
    _show(results, as_json=as_json)
    raise typer.Exit(int(ExitStatus.PROBLEMS if any(one.false_proof for one in results) else ExitStatus.OK))


def _command(case: Case, configuration: Configuration) -> list[str]:
    """This very command, for one case under one configuration."""
    return [sys.executable, "-P", "-m", "bot", "eval", "--worker", f"{configuration.name}:{case.id}", *sys.argv[2:]]


def _opened(checkout: Path) -> Repository:
    from bot.repository import Repository

    return Repository.open(checkout)


def _cases(
    file: Path | None, repositories: Path | None, repository: Repository | None, wanted: int, *, told: bool
) -> tuple[Case, ...]:
    from bot.evaluation import cases, history

    if repository is None:
        return cases.read(file or Path(), repositories)
    try:
        return history.cases(repository, wanted, told=told)
    except IndexerError as error:
        raise UsageError(str(error), error.cure) from error


def _chosen(cases: Sequence[Case], only: str | None, limit: int | None) -> tuple[Case, ...]:
    wanted = [name.strip() for name in (only or "").split(",") if name.strip()]
    known = {case.id for case in cases}
    for name in wanted:
        if name not in known:
            raise UsageError(UNKNOWN_CASE.format(id=name), UNKNOWN_CASE_CURE.format(ids=", ".join(sorted(known)[:8])))
    return tuple(case for case in cases if not wanted or case.id in wanted)[:limit]


def _folder(out: Path) -> Path:
    """The folder of the results, which ignores itself in git."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / ".gitignore").write_text("*\n")
    except OSError as error:
        raise MissingError(UNWRITTEN.format(path=out, why=error.strerror or error), UNWRITTEN_CURE) from error
    return out.resolve()


def _run(evaluation: Evaluation, progress: Progress) -> tuple[Result, ...]:
    done = 0

    def tell(result: Result, number: int, total: int) -> None:
        nonlocal done
        done = number
        progress.note(
            TOLD.format(
                done=number, all=total, case=result.case, configuration=result.configuration, outcome=_outcome(result)
            )
        )

    total = len(evaluation.cases) * len(evaluation.configurations)
    try:
        return evaluation.run(tell)
    except KeyboardInterrupt as error:
        message = INTERRUPTED.format(done=done, all=total, out=evaluation.bench.out)
        raise Cancelled(message, INTERRUPTED_CURE) from error


def _outcome(result: Result) -> str:
    if result.skipped:
        return f"skipped: {result.skipped}"
    if result.error:
        return f"error: {result.error}"
    judge = {True: ", the judge passes", False: ", the judge fails", None: ""}[result.passes]
    return f"{result.status.value}{', verified' if result.verified else ''}{judge} ({result.seconds:.0f} s)"


def _write(results: Sequence[Result], folder: Path, plot: Path | None) -> None:
    from bot.evaluation.plot import bars
    from bot.evaluation.report import as_json, markdown

    files = {folder / "eval.md": markdown(results).encode(), folder / "eval.json": as_json(results).encode() + b"\n"}
    if plot is not None:
        files[plot] = bars(results)
    for path, data in files.items():
        try:
            path.write_bytes(data)
        except OSError as error:
            raise MissingError(UNWRITTEN.format(path=path, why=error.strerror or error), UNWRITTEN_CURE) from error


def _show(results: Sequence[Result], *, as_json: bool) -> None:
    from rich.console import Console

    from bot.evaluation import report

    if as_json:
        sys.stdout.write(report.as_json(results) + "\n")
        return
    console = Console(highlight=False)
    console.print(f"\n{report.said(results)}\n", markup=False)
    console.print(report.table(results))
