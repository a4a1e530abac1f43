"""From names to implementations: which store, which embedder, which fixes make an index."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from indexer import git
from indexer.embedders.base import Embedder
from indexer.embedders.registry import create
from indexer.errors import IndexerError, MissingError, UsageError
from indexer.fixes import MAX_KEPT, PREFIX, exemplars
from indexer.incremental import Fixes, update
from indexer.locking import only_one
from indexer.models import IndexedFile, Progress, UpdateStats
from indexer.places import RELEASE, api_index, api_name, code_index
from indexer.repository import Checkout, Tree, Worktree, committed
from indexer.search import Corpus, Searcher
from indexer.stores.schema import CorruptError, OutdatedError
from indexer.stores.sqlite import SqliteStore

DEFAULT_EMBEDDER = "static"
MAX_DONORS = 8
SPARE_VECTORS = 4
"""Vectors no chunk needs are kept for the next switch of branches, up to this many times the chunks."""

MIN_SPARE = 50_000

NO_INDEX = "There is no index of {path} yet."
NO_INDEX_CURE = "Make it: indexer build {path}"
NO_DOCS = "There is no documentation named {name!r} here."
NO_DOCS_CURE = "Write a Blender release as 4.5; `indexer docs list` shows what there is."
NO_API = "The API of Blender {release} is not indexed yet."
NO_API_CURE = "Get it (a moment, about 1 MB to fetch): indexer docs {release}"

WAITING = "Another update of this index is running: waiting for it."
ANEW = "{error} It is built anew."
PUT_ASIDE = "{error} It was moved to {name} and is built anew."

Notice = Callable[[str], None]
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Wanted:
    """How an index is to be made: where it is kept, and which embedder (null: the one it has, else the default)."""

    cache: Path
    embedder: str | None = None
    fresh: bool = False
    fixes: bool = True


def index(
    checkout: Checkout,
    wanted: Wanted,
    *,
    tree: Tree | None = None,
    progress: Progress | None = None,
    notice: Notice | None = None,
) -> UpdateStats:
    """Bring the index of a checkout up to its working tree (or another tree of it).

    An index that is damaged, or was made by another version, is put aside and made anew: it holds
    nothing the repository does not. Two at once: the second waits for the first.

    Raises:
        MissingError: the cache cannot be written, or an embedder's parts are missing.
        UsageError: the file in the index's place is something else.
        IndexerError: another update does not end.
    """
    path = code_index(wanted.cache, checkout.root)
    said = notice or (lambda _message: None)

    def bring_up(store: SqliteStore) -> UpdateStats:
        spec = wanted.embedder or store.info().embedder or DEFAULT_EMBEDDER
        embedder = create(spec)
        with contextlib.ExitStack() as opened:
            stats = update(
                store,
                tree or Worktree(checkout),
                embedder,
                spec=spec,
                donors=[opened.enter_context(donor) for donor in donors_of(path, embedder.name)],
                fixes=_fixes_of(checkout, tree) if wanted.fixes and checkout.git else None,
                progress=progress,
            )
        store.forget_vectors(max(MIN_SPARE, SPARE_VECTORS * stats.chunks))
        return stats

    return written(path, said, bring_up, fresh=wanted.fresh)


@contextlib.contextmanager
def searching(
    repo: Path, cache: Path, release: str | None = None, *, code: bool = True, reranker: str = "none"
) -> Iterator[Searcher]:
    """A search over the index of a repository (unless `code` is off) and of the API of releases that are indexed.

    Raises:
        MissingError: there is no index of the repository, or of the release's API.
        UsageError: there is no such folder, or no such reranker.
    """
    from indexer.rerankers.registry import create as create_reranker

    with contextlib.ExitStack() as opened:
        found = opened.enter_context(code_corpus(Checkout.open(repo), cache)) if code else None
        if release is not None and not (api_name(release) and api_index(cache, release).exists()):
            if not RELEASE.fullmatch(release):
                raise UsageError(NO_DOCS.format(name=release), NO_DOCS_CURE)
            raise MissingError(NO_API.format(release=release), NO_API_CURE.format(release=release))

        def api(named: str) -> Corpus | None:
            path = api_index(cache, named)
            return opened.enter_context(api_corpus(path, named)) if path.exists() else None

        yield Searcher(found, api, reranker=create_reranker(reranker))


@contextlib.contextmanager
def code_corpus(checkout: Checkout, cache: Path, commit: str = "") -> Iterator[Corpus]:
    """The index of a checkout, ready to be searched, as it is at this moment.

    Files that are not as in the commit (unless named, the one checked out) are cited without it.
    """
    commit = commit or checkout.commit
    with readable(code_index(cache, checkout.root), checkout.root) as store:
        store.pin()
        there = committed(checkout.root, commit) if commit else {}
        changed = frozenset(path for path, state in store.files().items() if there.get(path) != state.blob)
        yield Corpus(store, None, commit or None, changed, _embedder_of(store))


@contextlib.contextmanager
def api_corpus(path: Path, release: str) -> Iterator[Corpus]:
    """The index of a release's API, ready to be searched."""
    with readable(path, Path(f"Blender {release}")) as store:
        yield Corpus(store, release, embedder=_embedder_of(store))


def _embedder_of(store: SqliteStore) -> Embedder | None:
    """The embedder the vectors were made by; null (words alone) when it is not to be had."""
    info = store.info()
    with contextlib.suppress(IndexerError):
        embedder = create(info.embedder or DEFAULT_EMBEDDER)
        return embedder if embedder.name == info.model and embedder.dimensions else None
    return None


def readable(path: Path, name: Path) -> SqliteStore:
    """An index to search in.

    Raises:
        MissingError: there is none.
        UsageError, OutdatedError, CorruptError: the file in its place cannot be used.
    """
    if not path.exists():
        raise MissingError(NO_INDEX.format(path=name), NO_INDEX_CURE.format(path=name))
    return SqliteStore(path)


def written(path: Path, said: Notice, work: Callable[[SqliteStore], _Result], *, fresh: bool = False) -> _Result:
    """Do something with an index nobody else writes to meanwhile; it is made if it is not there.

    One that turns out to be damaged, or was made by another version, is put aside and the work done on
    a new one: it holds nothing that cannot be made again.

    Raises:
        UsageError: the file in its place is something else.
        IndexerError: another update does not end.
    """
    with only_one(path, waiting=partial(said, WAITING)):
        if fresh:
            _forget(path)
        try:
            with SqliteStore(path, write=True) as store:
                store.check()
                return work(store)
        except OutdatedError as error:
            said(ANEW.format(error=error))
        except CorruptError as error:
            aside = path.with_suffix(f".damaged-{int(time.time())}")
            path.rename(aside)
            said(PUT_ASIDE.format(error=error, name=aside.name))
        _forget(path)
        with SqliteStore(path, write=True) as store:
            return work(store)


def donors_of(path: Path, model: str) -> Iterator[SqliteStore]:
    """The other indexes beside this one that hold vectors of a model, newest first."""
    others = (other for other in path.parent.glob("*.sqlite") if other != path)
    with contextlib.suppress(OSError):
        newest = sorted(others, key=lambda other: other.stat().st_mtime, reverse=True)
        kind = path.name.startswith("api-")
        for other in [other for other in newest if other.name.startswith("api-") == kind][:MAX_DONORS]:
            with contextlib.suppress(IndexerError):
                store = SqliteStore(other)
                if store.info().model == model:
                    yield store
                else:
                    store.close()


def _forget(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    for derived in path.parent.glob(f"{path.stem}.*.faiss"):
        derived.unlink(missing_ok=True)


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
