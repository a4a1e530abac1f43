"""Bring a store up to a tree: only what differs is read, cut and embedded.

Trees are compared by contents. Vectors are computed first and kept as they come, for they are keyed
by what they say; files and chunks then change in one transaction.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from os import cpu_count

import numpy as np

from indexer.chunking.registry import chunk_file
from indexer.embedders.base import Embedder, SparseEmbedder
from indexer.fixes import PREFIX
from indexer.models import IndexedFile, Progress, UpdateStats
from indexer.repository import Tree, TreeFile, blob_id
from indexer.skipping import reason, reason_of
from indexer.stores.base import FileState, Info, Store, Writer

BATCH = 512
"""Texts embedded and kept at a time: what a killed update of a slow model loses at most."""

MANY_FILES = 200
"""From here on starting a second process is worth its third of a second."""

Fixes = Callable[[frozenset[str], str], tuple[Iterable[IndexedFile], frozenset[str]]]
"""Given the paths of the fixes held, and the commit they are of: the new ones, and the paths of all that still are."""


@dataclass
class _Difference:
    """What differs between a store and a tree."""

    changed: list[IndexedFile] = field(default_factory=list)
    stats: dict[str, str] = field(default_factory=dict)
    touched: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)


def update(
    store: Store,
    tree: Tree,
    embedder: Embedder,
    *,
    spec: str = "",
    donors: Sequence[Store] = (),
    fixes: Fixes | None = None,
    progress: Progress | None = None,
) -> UpdateStats:
    """Make the store say what the tree says.

    `spec` is how the embedder was asked for. `donors` are other stores whose vectors of the same model
    are taken over instead of computed, unless the model also weighs words.

    Raises:
        UsageError: the tree's commit is gone.
        IndexerError: the store cannot be written.
    """
    began = time.monotonic()
    said = progress or (lambda _stage, _done, _total: None)
    difference = _compare(store.files(), tree, said)
    if fixes is not None:
        _compare_fixes(store, fixes, difference)
    embedded, reused = _embed(store, embedder, difference.changed, donors, said)
    info = Info("code", tree.commit, embedder.name, embedder.dimensions, spec)
    removed = _write(store, difference, info, said)
    skipped = store.skipped()
    return UpdateStats(
        files=sum(1 for path in store.files() if path not in skipped and not path.startswith(PREFIX)),
        chunks=store.count(),
        embedded=embedded,
        reused=reused,
        removed=removed,
        seconds=round(time.monotonic() - began, 3),
        skipped={path: why for path, why in skipped.items() if not path.startswith(PREFIX)},
    )


def replace_all(
    store: Store,
    files: Iterable[IndexedFile],
    embedder: Embedder,
    *,
    corpus: str,
    source: str,
    spec: str = "",
    donors: Sequence[Store] = (),
    progress: Progress | None = None,
) -> UpdateStats:
    """Make the store hold exactly these files; those with the same blob stay as they are.

    For corpora that are no trees: the API of a release, page by page.

    Raises:
        IndexerError: the store cannot be written.
    """
    began = time.monotonic()
    said = progress or (lambda _stage, _done, _total: None)
    known = store.files()
    difference = _Difference()
    seen: set[str] = set()
    for file in files:
        seen.add(file.path)
        if file.path not in known or known[file.path].blob != file.blob:
            difference.changed.append(file)
    difference.gone = [path for path in known if path not in seen]
    embedded, reused = _embed(store, embedder, difference.changed, donors, said)
    removed = _write(store, difference, Info(corpus, source, embedder.name, embedder.dimensions, spec), said)
    return UpdateStats(
        len(seen), store.count(), embedded, reused, removed, round(time.monotonic() - began, 3), store.skipped()
    )


def _compare(known: Mapping[str, FileState], tree: Tree, said: Progress) -> _Difference:
    difference = _Difference()
    unread: list[TreeFile] = []
    seen: set[str] = set()
    for file in tree.files(known):
        seen.add(file.path)
        why = file.closed or reason(file.path, file.size)
        before = known.get(file.path)
        if why:
            state = f"skipped:{why}"
            if before is None or before.blob != state:
                difference.changed.append(IndexedFile(file.path, state, file.size, skipped=why))
        elif before is None or not file.blob or before.blob != file.blob:
            unread.append(file)
        elif file.stat and file.stat != before.stat:
            difference.touched[file.path] = file.stat
    difference.gone = [path for path in known if path not in seen and not path.startswith(PREFIX)]
    _read(unread, known, tree, difference, said)
    return difference


def _read(
    unread: Sequence[TreeFile], known: Mapping[str, FileState], tree: Tree, difference: _Difference, said: Progress
) -> None:
    def changed() -> Iterator[tuple[str, bytes, int]]:
        for number, (file, data) in enumerate(zip(unread, tree.read(unread), strict=True)):
            said("reading", number, len(unread))
            if data is None:
                difference.changed.append(IndexedFile(file.path, "", file.size, skipped="cannot be read"))
                continue
            blob = file.blob or blob_id(data)
            if (before := known.get(file.path)) is not None and before.blob == blob:
                difference.touched[file.path] = file.stat
                continue
            difference.stats[file.path] = file.stat
            yield file.path, data, len(data)

    with _workers(len(unread)) as pool:
        work = ((path, data) for path, data, _ in changed())
        done = map(_cut, work) if pool is None else pool.map(_cut, list(work), chunksize=16)
        difference.changed += done
    said("reading", len(unread), len(unread))


def _workers(files: int) -> Executor | nullcontext[None]:
    cores = cpu_count() or 1
    if files < MANY_FILES or cores < 2:
        return nullcontext()
    # Started afresh, not forked: this process may have threads (a progress bar, a model).
    return ProcessPoolExecutor(min(cores, 4), mp_context=get_context("spawn"))


def _cut(work: tuple[str, bytes]) -> IndexedFile:
    path, data = work
    blob = blob_id(data)
    if why := reason_of(path, data):
        return IndexedFile(path, blob, len(data), skipped=why)
    cut = chunk_file(path, data)
    if cut is None:
        return IndexedFile(path, blob, len(data), skipped="no text")
    return IndexedFile(path, blob, len(data), cut.language, cut.chunks, cut.imports)


def _compare_fixes(store: Store, fixes: Fixes, difference: _Difference) -> None:
    held = frozenset(path for path in store.files() if path.startswith(PREFIX))
    new, still = fixes(held, store.info().source)
    difference.changed += new
    difference.gone += sorted(held - still)


def _embed(
    store: Store, embedder: Embedder, changed: Sequence[IndexedFile], donors: Sequence[Store], said: Progress
) -> tuple[int, int]:
    """See that every chunk has a vector, and weights of its words where the embedder gives them.

    Returns how many were computed, and how many were there already.
    """
    if not embedder.dimensions:
        return 0, 0
    texts = {chunk.key: chunk.embedded for file in changed for chunk in file.chunks}
    new = len(texts)
    if store.info().model not in ("", embedder.name):  # chunks of unchanged files know another model only
        texts |= dict(store.unembedded(embedder.name))
    missing = store.missing(embedder.name, texts)
    weigher = embedder if isinstance(embedder, SparseEmbedder) else None
    for donor in donors:
        # A vector says that the words of its text are weighed; donors hand over vectors alone.
        if missing and weigher is None:
            missing = _take(store, donor, embedder.name, missing)
    for start in range(0, len(missing), BATCH):
        said("embedding", start, len(missing))
        keys = missing[start : start + BATCH]
        batch = [texts[key] for key in keys]
        if weigher is not None:  # before the vectors: killed in between, the batch is simply done again
            store.add_sparse(embedder.name, keys, weigher.sparse_documents(batch))
        store.add_vectors(embedder.name, keys, embedder.documents(batch))
    if missing:
        said("embedding", len(missing), len(missing))
    return len(missing), max(0, new - len(missing))


def _take(store: Store, donor: Store, model: str, missing: list[str]) -> list[str]:
    found = dict(donor.vectors(model, missing))
    if found:
        store.add_vectors(model, list(found), np.stack(list(found.values())))
    return [key for key in missing if key not in found]


def _write(store: Store, difference: _Difference, info: Info, said: Progress) -> int:
    """The transaction; returns how many chunks went. Nothing is written when nothing differs."""
    before = store.info()
    same = replace(info, generation=before.generation) == before
    if same and not (difference.changed or difference.gone or difference.touched):
        return 0
    old = store.keys_of([*difference.gone, *(file.path for file in difference.changed)])
    kept = {chunk.key for file in difference.changed for chunk in file.chunks}
    with store.write() as writer:
        _rewrite(writer, difference, said)
        writer.describe(info)
    return sum(1 for key in old if key not in kept)


def _rewrite(writer: Writer, difference: _Difference, said: Progress) -> None:
    for path in difference.gone:
        writer.remove(path)
    for path, tag in difference.touched.items():
        writer.touch(path, tag)
    for number, file in enumerate(difference.changed):
        said("writing", number, len(difference.changed))
        writer.put(file, difference.stats.get(file.path, ""))
    if difference.changed:
        said("writing", len(difference.changed), len(difference.changed))
