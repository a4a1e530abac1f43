"""Every figure, in the order tables show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.evaluation.metrics import acceptance, context, faithfulness, localisation, outcome, relevancy
from bot.evaluation.metrics.base import Measure
from bot.models.evaluation import Result, Row

FAMILIES: Mapping[str, tuple[Measure, ...]] = {
    "What it comes to": outcome.MEASURES,
    "Patches": acceptance.MEASURES,
    "Answers": (*faithfulness.MEASURES, *relevancy.MEASURES),
    "What the prompt holds": context.MEASURES,
    "Places": localisation.MEASURES,
}


def measures() -> tuple[Measure, ...]:
    """All of them."""
    return tuple(measure for family in FAMILIES.values() for measure in family)


def rows(results: Sequence[Result]) -> tuple[Row, ...]:
    """One row for each configuration, in the order in which they are first met."""
    found: dict[str, list[Result]] = {}
    for result in results:
        found.setdefault(result.configuration, []).append(result)
    return tuple(
        Row(
            configuration=name,
            cases=len(own),
            skipped=sum(bool(result.skipped) for result in own),
            figures=tuple(measure.figure(own) for measure in measures()),
        )
        for name, own in found.items()
    )
