"""The search over a repository and over Blender's API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from indexer.fusion import best
from indexer.models import Chunk, Filter, Hit, HitKind
from indexer.query import Query, understand
from indexer.rerankers.base import Reranker
from indexer.searching.corpus import Corpus, Stages
from indexer.searching.judging import judge, neighbours
from indexer.searching.ranking import Ranked, Ranker
from indexer.searching.symbols import LAST_NAME
from indexer.structure import Context, restructured

READ = 60
"""How many of the best candidates of a corpus are read."""
RERANKED = 50
"""How many of them a reranker sees."""
BUDGET = 14_000
"""How many characters an answer's texts may have in all."""
MAX_TEXT = 1_800
UNCERTAIN = 0.59
"""What was not named scores at most this, so that it stays below `LAST_NAME`."""
SOME = 3
NAMESAKES = 12
"""With `SOME` other words, a name that more things than this have decides nothing by itself."""
TIE = 0.009
"""What the rest of a query is worth among things that are equally certain."""
MANY = 6
"""With more other words than this, a name in a query is one opinion among others."""

RERANKER_FAILED = "The reranker {name} could not be used ({why}): the order is that of the search itself."
NO_API = "There is no index of Blender {release}'s API. Build it: indexer docs {release}"

LoadApi = Callable[[str], Corpus | None]


@dataclass(frozen=True)
class Found:
    """A hit, the chunk it was made of, and its place (from 1) in each opinion that named it."""

    hit: Hit
    chunk: Chunk
    ranks: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What a search found, best first.

    `around` are the classes and parts around what was found, to read it by. `notes` say, for people,
    what the answer had to do without.
    """

    query: Query
    found: tuple[Found, ...] = ()
    around: tuple[Hit, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The hits alone."""
        return tuple(found.hit for found in self.found)


class Searcher:
    """Searches a repository (`code`) and the API of any release that `api` can load.

    `recent` gives the rank of paths that were changed lately, 1 the newest. A `release` is asked for
    by the caller, else named in the query, else `default_release`; without one the API is not searched.
    Not for several threads at once; the stores are the caller's to close.
    """

    def __init__(
        self,
        code: Corpus | None = None,
        api: LoadApi | None = None,
        *,
        reranker: Reranker | None = None,
        stages: Stages | None = None,
        recent: Mapping[str, int] | None = None,
        default_release: str | None = None,
    ) -> None:
        self._code = Ranker(code) if code is not None else None
        self._load = api
        self._api: dict[str, Ranker | None] = {}
        self._reranker = reranker
        self._stages = stages or Stages()
        self._recent = recent or {}
        self._default_release = default_release

    def search(
        self,
        query: str,
        *,
        release: str | None = None,
        kind: HitKind | None = None,
        limit: int = 10,
        where: Filter | None = None,
        context: Context | None = None,
    ) -> tuple[Hit, ...]:
        """The best hits, best first; none where nothing fits."""
        return self.explain(query, release=release, kind=kind, limit=limit, where=where, context=context).hits

    def explain(
        self,
        query: str,
        *,
        release: str | None = None,
        kind: HitKind | None = None,
        limit: int = 10,
        where: Filter | None = None,
        context: Context | None = None,
        budget: int = BUDGET,
        stages: Stages | None = None,
    ) -> Answer:
        """The same with everything that led to it. `budget` bounds the characters of the hits' texts."""
        asked = understand(query)
        if not asked or limit < 1:
            return Answer(asked)
        used = stages or self._stages
        rankers, notes = self._rankers(release or asked.release or self._default_release, kind, where)
        wanted = _narrowed(where, kind)
        found: list[Found] = []
        around: list[Hit] = []
        for ranker in rankers:
            some, said, near = self._ask(ranker, asked, used, wanted, context, limit)
            found += some
            notes += said
            around += near
        found.sort(key=lambda item: -item.hit.score)
        kept = _within(found[:limit], budget)
        left = budget - sum(len(item.hit.text) for item in kept)
        return Answer(asked, tuple(kept), tuple(_fitting(around, kept, left)), tuple(dict.fromkeys(notes)))

    def _rankers(
        self, release: str | None, kind: HitKind | None, where: Filter | None
    ) -> tuple[list[Ranker], list[str]]:
        kinds = {kind} if kind else set(where.kinds) if where else set()
        chosen: list[Ranker] = []
        notes: list[str] = []
        if self._code is not None and kinds != {"api"}:
            chosen.append(self._code)
        if release is not None and self._load is not None and (not kinds or "api" in kinds):
            if self._api.get(release) is None:
                corpus = self._load(release)
                self._api[release] = Ranker(corpus) if corpus is not None else None
            if (ranker := self._api[release]) is not None:
                chosen.append(ranker)
            else:
                notes.append(NO_API.format(release=release))
        return chosen, notes

    def _ask(
        self, ranker: Ranker, asked: Query, stages: Stages, where: Filter | None, context: Context | None, limit: int
    ) -> tuple[list[Found], list[str], list[Hit]]:
        """One corpus' answer; of several questions each gets its turn."""
        answers: list[list[Found]] = []
        notes: list[str] = []
        for part in asked.parts or (asked,):
            found, said = self._one(ranker, part, stages, where, context, limit)
            answers.append(found)
            notes += said
        found = _in_turns(answers)
        around: list[Hit] = []
        if stages.neighbours and ranker.corpus.release is None:
            around = [
                _hit(ranker.corpus, number, chunk, 0.0)
                for number, chunk in neighbours([item.chunk for item in found[:limit]], ranker)
            ]
        return found, notes, around

    def _one(
        self, ranker: Ranker, query: Query, stages: Stages, where: Filter | None, context: Context | None, limit: int
    ) -> tuple[list[Found], list[str]]:
        ranked = ranker.rank(query, stages, where)
        notes = list(ranked.notes)
        wide = query.wishes or query.frames
        numbers = best(ranked.scores, max(3 * READ if wide else READ, 3 * limit))
        numbers += [number for number in ranked.certain if number not in set(numbers)]
        chunks = {n: c for n, c in ranker.store.chunks(numbers).items() if where is None or _allowed(c, where)}
        if stages.structure and ranker.corpus.release is None and ranked.scores:
            ranked.scores = restructured(
                ranked.scores, chunks, query, ranker.view(), ranked.weights, recent=self._recent, context=context
            )
            numbers = best(ranked.scores, len(numbers))
            missing = [number for number in numbers if number not in chunks]
            chunks |= {n: c for n, c in ranker.store.chunks(missing).items() if where is None or _allowed(c, where)}
            ranked.rankings["structure"] = numbers
        scores = judge(query, ranked, chunks, stages, api=ranker.corpus.release is not None)
        if stages.rerank and self._reranker is not None and scores:
            scores, note = _reranked(self._reranker, query, scores, chunks)
            notes += [note] if note else []
        final = _settled(query, ranked, scores)
        places = {name: {n: at for at, n in enumerate(listed, 1)} for name, listed in ranked.rankings.items()}
        found: list[Found] = []
        seen: set[tuple[str, str, int]] = set()
        for number in best(final, len(final)):
            chunk = chunks[number]
            same = (chunk.path, chunk.symbol, 0 if chunk.part else chunk.start)
            if same in seen:
                continue  # another part of a symbol that stands here already
            seen.add(same)
            ranks = {name: at[number] for name, at in places.items() if number in at}
            found.append(Found(_hit(ranker.corpus, number, chunk, final[number]), chunk, ranks))
            if len(found) >= limit:
                break
        return found, notes


def _settled(query: Query, ranked: Ranked, scores: Mapping[int, float]) -> dict[int, float]:
    """Final scores: what a short query names stands above everything it does not."""
    named = {part for name in query.names for part in name.lower().replace("_", ".").split(".")}
    others = [word for word in query.words if word not in named and word not in (n.lower() for n in query.names)]
    settled = {number: UNCERTAIN * min(score, 1.0) for number, score in scores.items()}
    if len(others) <= MANY or query.members or query.frames or query.wishes or query.pairs:
        alike = Counter(round(certainty, 1) for certainty in ranked.certain.values())
        for number, certainty in ranked.certain.items():
            if len(others) >= SOME and alike[round(certainty, 1)] > NAMESAKES:
                continue  # so many have the name that the other words must tell them apart
            if number in settled and certainty >= LAST_NAME:
                # Among equally certain ones the rest of the query decides, by less than a case of letters.
                settled[number] = min(1.0, certainty + TIE * min(scores[number], 1.0))
    return settled


def _reranked(
    reranker: Reranker, query: Query, scores: Mapping[int, float], chunks: Mapping[int, Chunk]
) -> tuple[dict[int, float], str]:
    numbers = best(scores, RERANKED)
    try:
        given = reranker.scores(query.text, [chunks[number].embedded for number in numbers])
        if len(given) != len(numbers):
            raise ValueError(f"{len(given)} scores for {len(numbers)} texts")
    except Exception as error:  # whatever a model or its server may raise: the order stays
        why = " ".join(str(error).split())[:200] or type(error).__name__
        return dict(scores), RERANKER_FAILED.format(name=reranker.name, why=why)
    by_reader = sorted(range(len(numbers)), key=lambda at: -given[at])
    place = {numbers[at]: rank for rank, at in enumerate(by_reader)}
    most = max(scores.values()) or 1.0
    blended = {}
    for number, score in scores.items():
        read = 21 / (21 + place[number]) if number in place else 0.0
        blended[number] = 0.5 * score + 0.5 * most * read
    return blended, ""


def _in_turns(answers: Sequence[Sequence[Found]]) -> list[Found]:
    """Several answers as one: a thing keeps its best score, and answers to several questions gain."""
    if len(answers) == 1:
        return list(answers[0])
    kept: dict[tuple[str, str, int], Found] = {}
    for answer in answers:
        for item in answer:
            key = (item.chunk.path, item.chunk.symbol, item.chunk.start)
            if key not in kept or kept[key].hit.score < item.hit.score:
                kept[key] = item
    return sorted(kept.values(), key=lambda item: -item.hit.score)


def _hit(corpus: Corpus, number: int, chunk: Chunk, score: float) -> Hit:
    text = chunk.text[:MAX_TEXT]
    score = round(min(max(score, 0.0), 1.0), 3)
    if chunk.kind == "api":
        url = chunk.path if chunk.path.startswith("http") else ""
        return Hit(url, 0, 0, chunk.symbol, "api", corpus.release, score, url or chunk.symbol, text)
    # A fix is cited as its own commit left the file; other files as they are, where they are committed.
    commit = chunk.commit or (None if chunk.path in corpus.changed else corpus.commit)
    cited = f"{chunk.path}:{chunk.start}-{chunk.end}" + (f"@{commit[:12]}" if commit else "")
    return Hit(chunk.path, chunk.start, chunk.end, chunk.symbol, chunk.kind, None, score, cited, text)


def _within(found: Sequence[Found], budget: int) -> list[Found]:
    """As many as the budget holds; what does not fit whole is cut at a line, the first is always there."""
    kept: list[Found] = []
    left = budget
    for item in found:
        if left <= 0:
            break
        text = item.hit.text
        if len(text) > left:
            text = text[:left].rpartition("\n")[0] or text[:left]
            item = replace(item, hit=replace(item.hit, text=text))
        left -= len(text)
        kept.append(item)
    return kept


def _fitting(around: Sequence[Hit], kept: Sequence[Found], left: int) -> list[Hit]:
    there = {item.hit.citation for item in kept}
    fitting: list[Hit] = []
    for hit in around:
        if hit.citation not in there and len(hit.text) <= left:
            fitting.append(hit)
            left -= len(hit.text)
            there.add(hit.citation)
    return fitting


def _narrowed(where: Filter | None, kind: HitKind | None) -> Filter | None:
    if kind is None:
        return where if where else None
    return replace(where or Filter(), kinds=(kind,))


def _allowed(chunk: Chunk, where: Filter) -> bool:
    from fnmatch import fnmatchcase

    return (
        (not where.kinds or chunk.kind in where.kinds)
        and (not where.languages or chunk.language in where.languages)
        and (not where.paths or any(fnmatchcase(chunk.path, pattern) for pattern in where.paths))
    )
