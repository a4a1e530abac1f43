"""`indexer search`: ask an index."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from indexer.commands.common import CacheOption, JsonOption, cache_folder, printable, progress_bar, say, shelf_of
from indexer.errors import ExitStatus, UsageError
from indexer.models import Filter, Hit

if TYPE_CHECKING:
    from indexer.shelves.base import Shelf

NOTHING = "Nothing here answers {query!r}."
FIRST = "Indexing {root}, once; later, `indexer update` does what changed."
NO_RELEASE = "Which Blender's API?"
NO_RELEASE_CURE = "Add its release: --release 4.5"

_TEXT_LINES = 3


def search(
    query: Annotated[str, typer.Argument(help="A name, a question, an error message: anything.")],
    repo: Annotated[Path, typer.Option("--repo", help="The repository to search.")] = Path(),
    release: Annotated[str | None, typer.Option("--release", help="Search this Blender's API too, as 4.5.")] = None,
    kind: Annotated[
        Literal["api", "code", "doc", "fix"] | None,
        typer.Option("--kind", help="Only Blender's API, only code, only texts, only past fixes."),
    ] = None,
    path: Annotated[
        list[str] | None, typer.Option("--path", help="Only files like this: 'ui/*.py' (can be repeated).")
    ] = None,
    language: Annotated[
        list[str] | None, typer.Option("--language", help="Only this language: python, glsl, …")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help="How many at most.")] = 10,
    reranker: Annotated[
        str, typer.Option("--reranker", envvar="BCRAG_RERANKER", show_envvar=False,
                          help="A second look at the best: none, cross-encoder:MODEL, flag:bge-reranker-v2-m3."),
    ] = "none",
    as_json: JsonOption = False,
    cache: CacheOption = None,
) -> None:  # fmt: skip
    """Find code, texts, past fixes and Blender API by name, by words or by what they do."""
    from indexer.wiring import searching

    if kind == "api" and release is None:
        raise UsageError(NO_RELEASE, NO_RELEASE_CURE)
    shelf = shelf_of(cache)
    if kind != "api":
        _build_if_missing(repo, cache_folder(cache), shelf)
    where = Filter(paths=tuple(path or ()), languages=tuple(language or ()))
    with searching(repo, shelf, release, code=kind != "api", reranker=reranker) as searcher:
        answer = searcher.explain(query, release=release, kind=kind, limit=limit, where=where or None)
    for note in answer.notes:
        say(note)
    if as_json:
        print(json.dumps([asdict(hit) for hit in answer.hits], indent=2, ensure_ascii=False))
    elif answer.hits:
        _show(answer.hits)
    else:
        say(NOTHING.format(query=query))
    raise typer.Exit(ExitStatus.OK if answer.hits else ExitStatus.NOTHING_FOUND)


def _build_if_missing(repo: Path, folder: Path, shelf: Shelf) -> None:
    """The first search of a repository indexes it; later ones are about what `update` last saw."""
    from indexer.repository import Checkout
    from indexer.wiring import Wanted, index, usable

    checkout = Checkout.open(repo)
    if not usable(shelf, shelf.code(checkout.root)):
        say(FIRST.format(root=checkout.root))
        with progress_bar() as progress:
            index(checkout, Wanted(folder, shelf=shelf), progress=progress, notice=say)


def _show(hits: tuple[Hit, ...]) -> None:
    """A block per hit: how sure, what, where, and its first lines."""
    for hit in hits:
        print(printable(f"{hit.score:4.2f}  {hit.kind:4}  {hit.symbol or hit.path}"))
        if hit.citation != hit.symbol:
            print(printable(f"            {hit.citation}"))
        for line in [line for line in hit.text.splitlines() if line.strip()][:_TEXT_LINES]:
            print(printable(f"            | {line[:140]}"))
