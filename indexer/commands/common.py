"""What the commands share: their options, and how progress is shown."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from indexer.models import Progress
from indexer.places import cache_root

if TYPE_CHECKING:
    from indexer.shelves.base import Shelf

RepositoryArgument = Annotated[Path, typer.Argument(metavar="[REPO]", help="The repository (default: this folder).")]
CacheOption = Annotated[
    Path | None,
    typer.Option("--cache", envvar="BCRAG_CACHE_DIR", help="Where indexes are kept (default: the user's cache).",
                 show_default=False, show_envvar=False),
]  # fmt: skip
EmbedderOption = Annotated[
    str | None,
    typer.Option("--embedder", envvar="BCRAG_EMBEDDER", show_default=False, show_envvar=False,
                 help="static (default), none, sentence-transformers:MODEL, flag:bge-code-v1, flag:bge-m3, "
                      "openai:MODEL@URL. An index remembers its own."),
]  # fmt: skip
JsonOption = Annotated[bool, typer.Option("--json", help="JSON on stdout.")]

_STAGES = {"reading": "Reading files", "embedding": "Embedding chunks", "writing": "Writing the index"}


def cache_folder(named: Path | None) -> Path:
    """The cache's folder: the one named, else the user's."""
    return named.expanduser().absolute() if named is not None else cache_root()


def shelf_of(named: Path | None) -> Shelf:
    """Where indexes are kept: files in the cache's folder, unless BCRAG_STORE names a database.

    Raises:
        UsageError: BCRAG_STORE is no address of a database.
    """
    from indexer.shelves.registry import chosen

    return chosen(cache_folder(named))


def say(message: str) -> None:
    """A sentence for people, beside what is printed for programs."""
    print(printable(message), file=sys.stderr)


def printable(text: str) -> str:
    """Text from outside without what a terminal would act on."""
    return "".join(c for c in text if c.isprintable() or c in "\n\t")


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar on stderr while work takes long; silent where nobody watches."""
    if not sys.stderr.isatty():
        yield _silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description:<18}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(_STAGES.get(stage, stage), total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield show


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Nobody watches."""
