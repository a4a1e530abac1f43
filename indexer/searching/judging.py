"""What can only be judged with the text at hand: the relevance floor, working examples, what is asked of a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from indexer.models import Chunk
from indexer.query import Query
from indexer.searching.corpus import Stages
from indexer.searching.ranking import Ranked, Ranker

MIN_KNOWN = 0.3
"""A query of whose telling words less than this share is known is not about this corpus …"""
ENOUGH_KNOWN = 0.5
"""… and more is asked of them where no vectors can be compared …"""
ALL_KNOWN = 0.75
"""… while words that are nearly all known speak for themselves …"""
MIN_COSINE = 0.4
"""… and the others need something that means about the same …"""
UNDERSTOOD = 0.4
"""… unless the vocabulary knows what is meant."""
SURE_COSINE = 0.5
"""… or the same."""

EXAMPLE = 1.03
DEPRECATED = 0.75
RAISED = 0.96
FRAMED = 0.97
"""How certain the function is that the innermost line of a traceback is in."""
NEIGHBOURS = 4


def judge(query: Query, ranked: Ranked, chunks: Mapping[int, Chunk], stages: Stages, *, api: bool) -> dict[int, float]:
    """Scores of the chunks that were read; what is under the floor is left out."""
    judged: dict[int, float] = {}
    exceptions = {name.rpartition(".")[2] for name in query.exceptions}
    identifiers = {name.lower() for name in query.names}
    for number, chunk in chunks.items():
        score = ranked.scores.get(number, 0.0)
        if ">>>" in chunk.text or "xample" in chunk.text:
            score *= EXAMPLE
        if api and "eprecated" in chunk.text:
            score *= DEPRECATED
        if "raised" in query.wishes and exceptions & {name.rpartition(".")[2] for name in chunk.facts.raises}:
            ranked.certain[number] = max(ranked.certain.get(number, 0.0), RAISED)
        elif "raised" in query.wishes and chunk.name.rpartition(".")[2] in exceptions and number in ranked.certain:
            ranked.certain[number] = min(ranked.certain[number], RAISED - 0.1)  # it is not what raises itself
        if (place := framed(query, chunk)) > 0:
            ranked.certain[number] = max(ranked.certain.get(number, 0.0), place)
        if chunk.facts.blender_id and chunk.facts.blender_id.lower() in identifiers:
            ranked.certain[number] = max(ranked.certain.get(number, 0.0), 1.0 if chunk.role == "class" else 0.9)
        if not api and chunk.facts.blender and chunk.facts.blender in query.roles:
            score *= 1.1
        judged[number] = score
    if stages.floor and not related(ranked, api=api):
        return {number: score for number, score in judged.items() if number in ranked.certain}
    return judged


def framed(query: Query, chunk: Chunk) -> float:
    """How certain a chunk is what a traceback (or `file.py:12`) names: by its lines, the innermost frame most."""
    if chunk.kind != "code":
        return 0.0
    for depth, frame in enumerate(reversed((*query.files, *query.frames))):
        if not frame.line or not same_end(frame.path, chunk.path):
            continue
        inside = chunk.start <= frame.line <= chunk.end
        named = bool(frame.function) and chunk.name.rpartition(".")[2] == frame.function
        if inside and (named or (chunk.role not in ("class", "module"))):
            return max(FRAMED - 0.1 * depth, 0.6)
        if named or inside:
            return max(FRAMED - 0.1 - 0.1 * depth, 0.0)
    return 0.0


def same_end(one: str, other: str) -> bool:
    """Whether two paths may be one file, one of them told from further up."""
    a, b = one.split("/"), other.split("/")
    length = min(len(a), len(b))
    return a[-1] == b[-1] and (a[-length:] == b[-length:] or a[-2:] == b[-2:])


def related(ranked: Ranked, *, api: bool) -> bool:
    """Whether the query is about what the corpus holds at all."""
    if ranked.certain or ranked.understood >= UNDERSTOOD:
        return True
    if not api and ranked.known >= MIN_KNOWN:
        return True  # what is wrong is told in words the code never uses
    if not ranked.cosines:
        return ranked.known >= ENOUGH_KNOWN
    nearest = max(ranked.cosines.values())
    if ranked.known >= ALL_KNOWN or nearest >= SURE_COSINE:
        return True
    return ranked.known >= MIN_KNOWN and nearest >= MIN_COSINE


def neighbours(found: Sequence[Chunk], ranker: Ranker) -> list[tuple[int, Chunk]]:
    """The class around a method and the next part of what was cut, of the best hits, in their order."""
    names = ranker.names
    wanted: dict[int, None] = {}
    for chunk in found[:NEIGHBOURS]:
        if chunk.role == "method":
            owner = chunk.symbol.rpartition(".")[0].lower()
            for place in names.by_symbol.get(owner, ()):
                if names.rows[place].path == chunk.path:
                    wanted[int(names.ids[place])] = None
        if chunk.part:
            for place in names.by_path.get(chunk.path, ()):
                row = names.rows[place]
                if row.symbol == chunk.symbol and abs(row.part - chunk.part) == 1:
                    wanted[row.id] = None
    chunks = ranker.store.chunks(wanted)
    return [(number, chunks[number]) for number in wanted if number in chunks]
