"""Figures as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from indexer.evaluation.judging import MEASURES
from indexer.evaluation.metrics import Interval, paired_bootstrap
from indexer.evaluation.running import Outcome


@dataclass(frozen=True)
class Row:
    """One system over all cases: the mean of each measure, and of the seconds a search and a load took."""

    system: str
    cases: int
    means: Mapping[str, float]
    seconds: float
    loading: float


def rows(outcomes: Sequence[Outcome]) -> list[Row]:
    """One row per system, in the order in which they were first seen."""
    found = []
    for system, own in grouped(outcomes).items():
        scores = [asdict(outcome.score) for outcome in own.values()]
        means = {measure: float(np.mean([score[measure] for score in scores])) for measure in MEASURES}
        seconds = float(np.median([outcome.seconds for outcome in own.values()]))
        loading = float(np.median([outcome.loading for outcome in own.values()]))
        found.append(Row(system, len(own), means, seconds, loading))
    return found


def grouped(outcomes: Sequence[Outcome]) -> dict[str, dict[str, Outcome]]:
    """The outcomes by system, and by case."""
    found: dict[str, dict[str, Outcome]] = {}
    for outcome in outcomes:
        found.setdefault(outcome.system, {})[outcome.case] = outcome
    return found


def difference(outcomes: Sequence[Outcome], first: str, second: str, measure: str) -> Interval:
    """How much better the first system is than the second, on the cases both were asked.

    Raises:
        ValueError: they share no case.
    """
    by_system = grouped(outcomes)
    ours, theirs = by_system.get(first, {}), by_system.get(second, {})
    shared = [case for case in ours if case in theirs]
    return paired_bootstrap(
        [getattr(ours[case].score, measure) for case in shared],
        [getattr(theirs[case].score, measure) for case in shared],
    )


def markdown(header: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A Markdown table: the first column is text, the others are numbers."""
    rule = ["---", *["---:"] * (len(header) - 1)]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in [header, rule, *lines]
    )


def history_table(outcomes: Sequence[Outcome]) -> str:
    """Every system with every measure, in the order in which they ran."""
    header = ["system", "cases", *MEASURES.values(), "search (ms)", "update (ms)"]
    lines = [
        [row.system, str(row.cases), *(f"{row.means[measure]:.3f}" for measure in MEASURES),
         f"{1000 * row.seconds:.0f}", f"{1000 * row.loading:.0f}"]
        for row in rows(outcomes)
    ]  # fmt: skip
    return markdown(header, lines)


def difference_table(outcomes: Sequence[Outcome], first: str, others: Sequence[str]) -> str:
    """How much better one system is than each of the others, with 95 % intervals."""
    header = [f"{first} minus …", "cases", *MEASURES.values()]
    lines = []
    for other in others:
        found = {measure: difference(outcomes, first, other, measure) for measure in MEASURES}
        lines.append([other, str(found["file_recall"].pairs), *(str(interval) for interval in found.values())])
    return markdown(header, lines)
