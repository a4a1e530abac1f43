"""One start of Blender, whatever comes of it, and starting again where one probe killed it."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bot.blender.base import (
    Ending,
    HarnessRequest,
    HarnessResult,
    Probe,
    ProbeKind,
    Raised,
    Runtime,
    Session,
)
from bot.blender.environments import touch
from bot.blender.journal import Journal, parse_result
from bot.blender.libraries import explain_failed_start
from bot.sandbox.base import Command, Finished, Limits, Sandbox
from bot.sandbox.files import read_left

RESTARTS = 2
"""How often a Blender is started again after a probe killed it."""

_MARGIN_SECONDS = 45.0
"""For starting, and for the render that follows the probes."""
_BUDGETS = 2
"""How many times a request's seconds all its starts together may take."""
_WORTH_STARTING_SECONDS = 15.0
_RESULT_BYTES = 32 * 1024**2
_OUTPUT_CHARACTERS = 20_000
_HARNESS = Path(__file__).with_name("harness")
_FOLDERS = {
    "HOME": "home",
    "TMPDIR": "tmp",
    "BLENDER_USER_SCRIPTS": "scripts",
    "BLENDER_USER_CONFIG": "config",
    "BLENDER_USER_EXTENSIONS": "extensions",
    "BLENDER_USER_DATAFILES": "datafiles",
}
"""What a user would have, below the scratch folder."""
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "USER": "nobody",
    "PYTHONDONTWRITEBYTECODE": "1",
    "LIBGL_ALWAYS_SOFTWARE": "1",  # the same picture with and without a graphics card
}


@dataclass(frozen=True)
class BlenderExerciser:
    """Starts Blender in a sandbox with the harness inside."""

    sandbox: Sandbox

    def start(self, runtime: Runtime, request: HarnessRequest, work: Path) -> Session:
        """One start. `work` is a fresh folder the sandbox may write to; the request's files lie in it.

        Raises:
            MissingError: the sandbox cannot be set up, or the system lacks libraries Blender needs.
        """
        result_file, journal_file = Path(request.result_file), Path(request.journal_file)
        for file in (result_file, journal_file):
            _clear(file)
        touch(runtime)
        finished = self.sandbox.run(_command(runtime, request, work))
        journal = Journal.parse(read_left(journal_file, work, limit=_RESULT_BYTES) or b"")
        data = read_left(result_file, work, limit=_RESULT_BYTES)
        result = parse_result(data) if data is not None else None
        if result is not None and result.release != runtime.release:
            result = None
        ending = _ending(finished, result_file, result)
        if ending is Ending.NO_RESULT and not journal.about:
            explain_failed_start(runtime, finished.output)
        return Session(
            ending=ending,
            result=result or journal.result(runtime),
            running="" if result else journal.running,
            output=finished.output[-_OUTPUT_CHARACTERS:],
            status=finished.status,
            seconds=finished.seconds,
        )

    def exercise(self, runtime: Runtime, request: HarnessRequest, work: Path) -> Session:
        """Start, and start again without the probe that killed it; at most `RESTARTS` times.

        The killer is in the result as a failing probe; `Session.starts` counts the starts, and
        `seconds` is what all of them took.

        Raises:
            MissingError: as `start`.
        """
        killed: dict[str, Probe] = {}
        earlier: tuple[HarnessResult, ...] = ()
        seconds, budget = 0.0, request.budget_seconds
        for number in range(1, RESTARTS + 2):
            session = self.start(runtime, request, work)
            seconds += session.seconds
            again = _again(session, request)
            if session.running and (probe := _killer(session)):
                killed[probe.id] = probe
            left = _BUDGETS * budget - seconds
            if again is None or number > RESTARTS or left < _WORTH_STARTING_SECONDS:
                break
            if session.result:
                earlier = (*earlier, session.result)
            scratch = tempfile.mkdtemp(prefix="again-", dir=work)  # no name a stranger could have prepared
            request = again.model_copy(update={"scratch": scratch, "budget_seconds": min(budget, left)})
        result = _merged(session.result, earlier, killed)
        return session.model_copy(update={"result": result, "starts": number, "seconds": seconds})


def _command(runtime: Runtime, request: HarnessRequest, work: Path) -> Command:
    """How this runtime is started with the harness; writes the request into `work`."""
    scratch = Path(request.scratch)
    environment = dict(_ENVIRONMENT)
    for variable, name in _FOLDERS.items():
        folder = scratch / name
        folder.mkdir(parents=True, exist_ok=True)
        environment[variable] = str(folder)
    (scratch / "scripts" / "addons").mkdir(exist_ok=True)
    start, asked = _HARNESS / "start.py", work / "request.json"
    _clear(asked)
    asked.write_text(request.model_dump_json(), encoding="utf-8")
    if runtime.kind == "module":
        argv = [str(runtime.path), "-I", "-B", str(start), str(asked)]
    else:
        options = ["--background", "--factory-startup", "-noaudio"]
        argv = [str(runtime.path), *options, "--python", str(start), "--", str(asked)]
    source = Path(request.addon_source)
    shown = () if source.is_relative_to(work) else (source,)
    return Command(
        argv=argv,
        writable=work,
        readable=(_HARNESS, *runtime.readable, *shown),
        environment=environment,
        limits=Limits(seconds=request.budget_seconds + _MARGIN_SECONDS),
        wanted=_wanted(request),
    )


def _wanted(request: HarnessRequest) -> tuple[Path, ...]:
    files = (request.result_file, request.journal_file, *([request.picture.file] if request.picture else ()))
    return tuple(Path(file) for file in files)


def _clear(file: Path) -> None:
    """Remove what an earlier start may have put there, so that nothing is written through a link."""
    if file.is_dir() and not file.is_symlink():
        shutil.rmtree(file)
    file.unlink(missing_ok=True)


def _ending(finished: Finished, result_file: Path, result: HarnessResult | None) -> Ending:
    """A readable result counts, however Blender then ended: as a module it is known to hang at exit."""
    if result is not None:
        return Ending.COMPLETED
    if finished.timed_out:
        return Ending.TIMED_OUT
    if result_file.is_symlink() or result_file.exists():
        return Ending.GARBAGE
    if finished.status is not None and finished.status < 0:
        return Ending.CRASHED
    return Ending.NO_RESULT


def _again(session: Session, request: HarnessRequest) -> HarnessRequest | None:
    """The request without what killed Blender; null where there is nothing to leave out."""
    killer = session.running
    if session.ending is Ending.COMPLETED or not killer or killer == ProbeKind.ENABLE:
        return None
    if killer == "picture":
        return request.model_copy(update={"picture": None})
    if killer in request.skip:
        return None
    return request.model_copy(update={"skip": (*request.skip, killer)})


def _killer(session: Session) -> Probe | None:
    """The probe Blender was at when it ended, as a failure."""
    kind, _, subject = session.running.partition(":")
    if session.ending is Ending.COMPLETED or kind not in set(ProbeKind):
        return None
    if session.ending is Ending.TIMED_OUT:
        name, what = "Timeout", "Blender did not end in time"
    elif session.ending is Ending.CRASHED:
        name, what = "Crash", f"Blender crashed (signal {-(session.status or 0)})"
    else:
        name, what = "Exit", f"Blender ended with status {session.status}"
    return Probe(
        id=session.running,
        kind=ProbeKind(kind),
        subject=subject[:300],
        outcome="fail",
        raised=Raised(type=name, message=f"{what} while running {session.running}"),
    )


def _merged(
    last: HarnessResult | None, earlier: tuple[HarnessResult, ...], killed: dict[str, Probe]
) -> HarnessResult | None:
    """The last result with what only earlier starts tried, and with the probes that killed them."""
    base = last or (earlier[-1] if earlier else None)
    if base is None:
        return None
    probes = {probe.id: probe for result in earlier for probe in result.probes}
    probes.update((probe.id, probe) for probe in base.probes if probe.id not in killed)
    probes.update(killed)
    return base.model_copy(
        update={"probes": tuple(probes.values()), "answers": base.answers or _first_answers(earlier)}
    )


def _first_answers(results: tuple[HarnessResult, ...]) -> tuple[object, ...]:
    return next((result.answers for result in results if result.answers), ())
