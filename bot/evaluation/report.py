"""Figures for people and programs: a table for the terminal, one in Markdown, one object of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from rich.table import Column, Table
from rich.text import Text

from bot.evaluation.ablations import ABLATIONS, FULL
from bot.evaluation.metrics.registry import rows
from bot.models.evaluation import Figure, Result, Row
from bot.reporting.text import line

SCHEMA = "bcrag.evaluation/1"
NONE = "–"
PAGE = """# Evaluation

{said} What each figure means stands in docs/eval.md; in brackets is how many cases, patches, names or claims it is
taken over.

{figures}

## Cases

{cases}
"""
SAID = "{cases} under {configurations}, model `{model}`."
COLUMNS = ("case", "configuration", "Blender", "status", "verified", "judge", "patch", "tokens in", "seconds", "why")
RESOLVED, REFUSED, LEFT, UNJUDGED, UNSOUND = "passes", "**refuses a proof**", "fails", "none", "no judge: unsound"


def table(results: Sequence[Result]) -> Table:
    """Figures down, configurations across."""
    found = rows(results)
    names = [*(row.configuration for row in found), "goal"]
    made = Table("", *(Column(name, justify="right") for name in names), box=None, pad_edge=False)
    for number, figure in enumerate(found[0].figures if found else ()):
        own = [row.figures[number] for row in found]
        if any(one.value is not None for one in own):
            made.add_row(figure.title, *(_coloured(one) for one in own), Text(goal(figure), "dim"))
    return made


def markdown(results: Sequence[Result]) -> str:
    """The page `eval.md`."""
    found = rows(results)
    header = ["figure", *(row.configuration for row in found), "goal"]
    body = [
        [figure.title, *(cell(row.figures[number]) for row in found), goal(figure)]
        for number, figure in enumerate(found[0].figures if found else ())
    ]
    return PAGE.format(
        said=said(results),
        figures=_markdown(header, body, numbers=True),
        cases=_markdown(COLUMNS, list(_cases(results))),
    )


def said(results: Sequence[Result]) -> str:
    """What was run, in a sentence."""
    names = [row.configuration for row in rows(results)]
    cases = len({result.case for result in results})
    titles = "; ".join(f"{name} ({ABLATIONS[name].title})" if name in ABLATIONS else name for name in names)
    model = line(results[0].model, 100).replace("`", "'") if results else NONE
    return SAID.format(cases=f"{cases} case{'' if cases == 1 else 's'}", configurations=titles, model=model)


def as_json(results: Sequence[Result]) -> str:
    """One object: the figures of the bot as it is, those of the ablations, and every result."""
    found = {row.configuration: row for row in rows(results)}
    full = found.pop(FULL.name, None)
    known = {
        "schema": SCHEMA,
        "model": results[0].model if results else "",
        "cases": full.cases if full else 0,
        "skipped": full.skipped if full else 0,
        "figures": _figures(full) if full else {},
        "ablations": {name: _figures(row) for name, row in found.items()},
        "results": [result.model_dump(mode="json") for result in results],
    }
    return json.dumps(known, indent=2)


def cell(figure: Figure) -> str:
    """A number with its unit and what it was taken over."""
    if figure.value is None:
        return NONE
    return f"{_number(figure)} ({figure.over})"


def goal(figure: Figure) -> str:
    """`≥ 0.85`; empty without one."""
    if figure.goal is None:
        return ""
    value = f"{figure.goal:.0f}" if figure.unit == "count" else f"{figure.goal:.2f}"
    return f"{'≤' if figure.at_most else '≥'} {value}"


def _number(figure: Figure) -> str:
    value = figure.value or 0.0
    match figure.unit:
        case "count":
            return f"{value:.0f}"
        case "USD":
            return f"${value:.4f}"
        case "tokens":
            return f"{value:,.0f}"
        case _:
            return f"{value:.2f}"


def _coloured(figure: Figure) -> Text:
    return Text(cell(figure), {True: "green", False: "red", None: ""}[figure.met])


def _figures(row: Row) -> dict[str, object]:
    return {
        one.key: {"value": one.value, "over": one.over, "unit": one.unit, "goal": one.goal, "met": one.met}
        for one in row.figures
    }


def _cases(results: Sequence[Result]) -> Iterator[list[str]]:
    for one in results:
        yield [
            one.case, one.configuration, one.release, "skipped" if one.skipped else one.status.value,
            "yes" if one.verified else "no", judged(one), str(one.attempt or NONE), f"{one.input_tokens:,}",
            f"{one.seconds:.0f}", line(one.skipped or one.error or one.said, 200),
        ]  # fmt: skip


def judged(one: Result) -> str:
    """What the judge says of a case."""
    if one.skipped or (one.passes is None and one.sound is not False):
        return UNJUDGED
    if one.sound is False:
        return UNSOUND
    return REFUSED if one.false_proof else RESOLVED if one.passes else LEFT


def _markdown(header: Sequence[str], body: Sequence[Sequence[str]], *, numbers: bool = False) -> str:
    rule = ["---", *["---:" if numbers else "---"] * (len(header) - 1)]
    return "\n".join(
        "| " + " | ".join(part.replace("|", "\\|") for part in row) + " |" for row in [header, rule, *body]
    )
