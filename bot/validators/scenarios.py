"""Scenarios a repository declares: a script of its own, and what has to be there once it has run.

Each is run over an add-on that was just enabled, in Blender's factory scene; a scenario with a reference render is
given a start of its own, and its picture is held against the reference.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.release import Release
from bot.models.reproduction import Script
from bot.models.validation import Check, Observation, Outcome
from bot.validators.base import Subject
from bot.validators.exercise import Exercise
from bot.validators.likeness import difference

NAME = "scenario"
FIRST = "There is no {file} in the commit to compare with: {picture} is how the scenario {name} looks now."
NO_PICTURE = "it could not be rendered"
UNLIKE = "{share:.1%} of the render differ from {file}, and {tolerance:.1%} may"
NOT_ALIKE = "the render cannot be compared with {file}: {why}"


@dataclass(frozen=True)
class Reference:
    """The picture a scenario has to come to. `tolerance` is the share of pixels, 0 to 1, that may differ.

    Without `data` it is not there yet: the scenario is rendered, for somebody to look at and commit.
    """

    file: str
    data: bytes | None = field(repr=False)
    tolerance: float


@dataclass(frozen=True)
class Scenario:
    """One scenario. `script.releases` says where it is run; `path` is the script in the repository."""

    name: str
    path: str
    script: Script
    reference: Reference | None = None


@dataclass(frozen=True)
class Scenarios:
    """The validator `scenario`."""

    exercise: Exercise
    scenarios: Sequence[Scenario]
    name: str = NAME

    def observe(self, subject: Subject) -> tuple[Observation, ...]:
        """One observation per release some scenario is for."""
        return tuple(
            self._observe(subject, release, chosen)
            for release in subject.releases
            if (chosen := [one for one in self.scenarios if _is_for(one, release)])
        )

    def _observe(self, subject: Subject, release: Release, chosen: Sequence[Scenario]) -> Observation:
        plain = [one for one in chosen if one.reference is None]
        looks = [self._look(subject, release, plain, None)] if plain else []
        looks += [self._look(subject, release, [one], one) for one in chosen if one.reference is not None]
        first = next((look for look in looks if not look.reached), looks[0])
        return first.model_copy(
            update={
                "validator": NAME,
                "checks": tuple(check for look in looks for check in look.checks),
                "executed": _together(look.executed for look in looks),
                "note": " ".join(dict.fromkeys(look.note for look in looks if look.note)),
                "pictures": {what: file for look in looks for what, file in look.pictures.items()},
                "starts": sum(look.starts for look in looks),
                "seconds": sum(look.seconds for look in looks),
                "tampering": tuple(dict.fromkeys(what for look in looks for what in look.tampering)),
            }
        )

    def _look(
        self, subject: Subject, release: Release, chosen: Sequence[Scenario], shown: Scenario | None
    ) -> Observation:
        work = Path(tempfile.mkdtemp(prefix=f"{NAME}-", dir=subject.work))
        seen = self.exercise.scripts(
            replace(subject, work=work), release, [one.script for one in chosen], shown.script.name if shown else None
        )
        names = {f"script:{one.script.name}": one for one in chosen}
        checks = [_of_scenario(check, names[check.id]) for check in seen.checks if check.id in names]
        rest = [check for check in seen.checks if check.id not in names and check.id != "enable"]
        pictures: dict[str, str] = {}
        note = seen.note
        if shown is not None and shown.reference is not None:
            file = seen.pictures.get("picture")
            pictures = {picture_of(shown.name, release): file} if file else {}
            if shown.reference.data is None:
                (picture,) = pictures or (NO_PICTURE,)
                note = FIRST.format(file=shown.reference.file, picture=picture, name=shown.name)
            else:
                checks = [
                    _likened(check, shown, shown.reference, shown.reference.data, file, release) for check in checks
                ]
        return seen.model_copy(update={"checks": (*checks, *rest), "pictures": pictures, "note": note})


def picture_of(name: str, release: Release) -> str:
    """What the picture of a scenario is called in a bundle."""
    return f"scenarios/{name}-{release}.png"


def _is_for(scenario: Scenario, release: Release) -> bool:
    return not scenario.script.releases or release in scenario.script.releases


def _of_scenario(check: Check, scenario: Scenario) -> Check:
    """The check of the script under the name of its scenario."""
    fault = check.fault
    if fault is not None:
        subject = f"{NAME} {scenario.name}"
        place = {} if fault.path else {"path": scenario.path}
        fault = fault.model_copy(update={"subject": subject, **place})
    return check.model_copy(update={"id": f"{NAME}:{scenario.name}", "fault": fault})


def _likened(
    check: Check, scenario: Scenario, wanted: Reference, data: bytes, file: str | None, release: Release
) -> Check:
    """The check, which passes only if the picture is like the reference, too."""
    if check.outcome is not Outcome.PASS:
        return check
    said = NO_PICTURE
    if file is not None:
        found = difference(Path(file).read_bytes(), data)
        if isinstance(found, str):
            said = NOT_ALIKE.format(file=wanted.file, why=found)
        elif found <= wanted.tolerance:
            return check
        else:
            said = UNLIKE.format(share=found, file=wanted.file, tolerance=wanted.tolerance)
    fault = Fault(
        kind=FaultKind.SCENARIO,
        path=scenario.path,
        message=said,
        exception="AssertionError",
        source=FaultSource.TEST,
        proof=Proof.REPRODUCED,
        release=release,
        subject=f"{NAME} {scenario.name}",
    )
    return check.model_copy(update={"outcome": Outcome.FAIL, "detail": said, "fault": fault})


def _together(executed: Iterable[dict[str, tuple[int, ...]]]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for lines in executed:
        for path, numbers in lines.items():
            found.setdefault(path, set()).update(numbers)
    return {path: tuple(sorted(numbers)) for path, numbers in found.items()}
