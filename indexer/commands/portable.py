"""`indexer export` and `indexer import`: an index as one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from indexer.commands.common import CacheOption, RepositoryArgument, say, shelf_of
from indexer.errors import IndexerError, UsageError

if TYPE_CHECKING:
    from indexer.embedders.base import Embedder

EXPORTED = "{path}: {size:.1f} MB, {chunks:,} chunks of {corpus}."
IMPORTED = "{files:,} files, {chunks:,} chunks. What differs from the files here: indexer update {repo}"
UNCHECKED = "The vectors were not checked against their texts: {why}"
WRONG_CORPUS = "{path} holds the index of {corpus!r}, not of a repository's code."
WRONG_CORPUS_CURE = "Say which release it is for: --release 4.5, or export one of a repository."

ReleaseOption = Annotated[str | None, typer.Option("--release", help="The API of this Blender instead, as 4.5.")]


def export(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")],
    repo: RepositoryArgument = Path(),
    release: ReleaseOption = None,
    cache: CacheOption = None,
) -> None:
    """Write an index to one file: for a CI cache, or for a fork, which then embeds its difference alone."""
    from indexer import portable
    from indexer.wiring import reading

    with reading(repo, release, shelf_of(cache)) as store:
        store.pin()
        size = portable.export(store, target)
        corpus = store.info().corpus
        print(EXPORTED.format(path=target, size=size / 1e6, chunks=store.count(), corpus=corpus))


def import_(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="A file `indexer export` wrote.")],
    repo: RepositoryArgument = Path(),
    release: ReleaseOption = None,
    cache: CacheOption = None,
) -> None:
    """Take over an exported index. It is data from somebody else: everything in it is checked first."""
    from indexer import portable
    from indexer.wiring import name_of

    info = portable.describe(source)
    wanted = f"api {release}" if release else "code"
    if info.corpus != wanted:
        raise UsageError(WRONG_CORPUS.format(path=source, corpus=info.corpus), WRONG_CORPUS_CURE)
    shelf = shelf_of(cache)
    name = name_of(repo, release, shelf)
    checker = _checker(info.embedder)
    files, chunks = shelf.write(name, lambda store: portable.load(source, store, checker), say)
    print(IMPORTED.format(files=files, chunks=chunks, repo=repo))


def _checker(spec: str) -> Embedder | None:
    from indexer.embedders.registry import create

    # Only an embedder that is here and asks nobody: a file must not choose whom we talk to.
    if spec not in ("static", "none"):
        say(UNCHECKED.format(why=f"that takes {spec or 'a model that is not named'}."))
        return None
    try:
        return create(spec)
    except IndexerError as error:
        say(UNCHECKED.format(why=str(error)))
        return None
