"""Answer relevancy, as RAGAS means it: does the answer address what was asked?"""

from __future__ import annotations

from collections.abc import Sequence

from bot.evaluation.metrics.base import Mean, Measure, mean
from bot.models.evaluation import Lines, Result
from indexer.embedders.base import Embedder


def likeness(embedder: Embedder, question: str, answer: str) -> float | None:
    """The cosine of two texts by meaning, from 0 to 1; null where one says nothing the embedder knows."""
    first, second = embedder.documents([question, answer])
    if not first.any() or not second.any():
        return None
    return min(max(float(first @ second), 0.0), 1.0)


def touches(changed: Sequence[Lines], wanted: Sequence[Lines]) -> bool | None:
    """Whether a patch changes a line of what was told to be wrong; null where no place was told."""
    if not wanted:
        return None
    return any(one.overlaps(other.path, other.start, other.end) for one in changed for other in wanted)


def relevancy(results: Sequence[Result]) -> Mean:
    """Mean over the cases a model wrote a patch for: half of it is `on_target`, half is `likeness`; where one of the
    two cannot be said, the other alone. An exception's message has few words in common with the explanation of its
    repair (cosines of 0 to 0.7 were seen in eight answers, 0.4 in the middle), so that the goal is out of reach of this
    figure: compare runs by it, and hold `judged_relevancy` against the goal."""
    return mean(_of(result) for result in results)


def like(results: Sequence[Result]) -> Mean:
    """Mean cosine, by the static embedder, of the summary of a model's patch and what it was asked: the task in words
    and the messages of the faults."""
    return mean(result.likeness for result in results)


def on_target(results: Sequence[Result]) -> Mean:
    """Share of a model's patches that change a function in which a fault shows or through which its traceback goes;
    where nothing but words was told, no number."""
    return mean(result.on_target for result in results)


def judged(results: Sequence[Result]) -> Mean:
    """How well the answer addresses the task, as a model in the role `critic` marks it (`--judge`); mean over cases."""
    return mean(result.opinion.relevancy if result.opinion else None for result in results)


def _of(result: Result) -> float | None:
    return mean([result.likeness, None if result.on_target is None else float(result.on_target)]).value


MEASURES = (
    Measure("relevancy", "answer relevancy", relevancy, goal=0.80),
    Measure("likeness", "… likeness", like),
    Measure("on_target", "… on target", on_target),
    Measure("judged_relevancy", "answer relevancy (judged)", judged, goal=0.80),
)
