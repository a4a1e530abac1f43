"""Words that an embedder weighs: kept with an update, asked by a search, carried by an export."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

from indexer.embedders.base import Vectors
from indexer.embedders.static import StaticEmbedder
from indexer.errors import UsageError
from indexer.incremental import update
from indexer.models import UpdateStats
from indexer.portable import export, load
from indexer.repository import Checkout, Worktree
from indexer.search import Corpus, Searcher, Stages
from indexer.searching.searcher import Answer
from indexer.stores.sqlite import SqliteStore
from repositories import TOOLS, Repository, addon

ANY = Stages().without("floor")
"""The floor knows nothing of weighted words: what only they find may stay below it."""

MEANT = {"use_smooth": {"abrunden": 1.0, "glätten": 0.5}, "nothing selected": {"auswählen": 0.75}}
"""Which words, in no text at all, go with which text."""


class Weigher:
    """Weighs words as `MEANT` says, and sees no meaning: its vectors are zeros."""

    name = "weigher-1"
    dimensions = 4

    def __init__(self) -> None:
        self.weighed: list[str] = []

    def documents(self, texts: Sequence[str]) -> Vectors:
        return np.zeros((len(texts), self.dimensions), dtype=np.float32)

    def query(self, text: str) -> Vectors:
        return np.zeros(self.dimensions, dtype=np.float32)

    def sparse_documents(self, texts: Sequence[str]) -> list[Mapping[str, float]]:
        self.weighed += texts
        return [{w: x for sign, words in MEANT.items() if sign in text for w, x in words.items()} for text in texts]

    def sparse_query(self, text: str) -> Mapping[str, float]:
        return dict.fromkeys(text.lower().split(), 1.0)


class Bare(Weigher):
    """Its model ends before it gave a vector."""

    def documents(self, texts: Sequence[str]) -> Vectors:
        raise OSError("the model is gone")


class Wordless(Weigher):
    """Its model ends before it weighed a word."""

    def sparse_documents(self, texts: Sequence[str]) -> list[Mapping[str, float]]:
        raise OSError("the model is gone")


class Mute(Weigher):
    """Cannot weigh a question."""

    def sparse_query(self, text: str) -> Mapping[str, float]:
        raise OSError("the model is gone")


class Silent(Weigher):
    """Finds no word of a question worth anything."""

    def sparse_query(self, text: str) -> Mapping[str, float]:
        return {}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return addon(tmp_path / "repo")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore(tmp_path / "index.sqlite", write=True) as opened:
        yield opened


def brought_up(store: SqliteStore, repository: Repository, embedder: Weigher | StaticEmbedder) -> UpdateStats:
    return update(store, Worktree(Checkout.open(repository.root)), embedder)


def ask(store: SqliteStore, query: str, embedder: Weigher | StaticEmbedder, stages: Stages = ANY) -> Answer:
    return Searcher(Corpus(store, embedder=embedder), stages=stages).explain(query)


def first(answer: Answer) -> str:
    return answer.hits[0].symbol if answer.hits else ""


def test_what_only_weighted_words_can_find_is_found(store: SqliteStore, repository: Repository) -> None:
    embedder = Weigher()
    stats = brought_up(store, repository, embedder)
    assert len(embedder.weighed) == stats.embedded > 5

    answer = ask(store, "glätten abrunden", embedder)
    assert first(answer) == "hello.tools.smooth"
    assert answer.found[0].ranks["sparse"] == 1
    assert answer.notes == ()
    assert ask(store, "glätten abrunden", embedder, ANY.without("sparse")).hits == ()
    assert first(ask(store, "auswählen", embedder)) == "hello.tools.unwrap"


def test_an_edit_weighs_what_changed_and_nothing_else(store: SqliteStore, repository: Repository) -> None:
    brought_up(store, repository, Weigher())
    repository.write("hello/tools.py", TOOLS.replace("use_smooth = True", "hide = True"))
    embedder = Weigher()
    assert brought_up(store, repository, embedder).embedded == len(embedder.weighed) == 1
    assert "hide = True" in embedder.weighed[0]
    assert ask(store, "abrunden", embedder).hits == ()
    assert first(ask(store, "auswählen", embedder)) == "hello.tools.unwrap"

    repository.write("hello/tools.py", TOOLS)
    again = Weigher()
    assert brought_up(store, repository, again).embedded == len(again.weighed) == 0
    assert first(ask(store, "abrunden", again)) == "hello.tools.smooth"


@pytest.mark.parametrize("ending", [Bare, Wordless])
def test_a_vector_says_that_the_words_are_weighed(
    ending: type[Weigher], store: SqliteStore, repository: Repository
) -> None:
    with pytest.raises(OSError, match="gone"):
        brought_up(store, repository, ending())
    assert store.count() == 0
    stats = brought_up(store, repository, Weigher())
    assert (stats.embedded, stats.reused) == (stats.chunks, 0)
    assert first(ask(store, "abrunden", Weigher())) == "hello.tools.smooth"


def test_vectors_without_weights_are_not_taken_over(store: SqliteStore, repository: Repository, tmp_path: Path) -> None:
    tree = Worktree(Checkout.open(repository.root))
    with SqliteStore(tmp_path / "donor.sqlite", write=True) as donor:
        update(donor, tree, Weigher())
        stats = update(store, tree, Weigher(), donors=[donor])
    assert (stats.embedded, stats.reused) == (stats.chunks, 0)
    assert first(ask(store, "abrunden", Weigher())) == "hello.tools.smooth"


def test_changing_to_a_model_that_weighs_words_weighs_all(store: SqliteStore, repository: Repository) -> None:
    brought_up(store, repository, StaticEmbedder())
    embedder = Weigher()
    assert brought_up(store, repository, embedder).chunks == len(embedder.weighed)
    assert first(ask(store, "abrunden", embedder)) == "hello.tools.smooth"


def test_without_weights_words_answer_and_say_so(store: SqliteStore, repository: Repository) -> None:
    brought_up(store, repository, Weigher())
    mute = ask(store, "unwrap what is selected", Mute())
    assert first(mute) == "hello.tools.unwrap"
    assert "weighed (the model is gone)" in mute.notes[0]
    silent = ask(store, "unwrap what is selected", Silent())
    assert first(silent) == "hello.tools.unwrap"
    assert "without them" in silent.notes[0]
    other = Weigher()
    other.name = "weigher-2"
    (note,) = ask(store, "unwrap what is selected", other).notes
    assert "weigher-2" in note


def test_models_that_weigh_no_words_are_asked_for_none(store: SqliteStore, repository: Repository) -> None:
    brought_up(store, repository, StaticEmbedder())
    answer = ask(store, "unwrap what is selected", StaticEmbedder())
    assert first(answer) == "hello.tools.unwrap"
    assert answer.notes == ()
    assert all("sparse" not in found.ranks for found in answer.found)
    with_and_without = [ask(store, "smooth", StaticEmbedder(), s).hits for s in (ANY, ANY.without("sparse"))]
    assert with_and_without[0] == with_and_without[1]


@pytest.fixture
def exported(store: SqliteStore, repository: Repository, tmp_path: Path) -> Path:
    brought_up(store, repository, Weigher())
    export(store, tmp_path / "index.zip")
    return tmp_path / "index.zip"


@pytest.fixture
def target(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore(tmp_path / "target.sqlite", write=True) as opened:
        yield opened


def test_an_export_carries_the_weights(
    exported: Path, store: SqliteStore, target: SqliteStore, repository: Repository, tmp_path: Path
) -> None:
    load(exported, target, Weigher())
    keys = store.keys_of(store.files())
    assert list(target.weights("weigher-1", keys)) == list(store.weights("weigher-1", keys)) != []
    assert first(ask(target, "abrunden", Weigher())) == "hello.tools.smooth"
    embedder = Weigher()
    assert brought_up(target, repository, embedder).embedded == len(embedder.weighed) == 0
    load(exported, target, None)
    export(target, tmp_path / "again.zip")
    assert member(tmp_path / "again.zip") == member(exported)


def member(path: Path) -> bytes:
    with ZipFile(path) as archive:
        return archive.read("sparse.jsonl")


def test_an_export_without_weights_has_no_place_for_them(
    store: SqliteStore, repository: Repository, tmp_path: Path
) -> None:
    brought_up(store, repository, StaticEmbedder())
    export(store, tmp_path / "index.zip")
    with ZipFile(tmp_path / "index.zip") as archive:
        assert "sparse.jsonl" not in archive.namelist()


Members = dict[str, bytes]


def lines(change: Callable[[list[dict[str, object]]], object]) -> Callable[[Members], object]:
    """Changes the lines of the weights."""

    def changed(members: Members) -> None:
        read = [json.loads(line) for line in members["sparse.jsonl"].splitlines()]
        change(read)
        members["sparse.jsonl"] = "".join(json.dumps(line) + "\n" for line in read).encode()

    return changed


def weights(words: Mapping[str, object]) -> Callable[[Members], object]:
    return lines(lambda read: read[0].update(weights=words))


REFUSED: dict[str, Callable[[Members], object]] = {
    "of a text that is not there": lines(lambda read: read[0].update(key="0" * 64)),
    "of a text twice": lines(lambda read: read.append(read[0])),
    "that are no numbers": weights({"mesh": "1"}),
    "that are not finite": weights({"mesh": float("nan")}),
    "below nothing": weights({"mesh": -1.0}),
    "of too many words": weights({f"w{n}": 1.0 for n in range(513)}),
    "of a word that is a book": weights({"x" * 201: 1.0}),
    "on a line without end": lambda m: m.update({"sparse.jsonl": b'{"key":"' + b"0" * 2_000_000}),
    "that are none": lambda m: m.update({"sparse.jsonl": b"\xff\n"}),
    "nested without end": lambda m: m.update({"sparse.jsonl": b"[" * 500_000}),
}
FALSE: dict[str, Callable[[Members], object]] = {
    "of other words": weights({"spam": 1.0}),
    "that are larger": weights({"abrunden": 9.0, "glätten": 0.5}),
    "that are missing": lambda m: m.pop("sparse.jsonl"),
}


def rewritten(source: Path, target: Path, change: Callable[[Members], object]) -> Path:
    with ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with ZipFile(target, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target


@pytest.mark.parametrize("name", [*REFUSED, *FALSE])
def test_changed_weights_are_refused_and_nothing_is_lost(
    name: str, exported: Path, target: SqliteStore, tmp_path: Path
) -> None:
    load(exported, target, None)
    before = list(target.indexed()), target.info()
    bad = rewritten(exported, tmp_path / "bad.zip", (REFUSED | FALSE)[name])
    # Whether weights are those of their texts only their model can say.
    checker = Weigher() if name in FALSE else None
    with pytest.raises(UsageError) as caught:
        load(bad, target, checker)
    assert caught.value.cure
    assert (list(target.indexed()), target.info()) == before
    assert "spam" not in {
        word for _, words in target.weights("weigher-1", target.keys_of(target.files())) for word in words
    }


def test_a_corpus_of_another_model_is_searched_without_weights(store: SqliteStore, repository: Repository) -> None:
    brought_up(store, repository, StaticEmbedder())
    corpus = Corpus(store, embedder=StaticEmbedder())
    answer = Searcher(replace(corpus, embedder=Weigher()), stages=ANY).explain("unwrap what is selected")
    assert first(answer) == "hello.tools.unwrap"
    (note,) = answer.notes
    assert "weigher-1" in note
