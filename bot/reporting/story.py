"""What a report says, in the order it is told: what was wrong, what changed, what was proven.

Markdown, HTML and the terminal show the same story; this is its one source. Sentences made here
hold words of ours and release numbers only; text from outside stays in fields of its own, for each
medium to escape.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.models.attempt import Attempt
from bot.models.citation import Citation
from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.patch import Patch, Repair
from bot.models.release import KNOWN, Release
from bot.models.report import Artifact, Report, Status, Untried
from bot.models.request import Mode
from bot.models.validation import Difference, Outcome
from bot.reporting import answers, asked, tested
from bot.reporting.text import line, listed, plural
from bot.rules.base import Rule
from bot.rules.registry import all_rules

PROOFS: Mapping[Proof, str] = {
    Proof.REPRODUCED: "reproduced in Blender",
    Proof.API: "confirmed by Blender's API",
    Proof.STATIC: "read, not run",
}
"""How each proof is worded for people."""

EXERCISED = "but only while everything was tried: a script of its own does not show it"
"""Said of a fault that no script shows in a clean Blender."""

REFUSED, SKIPPED = "refused by the add-on", "not tried"
"""How a check that came to nothing ended."""

TAMPERS = "This add-on cannot be judged: it tampers with what watches it"
"""The headline, whatever else there is to say."""

_BADGES = {
    Status.CLEAN: "clean",
    Status.REPAIRED: "repaired",
    Status.PARTIAL: "partly repaired",
    Status.UNREPAIRED: "not repaired",
    Status.ANSWERED: "answered",
    Status.ERROR: "stopped",
}
UNPROVEN, UNDONE, DONE = "not proven", "not done", "done"
"""Badges of a patch that nothing shows to help, of a wish nobody fulfilled, and of one that was."""

REPAIRED, REPAIRED_PART = "Repaired", "What was asked about is repaired"
CHANGED = "Changed as asked"
_AS_ASKED: Mapping[Mode, tuple[str, str]] = {
    Mode.FEATURE: ("Added as asked", "What was asked for is added"),
    Mode.REFACTOR: (CHANGED, "What was asked for is changed"),
}
"""What came of a wish, and the same where something else is left that is wrong; anything else is a repair."""
STILL_WORKS = "Changed as asked; what worked still works in Blender {releases}"
TESTS = "Tests, and proven to notice when what they test is gone"
TAKES_MODEL = "Not done: nothing failed in Blender {releases}, and what was asked takes a model"
NOT_GOOD = "Not done: nothing failed in Blender {releases}, and no patch was good enough"

WISHES = frozenset({Mode.TEST, Mode.REFACTOR, Mode.FEATURE})
"""What somebody wants to have, where nothing need be wrong."""

_TRIED = {
    FaultKind.LOAD: "loading the add-on",
    FaultKind.DISABLE: "disabling the add-on",
    FaultKind.OPERATOR: "calling the operator",
    FaultKind.PANEL: "drawing",
    FaultKind.NODE: "using the node",
    FaultKind.PROPERTY: "setting",
    FaultKind.HANDLER: "running",
    FaultKind.KEYMAP: "looking up the shortcut of",
    FaultKind.FUNCTION: "calling",
    FaultKind.RELOAD: "saving and loading a file",
    FaultKind.LEFT_BEHIND: "running what is left behind",
    FaultKind.SCENARIO: "running the script",
    FaultKind.TEST: "running the test",
    FaultKind.CRASH: "Blender crashed at",
    FaultKind.TIMEOUT: "Blender ran out of time at",
    FaultKind.TAMPERING: "watching",
}

_WITHOUT_SUBJECT = (FaultKind.LOAD, FaultKind.DISABLE, FaultKind.RELOAD, FaultKind.LEFT_BEHIND)
"""What is done to the add-on as a whole."""

TRUSTED_HOSTS = (".blender.org", "docs.python.org", "numpy.org")
"""Hosts a report links to, besides the pages our own rules name: a bundle is data from a stranger."""

_NOTES = re.compile(
    r"https://developer\.blender\.org/docs/release_notes/([\d.]+)/(?:python_api/?)?([\w/]*?)/?(?:#(.*))?"
)
_API = re.compile(r"https://docs\.blender\.org/api/[\w.]+/([\w.]+)\.html(?:#(.*))?")
_IMAGE = re.compile(r"renders/[\w-][\w.-]{0,100}\.png", re.ASCII)
_LINK = re.compile(r"https://[\w.-]+(?:/[\w./#%:+~=&?,-]*)?", re.ASCII)


@dataclass(frozen=True)
class RuleNote:
    """What the documentation of a rule adds to a change: why, how safe, and the pages it rests on."""

    name: str
    title: str
    why: str
    safety: str
    safety_reason: str
    references: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """Faults that say the same: `fault` is the first of them, `count` how many, `places` where they all are."""

    fault: Fault
    count: int
    places: tuple[str, ...]
    releases: tuple[str, ...]


@dataclass(frozen=True)
class Done:
    """The same thing done at one or several places."""

    message: str
    title: str
    reason: str
    places: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """Everything one rule did. `title` names all of it."""

    rule: str
    title: str
    done: tuple[Done, ...]
    note: RuleNote | None
    citations: tuple[Citation, ...]
    """Spans of the code, and pages."""

    @property
    def places(self) -> tuple[str, ...]:
        """Every place it touched."""
        return tuple(place for done in self.done for place in done.places)


@dataclass(frozen=True)
class Row:
    """Rows of the validation table that say the same of several releases; `first` stands for them."""

    first: Difference
    releases: str
    seconds: float


@dataclass(frozen=True)
class NotTried:
    """Checks that came to nothing for one reason; `ending` is ours, `why` may quote the add-on."""

    ending: str
    why: str
    releases: str
    checks: tuple[str, ...]


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
    """The citations that are shown nowhere else."""
    starts: str
    seconds: float
    mended: bool
    """Whether there is a patch, whoever wrote it."""


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
    cited = {one.label for one in patch.cites} if patch.by == "model" and report.patch is not None else set()
    answer = answers.told(report)
    cited |= {source.citation.label for source in answer.sources} if answer is not None else set()
    return Story(
        badge=_badge(report),
        headline=_headline(report),
        found=group(report.faults),
        changes=changes,
        explained=explained,
        remaining=group(report.remaining),
        proven=_proven(report, best),
        citations=tuple(one for one in report.citations if id(one) not in shown and one.label not in cited),
        starts=", ".join(
            f"{line(release, 40)}: {plural(count, 'start')}" for release, count in report.blender_starts.items()
        ),
        seconds=sum(report.timings.values()),
        mended=report.patch is not None and best is not None,
    )


def best_attempt(report: Report) -> Attempt | None:
    """The attempt whose patch the bundle holds."""
    return next((attempt for attempt in report.attempts if attempt.number == report.best), None)


def unseen(report: Report) -> bool:
    """Whether there is a patch, and no fault it was seen to repair."""
    best = best_attempt(report)
    return report.patch is not None and best is not None and not best.verdict.repaired


def undone(report: Report) -> bool:
    """Whether something was asked for in words, nothing is known to be wrong, and nothing came of it.

    A check asks for nothing to be done, whatever the issue says it is asked on.
    """
    mode, task = report.request.mode, report.request.task.strip()
    wanted = mode in WISHES or (bool(task) and mode is not Mode.CHECK)
    return not report.faults and report.status in (Status.CLEAN, Status.UNREPAIRED) and report.patch is None and wanted


def counts_lines(report: Report) -> bool:
    """Whether it says anything how many of the changed lines ran: tests are run by themselves."""
    return report.request.mode is not Mode.TEST


def group(faults: Sequence[Fault]) -> tuple[Found, ...]:
    """Faults with the same message, owner, member and proof as one, in the order they were found."""
    same: dict[tuple[object, ...], list[Fault]] = defaultdict(list)
    for fault in faults:
        same[(fault.message, fault.exception, fault.owner, fault.member, fault.proof, fault.alone is False)].append(
            fault
        )
    return tuple(
        Found(
            fault=together[0],
            count=len(together),
            places=tuple(dict.fromkeys(fault.place for fault in together if fault.place)),
            releases=tuple(map(str, sorted({fault.release for fault in together if fault.release is not None}))),
        )
        for together in same.values()
    )


def counted(found: Iterable[Found]) -> int:
    """How many faults they are, so that what is counted and what is listed add up."""
    return sum(one.count for one in found)


def tried_in(report: Report) -> tuple[Release, ...]:
    """The releases the patch was tried in, oldest first: what is proven, is proven there. Tests run in the newest."""
    looked = {row.release for row in report.validation if not row.static}
    return tuple(release for release in report.ran_in if release in looked)


def tried(fault: Fault) -> tuple[str, str]:
    """What was being done when the fault showed, and to what: `calling the operator`, `mesh.wave_add`."""
    subject = "" if fault.kind in _WITHOUT_SUBJECT else fault.subject or ""
    return _TRIED.get(fault.kind, ""), subject


def how(found: Found) -> str:
    """How it is known, as a sentence of ours: `Raised in Blender 4.5 by an operator`."""
    where = f"Blender {listed(found.releases)}" if found.releases else "Blender"
    if found.fault.proof is Proof.REPRODUCED:
        exercised = f", {EXERCISED}" if found.fault.alone is False else ""
        return f"reproduced: raised in {where}{exercised}"
    if found.fault.proof is Proof.API:
        return f"api: {where} was asked, and says so"
    return {
        FaultSource.LOG: "static: read in the log, not reproduced",
        FaultSource.TYPES: f"static: the stubs of {where} say so",
        FaultSource.LINT: "static: the linter says so",
    }.get(found.fault.source, "static: read in the code, not run")


def untried(report: Report) -> tuple[NotTried, ...]:
    """What could not be tried, the same reason once, the commonest first."""
    same: dict[tuple[Outcome, str], list[Untried]] = defaultdict(list)
    for one in report.untried:
        same[one.outcome, one.why].append(one)
    return tuple(
        NotTried(
            ending=REFUSED if outcome is Outcome.REFUSED else SKIPPED,
            why=why,
            releases=spans([one.release for one in together if one.release is not None]),
            checks=tuple(dict.fromkeys(one.check for one in together)),
        )
        for (outcome, why), together in sorted(same.items(), key=lambda item: -len(item[1]))
    )


def tampering(report: Report) -> tuple[str, ...]:
    """What the add-on did to pass for other than it is, in the run's words, which may quote it."""
    return tuple(dict.fromkeys(fault.message for fault in report.faults if fault.kind is FaultKind.TAMPERING))


def _badge(report: Report) -> str:
    if undone(report):
        return UNDONE
    if report.status is Status.REPAIRED and (unseen(report) or report.request.mode in WISHES):
        return DONE
    return UNPROVEN if report.status is Status.PARTIAL and unseen(report) else _BADGES[report.status]


def _headline(report: Report) -> str:
    if tampering(report):
        return TAMPERS
    targets = listed(str(release) for release in report.ran_in)
    left, total = len(report.remaining), len(report.faults)
    if undone(report):
        return (TAKES_MODEL if asked.unanswered(report) is not None else NOT_GOOD).format(releases=targets)
    if report.status is Status.CLEAN:
        return f"Nothing is wrong in Blender {targets}"
    if report.status in (Status.REPAIRED, Status.PARTIAL):
        return _changed(report, targets)
    if report.status is Status.UNREPAIRED and report.request.mode is Mode.CHECK:
        return f"{plural(left or total, 'fault')} found in Blender {targets}"
    if report.status is Status.UNREPAIRED:
        return f"Not repaired: {plural(left or total, 'fault')}"
    if report.status is Status.ANSWERED:
        return "Your question, answered" if _by_model(report) else "Your question, and what is known without a model"
    return "The run stopped before its end"


def _changed(report: Report, targets: str) -> str:
    """The headline where there is a patch."""
    done, all_of_it = _AS_ASKED.get(report.request.mode, (REPAIRED, REPAIRED_PART))
    left = len(report.remaining) if report.status is Status.PARTIAL else 0
    remain = f"remain{'s' if left == 1 else ''}"
    others = f"; {plural(left, 'other fault')} {remain}" if left else ""
    if unseen(report) and (report.verified or report.status is Status.REPAIRED):
        return (TESTS if report.request.mode is Mode.TEST else STILL_WORKS.format(releases=targets)) + others
    if unseen(report):
        return "A patch, and no proof that it helps"
    if report.verified:
        return f"{all_of_it if others else done}, and proven in Blender {targets}{others}"
    if report.status is Status.PARTIAL and done == REPAIRED:
        return f"Partly repaired: {plural(left, 'fault')} {remain}"
    return f"{done}, but not fully proven{others}"


def _by_model(report: Report) -> bool:
    return report.answer is None or report.answer.by == "model"


def _proven(report: Report, best: Attempt | None) -> tuple[str, ...]:
    sentences = []
    ran: dict[Release, list[Difference]] = defaultdict(list)
    for row in report.validation:
        if row.release in report.ran_in and row.release is not None and not row.static:
            ran[row.release].append(row)
    for release, rows in sorted(ran.items()):
        fixed, revealed, broken, left = (
            sum(len(ids) for ids in column)
            for column in zip(*((r.fixed, r.revealed, r.broken, r.remaining) for r in rows), strict=True)
        )
        told = [f"{plural(fixed, 'check')} fixed"] if fixed else []
        if report.patch is not None:
            told.append(f"{broken} broken" if broken else "nothing broken")
        told += [f"{revealed} revealed"] if revealed else []
        failing = f"{left} still failing" if report.patch is not None else f"{plural(left, 'check')} failing"
        told += [failing] if left else []
        sentences.append(f"Blender {release}: {', '.join(told) or 'nothing that was tried fails'}")
    sentences += tested.told(report)
    if best is not None and best.verdict.changed_lines and not best.patch.empty and counts_lines(report):
        of = plural(best.verdict.changed_lines, "changed line")
        sentences.append(f"{best.verdict.executed_lines} of {of} ran in Blender afterwards")
    static = [row.release for row in report.validation if row.static and row.release is not None]
    if static:
        sentences.append(f"Checked against stubs only (static): Blender {spans(static)}")
    return tuple(sentences)


def _changes(
    repairs: Sequence[Repair], notes: Mapping[str, RuleNote], citations: Sequence[Citation]
) -> tuple[Change, ...]:
    by_rule: dict[str, list[Repair]] = defaultdict(list)
    for repair in repairs:
        by_rule[repair.rule].append(repair)
    return tuple(_change(rule, of_rule, notes.get(rule), citations) for rule, of_rule in sorted(by_rule.items()))


def _change(rule: str, repairs: Sequence[Repair], note: RuleNote | None, citations: Sequence[Citation]) -> Change:
    same: dict[tuple[str, str, str], list[Repair]] = defaultdict(list)
    for repair in repairs:
        same[(repair.message, repair.title, repair.reason)].append(repair)
    done = tuple(
        Done(message, title, reason, tuple(dict.fromkeys(span(repair) for repair in together)))
        for (message, title, reason), together in same.items()
    )
    cited = tuple(citation for citation in citations if any(_cites(citation, repair) for repair in repairs))
    return Change(rule, note.title if note and len(done) > 1 else done[0].title, done, note, cited)


def rows(differences: Sequence[Difference]) -> tuple[Row, ...]:
    """The validation table; releases checked against stubs with the same outcome share a row."""
    same: dict[object, list[Difference]] = defaultdict(list)
    for number, row in enumerate(differences):
        ids = (row.fixed, row.broken, row.revealed, row.remaining)
        alike = (row.validator, row.baseline, row.after, row.note, ids)
        same[alike if row.static and row.release is not None else number].append(row)
    return tuple(
        Row(
            first=together[0],
            releases=spans([row.release for row in together if row.release is not None]) or "any",
            seconds=sum(row.seconds for row in together),
        )
        for together in same.values()
    )


def spans(releases: Sequence[Release]) -> str:
    """`2.80 to 3.3, 3.5 and 4.0 to 4.4`: neighbours among the known releases are drawn together."""
    runs: list[list[Release]] = []
    position = {release: number for number, release in enumerate(KNOWN)}
    for release in sorted(set(releases)):
        if runs and position.get(release, -1) == position.get(runs[-1][-1], -9) + 1:
            runs[-1].append(release)
        else:
            runs.append([release])
    return listed(word for run in runs for word in ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run)))


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


def page(url: str) -> str:
    """A page's address as a reader wants to see it: the symbol, the release whose notes they are, or the page."""
    if notes := _NOTES.fullmatch(url):
        topic = (notes[3] or notes[2]).replace("_", " ").replace("-", " ").replace("/", ", ").strip()
        return f"Blender {notes[1]} release notes" + (f": {topic}" if topic else "")
    if page := _API.fullmatch(url):
        return page[2] or page[1]
    return url.removeprefix("https://").rstrip("/")


def images(report: Report) -> tuple[Artifact, ...]:
    """The renders of the bundle, those with a sound path only: a PNG directly in `renders/`."""
    return tuple(a for a in report.artifacts if a.kind == "render" and _IMAGE.fullmatch(a.path))


def _note(rule: Rule) -> RuleNote:
    documentation = rule.documentation
    return RuleNote(
        name=rule.name,
        title=documentation.title.rstrip("."),
        why=documentation.why_it_breaks,
        safety=str(rule.safety),
        safety_reason=documentation.fix_safety,
        references=documentation.references,
    )
