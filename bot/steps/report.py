"""The report of a run, and the bundle it leaves on disk."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from pydantic import JsonValue

from bot.models.attempt import Attempt
from bot.models.citation import Citation
from bot.models.evidence import Evidence
from bot.models.exchange import Exchange
from bot.models.fault import Fault
from bot.models.plan import Plan
from bot.models.release import OLDEST
from bot.models.report import Answer, Artifact, Cost, PatchSummary, Report, Status, Untried
from bot.models.reproducer import ProposedTest
from bot.models.request import RepairRequest
from bot.models.validation import TEST_SUITE, Observation, Outcome
from bot.patches import to_bytes
from bot.reporting import html, markdown
from bot.reporting.reproducers import TESTS_FOLDER
from bot.reporting.story import spans
from bot.reporting.summary import summary
from bot.rules.registry import by_code
from bot.secrets import redacted
from bot.steps.distinct import distinct
from bot.steps.evidence import dead_targets
from bot.steps.heal import best
from bot.steps.looked import looked
from bot.steps.picture import Pictures
from bot.steps.plan import answers
from bot.steps.proposals import Proposals
from bot.steps.reproducers import Scripts, told
from bot.steps.subject import worded
from bot.validators.compare import difference
from bot.validators.types.sensor import NAME as TYPES

PATCH_FILE = "patch.diff"
_OF_BLENDER = ("exercise", "api")
"""Validators whose version is that of a Blender, or of its stubs."""
MOST_UNTRIED = 500
TEST = "What was repaired, as tests in the repository's own style"
SHOWS = "Shows the fault at {place}"
SCENE = "How the scenario {file} looks"
RAISED_MINIMUM = (
    "The add-on declares Blender {declared}; today's Python cannot keep releases before 2.80, so 2.80 counts as its "
    "oldest one and the declaration is raised where it is repaired."
)
STATIC_ONLY = "No runtime was run for Blender {releases}: the API the patch uses there was checked against the stubs."
DEAD = "It could not be checked. {notes} Try it by hand, or see: bot doctor"
ABOUT_TESTS = "The repository's own tests in Blender {release}: {note}."
NOT_CHECKED = "Blender {release} was not checked: {note}"


def compose(
    request: RepairRequest,
    evidence: Evidence,
    plans: Sequence[Plan],
    attempts: Sequence[Attempt],
    shown: Pictures,
    timings: Mapping[str, float],
    calls: Sequence[Exchange] = (),
    answer: Answer | None = None,
    proposed: Proposals | None = None,
) -> Report:
    """Make the report value of a finished run."""
    chosen = best(attempts)
    scripts = proposed.scripts if proposed is not None else Scripts()
    tests = proposed.tests if proposed is not None else ()
    faults = told(_with_rules(distinct(evidence.faults), chosen), scripts)
    remaining = distinct(chosen.verdict.remaining) if chosen else told(distinct(evidence.faults), scripts)
    repaired = distinct(chosen.verdict.repaired) if chosen else ()
    error = _error(request, evidence)
    ended = Status.ANSWERED if answer else _status(request, faults, repaired, remaining, chosen)
    status = Status.ERROR if error else ended
    observations = (*evidence.baseline, *(seen for attempt in attempts for seen in attempt.validation.observations))
    last = plans[-1] if plans else Plan()
    routed = next((plan for plan in reversed(plans) if plan.route is not None), last)
    plan = Plan(
        repairs=tuple(repair for plan in plans for repair in plan.repairs),
        explained=last.explained,
        unanswered=remaining,
        by=last.by,
        route=routed.route,
        tasks=routed.tasks,
    )
    made = Report(
        id=request.id,
        status=status,
        verified=chosen is not None and chosen.verdict.verified,
        summary=error,
        error=error or None,
        request=request,
        faults=faults,
        remaining=remaining,
        plan=plan,
        attempts=tuple(attempts),
        best=chosen.number if chosen else None,
        patch=PatchSummary(
            path=PATCH_FILE,
            files=chosen.patch.files,
            added=chosen.patch.added,
            removed=chosen.patch.removed,
            rules=chosen.patch.rules,
        )
        if chosen
        else None,
        validation=chosen.validation.differences
        if chosen
        else tuple(difference(seen, seen) for seen in evidence.baseline),
        sameness=chosen.validation.sameness if chosen else (),
        looked=looked(chosen.validation.observations if chosen else evidence.baseline),
        untried=_untried(chosen.validation.observations if chosen else evidence.baseline),
        citations=_citations(evidence, chosen),
        artifacts=_artifacts(shown, chosen, scripts, tests),
        reproductions=evidence.reproductions,
        reproducers=tuple(one.reproducer for one in scripts.made),
        proposed_tests=tests,
        answer=answer,
        cost=Cost.of(calls),
        timings={name: round(seconds, 3) for name, seconds in timings.items()},
        blender_starts=_starts(request, observations, shown, scripts),
        versions=versions(observations),
        notes=(*_notes(request, evidence, chosen), *scripts.notes),
    )
    return _redacted(made if error else made.model_copy(update={"summary": summary(made)}))


def _redacted(made: Report) -> Report:
    """The report without the secrets somebody left in an issue, a log or code; most hold none and stay as they are."""
    known = made.model_dump(mode="json", by_alias=True)
    clean = _mapped(known)
    return made if clean == known else Report.model_validate(clean)


def _mapped(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {key: _mapped(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_mapped(each) for each in value]
    return redacted(value) if isinstance(value, str) else value


def write(report: Report, diff: bytes, shown: Pictures, folder: Path) -> None:
    """Write the bundle; the folder ignores itself in git."""
    (folder / "renders").mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n")
    for name, picture in (("before", shown.before), ("after", shown.after)):
        if picture is not None:
            shutil.copyfile(picture, folder / "renders" / f"{name}.png")
    for place, picture in shown.scenarios.items():
        (folder / place).parent.mkdir(exist_ok=True)
        shutil.copyfile(picture, folder / place)
    if diff:
        (folder / PATCH_FILE).write_bytes(diff)
    for one in report.reproducers:
        _put(folder / one.path, one.text)
    for test in report.proposed_tests:
        _put(folder / TESTS_FOLDER / test.path, test.text)
    text = redacted(diff.decode("utf-8", "replace"))
    (folder / "report.md").write_text(markdown.render(report, text), "utf-8")
    (folder / "report.html").write_text(html.render(report, text, folder), "utf-8")
    # Whole or not at all: it is what says that a run came to its end.
    part = folder / "report.json.part"
    part.write_text(report.model_dump_json(by_alias=True, indent=2) + "\n", "utf-8")
    part.replace(folder / "report.json")


def _put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def diff_of(attempts: Sequence[Attempt]) -> bytes:
    """The bytes of the patch to hand over; empty when there is none."""
    chosen = best(attempts)
    return to_bytes(chosen.patch) if chosen else b""


def _error(request: RepairRequest, evidence: Evidence) -> str:
    """Why nothing good can be said: a release that must be proven could not be run, and nothing is known to be
    wrong in the others. Empty otherwise."""
    dead = dead_targets(request, evidence)
    if not dead or (evidence.faults and len({seen.release for seen in dead}) < len(request.targets)):
        return ""
    return DEAD.format(notes=" ".join(dict.fromkeys(f"{seen.note.rstrip('.')}." for seen in dead)))


def _status(
    request: RepairRequest,
    faults: Sequence[Fault],
    repaired: Sequence[Fault],
    remaining: Sequence[Fault],
    chosen: Attempt | None,
) -> Status:
    if chosen is not None and not repaired:
        return Status.REPAIRED if chosen.verdict.verified and not remaining else Status.PARTIAL
    if not faults:
        # What somebody told of in words, and nobody could show or do, is not done.
        return Status.UNREPAIRED if worded(request) and chosen is None else Status.CLEAN
    if not repaired:
        return Status.UNREPAIRED
    return Status.PARTIAL if remaining else Status.REPAIRED


def _with_rules(faults: Sequence[Fault], chosen: Attempt | None) -> tuple[Fault, ...]:
    """Name the rule that answered each fault."""
    named: list[Fault] = []
    for fault in faults:
        repair = next((r for r in chosen.patch.repairs if answers(r, fault)), None) if chosen else None
        named.append(fault.model_copy(update={"rule": repair.rule}) if repair and not fault.rule else fault)
    return tuple(named)


def _untried(observations: Sequence[Observation]) -> tuple[Untried, ...]:
    """What an add-on refused or nobody could try; what stubs do not say is no part of it."""
    found = [
        Untried(check=check.id, release=seen.release, outcome=check.outcome, why=check.detail)
        for seen in observations
        if seen.reached and not seen.static
        for check in seen.checks
        if check.outcome in (Outcome.REFUSED, Outcome.SKIPPED)
    ]
    return tuple(found[:MOST_UNTRIED])


def _citations(evidence: Evidence, chosen: Attempt | None) -> tuple[Citation, ...]:
    found = [*(chosen.patch.cites if chosen else ()), *evidence.chunks]
    for code in chosen.patch.rules if chosen else ():
        rule = by_code(code)
        for url in rule.documentation.references if rule else ():
            if url.startswith("https://"):
                found.append(Citation(label=f"{code}: {_label(url)}", url=url))
    return tuple(dict.fromkeys(found))


def _label(url: str) -> str:
    symbol = url.rpartition("#")[2] if "#" in url else ""
    return symbol or url.removeprefix("https://").rstrip("/")


def _artifacts(
    shown: Pictures, chosen: Attempt | None, scripts: Scripts, tests: Sequence[ProposedTest]
) -> tuple[Artifact, ...]:
    made: list[Artifact] = []
    what = f"What {shown.operator} makes" if shown.operator else "The scene"
    if chosen is not None:
        made.append(Artifact(path=PATCH_FILE, kind="patch", caption="The patch, for git apply"))
    if shown.before is not None:
        when = (", before: nothing, it does not run" if shown.note else ", before") if chosen is not None else ""
        made.append(Artifact(path="renders/before.png", kind="render", caption=f"{what}{when}"))
    if shown.after is not None:
        made.append(Artifact(path="renders/after.png", kind="render", caption=f"{what}, after"))
    made += [
        Artifact(path=place, kind="scenario", caption=SCENE.format(file=Path(place).stem)) for place in shown.scenarios
    ]
    made += [
        Artifact(
            path=one.reproducer.path, kind="script", caption=SHOWS.format(place=one.fault.place or "no known place")
        )
        for one in scripts.made
    ]
    made += [Artifact(path=f"{TESTS_FOLDER}/{one.path}", kind="test", caption=TEST) for one in tests]
    made.append(Artifact(path="report.md", kind="report", caption="The report as Markdown"))
    made.append(Artifact(path="report.html", kind="report", caption="The report as a page"))
    return tuple(made)


def _starts(
    request: RepairRequest, observations: Sequence[Observation], shown: Pictures, scripts: Scripts
) -> dict[str, int]:
    counts: dict[str, int] = {}
    for observation in observations:
        if observation.starts and observation.release is not None:
            counts[str(observation.release)] = counts.get(str(observation.release), 0) + observation.starts
    if shown.starts:
        target = str(request.targets[-1])
        counts[target] = counts.get(target, 0) + shown.starts
    for release in scripts.starts:
        counts[str(release)] = counts.get(str(release), 0) + 1
    return counts


def versions(observations: Sequence[Observation]) -> dict[str, str]:
    """What looked, and in which version: of Blender, or of its stubs, for each release."""
    found = {"bcrag": version("bcrag"), "python": platform.python_version()}
    for observation in observations:
        if observation.validator == TYPES:  # which says who looked, and that is installed beside us
            found[observation.version] = version(observation.version)
        elif observation.version and observation.release is not None:
            what = observation.validator if observation.validator not in _OF_BLENDER else "blender"
            found[f"{what} {observation.release}"] = observation.version
    return found


def _notes(request: RepairRequest, evidence: Evidence, chosen: Attempt | None) -> tuple[str, ...]:
    notes: list[str] = []
    declared = request.addon.declared_minimum
    if declared is not None and declared < OLDEST:
        notes.append(RAISED_MINIMUM.format(declared=declared))
    observations = chosen.validation.observations if chosen else ()
    static = [seen.release for seen in observations if seen.static and seen.reached and seen.release is not None]
    if static:
        notes.append(STATIC_ONLY.format(releases=spans(static)))
    notes += [
        NOT_CHECKED.format(release=seen.release, note=seen.note)
        for seen in (observations or evidence.baseline)
        if seen.release is not None and not seen.reached
    ]
    notes += [
        ABOUT_TESTS.format(release=seen.release, note=seen.note)
        for seen in (observations or evidence.baseline)
        if seen.validator == TEST_SUITE and seen.note
    ]
    return tuple(notes)
