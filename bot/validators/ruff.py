"""What ruff finds: syntax errors and pyflakes' findings (undefined names, unused imports, …).

Our configuration, never the repository's; run in the sandbox like everything that reads it. Findings
are listed, not judged: what was there before the patch does not matter.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ruff import find_ruff_bin  # type: ignore[import-untyped]

from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.validation import Check, Observation, Outcome
from bot.sandbox.base import Command, Finished, Limits, Sandbox
from bot.validators.base import Subject

NAME = "ruff"
RULES = "E9,F"
TARGET = "py311"
"""The Python of Blender 4.2 to 5.0; older ones accept less, which Blender itself then says."""

MAX_FINDINGS = 5000
MAX_RESULT_BYTES = 32 * 1024**2
LIMITS = Limits(seconds=60, memory_bytes=2 * 1024**3, answer_bytes=MAX_RESULT_BYTES, processes=64)

NOT_RUN = "ruff could not look at the add-on: {reason}."


@dataclass(frozen=True)
class Finding:
    """One finding; `path` relative to the repository root, `line` from 1."""

    code: str
    path: str
    line: int
    end_line: int
    message: str


class RuffValidator:
    """Lists what ruff finds in the add-on's files."""

    name = NAME

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def observe(self, subject: Subject) -> tuple[Observation, ...]:
        """One observation for all releases; each finding is a failing check.

        Ids are made of the rule, the path, the message and a count, so that a finding keeps its id
        when its line moves, and when a repair rewrites something else on it.
        """
        begin = time.monotonic()
        if not subject.files:
            return (Observation(validator=NAME, findings_only=True),)
        finished = self._run(subject)
        findings, problem = _read(finished.answer, subject.root), _problem(finished)
        seconds = time.monotonic() - begin
        if findings is None or problem:
            note = NOT_RUN.format(reason=problem or "it wrote no readable result")
            return (Observation(validator=NAME, findings_only=True, reached=False, note=note, seconds=seconds),)
        checks = tuple(checks_of(findings))
        return (Observation(validator=NAME, findings_only=True, checks=checks, seconds=seconds),)

    def _run(self, subject: Subject) -> Finished:
        binary = Path(find_ruff_bin()).resolve()
        argv = [str(binary), "check", "--isolated", "--no-cache", "--ignore-noqa", "--exit-zero", "--quiet"]
        argv += ["--select", RULES, "--target-version", TARGET]
        argv += ["--output-format", "json", "--"]
        argv += [str(subject.root / path) for path in sorted(subject.files)]
        folder = Path(tempfile.mkdtemp(prefix="ruff-", dir=subject.work))
        return self._sandbox.run(Command(argv, folder, (binary, subject.root), limits=LIMITS, answers=True))


def checks_of(findings: Sequence[Finding]) -> Iterator[Check]:
    """A failing check for each finding, with an id that depends neither on line numbers nor on the line's text."""
    seen: Counter[str] = Counter()
    for finding in sorted(findings, key=lambda finding: (finding.path, finding.line, finding.code, finding.message)):
        digest = hashlib.sha256(finding.message.encode()).hexdigest()[:8]
        identity = f"{NAME}:{finding.code}:{finding.path}:{digest}"
        seen[identity] += 1
        fault = Fault(
            kind=FaultKind.LINT,
            path=finding.path,
            line=finding.line,
            end_line=finding.end_line,
            message=f"{finding.code}: {finding.message}",
            source=FaultSource.LINT,
            proof=Proof.STATIC,
        )
        yield Check(
            id=f"{identity}:{seen[identity]}",
            outcome=Outcome.FAIL,
            detail=f"{fault.place}: {fault.message}",
            fault=fault,
        )


def _problem(finished: Finished) -> str:
    if finished.timed_out:
        return f"it did not end within {LIMITS.seconds:.0f} s"
    return f"it ended with status {finished.status}" if finished.status else ""


def _read(answer: bytes, root: Path) -> tuple[Finding, ...] | None:
    """The findings; null where the answer is no list of them. It comes from the sandbox."""
    try:
        rows = json.loads(answer)
        return tuple(_finding(row, root) for row in rows[:MAX_FINDINGS])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def _finding(row: Mapping[str, object], root: Path) -> Finding:
    start, end = row["location"], row["end_location"]
    if not isinstance(start, dict) or not isinstance(end, dict):
        raise ValueError("a finding without a place")
    return Finding(
        # Syntax errors have no code of their own in some versions of ruff.
        code=str(row["code"] or "invalid-syntax")[:40],
        path=Path(str(row["filename"])).relative_to(root).as_posix(),
        line=int(start["row"]),
        end_line=int(end["row"]),
        message=" ".join(str(row["message"]).split())[:300],
    )
