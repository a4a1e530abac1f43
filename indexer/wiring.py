"""From names to implementations: which store, which embedder, which fixes make an index."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from indexer import git
from indexer.embedders.base import Embedder
from indexer.embedders.registry import create
from indexer.errors import IndexerError, MissingError, UsageError
from indexer.fixes import MAX_KEPT, PREFIX, exemplars
from indexer.incremental import Fixes, update
from indexer.models import IndexedFile, Progress, UpdateStats
from indexer.places import RELEASE, api_name
from indexer.repository import Checkout, Tree, Worktree, committed
from indexer.search import Corpus, Searcher
from indexer.shelves.base import Notice, Shelf, api
from indexer.shelves.files import Files
from indexer.stores.base import Store
from indexer.stores.schema import OutdatedError

DEFAULT_EMBEDDER = "static"
SPARE_VECTORS = 4
"""Vectors no chunk needs are kept for the next switch of branches, up to this many times the chunks."""

MIN_SPARE = 50_000

NO_INDEX = "There is no index of {path} yet."
NO_INDEX_CURE = "Make it: indexer build {path}"
NO_DOCS = "There is no documentation named {name!r} here."
NO_DOCS_CURE = "Write a Blender release as 4.5; `indexer docs list` shows what there is."
NO_API = "The API of Blender {release} is not indexed yet."
NO_API_CURE = "Get it (a moment, about 1 MB to fetch): indexer docs {release}"


@dataclass(frozen=True)
class Wanted:
    """How an index is to be made: which embedder (null: the one it has, else the default), and where it is kept.

    Without a `shelf` indexes are files in the cache's folder.
    """

    cache: Path
    embedder: str | None = None
    fresh: bool = False
    fixes: bool = True
    shelf: Shelf | None = None

    @property
    def kept(self) -> Shelf:
        """Where the index is kept."""
        return self.shelf or Files(self.cache)


def index(
    checkout: Checkout,
    wanted: Wanted,
    *,
    tree: Tree | None = None,
    progress: Progress | None = None,
    notice: Notice | None = None,
) -> UpdateStats:
    """Bring the index of a checkout up to its working tree (or another tree of it).

    Two at once: the second waits for the first. What becomes of an index that cannot be used is its
    shelf's business.

    Raises:
        MissingError: the shelf cannot be reached or written, or an embedder's parts are missing.
        UsageError: what is in the index's place is something else.
        IndexerError: another update does not end.
    """
    shelf = wanted.kept
    name = shelf.code(checkout.root)
    said = notice or (lambda _message: None)

    def bring_up(store: Store) -> UpdateStats:
        spec = wanted.embedder or store.info().embedder or DEFAULT_EMBEDDER
        embedder = create(spec)
        with contextlib.ExitStack() as opened:
            stats = update(
                store,
                tree or Worktree(checkout),
                embedder,
                spec=spec,
                donors=[opened.enter_context(closing(donor)) for donor in shelf.donors(name, embedder.name)],
                fixes=_fixes_of(checkout, tree) if wanted.fixes and checkout.git else None,
                progress=progress,
            )
        if stats.embedded or stats.removed:
            store.forget_vectors(max(MIN_SPARE, SPARE_VECTORS * stats.chunks))
        return stats

    return shelf.write(name, bring_up, said, fresh=wanted.fresh)


@contextlib.contextmanager
def searching(
    repo: Path, shelf: Shelf, release: str | None = None, *, code: bool = True, reranker: str = "none"
) -> Iterator[Searcher]:
    """A search over the index of a repository (unless `code` is off) and of the API of releases that are indexed.

    Raises:
        MissingError: there is no index of the repository, or of the release's API; or the shelf cannot be reached.
        UsageError: there is no such folder, or no such reranker.
    """
    from indexer.rerankers.registry import create as create_reranker

    with contextlib.ExitStack() as opened:
        found = opened.enter_context(code_corpus(Checkout.open(repo), shelf)) if code else None

        @cache
        def corpus(named: str) -> Corpus | None:
            return opened.enter_context(api_corpus(named, shelf))

        if release is not None and corpus(release) is None:
            raise no_api(release)
        yield Searcher(found, corpus, reranker=create_reranker(reranker))


@contextlib.contextmanager
def code_corpus(checkout: Checkout, shelf: Shelf, commit: str = "") -> Iterator[Corpus]:
    """The index of a checkout, ready to be searched, as it is at this moment.

    Files that are not as in the commit (unless named, the one checked out) are cited without it.

    Raises:
        MissingError: there is none, or the shelf cannot be reached.
        UsageError, OutdatedError, CorruptError: what is there cannot be used.
    """
    commit = commit or checkout.commit
    with closing(_there(shelf.read(shelf.code(checkout.root)), no_code(checkout.root))) as store:
        store.pin()
        there = committed(checkout.root, commit) if commit else {}
        changed = frozenset(path for path, state in store.files().items() if there.get(path) != state.blob)
        yield Corpus(store, None, commit or None, changed, _embedder_of(store))


@contextlib.contextmanager
def api_corpus(release: str, shelf: Shelf) -> Iterator[Corpus | None]:
    """The index of a release's API, ready to be searched; null when there is none.

    Raises:
        MissingError: the shelf cannot be reached.
        UsageError, OutdatedError, CorruptError: what is there cannot be used.
    """
    store = shelf.read(api(release)) if api_name(release) else None
    if store is None:
        yield None
        return
    with closing(store):
        yield Corpus(store, release, embedder=_embedder_of(store))


def usable(shelf: Shelf, name: str) -> bool:
    """Whether there is an index of that name, of this version of bcrag; one of another is only waiting to be made anew.

    Raises:
        MissingError: the shelf cannot be reached.
        UsageError, CorruptError: what is there cannot be used.
    """
    try:
        store = shelf.read(name)
    except OutdatedError:
        return False
    if store is not None:
        store.close()
    return store is not None


@contextlib.contextmanager
def reading(repo: Path, release: str | None, shelf: Shelf) -> Iterator[Store]:
    """The index of a repository, or of a release's API where one is named.

    Raises:
        MissingError: there is none, or the shelf cannot be reached.
        UsageError: there is no such folder, or that is no release.
    """
    store = shelf.read(name_of(repo, release, shelf))
    with closing(_there(store, no_code(repo) if release is None else no_api(release))) as opened:
        yield opened


def name_of(repo: Path, release: str | None, shelf: Shelf) -> str:
    """What the index of a repository, or of a release's API where one is named, is called on its shelf.

    Raises:
        UsageError: there is no such folder, or that is no release.
    """
    if release is None:
        return shelf.code(Checkout.open(repo).root)
    if not api_name(release):
        raise no_api(release)
    return api(release)


def no_code(root: Path) -> IndexerError:
    """What to say where a repository has no index."""
    return MissingError(NO_INDEX.format(path=root), NO_INDEX_CURE.format(path=root))


def no_api(release: str) -> IndexerError:
    """What to say where the API of a release is not indexed, or where that is no release."""
    if not RELEASE.fullmatch(release):
        return UsageError(NO_DOCS.format(name=release), NO_DOCS_CURE)
    return MissingError(NO_API.format(release=release), NO_API_CURE.format(release=release))


def _there(store: Store | None, otherwise: IndexerError) -> Store:
    if store is None:
        raise otherwise
    return store


def _embedder_of(store: Store) -> Embedder | None:
    """The embedder the vectors were made by; null (words alone) when it is not to be had."""
    info = store.info()
    with contextlib.suppress(IndexerError):
        embedder = create(info.embedder or DEFAULT_EMBEDDER)
        return embedder if embedder.name == info.model and embedder.dimensions else None
    return None


def _fixes_of(checkout: Checkout, tree: Tree | None) -> Fixes:
    commit = tree.commit if tree is not None else checkout.commit

    def fixes(held: frozenset[str], source: str) -> tuple[Iterable[IndexedFile], frozenset[str]]:
        if source == commit:
            return (), held  # the history is the one it was
        known = frozenset(path.removeprefix(PREFIX) for path in held)
        new = list(exemplars(checkout.root, commit or "HEAD", MAX_KEPT, known))
        reachable = git.text(checkout.root, "rev-list", commit) if commit else ""
        return new, frozenset(f"{PREFIX}{line}" for line in reachable.split("\n") if line)

    return fixes
