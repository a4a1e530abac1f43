"""The index of the repository and of Blender's API, as one run uses it.

An index is a help, never a condition: where it cannot be had, names are looked up in the files
themselves and in the API tables, and the run says so.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.cache import cache_root
from bot.errors import ConfigurationError
from indexer.api_index import build_api
from indexer.blender_api.table import ApiTable
from indexer.embedders.registry import create as create_embedder
from indexer.errors import IndexerError
from indexer.models import Hit, HitKind, Progress, UpdateStats
from indexer.repository import Checkout, CommitTree
from indexer.rerankers.registry import create as create_reranker
from indexer.search import Corpus, Layered, Retriever, Searcher, SymbolRetriever
from indexer.shelves.base import Shelf, api
from indexer.shelves.registry import chosen
from indexer.wiring import Wanted, api_corpus, code_corpus, index, usable


@dataclass(frozen=True)
class Wish:
    """Which index: of which checkout at which commit, searched with what."""

    root: Path
    commit: str
    embedder: str | None
    """Null: the one the index has."""
    reranker: str


def check_models(embedder: str | None, reranker: str) -> None:
    """See that the configuration names models there are, before work is spent; none is loaded.

    Raises:
        ConfigurationError: it does not.
    """
    try:
        if embedder is not None:
            create_embedder(embedder)
        create_reranker(reranker)
    except IndexerError as error:
        raise ConfigurationError(str(error), error.cure) from error


def bring_up(wish: Wish, progress: Progress | None = None) -> UpdateStats:
    """Bring the repository's index up to the commit.

    Raises:
        IndexerError: it cannot be made or written.
    """
    checkout = Checkout.open(wish.root)
    tree = CommitTree(checkout, wish.commit)
    return index(checkout, _wanted(wish.embedder), tree=tree, progress=progress)


def api_there(release: str, embedder: str | None, *, install: bool) -> bool:
    """Whether the API of a release is indexed; it is, if it can be had and `install` allows."""
    with contextlib.suppress(IndexerError):
        wanted = _wanted(embedder)
        if install and not usable(wanted.kept, api(release)):
            build_api(release, wanted)
        return usable(wanted.kept, api(release))
    return False


@contextlib.contextmanager
def retriever(
    wish: Wish, tables: Callable[[str], ApiTable | None], files: Callable[[], Mapping[str, bytes]]
) -> Iterator[Retriever]:
    """What a run searches with: the indexes that are there, and behind them plain lookup by name."""
    with contextlib.ExitStack() as opened:
        layers: list[Retriever] = []
        with contextlib.suppress(IndexerError):
            shelf = chosen(cache_root())
            code = opened.enter_context(code_corpus(Checkout.open(wish.root), shelf, wish.commit))
            layers.append(_Helping(Searcher(code, _apis(opened, shelf), reranker=create_reranker(wish.reranker))))
        layers.append(SymbolRetriever({} if layers else files(), tables, wish.commit))
        yield Layered(layers)


@contextlib.contextmanager
def api_retriever(reranker: str, tables: Callable[[str], ApiTable | None]) -> Iterator[Retriever]:
    """The same over Blender's API alone, for what has no repository."""
    with contextlib.ExitStack() as opened:
        layers: list[Retriever] = []
        with contextlib.suppress(IndexerError):
            apis = _apis(opened, chosen(cache_root()))
            layers.append(_Helping(Searcher(None, apis, reranker=create_reranker(reranker))))
        layers.append(SymbolRetriever({}, tables))
        yield Layered(layers)


@dataclass(frozen=True)
class _Helping:
    """A search that is a help, never a condition: where the index is lost on the way, it finds nothing."""

    searcher: Searcher

    def search(
        self, query: str, *, release: str | None = None, kind: HitKind | None = None, limit: int = 10
    ) -> tuple[Hit, ...]:
        """See `Retriever.search`."""
        try:
            return self.searcher.search(query, release=release, kind=kind, limit=limit)
        except IndexerError:
            return ()


def _wanted(embedder: str | None) -> Wanted:
    return Wanted(cache_root(), embedder, shelf=chosen(cache_root()))


def _apis(opened: contextlib.ExitStack, shelf: Shelf) -> Callable[[str], Corpus | None]:
    """The API indexes that are there; none is built for it."""

    def load(release: str) -> Corpus | None:
        with contextlib.suppress(IndexerError):
            return opened.enter_context(api_corpus(release, shelf))
        return None

    return load
