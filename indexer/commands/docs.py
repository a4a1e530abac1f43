"""`indexer docs`: Blender's Python API, release by release, and what changed between them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from indexer.commands.common import (
    CacheOption,
    EmbedderOption,
    JsonOption,
    cache_folder,
    printable,
    progress_bar,
    say,
    shelf_of,
)
from indexer.errors import ExitStatus, MissingError, UsageError

if TYPE_CHECKING:
    from indexer.blender_api.table import ApiTable

HELP = """Index Blender's Python API, and compare releases.

\b
indexer docs 4.5                                gets and indexes the API of a release
indexer docs 4.2 4.5 5.0                        several
indexer docs diff 4.0 4.5 --member use_auto_smooth
indexer docs list                               what is here

The API is read from type stubs (about 1 MB a release); a Blender of that release that is installed
adds what only it knows: enum items, ranges, what is read-only or deprecated.
"""
BUILT = "Blender {release}: {chunks:,} entries ({embedded:,} embedded, {reused:,} reused), {source} ({seconds:.1f} s)."
NO_TABLE = "The API of Blender {release} cannot be had."
NO_TABLE_CURE = "Check the network, then: indexer docs {release}"
NO_CHANGE = "Nothing of that name changed between Blender {old} and {new}."
NO_DIFFERENCE = "Nothing differs."
NONE_HERE = "No release is here yet. Get one: indexer docs 4.5"


class _BuildByDefault(TyperGroup):
    """`indexer docs 4.5` is `indexer docs build 4.5`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in self.commands:
            args = ["build", *args]
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        # Options before the release belong to `build` as well.
        if args and args[0] not in (*self.commands, "--help"):
            args = ["build", *args]
        return super().parse_args(ctx, args)


docs = typer.Typer(cls=_BuildByDefault, help=HELP, no_args_is_help=True, rich_markup_mode=None)


@docs.command()
def build(
    releases: Annotated[list[str], typer.Argument(metavar="RELEASE…", help="Blender releases, as 4.5.")],
    blender: Annotated[
        Path | None,
        typer.Option("--blender", help="A Blender of that release to ask too (default: one bcrag installed, if any)."),
    ] = None,
    site: Annotated[
        str | None,
        typer.Option("--site", help="Read this Sphinx site (its objects.inv) instead; RELEASE is then any name."),
    ] = None,
    embedder: EmbedderOption = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Throw the old index away first.")] = False,
    as_json: JsonOption = False,
    cache: CacheOption = None,
) -> None:
    """Get and index the API of releases; those that are here are refreshed."""
    from indexer.api_index import build_api
    from indexer.wiring import Wanted

    if (site or blender) and len(releases) > 1:
        raise UsageError("One site or Blender is about one release.", "Name one release at a time.")
    wanted = Wanted(cache_folder(cache), embedder, fresh=fresh, shelf=shelf_of(cache))
    done = []
    for release in releases:
        with progress_bar() as progress:
            built = build_api(release, wanted, blender=blender, site=site, progress=progress, notice=say)
        figures = {
            "release": release, "source": built.source, "chunks": built.stats.chunks,
            "embedded": built.stats.embedded, "reused": built.stats.reused, "removed": built.stats.removed,
            "seconds": built.stats.seconds,
        }  # fmt: skip
        done.append(figures)
        if not as_json:
            print(BUILT.format(**figures))
    if as_json:
        print(json.dumps(done if len(done) > 1 else done[0], indent=2))


@docs.command(name="list")
def list_(as_json: JsonOption = False, cache: CacheOption = None) -> None:
    """List the releases whose API is indexed here."""
    from indexer.api_index import held

    found = held(shelf_of(cache))
    if as_json:
        print(json.dumps([{"release": release, "source": source, "chunks": count} for release, source, count in found]))
    elif found:
        print("\n".join(printable(f"{release:<8} {count:>7,} entries  {source}") for release, source, count in found))
    else:
        say(NONE_HERE)
    raise typer.Exit(ExitStatus.OK if found else ExitStatus.NOTHING_FOUND)


@docs.command()
def diff(
    old: Annotated[str, typer.Argument(help="The older release, as 4.0.")],
    new: Annotated[str, typer.Argument(help="The newer release, as 4.5.")],
    member: Annotated[
        str | None, typer.Option("--member", help="Only this: a member, class, operator, parameter or enum item.")
    ] = None,
    as_json: JsonOption = False,
    cache: CacheOption = None,
) -> None:
    """Show what was removed, renamed, moved or changed its signature between two releases, and where that is said."""
    from indexer.blender_api import stubs
    from indexer.blender_api.differences import about, between, dated, to_dict, to_row
    from indexer.places import stubs_folder

    folder = stubs_folder(cache_folder(cache))
    tables = []
    for release in (old, new):
        table = stubs.load(release, folder)
        if table is None:
            stubs.fetch(release, folder)
            table = stubs.load(release, folder)
        if table is None:
            raise MissingError(NO_TABLE.format(release=release), NO_TABLE_CURE.format(release=release))
        tables.append(table)
    changes = about(member, *tables) if member is not None else between(*tables)
    if member is not None and any(not change.since for change in changes):
        changes = dated(changes, _dated_by(old, tables[1], folder))
    if as_json:
        print(json.dumps([to_dict(change) for change in changes], indent=2))
    elif changes:
        for change in changes:
            symbol, what, shown, since = to_row(change)
            print(printable(f"{what:<10} {symbol}" + (f"  (since {since})" if since else "")))
            for line in filter(None, (shown, change.note, *change.citations[-1:])):
                print(printable(f"           {line[:300]}"))
    else:
        say(NO_CHANGE.format(old=old, new=new) if member else NO_DIFFERENCE)
    raise typer.Exit(ExitStatus.OK if changes else ExitStatus.NOTHING_FOUND)


def _dated_by(old: str, new: ApiTable, folder: Path) -> Iterator[ApiTable]:
    """The tables that tell when something happened; none where one is not here: a date would be too late then."""
    from indexer.blender_api import stubs
    from indexer.blender_api.releases import between

    names = between(old, new.release)
    if all(stubs.known(name, folder) for name in names):
        # One after the other: most things are found in the first.
        yield from (table for name in names if (table := stubs.load(name, folder)) is not None)
        yield new
