"""Load and exercise the add-on in real Blender: the sensor everything rests on.

One start per release enables, calls, draws, disables and enables again, answers the questions about
the API, renders what the main operator makes, and runs the scripts there are.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol, TypeVar

from bot.blender.base import (
    Ending,
    HarnessRequest,
    HarnessResult,
    Picture,
    Place,
    Probe,
    ProbeKind,
    Raised,
    Runtime,
    Session,
)
from bot.models.addon import Addon
from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.release import Release
from bot.models.reproduction import Script
from bot.models.validation import Check, Observation, Outcome
from bot.sandbox.ending import end_children
from bot.sandbox.files import read_left
from bot.validators.base import Subject
from bot.validators.crashes import without_blenders_own
from bot.validators.export import export

NOT_REACHED = "{label} {ending}: {detail}"
MAX_PICTURE = 16 * 1024**2
"""Bytes; a render of 512 by 512 pixels has about 150,000."""
SCRIPTS_SECONDS = 30.0
"""For a start that only runs scripts: enabling the add-on, besides the time of each script."""
_STOPPING_SECONDS = 0.2
"""Between two times Blenders are told to end, when the run is stopped: one may just be starting."""
PNG = b"\x89PNG\r\n\x1a\n"

TAMPERING = "What this add-on does cannot be judged by watching it: {what}. Read its code."
LACKS = "{label} lacks the Python module {module}, which Blender's own releases bring along{cure}"
LACKS_CURE = " (install it for {path}; Debian: apt-get install python3-{module})"
BUNDLED = frozenset({"certifi", "charset_normalizer", "idna", "numpy", "requests", "urllib3", "zstandard"})
"""Python modules every Blender from blender.org has; a distribution's own package may come without them."""

_KINDS = {
    ProbeKind.ENABLE: FaultKind.LOAD,
    ProbeKind.REENABLE: FaultKind.DISABLE,
    ProbeKind.DISABLE: FaultKind.DISABLE,
    ProbeKind.CLASS: FaultKind.CLASS,
    ProbeKind.OPERATOR: FaultKind.OPERATOR,
    ProbeKind.VARIATION: FaultKind.OPERATOR,
    ProbeKind.ROUND_TRIP: FaultKind.OPERATOR,
    ProbeKind.PANEL: FaultKind.PANEL,
    ProbeKind.NODE: FaultKind.NODE,
    ProbeKind.PROPERTY: FaultKind.PROPERTY,
    ProbeKind.GIZMO: FaultKind.PANEL,
    ProbeKind.HANDLER: FaultKind.HANDLER,
    ProbeKind.TIMER: FaultKind.HANDLER,
    ProbeKind.KEYMAP: FaultKind.KEYMAP,
    ProbeKind.PRESET: FaultKind.OPERATOR,
    ProbeKind.FUNCTION: FaultKind.FUNCTION,
    ProbeKind.RELOAD: FaultKind.RELOAD,
    ProbeKind.LEFT_BEHIND: FaultKind.LEFT_BEHIND,
    ProbeKind.SCRIPT: FaultKind.SCENARIO,
}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_Thing = TypeVar("_Thing")
_Seen = TypeVar("_Seen")


class Starter(Protocol):
    """Starts Blender, again where a probe killed it; see `bot.blender.session`."""

    def exercise(self, runtime: Runtime, request: HarnessRequest, work: Path) -> Session:
        """The outcome; `starts` says how many Blenders were started for it."""
        ...


@dataclass(frozen=True)
class Exercise:
    """The validator `exercise`."""

    starter: Starter
    runtimes: Sequence[Runtime]
    seconds: float = 90.0
    picture: bool = True
    name: str = "exercise"

    def observe(self, subject: Subject) -> tuple[Observation, ...]:
        """One observation per release to run in, side by side where there are several."""
        return without_blenders_own(in_each(subject.releases, lambda release: self._observe(subject, release)))

    def photograph(self, subject: Subject, release: Release, like: Observation) -> Observation:
        """Only enable the add-on and render what the main operator of another look makes, by its camera."""
        picture = Picture(
            file=str(_picture(subject, release)), operator=like.main_operator, camera=like.camera, alone=like.alone
        )
        request = self._request(subject, release, picture=True)
        asked = {"exercise": False, "scripts": (), "picture": picture}
        return self._run(subject, release, request.model_copy(update=asked))

    def only(self, subject: Subject, release: Release, ids: tuple[str, ...]) -> Observation:
        """Enable the add-on and run these probes and no others."""
        request = self._request(subject, release, picture=False)
        return self._run(subject, release, request.model_copy(update={"only": ids}))

    def scripts(
        self, subject: Subject, release: Release, scripts: Sequence[Script], shown: str | None = None
    ) -> Observation:
        """Only enable the add-on and run these scripts; `subject.work` may have been used for it before.

        `shown` is the one whose scene is rendered as it left it.
        """
        request = self._request(subject, release, picture=False)
        work = _work(subject, release)
        work.mkdir(parents=True, exist_ok=True)
        asked = {
            "exercise": False,
            "questions": (),
            "places": (),
            "changed": {},
            "scripts": tuple(scripts),
            "picture": Picture(file=str(_picture(subject, release)), script=shown) if shown else None,
            "scratch": tempfile.mkdtemp(prefix="scripts-", dir=work),
            "budget_seconds": min(self.seconds, SCRIPTS_SECONDS),
        }
        return self._run(subject, release, request.model_copy(update=asked))

    def _observe(self, subject: Subject, release: Release) -> Observation:
        wanted = self.picture and release == subject.target
        return self._run(subject, release, self._request(subject, release, picture=wanted))

    def _request(self, subject: Subject, release: Release, *, picture: bool) -> HarnessRequest:
        work = _work(subject, release)
        return HarnessRequest(
            addon_source=str(work / "addon" / _name(subject.addon)),
            module=subject.addon.module,
            kind=subject.addon.kind.value,
            scratch=str(work / "scratch"),
            places=_places(subject),
            questions=tuple(subject.questions),
            picture=Picture(file=str(_picture(subject, release))) if picture else None,
            scripts=tuple(one for one in subject.scripts if not one.releases or release in one.releases),
            budget_seconds=self.seconds,
            changed={
                inner: lines
                for path, lines in subject.patch.changed_lines.items()
                if (inner := inside_addon(subject.addon, path)) is not None
            },
        )

    def _run(self, subject: Subject, release: Release, request: HarnessRequest) -> Observation:
        runtime = next(runtime for runtime in self.runtimes if runtime.release == release)
        work = _work(subject, release)
        export(subject, work / "addon", _name(subject.addon))
        session = self.starter.exercise(runtime, request, work)
        picture = _kept_picture(subject, release) if request.picture is not None else None
        return _observation(subject.addon, runtime, session, picture)


def in_each(things: Sequence[_Thing], look: Callable[[_Thing], _Seen]) -> list[_Seen]:
    """A look at each release, or whatever else, two at a time. Raises what the first of them raises, once all have
    ended."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        looks = [pool.submit(look, thing) for thing in things]
        try:
            return [each.result() for each in looks]
        except BaseException:
            # Stopped, or one of them cannot be had: the others need not be waited for.
            pool.shutdown(wait=False, cancel_futures=True)
            while wait(looks, timeout=_STOPPING_SECONDS).not_done:
                end_children()
            raise


def _observation(addon: Addon, runtime: Runtime, session: Session, picture: Path | None) -> Observation:
    result = session.result
    if result is None or not result.probes:
        detail = _clean(session.output).strip().splitlines()[-1:] or ["it said nothing"]
        return Observation(
            validator="exercise",
            release=runtime.release,
            reached=False,
            note=NOT_REACHED.format(label=runtime.label, ending=session.ending.value, detail=detail[0][:300]),
            checks=_tampering(session, runtime.release),
            tampering=session.tampering,
            starts=session.starts,
            seconds=session.seconds,
            version=runtime.version,
        )
    lacking = _lacking(result)
    if lacking:
        cure = LACKS_CURE.format(path=runtime.path, module=lacking) if runtime.kind == "executable" else ""
        return Observation(
            validator="exercise",
            release=runtime.release,
            reached=False,
            unsuited=True,
            note=LACKS.format(label=runtime.label, module=lacking, cure=cure),
            starts=session.starts,
            seconds=session.seconds,
            version=runtime.version,
        )
    notes = list(result.notes)
    if session.ending is not Ending.COMPLETED:
        notes.insert(0, f"{runtime.label} {session.ending.value} at {session.running or 'an unknown place'}")
    return Observation(
        validator="exercise",
        release=runtime.release,
        note=_clean("; ".join(notes))[:1000],
        checks=(
            *(_check(addon, probe, runtime.release) for probe in result.probes),
            *_tampering(session, runtime.release),
        ),
        tampering=session.tampering,
        answers=result.answers,
        executed=_executed(addon, result),
        lines={inside: count for path, count in result.lines.items() if (inside := repository_path(addon, path))},
        pictures={"picture": str(picture)} if picture is not None and result.picture else {},
        camera=result.camera,
        alone=result.alone,
        main_operator=result.main_operator,
        starts=session.starts,
        seconds=session.seconds,
        version=result.version,
    )


def _lacking(result: HarnessResult) -> str:
    """The bundled module this Blender does not have and the add-on imports; empty when there is none."""
    for probe in result.probes:
        raised = probe.raised
        if probe.outcome == "fail" and raised and raised.type in ("ModuleNotFoundError", "ImportError"):
            module = (raised.member or "").partition(".")[0]
            if module in BUNDLED:
                return module
    return ""


def _check(addon: Addon, probe: Probe, release: Release) -> Check:
    fault = _fault(addon, probe, probe.raised, release) if probe.outcome == "fail" and probe.raised else None
    return Check(
        id=probe.id,
        outcome=Outcome(probe.outcome),
        detail=_clean(probe.detail),
        fault=fault,
        situation=probe.situation,
        effect=probe.effect,
        recipe=probe.recipe if fault is not None else None,
        reached=probe.reached,
        made=probe.made,
    )


def _tampering(session: Session, release: Release) -> tuple[Check, ...]:
    """What the add-on did to pass for other than it is, as a fault that nothing makes good."""
    if not session.tampering:
        return ()
    fault = Fault(
        kind=FaultKind.TAMPERING,
        message=_clean(TAMPERING.format(what="; ".join(session.tampering)))[:2000],
        source=FaultSource.RUNTIME,
        proof=Proof.REPRODUCED,
        release=release,
        subject="tampering",
    )
    return (Check(id="tampering", outcome=Outcome.FAIL, fault=fault),)


def _fault(addon: Addon, probe: Probe, raised: Raised, release: Release) -> Fault:
    path = repository_path(addon, raised.path)
    kind = {"Crash": FaultKind.CRASH, "Stopped": FaultKind.CRASH, "Timeout": FaultKind.TIMEOUT}.get(
        raised.type, _KINDS[probe.kind]
    )
    return Fault(
        kind=kind,
        owner=raised.owner,
        member=raised.member,
        path=path,
        line=raised.line if path else 0,
        end_line=raised.line if path else 0,
        message=_clean(raised.message),
        exception=raised.type,
        source=FaultSource.TEST if probe.kind is ProbeKind.SCRIPT else FaultSource.RUNTIME,
        proof=Proof.API if probe.kind is ProbeKind.CLASS else Proof.REPRODUCED,
        release=release,
        subject=probe.subject or probe.id,
        traceback=_clean(raised.traceback)[:20_000] or None,
    )


def _executed(addon: Addon, result: HarnessResult) -> dict[str, tuple[int, ...]]:
    found = {repository_path(addon, path): lines for path, lines in result.executed.items()}
    return {path: lines for path, lines in found.items() if path}


def repository_path(addon: Addon, inner: str) -> str:
    """Where a file the harness names lies in the repository; empty for anything that is not the add-on's."""
    if not inner:
        return ""
    if addon.single_file:
        return addon.path
    path = str(PurePosixPath(addon.path) / inner) if addon.path != "." else str(PurePosixPath(inner))
    return path if path in addon.files else ""


def inside_addon(addon: Addon, path: str) -> str | None:
    """What the harness calls a file of the repository; null where it is none of the add-on's."""
    if not addon.inside(path):
        return None
    if addon.single_file:
        return _name(addon)
    return path if addon.path == "." else path.removeprefix(addon.path + "/")


def _places(subject: Subject) -> tuple[Place, ...]:
    """The places somebody's traceback names, as the harness spells them."""
    found = ((inside_addon(subject.addon, place.path), place) for place in subject.places)
    return tuple(place.model_copy(update={"path": inner}) for inner, place in found if inner is not None)[:200]


def _name(addon: Addon) -> str:
    return f"{addon.module}.py" if addon.single_file else addon.module


def _work(subject: Subject, release: Release) -> Path:
    return subject.work / f"blender-{release}"


def _picture(subject: Subject, release: Release) -> Path:
    return _work(subject, release) / "picture.png"


def _kept_picture(subject: Subject, release: Release) -> Path | None:
    """The render, taken out of the folder the add-on could write to; null when there is none.

    Read is the file that was asked for, never one the result names: the result is a stranger's.
    """
    data = read_left(_picture(subject, release), _work(subject, release), limit=MAX_PICTURE)
    if data is None or not data.startswith(PNG):
        return None
    kept = subject.work / f"picture-{release}.png"
    kept.write_bytes(data)
    return kept


def _clean(text: str) -> str:
    return _CONTROL.sub("", text)
