"""Reproduction first: where nobody saw a fault, a model writes a script that shows it, before any patch.

A script counts only if it fails on the untouched commit for the stated reason, twice; then it stays what it is and is
run on every candidate. What does not count is kept and shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.answers.reproduction import read
from bot.dossier import code as code_pieces
from bot.dossier.codebase import Codebase
from bot.dossier.dossier import SECTIONS
from bot.llm.tokens import count
from bot.models.evidence import Evidence
from bot.models.exchange import Role
from bot.models.fault import Fault, Proof
from bot.models.release import Release
from bot.models.reproduction import Reproduction
from bot.models.request import Mode, RepairRequest
from bot.models.validation import Observation, Outcome
from bot.prompts.compose import Failed, compose
from bot.steps.asking import Unanswered, ask
from bot.steps.base import Tools
from bot.steps.subject import asked, dossier
from bot.steps.tree import tree
from bot.triggers.logs import frames_in
from bot.validators.merging import merged
from bot.validators.reproduction import agree, check_id, judge, last_name

MOST_TRIES = 3
ENTERS = "It enters the add-on by {here}; the traceback enters it by {there}: call that itself."
ELSEWHERE = "It raised {exception} in {place}; what was told of is {told}."
NOT_TWICE = "It failed once and not a second time: {said}"
TAMPERS = "It, or the add-on, tampers with what watches it: {what}"
NOT_RUN = "It could not be run: {note}"
STEP = "reproduce"
SECTION_ORDER = (SECTIONS[0], code_pieces.SECTION, *SECTIONS[2:])


def reproduce(request: RepairRequest, evidence: Evidence, tools: Tools) -> Evidence:
    """The evidence, with what a model wrote to show the fault; unchanged where that is not needed."""
    faults = wanting(request, evidence)
    if faults is None or not tools.models.available:
        return evidence
    tries: list[Reproduction] = []
    failed: list[Failed] = []
    known = dossier(request, evidence, faults, tools)
    for number in range(1, MOST_TRIES + 1):
        prompt = compose(
            "reproduce", Role.REPRODUCER, asked(request, failed), known.pieces, SECTION_ORDER,
            tools.prompt_tokens, count,
        )  # fmt: skip
        name = f"reproduction-{number}"
        answer = ask(tools.models, prompt.call, lambda text, name=name: read(text, name), STEP)  # type: ignore[misc]
        if isinstance(answer, Unanswered):
            break
        tried, seen = _tried(_placed(answer, request), faults, request, tools, number)
        tries.append(tried)
        if tried.counts:
            return _with(evidence, tuple(tries), seen, faults)
        failed.append(Failed(tried.said, tried.script.text, info="python"))
    return evidence.model_copy(update={"reproductions": tuple(tries)})


def wanting(request: RepairRequest, evidence: Evidence) -> tuple[Fault, ...] | None:
    """The faults a reproduction is wanted for; empty where only words tell of one; null where none is wanted."""
    if request.mode not in (Mode.FIX, Mode.FEATURE):
        return None
    told = tuple(fault for fault in evidence.asked if fault.proof is Proof.STATIC)
    if told:
        return told[:1]
    words = request.task.strip()
    return () if words and not evidence.asked else None


def _placed(one: Reproduction, request: RepairRequest) -> Reproduction:
    """The file it names, as the repository spells it."""
    if not one.path or one.path in request.addon.files:
        return one
    near = [path for path in request.addon.files if path.endswith(f"/{one.path.lstrip('./')}") or
            one.path.endswith(f"/{path}")]  # fmt: skip
    return one.model_copy(update={"path": near[0] if len(near) == 1 else ""})


def _tried(
    one: Reproduction, told: Sequence[Fault], request: RepairRequest, tools: Tools, number: int
) -> tuple[Reproduction, tuple[Observation, ...]]:
    """Run on the base commit in the target; where it counts, once more, in every release."""
    target = request.targets[-1]
    look = _run(one, request, target, tools, f"{STEP}-{number}")
    first = _judged(one, look, target, lenient=request.mode is Mode.FEATURE)
    if first.counts and (elsewhere := _elsewhere(look, one, told, request, tools)):
        first = first.model_copy(update={"counts": False, "said": elsewhere})
    if not first.counts:
        return first, ()
    seen = tuple(_run(one, request, release, tools, f"{STEP}-{number}-again") for release in reversed(request.runs_on))
    lenient = request.mode is Mode.FEATURE
    again = {look.release: _judged(one, look, target, lenient=lenient) for look in seen}
    if not again[target].counts or not _alike(one, look, seen[0]):
        return first.model_copy(update={"counts": False, "said": NOT_TWICE.format(said=again[target].said)}), ()
    return first, tuple(look for look in seen if look.release in _telling(one, again, seen))


def _alike(one: Reproduction, first: Observation, second: Observation) -> bool:
    """Whether two runs of its script ended at the same place in the same way."""
    wanted = check_id(one.script)
    checks = [next((check for check in look.checks if check.id == wanted), None) for look in (first, second)]
    return checks[0] is not None and checks[1] is not None and agree(checks[0], checks[1])


def _telling(
    one: Reproduction, judged: Mapping[Release | None, Reproduction], seen: Sequence[Observation]
) -> frozenset[Release | None]:
    """The releases in which it fails for its reason, or passes: in others it fails by itself, and tells nothing."""
    passing = {
        look.release
        for look in seen
        for check in look.checks
        if check.id == check_id(one.script) and check.outcome is Outcome.PASS
    }
    return frozenset({release for release, again in judged.items() if again.counts} | passing)


def _run(one: Reproduction, request: RepairRequest, release: Release, tools: Tools, name: str) -> Observation:
    subject = tree(request, release, tools.work / name / str(release), tools)
    return tools.exercise.scripts(subject, release, (one.script,))


def _elsewhere(
    look: Observation, one: Reproduction, told: Sequence[Fault], request: RepairRequest, tools: Tools
) -> str:
    """Why what a script raised is not what somebody told of; empty where it is: the same exception, in the same
    function. A script can make any function fail by what it hands to it."""
    raised = next((check.fault for check in look.checks if check.id == check_id(one.script)), None)
    for fault in told:
        if raised is None or not fault.path or not raised.path:
            continue
        base = Codebase(tools.texts(request.addon))
        around = [base.function_around(place.path, place.line) for place in (fault, raised)]
        same = fault.path == raised.path and (fault.line == raised.line or (around[0] == around[1] is not None))
        if not same or (fault.exception and last_name(fault.exception) != last_name(raised.exception or "")):
            told_of = f"{fault.exception or 'it'} in {fault.place}"
            return ELSEWHERE.format(exception=raised.exception, place=raised.place, told=told_of)
        ways = [_entered(one.traceback or "", base, request) for one in (fault, raised)]
        if len(ways[0]) == 1 and ways[1] and ways[1][0] != ways[0][0]:
            return ENTERS.format(here=ways[1][0], there=ways[0][0])
    return ""


def _entered(traceback: str, base: Codebase, request: RepairRequest) -> tuple[str, ...]:
    """The functions of the add-on a traceback goes through, outermost first; code outside of functions is none.

    One that names a single function says how the add-on was entered: what is repaired further out is not that fault.
    """
    around = (base.function_around(frame.path, frame.line) for frame in frames_in(traceback, request.addon, base.texts))
    return tuple(dict.fromkeys(symbol.qualified for symbol in around if symbol is not None))


def _judged(one: Reproduction, seen: Observation, release: Release, *, lenient: bool = False) -> Reproduction:
    check = next((check for check in seen.checks if check.id == check_id(one.script)), None)
    if seen.tampering:
        return one.model_copy(update={"release": release, "said": TAMPERS.format(what="; ".join(seen.tampering)[:300])})
    if check is None:
        return one.model_copy(
            update={"release": release, "said": NOT_RUN.format(note=seen.note or "nothing came back")}
        )
    if lenient and check.fault is not None and not check.reached:
        check = check.model_copy(update={"reached": 1})  # of what is not there yet nothing can run
    return judge(one, check).model_copy(update={"release": release})


def _with(
    evidence: Evidence, tries: tuple[Reproduction, ...], seen: Sequence[Observation], told: Sequence[Fault]
) -> Evidence:
    """The evidence with the reproduction's fault in place of what was only told."""
    shown = tuple(
        check.fault
        for look in seen
        for check in look.checks
        if check.id.startswith("script:") and check.outcome is Outcome.FAIL and check.fault is not None
    )
    dropped = {fault.identity for fault in told}
    first = shown[0]
    raised = tuple(fault.model_copy(update={"traceback": fault.traceback or first.traceback}) for fault in shown)
    return evidence.model_copy(
        update={
            "faults": (*(fault for fault in evidence.faults if fault.identity not in dropped), *raised),
            "asked": (*(fault for fault in evidence.asked if fault.identity not in dropped), raised[0]),
            "baseline": merged(evidence.baseline, seen),
            "reproductions": tries,
        }
    )
