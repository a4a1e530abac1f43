"""What a report says, in the order it is told: what was wrong, what changed, what was proven.

Markdown, HTML and the terminal show the same story; this is its one source. Sentences made here
hold words of ours and release numbers only; text from outside stays in fields of its own, for each
medium to escape.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.models.attempt import Attempt
from bot.models.citation import Citation
from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.patch import Patch, Repair
from bot.models.release import Release
from bot.models.report import Artifact, Report, Status
from bot.models.validation import Difference
from bot.reporting.text import listed, plural
from bot.rules.base import Rule
from bot.rules.registry import all_rules

PROOFS: Mapping[Proof, str] = {
    Proof.REPRODUCED: "reproduced in Blender",
    Proof.API: "asked of Blender's API",
    Proof.STATIC: "read, not run",
}
"""How each proof is worded for people."""

_BADGES = {
    Status.CLEAN: "clean",
    Status.REPAIRED: "repaired",
    Status.PARTIAL: "partly repaired",
    Status.UNREPAIRED: "not repaired",
    Status.ERROR: "stopped",
}


_TRIED = {
    FaultKind.LOAD: "loading the add-on",
    FaultKind.DISABLE: "disabling the add-on",
    FaultKind.OPERATOR: "calling the operator",
    FaultKind.PANEL: "drawing",
    FaultKind.FUNCTION: "calling",
    FaultKind.CRASH: "Blender crashed at",
    FaultKind.TIMEOUT: "Blender ran out of time at",
}

TRUSTED_HOSTS = (".blender.org", "docs.python.org", "numpy.org")
"""Hosts a report links to, besides the pages our own rules name: a bundle is data from a stranger."""

_IMAGE = re.compile(r"renders/[\w-][\w.-]{0,100}\.png", re.ASCII)
_LINK = re.compile(r"https://[\w.-]+(?:/[\w./#%:+~=&?,-]*)?", re.ASCII)


@dataclass(frozen=True)
class RuleNote:
    """What the documentation of a rule adds to a change: why, how safe, and the pages it rests on."""

    name: str
    why: str
    safety: str
    safety_reason: str
    references: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """Faults that say the same: `fault` is the first of them, `places` where they all are."""

    fault: Fault
    places: tuple[str, ...]
    releases: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """Repairs of one rule that do the same thing."""

    rule: str
    message: str
    title: str
    reason: str
    places: tuple[str, ...]
    note: RuleNote | None
    citations: tuple[Citation, ...]
    """Spans of the code, and pages."""


@dataclass(frozen=True)
class Story:
    """A report, told."""

    badge: str
    headline: str
    found: tuple[Found, ...]
    changes: tuple[Change, ...]
    explained: tuple[Change, ...]
    remaining: tuple[Found, ...]
    proven: tuple[str, ...]
    citations: tuple[Citation, ...]
    """The citations no change has shown already."""
    starts: str
    seconds: float


def tell(report: Report, rules: Sequence[Rule] | None = None) -> Story:
    """The story of a report.

    `rules` are those whose documentation may be quoted (default: all there are); a report that names
    others is no error.
    """
    notes = {rule.code: _note(rule) for rule in (all_rules() if rules is None else rules)}
    best = best_attempt(report)
    patch = best.patch if best is not None else Patch(diff="")
    changes = _changes(patch.repairs, notes, report.citations) if report.patch is not None else ()
    explained = _changes(report.plan.explained, notes, report.citations)
    shown = {id(citation) for change in (*changes, *explained) for citation in change.citations}
    return Story(
        badge=_BADGES[report.status],
        headline=_headline(report),
        found=group(report.faults),
        changes=changes,
        explained=explained,
        remaining=group(report.remaining),
        proven=_proven(report, best),
        citations=tuple(citation for citation in report.citations if id(citation) not in shown),
        starts=", ".join(f"{release}: {plural(count, 'start')}" for release, count in report.blender_starts.items()),
        seconds=sum(report.timings.values()),
    )


def best_attempt(report: Report) -> Attempt | None:
    """The attempt whose patch the bundle holds."""
    return next((attempt for attempt in report.attempts if attempt.number == report.best), None)


def group(faults: Sequence[Fault]) -> tuple[Found, ...]:
    """Faults with the same message, owner, member and proof as one, in the order they were found."""
    same: dict[tuple[object, ...], list[Fault]] = defaultdict(list)
    for fault in faults:
        same[(fault.message, fault.exception, fault.owner, fault.member, fault.proof)].append(fault)
    return tuple(
        Found(
            fault=together[0],
            places=tuple(dict.fromkeys(fault.place for fault in together if fault.place)),
            releases=tuple(map(str, sorted({fault.release for fault in together if fault.release is not None}))),
        )
        for together in same.values()
    )


def tried(fault: Fault) -> str:
    """What was being done when the fault showed, to be followed by its subject: `calling the operator`."""
    return _TRIED.get(fault.kind, "")


def how(found: Found) -> str:
    """How it is known, as a sentence of ours: `Raised in Blender 4.5 by an operator`."""
    where = f"Blender {listed(found.releases)}" if found.releases else "Blender"
    if found.fault.proof is Proof.REPRODUCED:
        return f"reproduced: raised in {where}"
    if found.fault.proof is Proof.API:
        return f"api: {where} was asked, and does not have it"
    return {
        FaultSource.LOG: "static: read in the log, not reproduced",
        FaultSource.TYPES: f"static: the stubs of {where} say so",
        FaultSource.LINT: "static: the linter says so",
    }.get(found.fault.source, "static: read in the code, not run")


def row_state(row: Difference) -> str:
    """One word for a row of the validation table: `broken`, `fixed`, `remaining`, or `same`."""
    if row.broken:
        return "broken"
    if row.remaining or row.revealed:
        return "remaining"
    return "fixed" if row.fixed else "same"


def _headline(report: Report) -> str:
    targets = listed(str(release) for release in report.request.runs_on)
    left, total = len(report.remaining), len(report.faults)
    if report.status is Status.CLEAN:
        return f"Nothing is wrong in Blender {targets}"
    if report.status is Status.REPAIRED:
        proven = f"Repaired, and proven in Blender {targets}"
        return proven if report.verified else "Repaired, but not fully proven"
    if report.status is Status.PARTIAL:
        return f"Partly repaired: {plural(left, 'fault')} of {max(total, left)} remain" + ("s" if left == 1 else "")
    if report.status is Status.UNREPAIRED:
        return f"Not repaired: {plural(left or total, 'fault')}"
    return "The run stopped before its end"


def _proven(report: Report, best: Attempt | None) -> tuple[str, ...]:
    sentences = []
    ran: dict[Release, list[Difference]] = defaultdict(list)
    for row in report.validation:
        if row.release is not None and not row.static:
            ran[row.release].append(row)
    for release, rows in sorted(ran.items()):
        fixed, revealed, broken, left = (
            sum(len(ids) for ids in column)
            for column in zip(*((r.fixed, r.revealed, r.broken, r.remaining) for r in rows), strict=True)
        )
        told = [f"{plural(fixed, 'check')} fixed"] if fixed else []
        told.append(f"{broken} broken" if broken else "nothing broken")
        told += [f"{revealed} revealed"] if revealed else []
        told += [f"{left} still failing"] if left else []
        sentences.append(f"Blender {release}: {', '.join(told)}")
    if best is not None and best.verdict.changed_lines and not best.patch.empty:
        of = plural(best.verdict.changed_lines, "changed line")
        sentences.append(f"{best.verdict.executed_lines} of {of} ran in Blender afterwards")
    static = [str(row.release) for row in report.validation if row.static and row.release is not None]
    if static:
        sentences.append(f"Checked against stubs only (static): Blender {listed(dict.fromkeys(static))}")
    return tuple(sentences)


def _changes(
    repairs: Sequence[Repair], notes: Mapping[str, RuleNote], citations: Sequence[Citation]
) -> tuple[Change, ...]:
    same: dict[tuple[str, str, str, str], list[Repair]] = defaultdict(list)
    for repair in repairs:
        same[(repair.rule, repair.message, repair.title, repair.reason)].append(repair)
    return tuple(
        Change(
            rule=rule,
            message=message,
            title=title,
            reason=reason,
            places=tuple(dict.fromkeys(span(repair) for repair in together)),
            note=notes.get(rule),
            citations=tuple(citation for citation in citations if any(_cites(citation, repair) for repair in together)),
        )
        for (rule, message, title, reason), together in sorted(same.items())
    )


def span(repair: Repair) -> str:
    """`path:start-end`, the lines a repair is about, in the untouched file."""
    end = f"-{repair.end_line}" if repair.end_line > repair.line else ""
    return f"{repair.path}:{repair.line}{end}"


def _cites(citation: Citation, repair: Repair) -> bool:
    if citation.label.startswith(f"{repair.rule}: "):
        return True
    place = citation.label.rsplit("@", 1)[0]
    return place in (span(repair), f"{repair.path}:{repair.line}-{repair.end_line}", f"{repair.path}:{repair.line}")


def graded(note: RuleNote) -> str:
    """The rule's own words about its safety, which begin with the grade."""
    begins = note.safety_reason.lower().startswith(note.safety)
    return note.safety_reason if begins else f"{note.safety.capitalize()}: {note.safety_reason}"


def safe_url(url: str | None) -> str | None:
    """The URL, if a report may link to it: HTTPS, nothing odd in it, a host of Blender, Python or NumPy."""
    if url is None or len(url) > 500 or not _LINK.fullmatch(url):
        return None
    host = "." + url.split("/")[2]
    return url if host.endswith(tuple("." + name.removeprefix(".") for name in TRUSTED_HOSTS)) else None


def images(report: Report) -> tuple[Artifact, ...]:
    """The renders of the bundle, those with a sound path only: a PNG directly in `renders/`."""
    return tuple(a for a in report.artifacts if a.kind == "render" and _IMAGE.fullmatch(a.path))


def _note(rule: Rule) -> RuleNote:
    documentation = rule.documentation
    return RuleNote(
        name=rule.name,
        why=documentation.why_it_breaks,
        safety=str(rule.safety),
        safety_reason=documentation.fix_safety,
        references=documentation.references,
    )
