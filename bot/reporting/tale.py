"""The story of a run in a few sentences that need no knowledge of programming.

Sentences are made of our own words, numbers and releases. What may quote the add-on stands in
`Passage.said`, for each medium to escape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.models.attempt import Attempt
from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.patch import Repair
from bot.models.report import PatchSummary, Report, Status
from bot.models.request import Mode
from bot.models.validation import NOT_REACHED
from bot.reporting import ledger, reproducers
from bot.reporting.asked import unanswered
from bot.reporting.story import best_attempt, counts_lines, spans, tried_in, undone, unseen
from bot.reporting.text import listed, plural

ASKED_FOR = "What was asked"
WRONG, DONE, RESTS, PROVEN = "What was wrong", "What was done", "What it rests on", "Is it proven?"
MISSING = "What was missing"
"""Instead of what was wrong, where something was to be added and all that failed are scripts that ask for it."""

NOT_LOADED = "The add-on could not be switched on{where}, so nothing of it could be used."
NOT_UNLOADED = "It could not be switched off again{where}."
STOPPED = "{what} stopped with an error{where}."
NOT_DRAWN = "{what} could not be drawn{where}."
DANGLING = "{what} is for a command that is not there{where}."
NOT_KEPT = "{what} seen when a file with its data was saved and loaded again{where}."
FAILED_AFTER = "{what} seen in what it leaves behind when it is switched off{where}."
NOT_REGISTERED = "{what} could not be made known to Blender{where}."
NO_PYTHON = "{what} cannot be read as Python."
CRASHED = "Blender itself crashed{where}."
TAMPERED = "The add-on tampers with what watches it{where}: nothing it was seen to do is proof."
UNMET = "{what} shown by a script that states what is expected of it{where}."
MISSED = "{scripts} what was asked for failed{where}."
TESTED = "{what} told of by the repository's own tests{where}."
HUNG = "Something did not come to an end in time{where}."
ASKED = "{what} something that is not there{where}, or not in that form."
SHOWED = "{what} seen{where}."
READ = "{what} only read in the code and not seen failing."
TOLD = "{what} told of by the text that was handed in and did not show up here."
NO_FAULT = "Nothing that could be seen: it was switched on, its commands were called and its panels were drawn."
UNSEEN = "That could not be found out."

CHANGED = "{rules} changed {places} in {files}: {added} added, {removed} removed. All the rest is as it was."
WRITTEN = "A language model changed {files}: {added} added, {removed} removed. All the rest is as it was."
BOTH = (
    "{rules} and, for what they left, a language model changed {files}: {added} added, {removed} removed. All the rest "
    "is as it was."
)
LEFT_OVER = "A model was asked for the rest and none answered: this is what remains."
GUARDED = "Where older releases need the old form it is kept for them, beside the new one."
NOTHING_TO_DO = "Nothing. There was nothing to repair."
NOT_ASKED = "Nothing. What was asked is what is wrong."
NO_RULE = "Nothing. No rule knows how to repair this, so a person has to."
NO_MODEL = "Nothing. No rule knows how to repair this and no model answered, so a person has to."
NOT_DONE = "Nothing. That takes a model, and none answered, so a person has to."
NOTHING_CAME = "Nothing. A model was asked, and nothing came of it that could be used."
SET_ASIDE = "Nothing. {tried} tried and set aside, because {it} did not help."
REPLIED = "The question was answered, above. Nothing was changed."
STOPPED_EARLY = "Nothing. The run stopped before that."
DECIDE = "{places} left for you to decide."

SCRIPTED = "What shows the fault is a script the bot wrote before anything was changed; it is below, with what it did."
SCRIPTED_NOT = "The bot wrote {scripts} to show the fault, and none does; see below."
RAN = "The add-on was run in a real Blender {releases}, before the repair and after it."
RAN_TESTS = "The tests were run in a real Blender {releases}."
RAN_ONCE = "The add-on was run in a real Blender {releases}."
FIXED = "{checks} that failed before {passes} now"
NOT_BROKEN = "nothing that worked before fails now"
BROKEN = "{checks} that passed before {fails} now"
STILL = "{checks} still {fails}"
EXECUTED = "{ran} of the {changed} {were} seen running."
EXECUTED_ONE = "The one changed line was seen running."
NOT_EXECUTED = "None of the changed lines was seen running."
STATIC = "{what} in Blender {releases} was looked up in lists of the API, without running it."
DEAD = "Blender {releases} could not be run."
UNTRIED = "{things} could not be tried: see the list below."
NOT_RUN = "The add-on was run in no Blender."

YES = (
    "Yes. Every repaired fault was seen failing, or a real Blender said that what the code asks for is not there. "
    "All of them are gone, and nothing that worked before is broken."
)
YES_UNCHANGED = "Yes. What was tried worked before and works now, and the changed lines ran."
YES_TESTS = "Yes. The tests pass, and fail when what they test is taken away."
UNSHOWN = (
    "No. Nothing was seen to fail before, so nothing shows that the patch helps. Have somebody look at it before you "
    "rely on it."
)
NO = "No. Have somebody look at it before you rely on it."
NOT_WHOLLY = "Not as a whole, because something is left that is known to be wrong."
HEALTHY = "Nothing was changed, so there is nothing to prove. What was tried, works."
UNCHANGED = "No. Nothing was changed."
CHECKED = "Nothing was changed, so there is nothing to prove."
NO_CLAIM = "Nothing was changed, so there is nothing to prove. An answer in words is no proof of anything."
STOPPED_PROOF = "No. The run stopped before it could tell."

_LONGEST_TASK = 400
"""Characters of what was asked that are shown; an issue can be long."""


@dataclass(frozen=True)
class Passage:
    """One question a reader has, and its answer.

    `said` is what a stranger, a server or the run itself said about it, which may quote the add-on.
    """

    question: str
    answer: str
    said: str = ""


def passages(report: Report) -> tuple[Passage, ...]:
    """The story: what was asked and what was wrong, what was done, what that rests on, whether it is proven."""
    proven, said = _proof(report)
    asked = report.request.task.strip()[:_LONGEST_TASK]
    told = (
        Passage(wrong(report) if report.faults else "Is anything wrong?", " ".join(_wrong(report))),
        Passage(DONE, " ".join(_done(report)), unanswered(report) or ""),
        Passage(RESTS, " ".join(_rests(report))),
        Passage(PROVEN, proven, said),
    )
    return (Passage(ASKED_FOR, "", asked), *told) if asked and report.answer is None else told


def wrong(report: Report, *, still: bool = False) -> str:
    """The title over what was wrong, or still is; of something to be added, over what was missing."""
    title = MISSING if _missing(report) else WRONG
    return title.replace("was", "is") if still else title


def _missing(report: Report) -> bool:
    scripted = bool(report.faults) and all(fault.kind is FaultKind.SCENARIO for fault in report.faults)
    return report.request.mode is Mode.FEATURE and scripted


def _wrong(report: Report) -> Iterator[str]:
    if not report.faults:
        yield UNSEEN if report.status is Status.ERROR else NO_FAULT
        return
    fates = ledger.fates(report)
    if _missing(report):
        count = len(report.faults)
        scripts = f"{plural(count, 'script')} that {'states' if count == 1 else 'state'}"
        yield MISSED.format(scripts=scripts, where=_where(report.faults, fates))
        return
    for sentence, chosen, what in _SENTENCES:
        faults = [fault for fault in report.faults if chosen(fault)]
        if faults:
            yield sentence.format(what=what(faults), where=_where(faults, fates))


def _done(report: Report) -> Iterator[str]:
    best = best_attempt(report)
    if report.patch is not None and best is not None:
        yield _changed(report.patch, best)
        if any(_guarded(repair) for repair in best.patch.repairs):
            yield GUARDED
        if unanswered(report) is not None:
            yield LEFT_OVER
    elif report.answer is not None:
        yield REPLIED
    elif report.status is Status.CLEAN and not undone(report):
        yield NOTHING_TO_DO
    elif report.status is Status.ERROR:
        yield STOPPED_EARLY
    else:
        yield _nothing(report)
    if report.plan.explained:
        yield DECIDE.format(places=_are(len(report.plan.explained), "place", now=True))


def _changed(patch: PatchSummary, best: Attempt) -> str:
    repairs = best.patch.repairs
    said = {
        "rules": plural(len({repair.rule for repair in repairs}), "rule"),
        "places": plural(len({(repair.path, repair.line) for repair in repairs}), "place"),
        "files": plural(len(patch.files), "file"),
        "added": plural(patch.added, "line"),
        "removed": patch.removed,
    }
    if best.patch.by != "model":
        return CHANGED.format(**said)
    return (BOTH if repairs else WRITTEN).format(**said)


def _nothing(report: Report) -> str:
    """Why nothing was changed."""
    if report.request.mode is Mode.CHECK:
        return NOT_ASKED
    tried = [attempt for attempt in report.attempts if not attempt.patch.unanswered and not attempt.patch.query]
    if tried:
        it = "it" if len(tried) == 1 else "they"
        return SET_ASIDE.format(tried=_are(len(tried), "patch", "patches"), it=it)
    if unanswered(report) is not None:
        return NO_MODEL if report.faults else NOT_DONE
    return NOTHING_CAME if report.attempts else NO_RULE if report.faults else NOT_DONE


def _rests(report: Report) -> Iterator[str]:
    written = [one for one in report.reproductions if one.author == "model"]
    if any(one.counts for one in written):
        yield SCRIPTED
    elif written:
        yield SCRIPTED_NOT.format(scripts=plural(len(written), "script"))
    releases = listed(map(str, report.ran_in))
    changed = report.patch is not None
    rows = [row for row in report.validation if not row.static]
    if not rows or not releases:
        yield NOT_RUN
    elif changed and report.request.mode is Mode.TEST:
        yield RAN_TESTS.format(releases=listed(map(str, tried_in(report))))
    else:
        yield (RAN if changed else RAN_ONCE).format(releases=releases)
        if changed:
            yield _counts(
                fixed=sum(len(row.fixed) for row in rows),
                broken=sum(len(row.broken) for row in rows),
                left=sum(len(row.remaining) + len(row.revealed) for row in rows if row.validator == "exercise"),
            )
        if alone := reproducers.briefly(report.reproducers):
            yield alone
    best = best_attempt(report)
    if changed and best is not None and best.verdict.changed_lines and counts_lines(report):
        ran = best.verdict.executed_lines
        lines = plural(best.verdict.changed_lines, "changed line")
        told = EXECUTED.format(ran=ran, changed=lines, were="was" if ran == 1 else "were")
        yield NOT_EXECUTED if not ran else EXECUTED_ONE if best.verdict.changed_lines == 1 else told
    static = [row.release for row in report.validation if row.static and row.release is not None]
    if static:
        yield STATIC.format(releases=spans(static), what="What the patch uses" if changed else "What the code uses")
    dead = [row.release for row in rows if row.release is not None and row.after == NOT_REACHED]
    if dead:
        yield DEAD.format(releases=spans(dead))
    things = len({one.check for one in report.untried})
    if things:
        yield UNTRIED.format(things=plural(things, "thing"))


def _proof(report: Report) -> tuple[str, str]:
    best = best_attempt(report)
    reason = best.verdict.reason if best is not None else ""
    if report.verified:
        unchanged = YES_TESTS if report.request.mode is Mode.TEST else YES_UNCHANGED
        return unchanged if unseen(report) else YES, ""
    match report.status:
        case Status.CLEAN:
            return UNCHANGED if undone(report) else HEALTHY, ""
        case Status.ANSWERED:
            return NO_CLAIM, ""
        case Status.PARTIAL if unseen(report):
            return UNSHOWN, reason
        case Status.REPAIRED:
            return NO, reason
        case Status.PARTIAL:
            return NOT_WHOLLY, reason
        case Status.ERROR:
            return STOPPED_PROOF, report.error if report.error and report.error != report.summary else ""
        case Status.UNREPAIRED if report.request.mode is Mode.CHECK:
            return CHECKED, ""
        case _:
            return UNCHANGED, _last_reason(report)


def _last_reason(report: Report) -> str:
    """Why the last patch that was tried is not handed over; who did not answer is told elsewhere."""
    tried = [attempt for attempt in report.attempts if not attempt.patch.unanswered]
    return tried[-1].verdict.reason if tried else ""


def _counts(fixed: int, broken: int, left: int) -> str:
    told = [FIXED.format(checks=plural(fixed, "check"), passes="passes" if fixed == 1 else "pass")] if fixed else []
    told.append(BROKEN.format(checks=plural(broken, "check"), fails=_fails(broken)) if broken else NOT_BROKEN)
    told += [STILL.format(checks=plural(left, "check"), fails=_fails(left))] if left else []
    text = listed(told)
    return f"{text[:1].upper()}{text[1:]}."


def _fails(count: int) -> str:
    return "fails" if count == 1 else "fail"


def _where(faults: Sequence[Fault], fates: Mapping[ledger.Key, Sequence[ledger.Fate]]) -> str:
    """In which releases: a report's fault names one, its fate all it was seen in."""
    releases = {fate.release for fault in faults for fate in fates.get(ledger.key(fault), ()) if fate.before}
    named = sorted(release for release in releases if release is not None)
    return f" in Blender {spans(named)}" if named else ""


def _guarded(repair: Repair) -> bool:
    return any(need.since is not None or need.until is not None for need in repair.requires)


def _are(count: int, one: str, many: str = "", *, now: bool = False) -> str:
    verb = ("is" if count == 1 else "are") if now else ("was" if count == 1 else "were")
    return f"{plural(count, one, many)} {verb}"


def _subjects(one: str) -> Callable[[Sequence[Fault]], str]:
    """`One of its commands`, `3 of its commands`, by what was tried."""

    def count(faults: Sequence[Fault]) -> str:
        number = len({fault.subject or fault.place for fault in faults})
        return f"{'One' if number == 1 else number} of its {one}"

    return count


def _files(faults: Sequence[Fault]) -> str:
    number = len({fault.path for fault in faults})
    return f"{'One' if number == 1 else number} of its files"


def _places(faults: Sequence[Fault]) -> str:
    number = len({(fault.place, fault.message) for fault in faults})  # as many as there are faults
    return "One place in the code uses" if number == 1 else f"{number} places in the code use"


def _faults(faults: Sequence[Fault]) -> str:
    return _are(len({(fault.place, fault.message) for fault in faults}), "fault")


def _raised(kind: FaultKind) -> Callable[[Fault], bool]:
    return lambda fault: fault.kind is kind and fault.proof is Proof.REPRODUCED


_ANYHOW = (FaultKind.SYNTAX, FaultKind.CRASH, FaultKind.TIMEOUT)
"""Told the same whatever the proof."""
_UNTOLD = (FaultKind.API, FaultKind.LINT, FaultKind.LOG)
"""What needs no run to be seen, and has no sentence of its own where a run did show it."""
_SENTENCES: tuple[tuple[str, Callable[[Fault], bool], Callable[[Sequence[Fault]], str]], ...] = (
    (TAMPERED, lambda fault: fault.kind is FaultKind.TAMPERING, _faults),
    (NOT_LOADED, _raised(FaultKind.LOAD), _faults),
    (NO_PYTHON, lambda fault: fault.kind is FaultKind.SYNTAX, _files),
    (NOT_REGISTERED, _raised(FaultKind.CLASS), _subjects("classes")),
    (STOPPED, _raised(FaultKind.OPERATOR), _subjects("commands")),
    (STOPPED, _raised(FaultKind.FUNCTION), _subjects("functions")),
    (NOT_DRAWN, _raised(FaultKind.PANEL), _subjects("panels")),
    (STOPPED, _raised(FaultKind.NODE), _subjects("nodes")),
    (STOPPED, _raised(FaultKind.PROPERTY), _subjects("settings")),
    (STOPPED, _raised(FaultKind.HANDLER), _subjects("handlers")),
    (DANGLING, _raised(FaultKind.KEYMAP), _subjects("shortcuts")),
    (NOT_KEPT, _raised(FaultKind.RELOAD), _faults),
    (NOT_UNLOADED, _raised(FaultKind.DISABLE), _faults),
    (FAILED_AFTER, _raised(FaultKind.LEFT_BEHIND), _faults),
    (UNMET, _raised(FaultKind.SCENARIO), _faults),
    (TESTED, _raised(FaultKind.TEST), _faults),
    (CRASHED, lambda fault: fault.kind is FaultKind.CRASH, _faults),
    (HUNG, lambda fault: fault.kind is FaultKind.TIMEOUT, _faults),
    (ASKED, lambda fault: fault.proof is Proof.API, _places),
    (SHOWED, lambda fault: fault.proof is Proof.REPRODUCED and fault.kind in _UNTOLD, _faults),
    (TOLD, lambda fault: fault.proof is Proof.STATIC and fault.source is FaultSource.LOG, _faults),
    (
        READ,
        lambda fault: fault.proof is Proof.STATIC and fault.source is not FaultSource.LOG and fault.kind not in _ANYHOW,
        _faults,
    ),
)
