"""Every fault that was raised in Blender, as a script that shows it alone: written, and tried in a clean Blender.

On the untouched commit the shortest script that shows the fault is the one that is kept; with the patch the same
scripts are run again. Each has a Blender of its own, which knows nothing of the harness.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from bot.blender.clean import Clean
from bot.models.attempt import Attempt
from bot.models.evidence import Evidence
from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.patch import EMPTY
from bot.models.recipe import Recipe
from bot.models.release import Release
from bot.models.reproducer import Came, Reproducer, Tried
from bot.models.request import RepairRequest
from bot.models.validation import Check
from bot.reproducing.composing import scripts
from bot.reproducing.hearing import heard
from bot.reproducing.shapes import Shape
from bot.reproducing.usual import usual
from bot.reproducing.wanted import FOLDER, UnmakeableError, Wanted, hanging, slug
from bot.steps import critique
from bot.steps.base import Tools
from bot.steps.distinct import distinct
from bot.steps.patch import checkout
from bot.steps.tree import tree
from bot.validators.exercise import in_each
from bot.validators.export import export
from bot.validators.reproduction import check_id

COMMANDS = ("blender -b --factory-startup --python {path}", "python {path}")
UNMADE = "No script of its own shows {exception} at {place}: {why}."
MORE = "Scripts were made for the first {made} of {all} faults that were raised in Blender (setting `reproductions`)."
_UNSHOWABLE = frozenset({FaultKind.TAMPERING, FaultKind.CLASS})
_MOST_TRIES, _MOST_HANGS = 6, 2
"""Scripts that are tried for one fault; those that do not end take their time."""


@dataclass(frozen=True)
class Made:
    """A fault, its script, and how much of what is known that holds."""

    fault: Fault
    reproducer: Reproducer
    shape: Shape


@dataclass(frozen=True)
class Scripts:
    """What came of it: the scripts, why there are no more, and the release of each Blender that was started."""

    made: tuple[Made, ...] = ()
    notes: tuple[str, ...] = ()
    starts: tuple[Release, ...] = ()


def reproducers(request: RepairRequest, evidence: Evidence, chosen: Attempt | None, tools: Tools) -> Scripts:
    """The scripts of a run's faults, tried on the untouched commit, and those that show theirs with the patch, too.

    None where the add-on tampers with what watches it. The clone holds the patch afterwards, if there is one.
    """
    if tools.clean is None or not tools.reproductions or any(seen.tampering for seen in evidence.baseline):
        return Scripts()
    there = {runtime.release for runtime in tools.runtimes}
    faults = [fault for fault in _chosen(evidence, chosen) if fault.release in there]
    wanted = [one for fault in faults if (one := _wanted(fault, request, evidence)) is not None]
    numbered = list(enumerate(wanted[: tools.reproductions], 1))
    checkout(EMPTY, tools)
    bench = _Bench(request, tools, tools.clean, tools.work / "clean-before")
    first = in_each(numbered, lambda pair: bench.shown(*pair))
    made = [one for one in first if isinstance(one, Made)]
    notes = [one for one in first if isinstance(one, str)]
    if chosen is not None and not chosen.patch.empty:
        checkout(chosen.patch, tools)
        after = _Bench(request, tools, tools.clean, tools.work / "clean-after", bench.starts)
        made = in_each(made, after.again)
    if len(wanted) > tools.reproductions:
        notes.append(MORE.format(made=tools.reproductions, all=len(wanted)))
    return Scripts(tuple(made), tuple(notes), tuple(bench.starts))


def upheld(attempts: Sequence[Attempt], chosen: Attempt | None, found: Scripts) -> tuple[Attempt, ...]:
    """The attempts, the chosen one of which is called verified only if no script still shows what it repaired."""
    after = [(one.fault, one.reproducer.after) for one in found.made]
    still = [fault for fault, tried in after if tried is not None and tried.came is Came.SHOWS]
    return tuple(
        one.model_copy(update={"verdict": critique.upheld(one.verdict, still)}) if one == chosen else one
        for one in attempts
    )


def told(faults: Sequence[Fault], found: Scripts) -> tuple[Fault, ...]:
    """The faults, each with whether a script of its own shows it."""
    alone = {(one.fault.identity, one.fault.line): one.reproducer.confirmed for one in found.made}
    return tuple(
        fault.model_copy(update={"alone": alone[key]}) if (key := (fault.identity, fault.line)) in alone else fault
        for fault in faults
    )


def _chosen(evidence: Evidence, chosen: Attempt | None) -> list[Fault]:
    """The faults a script can show, each once: what was asked for first, then what is repaired, then all others."""
    places = {(fault.path, fault.line) for fault in evidence.asked}
    repaired = {fault.identity for fault in chosen.verdict.repaired} if chosen is not None else set()
    found = [
        fault
        for fault in distinct(evidence.faults)
        if fault.proof is Proof.REPRODUCED and fault.kind not in _UNSHOWABLE
    ]
    return sorted(found, key=lambda one: ((one.path, one.line) not in places, one.identity not in repaired))


def _wanted(fault: Fault, request: RepairRequest, evidence: Evidence) -> Wanted | None:
    """What is known of how a fault comes about; null where a script or a test of somebody's shows it already."""
    check = _check(fault, evidence)
    if check is None or fault.release is None:
        return None
    texts = {check_id(one.script): one.script.text for one in evidence.reproductions if one.counts}
    text = texts.get(check.id, "")
    if fault.source is FaultSource.TEST and not text:
        return None
    recipes: tuple[Recipe, ...] = (Recipe(),) if text else (check.recipe,) if check.recipe is not None else ()
    if fault.kind in (FaultKind.CRASH, FaultKind.TIMEOUT):
        recipes = recipes or usual(check.id)
    return Wanted(fault, request.addon, fault.release, recipes, text)


def _check(fault: Fault, evidence: Evidence) -> Check | None:
    """The check that showed a fault, in its release."""
    return next(
        (
            check
            for seen in evidence.baseline
            if seen.release == fault.release and not seen.static
            for check in seen.checks
            if check.fault is not None and check.fault.identity == fault.identity and check.fault.line == fault.line
        ),
        None,
    )


@dataclass
class _Bench:
    """One tree, and clean Blenders to try scripts on it."""

    request: RepairRequest
    tools: Tools
    clean: Clean
    folder: Path
    starts: list[Release] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        subject = tree(self.request, self.request.targets[-1], self.folder / "look", self.tools)
        self.addon = self.folder / self.request.addon.module
        if self.request.addon.single_file:
            self.addon = self.addon.with_suffix(".py")
        export(subject, self.folder, self.addon.name)

    def shown(self, number: int, wanted: Wanted) -> Made | str:
        """A fault's script: the first that shows it, else the last that was tried; or why there is none."""
        fault = wanted.fault
        file = f"{number}-{slug(fault)}.py"
        try:
            texts = list(islice(scripts(wanted, file), _MOST_HANGS if hanging(fault) else _MOST_TRIES))
        except UnmakeableError as error:
            named = {"exception": fault.exception or "the fault", "place": fault.place or "its place"}
            return UNMADE.format(**named, why=error)
        for one in texts:
            tried = self._run(fault, wanted.release, file, one.text)
            if tried.came is Came.SHOWS:
                break
        return Made(fault, _reproducer(wanted, file, one.text, tried), one.shape)

    def again(self, made: Made) -> Made:
        """The same with what its script does here; only one that is known to show its fault is asked."""
        one = made.reproducer
        if not one.confirmed:
            return made
        after = self._run(made.fault, one.release, Path(one.path).name, one.text)
        return replace(made, reproducer=one.model_copy(update={"after": after}))

    def _run(self, fault: Fault, release: Release, file: str, text: str) -> Tried:
        runtime = next(one for one in self.tools.runtimes if one.release == release)
        script = self.folder / file
        script.write_text(text, encoding="utf-8")
        self.starts.append(release)
        return heard(self.clean.run(runtime, script, (str(self.addon),), self.folder), fault)


def _reproducer(wanted: Wanted, file: str, text: str, tried: Tried) -> Reproducer:
    fault, path = wanted.fault, f"{FOLDER}/{file}"
    return Reproducer(
        path=path,
        text=text,
        commands=tuple(command.format(path=path) for command in COMMANDS),
        release=wanted.release,
        exception=fault.exception or "",
        place=fault.place,
        message=fault.message[:2000],
        confirmed=tried.came is Came.SHOWS,
        before=tried,
    )
