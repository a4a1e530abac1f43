"""Questions with known answers, and how well a ranking answers them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import UsageError
from indexer.evaluation.history import Target
from indexer.evaluation.metrics import hit, ndcg, reciprocal_rank
from indexer.evaluation.systems import Place

BAD_LINE = "Line {number} of {path} is no question: {why}"
LINE_CURE = 'A line looks like {"id": "w1", "question": "…", "release": "4.5", "answers": ["bpy.types.…"]}'


@dataclass(frozen=True)
class Question:
    """What is asked, and everything that is a right answer: any symbol of `answers`, any of `targets`.

    `about` is what is searched: a Blender release, or a repository's name. `domain` sorts the questions.
    """

    id: str
    question: str
    about: str
    answers: frozenset[str] = frozenset()
    targets: tuple[Target, ...] = ()
    domain: str = ""

    def right(self, place: Place) -> bool:
        """Whether a result is one of the answers: by its symbol, or by its lines."""
        if place.symbol and place.symbol in self.answers:
            return True
        return any(
            target.path == place.path and any(target.overlaps(*span) for span in place.shown) for target in self.targets
        )


@dataclass(frozen=True)
class Answered:
    """How one system did on one question; numbers are between 0 and 1."""

    mrr: float
    hit1: float
    hit10: float
    ndcg: float


NAMES = {"mrr": "MRR@10", "hit1": "hit@1", "hit10": "hit@10", "ndcg": "nDCG@10"}


def answered(question: Question, places: Sequence[Place], k: int = 10) -> Answered:
    """Score a ranking; any one answer is enough."""
    given = [["right"] if question.right(place) else [] for place in places]
    return Answered(reciprocal_rank(given, k), hit(given, 1), hit(given, k), ndcg(given, 1, k))


def load(path: Path) -> list[Question]:
    """The questions of a file of JSON lines.

    Raises:
        UsageError: it cannot be read, or a line is no question.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}", "Name a file of JSON lines.") from error
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            names = frozenset(map(str, row["answers"]))
            found.append(Question(row["id"], row["question"], row["release"], names, (), row.get("domain", "")))
            if not names:
                raise ValueError("it has no answers")
        except (ValueError, LookupError, TypeError) as error:
            raise UsageError(BAD_LINE.format(number=number, path=path.name, why=error), LINE_CURE) from error
    return found
