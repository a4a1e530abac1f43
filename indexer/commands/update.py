"""`indexer build` and `indexer update`: bring an index up to a repository."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from indexer.commands.common import (
    CacheOption,
    EmbedderOption,
    JsonOption,
    RepositoryArgument,
    cache_folder,
    printable,
    progress_bar,
    say,
    shelf_of,
)
from indexer.models import UpdateStats

SAME = "Nothing changed: {files:,} files, {chunks:,} chunks ({seconds:.2f} s)."
CHANGED = (
    "{files:,} files, {chunks:,} chunks: {embedded:,} embedded, {reused:,} reused, {removed:,} removed "
    "({seconds:.2f} s)."
)
REFRESHED = "{name}: {source}, {embedded:,} new."
SKIPPED = "Left out: {reasons}. `indexer stats --skipped` lists them."

AtOption = Annotated[
    str | None, typer.Option("--at", metavar="COMMIT", help="Index this commit, not the files as they lie here.")
]
FreshOption = Annotated[bool, typer.Option("--fresh", help="Throw the old index away first.")]


def build(
    repo: RepositoryArgument = Path(),
    embedder: EmbedderOption = None,
    at: AtOption = None,
    fresh: FreshOption = False,
    cache: CacheOption = None,
    as_json: JsonOption = False,
) -> None:
    """Index a repository: its code, its texts, and its own past fixes.

    Where an index is there already it is brought up to date; --fresh starts over. Indexes are files in
    the cache, unless BCRAG_STORE=postgresql://… names a database, which a team can share.
    """
    _run(repo, cache, embedder, at, as_json, fresh=fresh)


def update(
    repo: RepositoryArgument = Path(),
    embedder: EmbedderOption = None,
    at: AtOption = None,
    docs: Annotated[
        bool, typer.Option("--docs", help="Refresh Blender's API too, where its stubs have a newer version.")
    ] = False,
    cache: CacheOption = None,
    as_json: JsonOption = False,
) -> None:
    """Index what changed since the last time, uncommitted work included.

    Contents are compared, not times: only chunks whose text is new are embedded.
    """
    _run(repo, cache, embedder, at, as_json)
    if docs:
        from indexer.api_index import refresh
        from indexer.wiring import Wanted

        with progress_bar() as progress:
            for built in refresh(Wanted(cache_folder(cache), shelf=shelf_of(cache)), progress=progress, notice=say):
                say(REFRESHED.format(name=built.name, source=built.source, embedded=built.stats.embedded))


def _run(
    repo: Path, cache: Path | None, embedder: str | None, at: str | None, as_json: bool, *, fresh: bool = False
) -> None:
    # What does the work is imported where it is done: `indexer --help` needs none of it.
    from indexer.repository import Checkout, CommitTree
    from indexer.wiring import Wanted, index

    wanted = Wanted(cache_folder(cache), embedder, fresh=fresh, shelf=shelf_of(cache))
    checkout = Checkout.open(repo)
    tree = CommitTree(checkout, checkout.resolve(at)) if at is not None else None
    with progress_bar() as progress:
        stats = index(checkout, wanted, tree=tree, progress=progress, notice=say)
    _print(stats, as_json)


def _print(stats: UpdateStats, as_json: bool) -> None:
    if as_json:
        print(json.dumps({name: getattr(stats, name) for name in _FIELDS}))
        return
    text = SAME if not (stats.embedded or stats.reused or stats.removed) else CHANGED
    print(text.format(**{name: getattr(stats, name) for name in _FIELDS}))
    if stats.skipped:
        say(SKIPPED.format(reasons=reasons(stats.skipped)))


_FIELDS = ("files", "chunks", "embedded", "reused", "removed", "seconds")


def reasons(skipped: Mapping[str, str], most: int = 5) -> str:
    """How many files were left out for which reason, the commonest first."""
    counted = Counter(skipped.values()).most_common()
    shown = [f"{number:,} {why}" for why, number in counted[:most]]
    rest = sum(number for _, number in counted[most:])
    return printable(", ".join(shown) + (f", {rest:,} others" if rest else ""))
