"""The repository's own tests as a sensor: before a patch they say what is wrong, after it what it broke.

They run in the sandbox, in a start of Blender of their own, on a copy of the whole repository. What fails is run once
more in another Blender: a test that then passes says nothing, before as after.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from bot.blender.base import Ending, HarnessRequest, HarnessResult, Probe, ProbeKind, Raised, Runtime, Session, Suite
from bot.blender.testing import BEFORE_ALL, file_of
from bot.models.addon import Addon
from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.release import Release
from bot.models.validation import TEST_SUITE, Check, Observation, Outcome
from bot.validators.base import Subject
from bot.validators.exercise import Starter, in_each, inside_addon, repository_path
from bot.validators.export import export
from bot.validators.tests.finding import Found, find
from bot.validators.tests.ordering import first
from bot.validators.tests.stored import fill
from bot.weakening import is_test

NO_PYTEST = "pytest is not in the cache and could not be fetched: tests that need it were not run"
TOO_LARGE = "the repository is too large to be copied for its tests"
NOTHING = "{label} {ending} before any test had run"
ENDED = "{label} {ending} at {running}"
FLAKY = "its outcome changes by itself when it is run again, so it does not count"
NEVER_BEGUN = "its turn never came in the time there is"
FLAKY_CHECK = Check(id="", outcome=Outcome.SKIPPED, detail=FLAKY, apart="flaky")

MAX_BYTES = 512 * 1024**2
"""Of a repository that is copied, its history apart."""
EACH_SECONDS = 30.0
"""For one test, unless all of them together have less than four times that."""
SHARE_AGAIN = 0.35
"""Of the time for all tests, what is kept for running again those that fail."""
SHORT = 0.6
"""Tests that took more than this part of the time they may take are ordered by what a patch touches."""
_WORTH_RUNNING_SECONDS = 4.0
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_ENDED = frozenset({"Crash", "Stopped", "Timeout", "Exit"})
"""What a probe raised that was at work when its Blender ended."""


@dataclass(frozen=True)
class RepositoryTests:
    """The validator `test suite`. `seconds` is for the tests in one Blender; `pytest` gives the folder that has it."""

    starter: Starter
    runtimes: Sequence[Runtime]
    seconds: float
    pytest: Callable[[], Path | None]
    store: Path | None = None
    """Where git LFS keeps the content of files."""
    name: str = TEST_SUITE

    def observe(self, subject: Subject) -> tuple[Observation, ...]:
        """One observation per release; none where the repository has no tests."""
        found = find(subject.root, subject.addon)
        if not found.files:
            return ()
        folder = self.pytest() if found.engine == "pytest" else None
        if found.engine == "pytest" and folder is None:
            files = tuple(one for one in found.files if one in found.plain)
            found = replace(found, engine="unittest", files=files, note=NO_PYTEST)
            if not files:
                return tuple(_nothing(release, NO_PYTEST) for release in subject.releases)
        if _size(subject.root) > MAX_BYTES:
            return tuple(_nothing(release, TOO_LARGE) for release in subject.releases)
        looks = in_each(subject.releases, lambda release: self._observe(subject, release, found, folder))
        return tuple(looks)

    def only(self, subject: Subject, release: Release, found: Found) -> Observation | None:
        """Run the files that are named as found, once; null where what runs them is not to be had."""
        folder = self.pytest() if found.engine == "pytest" else None
        if found.engine == "pytest" and folder is None:
            return None
        runtime = next(runtime for runtime in self.runtimes if runtime.release == release)
        session = self._run(subject, runtime, found, folder, (), self.seconds, "only")
        return _observation(subject, runtime, found, [session], (), None)

    def _observe(self, subject: Subject, release: Release, found: Found, folder: Path | None) -> Observation:
        runtime = next(runtime for runtime in self.runtimes if runtime.release == release)
        before = next((one for one in subject.baseline if one.validator == TEST_SUITE and one.release == release), None)
        ordered = first(before, subject.patch, subject.files) if before and self._short(before) else ()
        reserve = self.seconds * (1 - SHARE_AGAIN)
        sessions = [self._run(subject, runtime, found, folder, ordered, reserve, "tests")]
        flaky = {check.id for check in before.checks if check.apart == "flaky"} if before else set[str]()
        for doubtful in (_doubtful, _counting):
            left = self.seconds - sum(session.seconds for session in sessions)
            ids = doubtful(sessions[0].result, before) - flaky
            if not ids or left < _WORTH_RUNNING_SECONDS:
                break
            files = tuple(file for file in found.files if file in {file_of(one) for one in ids})
            rest = replace(found, files=files or found.files)
            sessions.append(self._run(subject, runtime, rest, folder, (), left, f"again-{len(sessions)}"))
            flaky |= _changed(ids, sessions[0].result, sessions[-1].result)
        return _observation(subject, runtime, found, sessions, flaky, before)

    def _short(self, before: Observation) -> bool:
        """Whether there may be no time for all of them."""
        return before.seconds > SHORT * self.seconds or any(check.apart == "untried" for check in before.checks)

    def _run(
        self, subject: Subject, runtime: Runtime, found: Found, folder: Path | None,
        ordered: tuple[str, ...], seconds: float, name: str,
    ) -> Session:  # fmt: skip
        """Run all tests of these files in a copy of the repository that is gone afterwards."""
        work = subject.work / f"{name}-{runtime.release}"
        whole = subject.addon.model_copy(update={"path": ".", "single_file": False})
        home = subject.addon.module if subject.addon.path == "." else "repository"
        export(replace(subject, addon=whole), work / "checkout", home)
        root = work / "checkout" / home
        lacking = fill(root, self.store, MAX_BYTES)
        apart = (inside_addon(subject.addon, path) for path in found.code if is_test(path))
        request = HarnessRequest(
            addon_source=str(root / subject.addon.path),
            module=subject.addon.module,
            kind=subject.addon.kind.value,
            scratch=str(work / "scratch"),
            budget_seconds=max(seconds, 1.0),
            changed={
                inner: lines
                for path, lines in subject.patch.changed_lines.items()
                if (inner := inside_addon(subject.addon, path)) is not None
            },
            probe_seconds=max(min(EACH_SECONDS, self.seconds / 4), 1.0),
            tests=Suite(
                root=str(root),
                addon=subject.addon.path,
                apart=tuple(sorted(filter(None, apart))),
                files=found.files,
                engine=found.engine,
                pytest=str(folder or ""),
                options=found.options,
                enable=found.enable,
                link=found.link,
                lacking=lacking,
                first=ordered,
            ),
        )
        try:
            return self.starter.exercise(runtime, request, work)
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _doubtful(result: HarnessResult | None, before: Observation | None) -> frozenset[str]:
    """What is run again: what fails, and what failed before the patch and passes now."""
    failing = {probe.id for probe in result.probes if probe.outcome == "fail"} if result is not None else set[str]()
    return frozenset(failing) | _counting(result, before)


def _counting(result: HarnessResult | None, before: Observation | None) -> frozenset[str]:
    """What would count for the patch or against it, and is run once more: what ends otherwise than before it."""
    if result is None or before is None:
        return frozenset()
    earlier = {check.id: check.outcome for check in before.checks if not check.apart}
    ended = {"pass": Outcome.FAIL, "fail": Outcome.PASS}
    return frozenset(
        probe.id for probe in result.probes if probe.id in earlier and ended.get(probe.outcome) is earlier[probe.id]
    )


def _changed(ids: Collection[str], first: HarnessResult | None, again: HarnessResult | None) -> set[str]:
    """Those that passed where they failed, or failed where they passed, when they were run again."""
    if first is None or again is None:
        return set()
    ended = {probe.id: probe.outcome for probe in again.probes}
    return {
        probe.id
        for probe in first.probes
        if probe.id in ids and {probe.outcome, ended.get(probe.id)} == {"pass", "fail"}
    }


def _observation(
    subject: Subject, runtime: Runtime, found: Found, sessions: Sequence[Session], flaky: Collection[str],
    before: Observation | None,
) -> Observation:  # fmt: skip
    session, result = sessions[0], sessions[0].result
    seen = Observation(
        validator=TEST_SUITE,
        release=runtime.release,
        starts=sum(one.starts for one in sessions),
        seconds=sum(one.seconds for one in sessions),
        tampering=tuple(dict.fromkeys(one for each in sessions for one in each.tampering)),
    )
    if result is None or not result.probes:
        note = "; ".join(result.notes) if result is not None and result.notes else ""
        nothing = NOTHING.format(label=runtime.label, ending=session.ending.value)
        return seen.model_copy(update={"note": _clean(note or nothing)[:1000]})
    checks = [
        FLAKY_CHECK.model_copy(update={"id": probe.id})
        if probe.id in flaky
        else _check(subject.addon, found.code, probe, runtime.release)
        for probe in result.probes
    ]
    if before is not None:  # which function which test ran matters for what comes after the first look alone
        checks = [check.model_copy(update={"touched": ()}) for check in checks]
    checks += _unbegun(found, result, before, {check.id for check in checks})
    return seen.model_copy(
        update={
            "checks": tuple(checks),
            "note": _clean("; ".join(filter(None, (found.note, _ended(session, runtime), *result.notes))))[:1000],
            "executed": {
                path: lines
                for inner, lines in result.executed.items()
                if (path := repository_path(subject.addon, inner)) and not is_test(path)
            },
        }
    )


def _ended(session: Session, runtime: Runtime) -> str:
    """How the last Blender ended, if not as it should."""
    if session.ending is Ending.COMPLETED:
        return ""
    return ENDED.format(label=runtime.label, ending=session.ending.value, running=session.running or "an unknown place")


def _unbegun(found: Found, result: HarnessResult, before: Observation | None, known: Collection[str]) -> list[Check]:
    """The tests that never had their turn: those that were collected, and those of files there was no time to read.

    Where what comes before all tests fails, it is that which failed, and not the time.
    """
    read = {file_of(probe.id) for probe in result.probes if probe.kind is ProbeKind.TEST_FILE and not probe.untried}
    failed = any(probe.id == BEFORE_ALL and probe.outcome != "pass" for probe in result.probes)
    unread = set[str]() if failed else set(found.files) - read
    earlier = (check.id for check in before.checks if file_of(check.id) in unread) if before is not None else ()
    files = (f"{ProbeKind.TEST_FILE}:{file}" for file in found.files if file in unread)
    missing = dict.fromkeys(one for one in (*result.collected, *files, *earlier) if one not in known)
    return [Check(id=one, outcome=Outcome.SKIPPED, detail=NEVER_BEGUN, apart="untried") for one in missing]


def _check(addon: Addon, code: Collection[str], probe: Probe, release: Release) -> Check:
    raised = probe.raised
    detail = probe.detail or (raised.message if raised is not None else "")
    place = _place(probe.file, probe.line, code)
    return Check(
        id=probe.id,
        outcome=Outcome(probe.outcome),
        detail=_clean(f"{detail} ({place[0]}:{place[1]})" if probe.outcome == "fail" and place[0] else detail),
        fault=_fault(addon, place, probe, raised, release) if probe.outcome == "fail" and raised is not None else None,
        touched=_touched(addon, probe.touched),
        apart="untried" if probe.untried else "",
    )


def _fault(addon: Addon, place: tuple[str, int], probe: Probe, raised: Raised, release: Release) -> Fault | None:
    """The fault a failing test shows; null where a Blender ended and nothing says that the add-on was at work."""
    path, line = repository_path(addon, raised.path), raised.line
    if not path and raised.type in _ENDED:
        return None
    kinds = {"Crash": FaultKind.CRASH, "Stopped": FaultKind.CRASH, "Timeout": FaultKind.TIMEOUT}
    if not path:
        path, line = place
    return Fault(
        kind=kinds.get(raised.type, FaultKind.TEST),
        owner=raised.owner,
        member=raised.member,
        path=path,
        line=line,
        end_line=line,
        message=_clean(raised.message),
        exception=raised.type,
        source=FaultSource.TEST,
        proof=Proof.REPRODUCED,
        release=release,
        subject=probe.subject or probe.id,
        traceback=_clean(raised.traceback)[:20_000] or None,
    )


def _place(file: str, line: int, code: Collection[str]) -> tuple[str, int]:
    """A place the harness names, where the repository has such a file: the name is a stranger's."""
    return (file, line) if file in code and line > 0 else ("", 0)


def _touched(addon: Addon, names: Sequence[str]) -> tuple[str, ...]:
    """What ran, by the repository's paths."""
    pairs = (name.partition("::") for name in names)
    return tuple(f"{path}::{name}" for inner, _, name in pairs if (path := repository_path(addon, inner)))


def _nothing(release: Release, note: str) -> Observation:
    return Observation(validator=TEST_SUITE, release=release, note=note)


def _size(root: Path) -> int:
    """Bytes of its files, the history apart."""
    return sum(
        path.lstat().st_size
        for path in root.rglob("*")
        if ".git" not in PurePosixPath(path.relative_to(root)).parts[:1] and path.is_file() and not path.is_symlink()
    )


def _clean(text: str) -> str:
    return _CONTROL.sub("", text)
