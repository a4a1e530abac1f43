"""What a patch does to the add-on's own types: a checker's findings, listed; only new ones matter.

The add-on is read as it is, not annotated, in the target release. What was found before a patch does
not matter, as with every validator that lists findings.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.release import Release
from bot.models.validation import Check, Observation, Outcome
from bot.rules.source import Source, Unreadable
from bot.validators.base import Subject
from bot.validators.types import copies
from bot.validators.types.base import Checker, Copied, Finding
from bot.validators.types.sensor import NO_STUBS, NOT_RUN, Stubs


@dataclass(frozen=True)
class OwnTypes:
    """The validator of one checker, filed under the checker's name."""

    checker: Checker
    stubs: Stubs

    @property
    def name(self) -> str:
        """The checker's."""
        return self.checker.name

    def observe(self, subject: Subject) -> tuple[Observation, ...]:
        """One observation for the target release; each finding is a failing check."""
        release = subject.target
        if release is None or not subject.files:
            return ()
        stubs = self.stubs(release)
        if stubs is None:
            note = NO_STUBS.format(release=release)
            return (Observation(validator=self.name, release=release, findings_only=True, reached=False, note=note),)
        folder = subject.work / self.name
        copy = copies.write(subject.addon, _sources(subject), folder / "copy", annotated=False)
        work = _made(folder / "work")
        checked = self.checker.check(Copied(copy.folder, tuple(sorted(copy.paths)), work, stubs, release))
        note = NOT_RUN.format(checker=self.name, problem=checked.problem) if checked.problem else ""
        return (
            Observation(
                validator=self.name,
                release=release,
                findings_only=True,
                reached=not checked.problem,
                note=note,
                checks=tuple(_checks(self.name, checked.findings, copy, release)),
                seconds=checked.seconds,
            ),
        )


def _sources(subject: Subject) -> Iterator[Source]:
    for path, data in sorted(subject.files.items()):
        try:
            yield Source.read(path, data)
        except Unreadable:
            continue  # the syntax validator reports it


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _checks(name: str, findings: Sequence[Finding], copy: copies.AddonCopy, release: Release) -> Iterator[Check]:
    """A failing check per finding; its id is made of the message and a count, for lines move and change."""
    seen: Counter[str] = Counter()
    for finding in sorted(findings, key=lambda one: (one.path, one.line, one.column, one.message)):
        path = copy.paths[finding.path]
        digest = hashlib.sha256(finding.message.encode("utf-8", "replace")).hexdigest()[:8]
        identity = f"{name}:{finding.code}:{path}:{digest}"
        seen[identity] += 1
        fault = Fault(
            kind=FaultKind.LINT,
            path=path,
            line=finding.line,
            end_line=finding.end_line,
            message=f"{finding.code}: {finding.message}",
            source=FaultSource.TYPES,
            proof=Proof.STATIC,
            release=release,
        )
        yield Check(
            id=f"{identity}:{seen[identity]}",
            outcome=Outcome.FAIL,
            detail=f"{fault.place}: {fault.message}",
            fault=fault,
        )
