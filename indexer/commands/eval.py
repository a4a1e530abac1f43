"""`indexer eval`: how well the index finds what a repository's own fixes had to change."""

from __future__ import annotations

import json
import sys
import tempfile
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from indexer.commands.common import EmbedderOption, JsonOption, RepositoryArgument, printable, progress_bar, say
from indexer.errors import IndexerError, MissingError

if TYPE_CHECKING:
    from indexer.evaluation.page import Report
    from indexer.models import Progress

NO_CASES = "No commit of {path} can be asked about: none repairs something, says what, and changes a known symbol."
NO_CASES_CURE = (
    "A full clone has more history: git fetch --unshallow. Commit messages such as “Fix …” are what is looked for."
)
NOT_WRITTEN = "{path} cannot be written: {why}"
NOT_WRITTEN_CURE = "Name another folder with --out."
NO_PLOT = "{error} The page was written without it. To have it: {cure}"
WROTE = "Written: {paths}"


def eval_(
    repo: RepositoryArgument = Path(),
    cases: Annotated[
        int, typer.Option("--cases", min=1, max=2_000, help="How many fixes to ask about, newest first.")
    ] = 100,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for eval.html, eval.png and eval.json.", show_default=False)
    ] = None,
    embedder: EmbedderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure search on this repository's own history, beside BM25.

    Each fix is asked for with its commit message in the tree before it; right is what it changed. Nothing
    is checked out, and the index you use is not touched. Figures are shares from 0 to 1.
    """
    from indexer.evaluation.page import as_json as figures

    with progress_bar() as progress:
        report = measured(repo, cases, embedder, progress)
    if out is not None:
        say(WROTE.format(paths=", ".join(map(str, written(report, out)))))
    if as_json:
        print(json.dumps(figures(report), indent=2))
        return
    print(printable(f"{len(report.cases)} fixes of {report.repository}, asked for in the tree before each:\n"))
    print_table(report)
    print(f"\n{report.default} against {report.yardstick}:")
    for measure in ("file_recall", "symbol_recall"):
        print(f"  {report.verdict(measure)}")


def print_table(report: Report) -> None:
    """A table a terminal can hold; in a pipe, Markdown."""
    from indexer.evaluation.judging import MEASURES
    from indexer.evaluation.tables import history_table

    if not sys.stdout.isatty():
        print(history_table(report.outcomes))
        return
    from rich.console import Console
    from rich.table import Column, Table

    table = Table(Column("system", min_width=31), *(Column(title, justify="right") for title in MEASURES.values()))
    for row in report.rows:
        style = "bold" if row.system == report.default else None
        table.add_row(row.system, *(f"{row.means[measure]:.3f}" for measure in MEASURES), style=style)
    Console().print(table)


def measured(repo: Path, wanted: int, embedder: str | None, progress: Progress) -> Report:
    """Mine the cases and run every system on them.

    Raises:
        IndexerError: there is no case.
        UsageError: that is no repository.
        MissingError: bm25s, or what the embedder needs, is not installed.
    """
    from indexer.embedders.registry import create
    from indexer.evaluation.bm25 import Bm25
    from indexer.evaluation.commits import History
    from indexer.evaluation.history import mine
    from indexer.evaluation.ours import BM25, DEFAULT, Shared, ladder
    from indexer.evaluation.page import Report
    from indexer.evaluation.running import run

    Bm25([])  # says now, and not after minutes, that it is missing
    history = History.open(repo)
    head = history.resolve()
    name = repo.resolve().name
    found = mine(history, name, wanted, head, lambda done: progress("Reading history", done, wanted))
    if not found:
        raise IndexerError(NO_CASES.format(path=repo), NO_CASES_CURE)
    with tempfile.TemporaryDirectory(prefix="indexer-eval-") as folder:
        shared = Shared(Path(folder) / "index.sqlite", create(embedder or "static"))
        with closing(shared):
            outcomes = tuple(run(history, found, ladder(shared), partial(progress, "Asking")))
    return Report(name, head, tuple(found), outcomes, DEFAULT, BM25)


def written(report: Report, out: Path) -> list[Path]:
    """Write the page, the plot and the figures; returns their paths.

    Raises:
        MissingError: the folder cannot be written.
    """
    from indexer.evaluation.page import as_json as figures
    from indexer.evaluation.page import html
    from indexer.evaluation.plots import bars

    picture = None
    try:
        picture = bars(report.outcomes, f"{report.repository}: {len(report.cases)} fixes")
    except MissingError as error:
        say(NO_PLOT.format(error=error, cure=error.cure))
    files: dict[str, bytes] = {
        "eval.html": html(report, picture).encode("utf-8", "replace"),
        "eval.json": (json.dumps(figures(report), indent=2) + "\n").encode(),
    }
    if picture is not None:
        files["eval.png"] = picture
    try:
        out.mkdir(parents=True, exist_ok=True)
        for file, data in files.items():
            (out / file).write_bytes(data)
    except OSError as error:
        raise MissingError(NOT_WRITTEN.format(path=out, why=error.strerror or error), NOT_WRITTEN_CURE) from error
    return [out / file for file in files]
