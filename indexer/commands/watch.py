"""`indexer watch`: keep an index up to date while somebody works."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.commands.common import (
    CacheOption,
    EmbedderOption,
    RepositoryArgument,
    cache_folder,
    progress_bar,
    say,
    shelf_of,
)
from indexer.commands.update import reasons
from indexer.errors import IndexerError
from indexer.models import UpdateStats

if TYPE_CHECKING:
    from indexer.wiring import Wanted

WATCHING = "Watching {root}: {files:,} files, {chunks:,} chunks. Ctrl-C ends it."
CHANGED = "{time}  {embedded:,} embedded, {reused:,} reused, {removed:,} removed; {chunks:,} chunks ({seconds:.2f} s)"
FAILED = "{time}  {error} {cure}"


def watch(
    repo: RepositoryArgument = Path(),
    embedder: EmbedderOption = None,
    cache: CacheOption = None,
) -> None:
    """Update the index whenever a file is saved or another branch is checked out, until Ctrl-C."""
    from indexer.repository import Checkout
    from indexer.watching import changes
    from indexer.wiring import Wanted, index

    wanted = Wanted(cache_folder(cache), embedder, shelf=shelf_of(cache))
    checkout = Checkout.open(repo)
    with progress_bar() as progress:
        stats = index(checkout, wanted, progress=progress, notice=say)
    if stats.skipped:
        say(f"Left out: {reasons(stats.skipped)}.")
    print(WATCHING.format(root=checkout.root, files=stats.files, chunks=stats.chunks), flush=True)
    for _ in changes(checkout.root):
        _again(checkout.root, wanted)


def _again(root: Path, wanted: Wanted) -> None:
    from indexer.repository import Checkout
    from indexer.wiring import index

    now = f"{datetime.now():%H:%M:%S}"
    try:
        stats = index(Checkout.open(root), wanted, notice=say)
    except IndexerError as error:  # the disk is full, another update runs: the next change may fare better
        if not root.is_dir():
            raise
        say(FAILED.format(time=now, error=error, cure=error.cure))
        return
    if _differs(stats):
        print(CHANGED.format(time=now, **{name: getattr(stats, name) for name in _FIELDS}), flush=True)


_FIELDS = ("embedded", "reused", "removed", "chunks", "seconds")


def _differs(stats: UpdateStats) -> bool:
    return bool(stats.embedded or stats.reused or stats.removed)
