"""A system's places against what a commit changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.evaluation.history import Case
from indexer.evaluation.metrics import ndcg, recall, reciprocal_rank
from indexer.evaluation.systems import Place

DEPTH = 10
"""How many results a person, or a model, gets to see."""

RESULTS = 100
"""How many places a system is asked for: its first ten files may be far apart."""


@dataclass(frozen=True)
class Score:
    """How one system did on one case; every number is between 0 and 1."""

    file_recall: float
    symbol_recall: float
    file_mrr: float
    symbol_ndcg: float


MEASURES: Mapping[str, str] = {
    "file_recall": "file recall@10",
    "symbol_recall": "symbol recall@10",
    "file_mrr": "file MRR@10",
    "symbol_ndcg": "symbol nDCG@10",
}
"""What each number of a score is called in a table."""


def judge(case: Case, places: Sequence[Place], k: int = DEPTH) -> Score:
    """Score a ranking.

    Files: the first `k` different files of the ranking. Symbols: its first `k` places; a place is a
    changed symbol if it holds one of that symbol's own lines.
    """
    files = [[path] if path in case.files else [] for path in dict.fromkeys(place.path for place in places)]
    found = [
        [number for number, target in enumerate(case.targets)
         if target.path == place.path and any(target.overlaps(*span) for span in place.shown)]
        for place in places[:k]
    ]  # fmt: skip
    return Score(
        recall(files, len(case.files), k),
        recall(found, len(case.targets), k),
        reciprocal_rank(files, k),
        ndcg(found, len(case.targets), k),
    )
