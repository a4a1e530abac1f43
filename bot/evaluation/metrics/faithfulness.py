"""Faithfulness, as RAGAS means it: is what the answer claims supported by what it rests on?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.evaluation.metrics.acceptance import total
from bot.evaluation.metrics.base import Mean, Measure, mean
from bot.models.evaluation import Result, Share

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`(])|\n+")
_QUOTED = re.compile(r"`([^`\n]+)`")
_NAME = re.compile(
    r"\b[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+\b"  # dotted
    r"|\b[A-Za-z]\w*_\w+\b|\b_\w+\b"  # with an underscore
    r"|\b[a-z]+[A-Z]\w*\b|\b[A-Z][a-z0-9]+[A-Z]\w*\b"  # with a capital inside
    r"|\b[A-Za-z_]\w*(?=\(\))"  # called
)
_WORD = re.compile(r"[A-Za-z_]\w*")
_NO_NAMES = frozenset({"e.g", "i.e", "GitHub", "JavaScript", "PyPI"})


def claims(summary: str, sources: Sequence[str]) -> Share | None:
    """The sentences of a summary that name something of the code or of Blender's API, and those of them whose every
    such name stands in a source; null where no sentence names anything."""
    known = {word for text in sources for word in _WORD.findall(text)}
    named = [names for sentence in _SENTENCE.split(summary) if (names := frozenset(_names(sentence)))]
    if not named:
        return None
    return Share(good=sum(names <= known for names in named), total=len(named))


def _names(sentence: str) -> Iterator[str]:
    for quoted in _QUOTED.findall(sentence):
        yield from _WORD.findall(_without_texts(quoted))
    for found in _NAME.findall(_QUOTED.sub(" ", sentence)):
        if found not in _NO_NAMES:
            yield from found.split(".")


def _without_texts(code: str) -> str:
    """Code without the literals in it: what a text says is no name."""
    return re.sub(r"\"[^\"]*\"|'[^']*'", " ", code)


def faithfulness(results: Sequence[Result]) -> Mean:
    """Share of the claims in the summary of a model's patch that are supported. A claim is a sentence that names
    something (an identifier, or what stands in backticks); it is supported if each of these names stands in a piece
    the answer cites or in the patch itself. All cases together; a summary that names nothing claims nothing."""
    return total([result.claims for result in results])


def judged(results: Sequence[Result]) -> Mean:
    """The same as a model in the role `critic` judges it, sentence by sentence (`--judge`); mean over cases."""
    return mean(result.opinion.faithfulness if result.opinion else None for result in results)


MEASURES = (
    Measure("faithfulness", "faithfulness", faithfulness, goal=0.85),
    Measure("judged_faithfulness", "faithfulness (judged)", judged, goal=0.85),
)
