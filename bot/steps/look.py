"""Look at a tree: what every validator sees of it, and what the rules know about it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

from bot.blender.base import Place
from bot.models.evidence import ReleaseAnswers
from bot.models.fault import Fault, Proof
from bot.models.patch import Patch, Repair
from bot.models.reproduction import Script
from bot.models.request import RepairRequest
from bot.models.validation import Observation, Outcome
from bot.rules import engine
from bot.rules.base import Context
from bot.steps.base import Tools, static_releases
from bot.steps.keep import keep
from bot.steps.revive import revive
from bot.steps.stubs import stub_faults
from bot.triggers.logs import faults_in, frames_in
from bot.validators.base import Subject
from bot.validators.compare import failing_faults
from bot.validators.types.sensor import Reading, faults_of


@dataclass(frozen=True)
class Sight:
    """What was seen of one tree."""

    observations: tuple[Observation, ...]
    repairs: tuple[Repair, ...]
    """Every place a rule knows, broken or not."""
    faults: tuple[Fault, ...]


def look(
    request: RepairRequest,
    tools: Tools,
    patch: Patch,
    asked: Sequence[Fault],
    name: str,
    scripts: Sequence[Script] = (),
    baseline: Sequence[Observation] = (),
) -> Sight:
    """Run the validators, cheapest first, over the clone as it is now.

    `asked` are the faults the request itself tells of; rules may find places by them. `scripts` are run besides,
    in the start that tries everything else. `baseline` is what was seen of the untouched commit. A patched file that
    no longer parses stops the look before Blender is started.
    """
    subject = _subject(request, tools, patch, asked, name)
    subject = replace(subject, scripts=tuple(scripts), baseline=tuple(baseline))
    observations: list[Observation] = []
    with _reading(tools, subject) as reading:
        for validator in tools.validators:
            if validator.name == tools.exercise.name and reading is not None:
                subject = replace(subject, questions=tuple(dict.fromkeys((*subject.questions, *reading.questions()))))
            seen = validator.observe(subject)
            if scripts:
                seen = revive(request, seen, scripts, name, tools)
            observations.extend(keep(one, tools.renders) for one in seen)
            if validator.name == "syntax" and _spoiled(patch, seen):
                return see(request, tools, tuple(observations), asked)
        if reading is not None:
            observations.extend(reading.observations(observations))
    return see(request, tools, tuple(observations), asked)


def _reading(tools: Tools, subject: Subject) -> AbstractContextManager[Reading | None]:
    """What the type checkers make of the tree; they are at work while everything else is."""
    return tools.sensor.read(subject, tools.sources(subject.addon)) if tools.sensor is not None else nullcontext()


def see(request: RepairRequest, tools: Tools, observations: tuple[Observation, ...], asked: Sequence[Fault]) -> Sight:
    """The faults behind observations: what was raised, and what the API questions came to."""
    runtime = failing_faults(observations)
    survey = engine.survey(tools.sources(request.addon), context(request, tools, (*runtime, *asked)), tools.rules)
    open_ones = [repair for repair in survey.repairs if not cleared(repair, observations)]
    api = [
        fault
        for answers in answered(observations)
        for fault in engine.faults_from(open_ones, [answers], request.targets)
    ]
    typed = faults_of(observations, Proof.API)
    if tools.stand_in is not None:
        api += stub_faults(open_ones, request.runs_on, request.targets, tools.stand_in)
        typed += faults_of(observations, Proof.STATIC)
    typed = tuple(fault for fault in typed if not known_to_a_rule(fault, survey.repairs))
    return Sight(observations, survey.repairs, (*named(runtime, survey.repairs), *api, *typed))


def known_to_a_rule(fault: Fault, repairs: Sequence[Repair]) -> bool:
    """Whether a rule knows the very name at this place: then its own question decides, and its own words are shown."""
    return any(
        repair.path == fault.path
        and repair.line <= fault.end_line
        and fault.line <= repair.end_line
        and (repair.question is not None or repair.fault is not None)
        and fault.member in (repair.member, repair.question.name if repair.question is not None else None)
        for repair in repairs
    )


def named(faults: Sequence[Fault], repairs: Sequence[Repair]) -> tuple[Fault, ...]:
    """The faults, with the rule that knows their place where there is one."""
    found: list[Fault] = []
    for fault in faults:
        rule = next((r.rule for r in repairs if r.path == fault.path and r.line <= fault.line <= r.end_line), None)
        found.append(fault.model_copy(update={"rule": rule}) if rule and fault.rule is None else fault)
    return tuple(found)


def cleared(repair: Repair, observations: Sequence[Observation]) -> bool:
    """Whether the add-on, run, contradicts what the API alone says about a place, in every Blender that ran it."""
    if repair.cleared_by is None:
        return False
    ran = [
        {check.id: check.outcome for check in seen.checks}
        for seen in observations
        if seen.validator == "exercise" and seen.reached
    ]
    return bool(ran) and all(
        outcomes.get("enable") is Outcome.PASS and outcomes.get(repair.cleared_by, Outcome.PASS) is Outcome.PASS
        for outcomes in ran
    )


def answered(observations: Sequence[Observation]) -> tuple[ReleaseAnswers, ...]:
    """What each real Blender said about the API."""
    return tuple(
        ReleaseAnswers(release=observation.release, answers=observation.answers)
        for observation in observations
        if observation.release is not None and not observation.static and observation.answers
    )


def context(request: RepairRequest, tools: Tools, faults: Sequence[Fault]) -> Context:
    """What rules may know of this run."""
    return Context(
        support=request.support,
        targets=request.targets,
        faults=tuple(faults),
        sources=tools.sources(request.addon),
        single_file=request.addon.single_file,
    )


def _subject(request: RepairRequest, tools: Tools, patch: Patch, asked: Sequence[Fault], name: str) -> Subject:
    work = tools.work / name
    work.mkdir(parents=True)
    survey = engine.survey(tools.sources(request.addon), context(request, tools, asked), tools.rules)
    return Subject(
        root=tools.clone.folder,
        work=work,
        addon=request.addon,
        files=tools.clone.read(request.addon.files),
        links=tools.clone.links,
        patch=patch,
        releases=request.runs_on,
        static_releases=static_releases(request.support.releases(), request.runs_on),
        target=request.targets[-1],
        questions=engine.questions_of((*survey.repairs, *patch.repairs)),
        repairs=patch.repairs,
        places=places(request, tools),
    )


def places(request: RepairRequest, tools: Tools) -> tuple[Place, ...]:
    """The add-on's frames in the request's log, for Blender to aim at."""
    frames = frames_in(request.log, request.addon, tools.texts(request.addon)) if request.log else ()
    told = faults_in(request.log, request.addon, tools.texts(request.addon)) if frames else ()
    raised = {(fault.path, fault.line): (fault.exception or "").rpartition(".")[2] for fault in told}
    return tuple(
        Place(
            path=frame.path, line=frame.line, function=frame.function, raised=raised.get((frame.path, frame.line), "")
        )
        for frame in frames
    )


def _spoiled(patch: Patch, observations: Sequence[Observation]) -> bool:
    """Whether a file the patch changed is no Python any more; then no Blender needs to be started."""
    failing = {
        check.fault.path
        for seen in observations
        for check in seen.checks
        if check.outcome is Outcome.FAIL and check.fault is not None
    }
    return not failing.isdisjoint(patch.files)
