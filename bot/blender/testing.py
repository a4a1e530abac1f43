"""Running a repository's own tests: as often as Blender has to be started until each had its turn.

A test that kills its Blender, or does not end, costs itself and a start: the rest is run in the next one.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from bot.blender.base import Ending, HarnessRequest, HarnessResult, Probe, ProbeKind, Runtime, Session
from bot.blender.killers import last_probe
from bot.blender.tampering import bounded

STARTS = 5
"""How many Blenders one round of tests may take."""
BEFORE_ALL = f"{ProbeKind.TEST_FILE}:conftest.py"
"""The probe of what is read before any file of tests: where that fails, none can be."""
_WORTH_STARTING_SECONDS = 5.0

Start = Callable[[Runtime, HarnessRequest, Path], Session]


def run_tests(start: Start, runtime: Runtime, request: HarnessRequest, work: Path) -> Session:
    """Start, and start again with what is left where something ended a start before that was done.

    Raises:
        MissingError: the sandbox cannot be set up, or the system lacks libraries Blender needs.
    """
    results: list[HarnessResult] = []
    killed: dict[str, Probe] = {}
    tampering: dict[str, None] = {}
    seconds = 0.0
    for number in range(1, STARTS + 1):
        session = start(runtime, request, work)
        seconds += session.seconds
        tampering.update(dict.fromkeys(session.tampering))
        if probe := last_probe(session, request):
            killed[probe.id] = probe
        if session.result is not None:
            results.append(session.result)
        left = request.budget_seconds - session.seconds
        again = _again(session, request, killed)
        if again is None or number == STARTS or left < _WORTH_STARTING_SECONDS:
            break
        scratch = tempfile.mkdtemp(prefix="again-", dir=work)  # no name a stranger could have prepared
        request = again.model_copy(update={"scratch": scratch, "budget_seconds": left})
    return session.model_copy(
        update={
            "result": _merged(results, killed),
            "starts": number,
            "seconds": seconds,
            "tampering": tuple(bounded(tampering)),
        }
    )


def file_of(identifier: str) -> str:
    """The file of the probe of a test (`test:tests/test_a.py::test_b`), or of the file itself."""
    return identifier.partition(":")[2].partition("::")[0]


def _again(session: Session, request: HarnessRequest, killed: Mapping[str, Probe]) -> HarnessRequest | None:
    """What is left to be run; null where that is nothing, or the start came to nothing at all."""
    suite, result = request.tests, session.result
    if suite is None or result is None or (session.ending is not Ending.COMPLETED and not session.running):
        return None
    done = {probe.id for probe in result.probes}
    if BEFORE_ALL in killed or any(probe.id == BEFORE_ALL and probe.outcome != "pass" for probe in result.probes):
        return None
    passed = {probe.id for probe in result.probes if probe.kind is ProbeKind.TEST_FILE and probe.outcome == "pass"}
    skip = tuple(dict.fromkeys((*request.skip, *sorted(done - passed), *killed)))
    left = {file_of(test) for test in result.collected if test not in skip}
    given_up = {file_of(one) for one in skip if one.startswith(f"{ProbeKind.TEST_FILE}:")}
    # What was collected is only said when all of it is: before that, any file may hold tests.
    files = tuple(file for file in suite.files if (file in left if result.collected else file not in given_up))
    if not files or skip == request.skip:
        return None
    return request.model_copy(update={"skip": skip, "tests": suite.model_copy(update={"files": files})})


def _merged(results: list[HarnessResult], killed: dict[str, Probe]) -> HarnessResult | None:
    if not results:
        return None
    probes = {probe.id: probe for result in results for probe in result.probes}
    executed: dict[str, set[int]] = {}
    for result in results:
        for path, lines in result.executed.items():
            executed.setdefault(path, set()).update(lines)
    return results[-1].model_copy(
        update={
            "probes": tuple({**probes, **killed}.values()),
            "executed": {path: tuple(sorted(lines)) for path, lines in sorted(executed.items())},
            "collected": _each(test for result in results for test in result.collected),
            "notes": _each(note for result in results for note in result.notes),
        }
    )


def _each(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
