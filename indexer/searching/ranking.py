"""The ranking of one corpus: several opinions, put together."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from indexer import vocabulary
from indexer.embedders.base import SparseEmbedder
from indexer.fusion import Ranking, best, reciprocal_ranks
from indexer.models import Chunk, Filter, HitKind
from indexer.query import Query
from indexer.searching import symbols, terms
from indexer.searching.corpus import Corpus, Stages
from indexer.searching.names import Names
from indexer.searching.symbols import SUFFIX
from indexer.stores.base import NameRow, Store
from indexer.structure import View
from indexer.vocabulary import Heard

CANDIDATES = 200
"""How many each opinion may name."""

SURE = 0.4
"""The vocabulary counts in full where it met this much of a query."""
NAMED = 0.2
"""What is left of its weight where the query names something that is there."""
LATER = 0.2
"""How much less each further name of an entry counts."""

_KIND: Mapping[str, HitKind] = {"commit": "fix", "section": "doc"}
"""The kind of a chunk by its role; everything else is code."""

NO_VECTORS = "No vectors are there to compare: words alone were searched."
OTHER_MODEL = "The index was made by the model {made}, the search by {asked}: words alone were searched."
NO_WEIGHTS = "No words weighed by the model are there to compare: it was searched without them."
WEIGHING_FAILED = "The words of the query could not be weighed ({why}): it was searched without their weights."
EMBEDDER_FAILED = "The query could not be embedded ({why}): words alone were searched."


@dataclass(frozen=True)
class Weights:
    """How much each opinion counts, and how much usage moves what they say.

    Of words not only the order counts but, by `margin`, also how far ahead the best are. `sparse` is not
    measured on real weights: it is small, for words and meaning have their say already.
    """

    exact: float = 2.0
    lexical: float = 1.0
    margin: float = 0.0
    vocabulary: float = 1.0
    expansion: float = 0.5
    dense: float = 1.0
    sparse: float = 0.3
    prior: float = 0.5


API = Weights(vocabulary=5.0, expansion=0.7, dense=0.7, prior=1.0)
CODE = Weights(margin=0.5, vocabulary=0.0, expansion=0.0, dense=0.6, prior=0.0)


@dataclass
class Ranked:
    """What a corpus says about a query: chunks' numbers with scores from 0 to 1, and who named them.

    `certain` are those the query names, scored as `indexer.searching.symbols` does. `rankings` are the
    opinions, best first. `cosines` say how near the vectors are. `known` is the share of the query's
    words that the corpus has, `understood` how much of it the vocabulary met with a whole phrase.
    """

    scores: dict[int, float] = field(default_factory=dict)
    certain: dict[int, float] = field(default_factory=dict)
    rankings: dict[str, list[int]] = field(default_factory=dict)
    cosines: dict[int, float] = field(default_factory=dict)
    known: float = 0.0
    understood: float = 0.0
    weights: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class Ranker:
    """Ranks the chunks of one corpus; what it reads from the store it keeps until the store changes."""

    def __init__(self, corpus: Corpus, weights: Weights | None = None) -> None:
        self.corpus = corpus
        self.store = corpus.store
        self.weights = weights or (CODE if corpus.release is None else API)
        self._weigher = corpus.embedder if isinstance(corpus.embedder, SparseEmbedder) else None
        self._generation = -1
        self._names: Names | None = None
        self._count = 0
        self._imported: tuple[int, Mapping[str, Sequence[str]]] | None = None

    @property
    def names(self) -> Names:
        """The names of the store as it is now."""
        generation = self.store.info().generation
        if self._names is None or generation != self._generation:
            self._names = Names(self.store.names())
            self._count = len(self._names)
            self._generation = generation
        return self._names

    def view(self) -> View:
        """The corpus as structure looks at it."""
        return _View(self.names, self.store, self._imports)

    @property
    def _imports(self) -> Mapping[str, Sequence[str]]:
        if self._imported is None or self._imported[0] != self._generation:
            self._imported = (self._generation, self.store.imports())
        return self._imported[1]

    def rank(self, query: Query, stages: Stages, where: Filter | None = None) -> Ranked:
        """Every opinion on the query, put together."""
        names = self.names
        result = Ranked()
        kinds = where.kinds if where else ()
        where = replace(where, kinds=()) if where else None
        opinions: list[Ranking[int]] = []
        meant: dict[int, float] = {}
        bm25: dict[int, float] = {}

        def say(name: str, numbers: Sequence[int], weight: float) -> None:
            numbers = self._of_kind(numbers, kinds)
            if numbers and weight > 0:
                result.rankings[name] = list(numbers)
                opinions.append(Ranking(name, numbers, weight))

        if stages.exact:
            looked = symbols.look_up(query, names, self._bases)
            result.certain = {int(names.ids[place]): score for place, score in looked.items()}
            say("exact", list(result.certain), self.weights.exact)
        chosen = terms.choose(terms.of_query(query), self.store, max(self._count, 1))
        result.known = chosen.known
        result.weights = chosen.weights
        if stages.lexical and chosen:
            scored = self.store.lexical(chosen.rarest, CANDIDATES, where)
            say("lexical", [n for n, _ in scored], self.weights.lexical)
            bm25 = _shares(scored, set(result.rankings.get("lexical", ())))
        if stages.vocabulary and (self.weights.vocabulary or self.weights.expansion):
            heard = vocabulary.load().hear(query.text)
            result.understood = max((met.score for met in heard if met.whole), default=0.0)
            meant = self._meant(names, heard)
            result.rankings["vocabulary"] = best(meant, CANDIDATES)
            meant_words = (word for met in heard[:4] for word in met.entry.words)
            both = dict.fromkeys((*chosen.rarest[:8], *meant_words))
            expanded = terms.choose(both, self.store, max(self._count, 1), terms.MAX_READ // 2)
            if expanded and set(expanded.weights) - set(chosen.weights):
                scored = self.store.lexical(expanded.rarest[:16], CANDIDATES, where)
                say("expansion", [n for n, _ in scored], self.weights.expansion)
        if stages.dense:
            found, note = self._dense(query, where)
            result.cosines = dict(found)
            result.notes = (note,) if note else ()
            say("dense", [number for number, _ in found], self.weights.dense)
        if stages.sparse and self._weigher is not None:
            found, note = self._sparse(self._weigher, query, where)
            result.notes += (note,) if note and note not in result.notes else ()
            say("sparse", [number for number, _ in found], self.weights.sparse)
        fused = reciprocal_ranks(opinions)
        for number, share in bm25.items():
            fused[number] += self.weights.margin * share
        if stages.prior and self.weights.prior:
            self._weigh(fused, names)
        top = max(meant.values(), default=0.0)
        weight = self.weights.vocabulary * min(1.0, top / SURE)
        if any(score >= SUFFIX - 0.05 for score in result.certain.values()):
            weight *= NAMED  # who names a thing asks for it, and not for what people often want
        most = sum(opinion.weight for opinion in opinions) + weight + (self.weights.margin if bm25 else 0.0) or 1.0
        for number, score in meant.items():
            # Whoever wrote the vocabulary knew what is asked for: usage has no say in it.
            fused[number] = fused.get(number, 0.0) + weight * score / top
        result.scores = {number: score / most for number, score in fused.items()}
        return result

    def _of_kind(self, numbers: Sequence[int], kinds: Sequence[HitKind]) -> Sequence[int]:
        """Those that can be of a kind, by their roles; leaving it to the store would cost it an index."""
        if not kinds or self.corpus.release is not None:
            return numbers
        names = self.names
        return [
            n for n in numbers if n in names.places and _KIND.get(names.rows[names.places[n]].role, "code") in kinds
        ]

    def _meant(self, names: Names, heard: Sequence[Heard]) -> dict[int, float]:
        """What the vocabulary leads to: the best entry's most likely name first; entries that agree gain."""
        found: dict[int, float] = {}
        for met in heard:
            for at, name in enumerate(met.entry.names):
                for place in names.ending(name):
                    number = int(names.ids[place])
                    score = met.score / (1 + LATER * at)
                    found[number] = max(found.get(number, 0.0), score) + 0.3 * min(found.get(number, 0.0), score)
        return found

    def _weigh(self, scores: dict[int, float], names: Names) -> None:
        most = 1 + self.weights.prior
        for number, score in scores.items():
            prior = names.rows[names.places[number]].prior if number in names.places else 0.0
            scores[number] = score * (1 + self.weights.prior * prior) / most

    def _dense(self, query: Query, where: Filter | None) -> tuple[list[tuple[int, float]], str]:
        embedder = self.corpus.embedder
        if embedder is None or not query.text:
            return [], ""
        try:
            info = self.store.info()
            if embedder.dimensions == 0:
                return [], ""
            if info.model != embedder.name or info.dimensions != embedder.dimensions:
                return [], OTHER_MODEL.format(
                    made=info.model or "none", asked=embedder.name
                ) if info.model else NO_VECTORS
            vector = np.asarray(embedder.query(query.text), dtype=np.float32)
            if vector.shape != (info.dimensions,) or not np.isfinite(vector).all():
                return [], EMBEDDER_FAILED.format(why=f"it gave {vector.shape} numbers")
            if not vector.any():
                return [], ""
            return self.store.dense(vector, CANDIDATES, where), ""
        except Exception as error:  # whatever a model, its server or its library may raise: words remain
            return [], EMBEDDER_FAILED.format(why=_why(error))

    def _sparse(
        self, weigher: SparseEmbedder, query: Query, where: Filter | None
    ) -> tuple[list[tuple[int, float]], str]:
        embedder = self.corpus.embedder
        if embedder is None or not query.text:
            return [], ""
        try:
            made = self.store.info().model
            if made != embedder.name:
                return [], OTHER_MODEL.format(made=made, asked=embedder.name) if made else NO_WEIGHTS
            found = self.store.sparse(weigher.sparse_query(query.text), CANDIDATES, where)
            return found, "" if found or where else NO_WEIGHTS
        except Exception as error:  # as with vectors
            return [], WEIGHING_FAILED.format(why=_why(error))

    def _bases(self, place: int) -> Sequence[str]:
        number = int(self.names.ids[place])
        chunk = self.store.chunks([number]).get(number)
        return bases_of(chunk) if chunk is not None else ()


@dataclass(frozen=True)
class _View:
    """See `indexer.structure.View`."""

    names: Names
    store: Store
    imported: Mapping[str, Sequence[str]]

    def row(self, number: int) -> NameRow | None:
        place = self.names.places.get(number)
        return None if place is None else self.names.rows[place]

    def named(self, last_name: str) -> Sequence[int]:
        return [self.names.rows[place].id for place in self.names.by_last_name.get(last_name.lower(), ())]

    def of_path(self, path: str) -> Sequence[int]:
        return [self.names.rows[place].id for place in self.names.by_path.get(path, ())]

    def paths(self) -> Iterable[str]:
        return self.names.by_path

    def calling(self, name: str, limit: int) -> Sequence[int]:
        return self.store.calling(name, limit)

    def imports(self, path: str) -> Sequence[str]:
        return self.imported.get(path, ())

    def of_module(self, module: str) -> Sequence[str]:
        return self.names.of_module(module)


def _why(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _shares(scored: Sequence[tuple[int, float]], kept: Container[int]) -> dict[int, float]:
    """BM25 scores as shares of the best."""
    top = max((score for number, score in scored if number in kept), default=0.0)
    return {number: score / top for number, score in scored if number in kept and top > 0}


_HEAD = re.compile(r"class [\w.]{1,200}\(([\w., ]{1,500})\)")


def bases_of(chunk: Chunk) -> tuple[str, ...]:
    """The bases of a class: structure knows them of code, the first line says them of the API."""
    if chunk.facts.bases or chunk.role != "class":
        return chunk.facts.bases
    match = _HEAD.match(chunk.text)
    return tuple(base.strip() for base in match[1].split(",")) if match else ()
