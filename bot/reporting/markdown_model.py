"""What models had to do with a run, as sections of report.md: answer, scripts, authors, bill; empty where they had no
part."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.models.citation import Citation
from bot.models.plan import SubTask
from bot.models.report import Cost, Report
from bot.reporting import answers
from bot.reporting import authors as writers
from bot.reporting import bill as bills
from bot.reporting import scripts as shown
from bot.reporting.marked import cell, cited, code, fenced, prose, quoted, said, worded
from bot.reporting.text import block

MOST_SCRIPTS = 4
MOST_TRIED = 12
MOST_TASKS = 12
MOST_OBJECTIONS = 8
MOST_ENTRIES = 30
LONGEST_SCRIPT = 4_000
"""Characters; report.html shows more."""
HEAD = "| step | role | model | calls | tokens in | tokens out | price |\n| --- | --- | --- | --- | --- | --- | --- |\n"


Cite = Callable[[Citation], str]
"""A citation as Markdown; a page that knows the repository links to its lines."""


def answer(report: Report, cite: Cite = cited) -> str:
    """The answer to a question under its title, with what its numbers lead to."""
    text = answered(report, cite)
    return f"\n## {answers.TITLE}\n\n{text}" if text else ""


def answered(report: Report, cite: Cite = cited) -> str:
    """The same without a title, where one stands above it already."""
    told = answers.told(report)
    if told is None:
        return ""
    question = quoted(prose(told.question, 1000)) + "\n" if told.question.strip() else ""
    numbered = [f"{source.number}. {cite(source.citation)}\n" for source in told.sources if source.number]
    others = [f"- {cite(source.citation)}\n" for source in told.sources if not source.number]
    rests = "".join((*numbered[:40], "\n" if numbered and others else "", *others[:20]))
    by = f"\n_{told.by}_\n" if told.by else ""
    return f"{question}{said(told.blocks)}{by}" + (f"\n**{answers.RESTS_ON}**\n\n{rests}" if rests else "")


def scripts(report: Report) -> str:
    """The scripts that were written to show a fault, each with what it did."""
    found = shown.shown(report)
    return f"\n## {shown.title(found)}\n\n{each_script(found)}" if found else ""


def each_script(found: Sequence[shown.Shown]) -> str:
    """What scripts are worth, and each of them."""
    parts = (_script(one, len(found) > 1) for one in found[:MOST_SCRIPTS])
    return f"{shown.told(found)}\n" + "".join(parts)


def authors(report: Report, cite: Cite = cited) -> str:
    """Who wrote the patch, in whose words, what it cites, a critic's opinion, and what failed."""
    return written(report, cite) + process(report)


def written(report: Report, cite: Cite = cited) -> str:
    """Who wrote the patch, in whose words, and what it cites."""
    told = writers.told(report)
    if told is None:
        return ""
    parts = [f"\n## {told.title}\n\n{told.wrote} {told.checked}".rstrip() + "\n"]
    if told.models:
        parts.append(f"\n**Asked** {', '.join(code(name, 100) for name in told.models[:6])}\n")
    if told.summary:
        parts.append(f"\nIn the model's words:\n\n{quoted(said(told.summary, 6000))}")
    if told.cites:
        parts.append("\nIt says that it rests on:\n\n" + "".join(f"- {cite(one)}\n" for one in told.cites[:20]))
    return "".join(parts)


def process(report: Report) -> str:
    """How a model came to its patch: the path that was chosen, a critic's opinion, and what failed."""
    told = writers.told(report)
    if told is None:
        return ""
    parts = []
    if told.routed is not None:
        parts.append(f"\n**Path** {told.routed.path}{_router(told.routed)}\n")
    if told.tasks:
        tasks = (f"{number}. {_task(one)}\n" for number, one in enumerate(told.tasks[:MOST_TASKS], 1))
        parts.append("\n" + "".join(tasks))
    if told.marks:
        marks = " · ".join(f"{one.name} {one.mark:.2f}" for one in told.marks)
        objections = "".join(f"- {worded(one)}\n" for one in told.objections[:MOST_OBJECTIONS])
        parts.append(f"\n{writers.OPINION}\n\n{marks}\n" + (f"\n{objections}" if objections else ""))
    if told.tried:
        tried = "".join(
            f"- Attempt {one.number}: {one.ending}. {worded(one.said, 300)}\n" for one in told.tried[:MOST_TRIED]
        )
        parts.append(f"\n{writers.TRIED}:\n\n{tried}")
    return "".join(parts)


def bill(report: Report) -> str:
    """What models cost, by step and role."""
    cost = report.cost
    if not cost.calls:
        return ""
    rows = [_entry(one) for one in bills.entries(cost)[:MOST_ENTRIES]]
    return f"\n## {bills.TITLE}\n\n{bills.total(cost)}\n\n{HEAD}" + "".join(rows) + _owed(cost)


def _script(one: shown.Shown, many: bool) -> str:
    counts = shown.COUNTING if one.counts else shown.NOT_COUNTING
    head = f"**Script {one.number}, {counts}.** " if many else ""
    where = f" in {code(one.path, 200)}" if one.path else ""
    release = f", in Blender {one.release}" if one.release else ""
    lines = [
        f"{head}{worded(one.claim)}\n" if head or one.claim else "",
        f"- It expects {code(one.expects, 100)}{where}; {one.who} wrote it.",
        f"- Before{release}: {worded(one.said)}",
        f"- After: it {one.after}." if one.after else "",
    ]
    text = fenced(block(one.text, LONGEST_SCRIPT), "python")
    folded = f"\n<details><summary>The script</summary>\n\n{text}\n</details>\n"
    return "\n" + "\n".join(filter(None, lines)) + "\n" + folded


def _router(routed: writers.Routed) -> str:
    by = " (a model chose)" if routed.asked else ""
    return f"{by}. {worded(routed.reason)}"


def _task(task: SubTask) -> str:
    files = f" ({', '.join(code(path, 160) for path in task.files[:6])})" if task.files else ""
    return f"{worded(task.title, 300)}{files}"


def _owed(cost: Cost) -> str:
    sums = (f"{cost.input_tokens:,}", f"{cost.output_tokens:,}", bills.owed(cost, bills.exactly))
    return f"| **{bills.OWED}** |  |  |  | " + " | ".join(f"**{each}**" for each in sums) + " |\n"


def _entry(one: bills.Entry) -> str:
    models = ", ".join(code(name, 80) for name in one.models[:4])
    calls = f"{one.calls} ({prose(one.went, 120)})" if one.failed else str(one.calls)
    columns = (prose(one.step, 40), prose(one.role, 40), models, calls, f"{one.input_tokens:,}",
               f"{one.output_tokens:,}", one.price)  # fmt: skip
    return "| " + " | ".join(map(cell, columns)) + " |\n"
