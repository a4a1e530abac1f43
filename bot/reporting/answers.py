"""The answer to a question, ready to be shown: read as Markdown, its marks leading to what it rests on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.models.citation import Citation
from bot.models.report import Report
from bot.reporting import prose

TITLE = "The answer"
BY_MODEL = "A language model wrote this from what it was shown. The numbers lead to what each claim rests on."
RESTS_ON = "What it rests on"

_MARKED = re.compile(r"(c\d{1,3}): (.*)", re.DOTALL)


@dataclass(frozen=True)
class Source:
    """What a number in the answer refers to; a stranger's text. `number` is 0 where no mark leads there."""

    number: int
    citation: Citation


@dataclass(frozen=True)
class Told:
    """An answer. `by` is a sentence of ours; what checks and rules know says so itself, and has none."""

    by: str
    question: str
    blocks: tuple[prose.Block, ...]
    sources: tuple[Source, ...]


def told(report: Report) -> Told | None:
    """The answer a report holds; null where nothing was asked."""
    answer = report.answer
    if answer is None:
        return None
    marks: dict[str, int] = {}
    sources: list[Source] = []
    for citation in answer.cites:
        marked = _MARKED.match(citation.label)
        if marked is None:
            sources.append(Source(0, citation))
        elif marked[1] not in marks:
            marks[marked[1]] = len(marks) + 1
            sources.append(Source(marks[marked[1]], citation.model_copy(update={"label": marked[2]})))
    return Told(
        by=BY_MODEL if answer.by == "model" else "",
        question=report.request.task or report.request.hint,
        blocks=prose.read(answer.text, marks),
        sources=tuple(sources),
    )
