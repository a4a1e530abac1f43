"""What models had to do with a run, as rows of the terminal's summary; none where they had no part."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from bot.models.report import Report
from bot.reporting import answers, authors, bill, prose, scripts
from bot.reporting.text import block, line, sentence

MOST_TRIED = 4
MOST_SOURCES = 20
MOST_CODE_LINES = 40
MORE_CODE = "and {count} more lines, in the report"

_STYLES = {"code": "cyan", "strong": "bold", "stress": "italic", "mark": "dim", "text": ""}

Row = tuple[str, Text, bool]
"""A name, what it says, and whether that must stay in one line."""


def answer(report: Report) -> Iterator[Row]:
    """The answer to a question, and what its numbers refer to."""
    told = answers.told(report)
    if told is None:
        return
    for number, each in enumerate(told.blocks):
        if number:
            yield "answer", Text(), False
        yield from _block(each)
    yield "answer", Text(), False
    for source in told.sources[:MOST_SOURCES]:
        mark = f"[{source.number}] " if source.number else ""
        yield "rests on", Text.assemble((mark, "dim"), (line(source.citation.label, 200), "cyan")), False
    if told.by:
        yield "by", Text(told.by, "dim"), False


def work(report: Report) -> Iterator[Row]:
    """The scripts that show a fault, who wrote the patch, and what else a model tried."""
    found = scripts.shown(report)
    if found:
        yield "scripts", Text(scripts.told(found)), False
    for one in found:
        if one.counts:
            yield "", Text(sentence(one.claim, 300), "dim"), False
    told = authors.told(report)
    if told is None:
        return
    names = f" ({line(', '.join(told.models[:3]), 160)})" if told.models else ""
    yield "model", Text.assemble(told.wrote, (names, "dim")), False
    if told.summary:
        yield "", Text(f"“{line(prose.plain(told.summary), 300)}”", "dim"), False
    if told.marks:
        marks = ", ".join(f"{one.name} {one.mark:.2f}" for one in told.marks)
        yield "opinion", Text.assemble(f"a critic's, no proof: {marks}"), False
    for tried in told.tried[:MOST_TRIED]:
        said = sentence(tried.said, 200)
        yield "tried", Text.assemble(f"attempt {tried.number}: {tried.ending}. ", (said, "dim")), False


def cost(report: Report) -> Iterator[Row]:
    """The bill in one line."""
    if report.cost.calls:
        yield "bill", Text(bill.total(report.cost)), False


def _block(each: prose.Block) -> Iterator[Row]:
    match each:
        case prose.Code():
            rows = block(each.text).split("\n")
            for row in rows[:MOST_CODE_LINES]:
                yield "answer", Text(f"    {row}", "cyan"), True
            if len(rows) > MOST_CODE_LINES:
                yield "answer", Text(MORE_CODE.format(count=len(rows) - MOST_CODE_LINES), "dim"), False
        case prose.Items():
            for number, spans in enumerate(each.items, 1):
                begin = f"{number}. " if each.kind == "numbers" else "- "
                yield "answer", Text.assemble(begin, _spans(spans)), False
        case prose.Paragraph():
            text = _spans(each.spans)
            yield "answer", Text.assemble((text.plain, "bold")) if each.kind == "heading" else text, False


def _spans(spans: prose.Spans) -> Text:
    shown = ((f" [{span.text}]" if span.kind == "mark" else span.text, _STYLES[span.kind]) for span in spans)
    return Text.assemble(*shown)
