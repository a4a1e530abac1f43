"""Every system on every case of a repository, tree after tree."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass

from indexer.evaluation.commits import History
from indexer.evaluation.history import Case
from indexer.evaluation.judging import RESULTS, Score, judge
from indexer.evaluation.systems import Snapshot, System

Progress = Callable[[int, int], None]
"""Hears how many cases are done, and how many there are."""


@dataclass(frozen=True)
class Outcome:
    """One system on one case; `seconds` is the search alone, `loading` getting ready for the tree."""

    system: str
    case: str
    repository: str
    score: Score
    seconds: float
    loading: float

    def as_json(self) -> dict[str, object]:
        """For a file."""
        return asdict(self)


def run(
    history: History, cases: Sequence[Case], systems: Sequence[System], progress: Progress | None = None
) -> Iterator[Outcome]:
    """Run the systems, oldest tree first, so that each has only the difference to read."""
    order = {commit: place for place, commit in enumerate(history.oldest_first(case.parent for case in cases))}
    for number, case in enumerate(sorted(cases, key=lambda case: order[case.parent]), start=1):
        snapshot = Snapshot(history.root, case.parent, history.tree(case.parent), history.read)
        for system in systems:
            began = time.perf_counter()
            system.load(snapshot)
            ready = time.perf_counter()
            places = system.rank(case.query, RESULTS)
            done = time.perf_counter()
            yield Outcome(system.name, case.id, case.repository, judge(case, places), done - ready, ready - began)
        if progress is not None:
            progress(number, len(cases))
