"""One start of Blender, whatever comes of it, and starting again where one probe killed it."""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bot.blender.base import Ending, HarnessRequest, HarnessResult, Probe, ProbeKind, Runtime, Session
from bot.blender.environments import touch
from bot.blender.journal import Journal
from bot.blender.killers import last_probe
from bot.blender.launching import command_line, environment
from bot.blender.libraries import explain_failed_start
from bot.blender.records import KEY_BYTES, Channel, read_channel
from bot.blender.tampering import PICTURE, bounded, tampering_of
from bot.blender.testing import run_tests
from bot.sandbox.base import Command, Finished, Limits, Sandbox
from bot.sandbox.files import read_left

RESTARTS = 2
"""How often a Blender is started again after a probe killed it."""
AFTERWARDS = (ProbeKind.DISABLE.value, ProbeKind.LEFT_BEHIND.value, ProbeKind.REENABLE.value)
"""Probes that come after everything else. An operator that fails while it waits for events leaves Blender's memory in
disorder, and one of these dies of it: it is to blame only if it does so by itself."""
UNUSED = f"{ProbeKind.DISABLE.value}:unused"
"""The last of them, which needs none of the others."""

_MARGIN_SECONDS = 45.0
"""For starting, and for the render that follows the probes."""
_BUDGETS = 2
"""How many times a request's seconds all its starts together may take."""
_WORTH_STARTING_SECONDS = 15.0
_ANSWER_BYTES = 32 * 1024**2
_PICTURE_BYTES = 16 * 1024**2
_OUTPUT_CHARACTERS = 20_000
_HARNESS = Path(__file__).with_name("harness")


@dataclass(frozen=True)
class BlenderExerciser:
    """Starts Blender in a sandbox with the harness inside."""

    sandbox: Sandbox

    def start(self, runtime: Runtime, request: HarnessRequest, work: Path) -> Session:
        """One start. `work` is a fresh folder the sandbox may write to; the request's files lie in it.

        Raises:
            MissingError: the sandbox cannot be set up, or the system lacks libraries Blender needs.
        """
        if request.picture is not None:
            _clear(Path(request.picture.file))
        touch(runtime)
        key = secrets.token_bytes(KEY_BYTES)
        finished = self.sandbox.run(_command(runtime, request, work, key))
        channel = read_channel(finished.answer, key)
        journal = Journal.of(channel.records)
        result = journal.result(runtime)
        if journal.about and journal.about.get("release") != str(runtime.release):
            result = None
        ending = _ending(finished, channel, result)
        if ending is Ending.NO_RESULT and not journal.about:
            explain_failed_start(runtime, finished.output)
        tampering = tampering_of(channel, finished.output)
        if result is not None and result.picture and not _as_taken(request, work, journal.digest):
            result = result.model_copy(update={"picture": None})
            tampering = (*tampering, PICTURE)
        return Session(
            ending=ending,
            result=result,
            running=journal.running,
            output=finished.output[-_OUTPUT_CHARACTERS:],
            status=finished.status,
            stopped=finished.stopped,
            seconds=finished.seconds,
            tampering=tampering,
        )

    def exercise(self, runtime: Runtime, request: HarnessRequest, work: Path) -> Session:
        """Start, and start again without the probe that killed it; at most `RESTARTS` times.

        What comes after everything else is tried by itself before it is called a killer.

        Where tests are to be run it is `run_tests` that does so.

        The killer is in the result as a failing probe; `Session.starts` counts the starts, and
        `seconds` is what all of them took.

        Raises:
            MissingError: as `start`.
        """
        if request.tests is not None:
            return run_tests(self.start, runtime, request, work)
        killed: dict[str, Probe] = {}
        earlier: tuple[HarnessResult, ...] = ()
        tampering: dict[str, None] = {}
        seconds, budget, whole = 0.0, request.budget_seconds, request.seconds
        starts = 0
        for number in range(1, RESTARTS + 2):
            session = self.start(runtime, request, work)
            seconds, starts = seconds + session.seconds, starts + 1
            tampering.update(dict.fromkeys(session.tampering))
            again = _again(session, request)
            if session.running in (*AFTERWARDS, UNUSED) and not request.only:
                only = (UNUSED,) if session.running == UNUSED else AFTERWARDS
                alone = self.start(runtime, _afterwards(request, only, work), work)
                seconds, starts = seconds + alone.seconds, starts + 1
                if alone.ending is Ending.COMPLETED and alone.result is not None:
                    earlier = (*earlier, alone.result)
            known = {probe.id for result in earlier for probe in result.probes}
            if session.running not in known and (probe := last_probe(session, request)):
                killed[probe.id] = probe
            left = _BUDGETS * whole - seconds
            if again is None or number > RESTARTS or left < _WORTH_STARTING_SECONDS:
                break
            if session.result:
                earlier = (*earlier, session.result)
            scratch = tempfile.mkdtemp(prefix="again-", dir=work)  # no name a stranger could have prepared
            request = again.model_copy(update={"scratch": scratch, "budget_seconds": min(budget, left)})
        result = _merged(session.result, earlier, killed)
        return session.model_copy(
            update={
                "result": result,
                "starts": starts,
                "seconds": seconds,
                "tampering": tuple(bounded(tampering)),
            }
        )


def _command(runtime: Runtime, request: HarnessRequest, work: Path, key: bytes) -> Command:
    """How this runtime is started with the harness, and what it is told there."""
    source = Path(request.addon_source)
    shown = () if source.is_relative_to(work) else (source,)
    if request.tests is not None and request.tests.pytest:
        shown = (*shown, Path(request.tests.pytest))
    return Command(
        argv=command_line(runtime, _HARNESS / "start.py"),
        writable=work,
        readable=(_HARNESS, *runtime.readable, *shown),
        environment=environment(Path(request.scratch)),
        limits=Limits(seconds=request.seconds + _MARGIN_SECONDS, answer_bytes=_ANSWER_BYTES),
        input=told(request, key),
        answers=True,
        wanted=(Path(request.picture.file),) if request.picture is not None else (),
    )


def _clear(file: Path) -> None:
    """Remove what an earlier start may have put there, so that nothing is written through a link."""
    if file.is_dir() and not file.is_symlink():
        shutil.rmtree(file)
    file.unlink(missing_ok=True)


def told(request: HarnessRequest, key: bytes) -> bytes:
    """What the harness reads from standard input."""
    return json.dumps({"key": key.hex(), "request": request.model_dump(mode="json")}).encode("ascii")


def _as_taken(request: HarnessRequest, work: Path, digest: str) -> bool:
    """Whether the picture is the one the harness saw, right after it was taken."""
    if request.picture is None:
        return False
    data = read_left(Path(request.picture.file), work, limit=_PICTURE_BYTES)
    return data is not None and hashlib.sha256(data).hexdigest() == digest


def _ending(finished: Finished, channel: Channel, result: HarnessResult | None) -> Ending:
    """A whole result counts, however Blender then ended: as a module it is known to hang at exit."""
    if result is not None and result.complete:
        return Ending.COMPLETED
    if finished.timed_out:
        return Ending.TIMED_OUT
    if finished.stopped:
        return Ending.STOPPED
    if channel.unsigned:
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


def _afterwards(request: HarnessRequest, only: tuple[str, ...], work: Path) -> HarnessRequest:
    """The request for these of what comes after everything else, and nothing besides."""
    scratch = tempfile.mkdtemp(prefix="alone-", dir=work)
    alone = {"only": only, "picture": None, "scripts": (), "questions": (), "scratch": scratch}
    return request.model_copy(update=alone)


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
