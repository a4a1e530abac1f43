"""A result as a check run says it, with its places as annotations; and the page of a workflow run."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Literal

from bot.models.base import Frozen
from bot.models.fault import Fault, Proof
from bot.models.report import Report, Status
from bot.models.result import Delivery, Ending, Result
from bot.reporting import ledger, markdown, story
from bot.reporting.marked import fenced, prose, repeated
from bot.reporting.progress import DEFAULT_WHY, HEADLINES, delivered
from bot.reporting.text import block, line

MOST_ANNOTATIONS = 50
"""What GitHub takes at a time."""
MAX_SUMMARY = 60_000
MAX_MESSAGE = 4_000
MAX_LINE = 2**31 - 1
MAX_PATH = 1_000
NAME = "bcrag"
MENDED = "Repaired by the patch"
MENDED_THERE = "Repaired in the pull request"
RUN = "[The run, with its log and the bundle]({url})"

Conclusion = Literal["success", "failure", "neutral", "cancelled", "timed_out", "skipped", "action_required"]

_CONCLUSIONS: dict[Ending, Conclusion] = {
    Ending.FAILED: "failure",
    Ending.TIMED_OUT: "timed_out",
    Ending.CANCELLED: "cancelled",
    Ending.SUPERSEDED: "skipped",
    Ending.REFUSED: "failure",
    Ending.LIMITED: "neutral",
}
_THERE = (Delivery.OPENED, Delivery.UPDATED, Delivery.UNCHANGED)


class Annotation(Frozen):
    """What is said of one place; paths and lines are of the commit the check run is about."""

    path: str
    start_line: int
    end_line: int
    annotation_level: Literal["notice", "warning", "failure"]
    message: str
    title: str


class CheckRun(Frozen):
    """What a check run says in the end."""

    conclusion: Conclusion
    title: str
    summary: str
    annotations: tuple[Annotation, ...] = ()


def check_run(result: Result) -> CheckRun:
    """The check run of a result. A repair that waits in a pull request leaves the commit as broken as it was."""
    report = result.report if result.ending is Ending.FINISHED else None
    return CheckRun(
        conclusion=_conclusion(result, report),
        title=line(_headline(result, report), 200),
        summary=_summary(result, report)[:MAX_SUMMARY],
        annotations=tuple(islice(_annotations(report, result.delivery), MOST_ANNOTATIONS)) if report else (),
    )


def job_summary(result: Result) -> str:
    """The page of the workflow run: the report where there is one, else how it ended."""
    report = result.report if result.ending is Ending.FINISHED else None
    if report is None:
        return f"## {_headline(result, None)}\n\n{_summary(result, None)}"
    chosen = next((attempt for attempt in report.attempts if attempt.number == report.best), None)
    return markdown.render(report, chosen.patch.diff if chosen else "", bundle=".", images=False)


def _headline(result: Result, report: Report | None) -> str:
    return story.tell(report).headline if report else HEADLINES.get(result.ending, "Done")


def _conclusion(result: Result, report: Report | None) -> Conclusion:
    if report is None:
        return _CONCLUSIONS.get(result.ending, "failure")
    match report.status:
        case Status.CLEAN | Status.ANSWERED:
            return "success"
        case Status.ERROR:
            return "neutral"
        case Status.REPAIRED if report.verified:
            return "action_required"
        case _:
            return "failure"


def _summary(result: Result, report: Report | None) -> str:
    parts = [
        delivered(result) if report else result.why or DEFAULT_WHY[result.ending],
        prose(report.summary, 2_000) if report else "",
        repeated(result.details, 2_000),
        fenced(block(result.trace, 2_000), "text") if result.trace else "",
        result.cure,
        *(f"- {note}" for note in result.notes[:10]),
        RUN.format(url=result.run_url) if result.run_url else "",
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _annotations(report: Report, delivery: Delivery) -> Iterator[Annotation]:
    # lines move, and are no part of it; where a place of several still has it, none is called repaired
    left = {(fault.path, ledger.key(fault)) for fault in report.remaining}
    mended = (MENDED_THERE if delivery in _THERE else MENDED) if report.patch is not None else NAME
    seen: set[tuple[str, int, str]] = set()
    for fault in sorted(report.faults, key=lambda fault: fault.proof is Proof.STATIC):
        key = (fault.path, fault.line, fault.message)
        if not _placed(fault) or key in seen:
            continue
        seen.add(key)
        what = f"{fault.exception}: {fault.message}" if fault.exception else fault.message
        told = NAME if (fault.path, ledger.key(fault)) in left else mended
        yield Annotation(
            path=fault.path,
            start_line=fault.line,
            end_line=fault.end_line if fault.line <= fault.end_line <= MAX_LINE else fault.line,
            annotation_level="warning" if fault.proof is Proof.STATIC else "failure",
            message=block(what, MAX_MESSAGE).strip() or "A fault.",
            title=line(f"{told}: {fault.rule or fault.kind}", 200),
        )


def _placed(fault: Fault) -> bool:
    """Whether it is at a line of a file of the repository, as far as its name can tell; GitHub takes all or none."""
    parts = fault.path.split("/")
    return 0 < fault.line <= MAX_LINE and line(fault.path, MAX_PATH) == fault.path and not {"", ".", ".."} & set(parts)
