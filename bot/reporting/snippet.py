"""A snippet as people read it: on a terminal, and as report.md. Text from outside is bounded, escaped or fenced."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.models.citation import Citation
from bot.models.snippet import SnippetAttempt, SnippetReport, SnippetRun, SnippetStatus
from bot.reporting.marked import code, fenced, prose
from bot.reporting.story import safe_url
from bot.reporting.text import block, line, plural, seconds

HEADLINE = {SnippetStatus.VERIFIED: "The snippet works", SnippetStatus.PROBLEMS: "The snippet is not good enough"}
NO_CODE = "(no code)\n"
SCORE = "{score:.2f} of 1"
CRITERION = "{name} {mark:.2f} × {weight:.2f}: {why}"
OPINION = "A critic model, apart from the score: {mark:.2f} at its lowest{objections}"
PASSED = "Blender {version}: twice, in {seconds}"
LONGEST_CODE = 60_000
MOST_CITATIONS = 40
MOST_SHOWN = 12
"""Citations a terminal shows; the report has them all."""


def terminal(report: SnippetReport, folder: str) -> str:
    """The code first, so that it can be copied; then what is known of it."""
    rows = [
        ("result", f"{HEADLINE[report.status]}. {report.summary}"),
        ("score", SCORE.format(score=report.score)),
        *(("", _criterion_line(report, place)) for place in range(len(report.criteria))),
        *_opinion(report),
        *(("ran in", _run(run)) for run in _runs(report)),
        *(("left", one) for one in _left(report)),
        *(("rests on", f"{one.label}  {safe_url(one.url) or ''}".rstrip()) for one in report.citations[:MOST_SHOWN]),
        *([("", f"and {len(report.citations) - MOST_SHOWN} more")] if len(report.citations) > MOST_SHOWN else []),
        *([("models", _bill(report))] if report.cost.calls else []),
        ("folder", folder),
    ]
    lines = list[str]()
    before = ""
    for name, text in rows:
        lines.append(f"{name if name != before else '':<9} {line(text, 400)}".rstrip())
        before = name
    return "\n".join((block(report.code, LONGEST_CODE).rstrip("\n") or NO_CODE.rstrip(), "", *lines)) + "\n"


def page(report: SnippetReport) -> str:
    """The text of report.md."""
    return "".join(_sections(report))


def _sections(report: SnippetReport) -> Iterator[str]:
    yield f"# {HEADLINE[report.status]}\n\n{prose(report.summary, 1000)}\n"
    yield f"\n## The task\n\n{fenced(block(report.request.task, 4000), 'text')}"
    if report.render:
        yield f"\n## What it makes\n\n![What the snippet makes]({report.render})\n"
    if report.code:
        yield f"\n## The code\n\n{fenced(block(report.code, LONGEST_CODE), 'python')}"
    if report.criteria:
        rows = [
            f"| {one.name} | {one.mark:.2f} | {one.weight:.2f} | {prose(one.why, 600)} |" for one in report.criteria
        ]
        table = "\n".join(("| part | mark | weight | why |", "| --- | --- | --- | --- |", *rows))
        yield f"\n## Score: {SCORE.format(score=report.score)}\n\n{table}\n"
    yield _bullets("What a critic says", [prose(text, 1000) for _, text in _opinion(report)])
    yield _bullets("Where it ran", [prose(_run(run), 600) for run in _runs(report)])
    yield _bullets("What speaks against it", [prose(one, 600) for one in _left(report)])
    yield _bullets("What it rests on", [_citation(one) for one in report.citations[:MOST_CITATIONS]])
    yield _earlier([one for one in report.attempts if one.number != report.best])
    yield _bullets("The run", [prose(text, 600) for text in (_times(report), _bill(report), _versions(report)) if text])


def _criterion_line(report: SnippetReport, place: int) -> str:
    one = report.criteria[place]
    return CRITERION.format(name=one.name, mark=one.mark, weight=one.weight, why=one.why)


def _opinion(report: SnippetReport) -> list[tuple[str, str]]:
    if report.opinion is None:
        return []
    said = "; ".join(report.opinion.objections)
    return [("critic", OPINION.format(mark=report.opinion.mark, objections=f": {said}" if said else "."))]


def _runs(report: SnippetReport) -> tuple[SnippetRun, ...]:
    best = _best(report)
    return best.runs if best else ()


def _run(run: SnippetRun) -> str:
    label = run.version or str(run.release)
    if run.passed:
        return PASSED.format(version=label, seconds=seconds(run.seconds))
    return f"Blender {label}: {run.said}"


def _left(report: SnippetReport) -> tuple[str, ...]:
    best = _best(report)
    if best is None or best.good:
        return ()
    return tuple(row for row in best.why.splitlines() if row.strip())[:20]


def _best(report: SnippetReport) -> SnippetAttempt | None:
    return next((one for one in report.attempts if one.number == report.best), None)


def _earlier(attempts: Sequence[SnippetAttempt]) -> str:
    parts = [
        f"### Attempt {one.number}\n\n{fenced(block(one.why, 4000), 'text')}\n"
        f"<details><summary>Its code</summary>\n\n{fenced(block(one.draft.code, 20_000), 'python')}\n</details>\n"
        for one in attempts
    ]
    return "\n## Other attempts\n\n" + "\n".join(parts) if parts else ""


def _citation(one: Citation) -> str:
    url = safe_url(one.url)
    return f"[{code(one.label, 160)}]({url})" if url else code(one.label, 160)


def _bill(report: SnippetReport) -> str:
    cost = report.cost
    if not cost.calls:
        return ""
    price = "price unknown" if cost.usd is None else f"{cost.usd:.4f} USD"
    return f"{plural(len(cost.calls), 'call')}, {cost.input_tokens} tokens in and {cost.output_tokens} out, {price}"


def _times(report: SnippetReport) -> str:
    return ", ".join(f"{name} {seconds(spent)}" for name, spent in report.timings.items())


def _versions(report: SnippetReport) -> str:
    return ", ".join(f"{name} {found}" for name, found in report.versions.items())


def _bullets(title: str, lines: Sequence[str]) -> str:
    return f"\n## {title}\n\n" + "".join(f"- {one}\n" for one in lines) if lines else ""
