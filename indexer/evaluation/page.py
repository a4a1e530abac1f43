"""The figures on one HTML page that needs nothing else: no network, no script."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from indexer.evaluation.history import Case
from indexer.evaluation.judging import MEASURES
from indexer.evaluation.metrics import Interval
from indexer.evaluation.plots import inline
from indexer.evaluation.running import Outcome
from indexer.evaluation.tables import Row, difference, grouped, rows

_TEMPLATE = Path(__file__).with_name("page.html")
MAX_CASES = 200


@dataclass(frozen=True)
class Report:
    """What was measured on one repository: `default` and `yardstick` are the names of two of the systems."""

    repository: str
    commit: str
    cases: tuple[Case, ...]
    outcomes: tuple[Outcome, ...]
    default: str
    yardstick: str

    @property
    def rows(self) -> list[Row]:
        """One per system."""
        return rows(self.outcomes)

    def advantage(self, measure: str) -> Interval:
        """How much better the default is than the yardstick."""
        return difference(self.outcomes, self.default, self.yardstick, measure)

    def verdict(self, measure: str) -> str:
        """The same in words."""
        found = self.advantage(measure)
        if found.above_zero:
            word = "surely better"
        elif found.high < 0:
            word = "surely worse"
        else:
            word = "neither surely better nor worse"
        return f"{MEASURES[measure]}: {word} ({found}, {found.pairs} cases)"


def html(report: Report, picture: bytes | None = None) -> str:
    """The page. Everything from outside (messages, paths) is escaped."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    by_system = grouped(report.outcomes)
    found = [
        (case, by_system[report.default].get(case.id), by_system[report.yardstick].get(case.id))
        for case in report.cases[:MAX_CASES]
    ]
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        report=report,
        measures=MEASURES,
        picture=inline(picture) if picture else "",
        verdicts=[report.verdict(measure) for measure in MEASURES],
        found=found,
    )


def as_json(report: Report) -> dict[str, object]:
    """For programs."""
    return {
        "repository": report.repository,
        "commit": report.commit,
        "cases": len(report.cases),
        "systems": [
            {"name": row.system, **row.means, "search_seconds": row.seconds, "update_seconds": row.loading}
            for row in report.rows
        ],
        "default_minus_bm25": {measure: _interval(report.advantage(measure)) for measure in MEASURES},
    }


def _interval(found: Interval) -> dict[str, float | bool]:
    return {"mean": found.mean, "low": found.low, "high": found.high, "above_zero": found.above_zero}
