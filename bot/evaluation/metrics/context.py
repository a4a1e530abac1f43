"""Context precision and recall, as RAGAS means them: what of the prompt was needed, and what that was needed is there.

Held against is the project's own fix, whoever repaired the case, and however.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.evaluation.metrics.base import Mean, Measure, mean, share
from bot.models.evaluation import Context, Lines, Reference, Result
from bot.prompts.pieces import Piece

_SPAN = re.compile(r"(.+):(\d+)-(\d+)(?:@[0-9a-f]+)?")
_WORD = re.compile(r"\w+")


def context(pieces: Sequence[Piece], reference: Reference) -> Context | None:
    """The pieces, best rank first, against a fix; null where nothing is known of the fix."""
    if not reference.changed:
        return None
    functions = [
        any(_shows(piece, lines) for piece in pieces for lines in touched.changed) for touched in reference.functions
    ]
    said = {word for piece in pieces for word in _words(piece)}
    names = [_WORD.findall(name)[-1] in said for name in reference.names]
    return Context(
        relevant=tuple(_relevant(piece, reference) for piece in pieces),
        covered=sum(functions) + sum(names),
        wanted=len(functions) + len(names),
        hit=any(_shows(piece, lines) for piece in pieces for lines in reference.changed),
    )


def weighted_precision(relevant: Sequence[bool]) -> float:
    """The mean, over the places of relevant pieces, of the share of relevant ones up to there; 0 where none is."""
    found, total = 0, 0.0
    for place, good in enumerate(relevant, 1):
        if good:
            found += 1
            total += found / place
    return total / found if found else 0.0


def _relevant(piece: Piece, reference: Reference) -> bool:
    return any(_shows(piece, lines) for lines in reference.changed) or not _words(piece).isdisjoint(reference.words)


def _shows(piece: Piece, lines: Lines) -> bool:
    span = _SPAN.fullmatch(piece.label)
    return span is not None and lines.overlaps(span[1], int(span[2]), int(span[3]))


def _words(piece: Piece) -> frozenset[str]:
    return frozenset(_WORD.findall(f"{piece.title} {piece.label} {piece.text}"))


def precision(results: Sequence[Result]) -> Mean:
    """Mean over cases of RAGAS' context precision of the retrieved pieces that found room in the prompt, in order of
    their rank: the mean, over the places of relevant pieces, of the share of relevant ones up to there. A piece is
    relevant if it shows a line that the project's own fix changed, or names a function the fix touched or an API name
    it removes or brings in. The pieces are those of the first prompt for a patch, composed on the untouched commit;
    the faults and reproductions in it are the question and are not counted."""
    return mean(weighted_precision(result.context.relevant) if result.context else None for result in results)


def recall(results: Sequence[Result]) -> Mean:
    """Mean over cases of the share of what the project's own fix needed that the same pieces hold: each function it
    touched is held if a line it changed there is shown; each API name its new lines bring in, if a piece names it."""
    return mean(
        result.context.covered / result.context.wanted if result.context and result.context.wanted else None
        for result in results
    )


def hits(results: Sequence[Result]) -> Mean:
    """Share of the cases in which a retrieved piece of the prompt shows a line that the project's own fix changed."""
    known = [result.context.hit for result in results if result.context]
    return share(sum(known), len(known))


MEASURES = (
    Measure("context_precision", "context precision", precision, goal=0.75),
    Measure("context_recall", "context recall", recall, goal=0.70),
    Measure("hit_rate", "retrieval hit rate", hits),
)
