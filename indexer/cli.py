"""The command line of the index: argv in, text out."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Literal

import typer

from indexer.errors import ExitStatus, MissingError
from indexer.models import Hit

HELP = """Look things up in a repository and in Blender's Python API.

\b
indexer docs 4.0                                gets the API of a release
indexer search Mesh.use_auto_smooth --release 4.0
indexer search Panel.draw                       looks in this folder's code

Nothing of the repository is run. Exit status: 0 found, 1 nothing found, 2 wrong use, 3 something is missing.
"""
NO_TABLE = "The API of Blender {release} is not here yet."
GET_TABLE = "Get it (about 1 MB): indexer docs {release}"
NOTHING = "Nothing is called {query!r}, or anything like it."

app = typer.Typer(help=HELP, no_args_is_help=True, add_completion=False, rich_markup_mode=None)

CacheOption = Annotated[
    Path | None, typer.Option("--cache", help="Folder with the API tables (default: the user's cache).")
]


@app.callback()
def _main() -> None:
    """Shown by the app's own help; makes `search` a subcommand even while it has few siblings."""


_main.__doc__ = HELP


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="A symbol: draw, Panel.draw, bpy.types.Mesh.vertices.")],
    repo: Annotated[Path, typer.Option("--repo", help="The repository to search.")] = Path(),
    release: Annotated[str | None, typer.Option("--release", help="Search this Blender's API too, as 4.5.")] = None,
    kind: Annotated[Literal["api", "code"] | None, typer.Option("--kind", help="Only the API, only code.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help="How many at most.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON list on stdout.")] = False,
    cache: CacheOption = None,
) -> None:
    """Find a symbol by its name, by the end of its name, or by a name like it."""
    from indexer.blender_api import stubs
    from indexer.errors import UsageError
    from indexer.repository import python_files, unchanged_since
    from indexer.search import SymbolRetriever

    if kind == "api" and release is None:
        raise UsageError("Which Blender's API?", "Add its release: --release 4.5")
    table = stubs.load(release, cache or stubs.default_cache()) if release and kind != "code" else None
    if release and kind != "code" and table is None:
        raise MissingError(NO_TABLE.format(release=release), GET_TABLE.format(release=release))
    files = python_files(repo) if kind != "api" else {}
    hits = SymbolRetriever(files, lambda _: table).search(query, release=release, kind=kind, limit=limit)
    if any(hit.kind == "code" for hit in hits):
        commit, same = unchanged_since(repo, {hit.path: files[hit.path] for hit in hits if hit.kind == "code"})
        hits = tuple(
            replace(hit, citation=f"{hit.citation}@{commit[:12]}") if hit.path in same else hit for hit in hits
        )
    if as_json:
        print(json.dumps([asdict(hit) for hit in hits], indent=2))
    elif hits:
        print("\n".join(_line(hit) for hit in hits))
    else:
        print(NOTHING.format(query=query), file=sys.stderr)
    raise typer.Exit(ExitStatus.OK if hits else ExitStatus.NOTHING_FOUND)


@app.command()
def docs(
    releases: Annotated[list[str], typer.Argument(help="Blender releases, as 4.5.")],
    cache: CacheOption = None,
) -> None:
    """Get the Python API of Blender releases: type stubs of about 1 MB each, from the package index."""
    from indexer.blender_api import stubs

    folder = cache or stubs.default_cache()
    for release in releases:
        table = stubs.load(release, folder)
        if table is None:
            path = stubs.fetch(release, folder)
            table = stubs.load(release, folder)
            if table is None:
                raise MissingError(f"{path} was written and cannot be read.", f"Delete {path} and try again.")
        print(f"Blender {release}: {len(table.entries):,} symbols, stubs {table.stubs}")


def _at(hit: Hit, commit: str) -> Hit:
    return replace(hit, citation=f"{hit.citation}@{commit[:12]}")


def _line(hit: Hit) -> str:
    place = hit.citation if hit.kind == "code" else f"{hit.citation}\n    {hit.text}"
    return "".join(c for c in f"{hit.score:4.2f}  {hit.symbol}  {place}" if c.isprintable() or c == "\n")
