"""The sensor `types`: what a checker finds in a release and did not find in the one the add-on was written for.

Two phases, because a real Blender has the last word. `Sensor.read` starts the checkers; the reading
then has the questions its findings come to, which Blender is asked in the same start as those of the
rules, and finally the observations: "no" makes a fault with the proof `api`, "yes" and a line that ran
without raising are the end of a finding, and where nothing was asked it stays `static`.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.question import Answer, Question
from bot.models.release import KNOWN, Release
from bot.models.validation import Check, Observation, Outcome
from bot.rules.source import Source
from bot.validators.base import Subject, Tables
from bot.validators.types import copies, messages
from bot.validators.types.annotate import DRAWN, NAMES, marks_in
from bot.validators.types.base import Checked, Checker, Copied, Finding
from bot.validators.types.claims import Api, Claim, claim_of, plausible
from bot.validators.types.columns import Place
from bot.validators.types.nodes import OwnClasses, cared_for, node_at, registered_words, version_words
from indexer.blender_api.table import ApiTable

NAME = "types"
MOST_CLAIMS = 400
"""Per release: an add-on with more is broken from end to end, which fewer show as well."""
SIDE_BY_SIDE = 2

NOT_RUN = "{checker} could not look at the add-on: {problem}."
NO_STUBS = "The stubs of Blender {release} are not available, so no type checker can look at it."
LEFT_OUT = "Not looked at: {what}."
ANSWERED = "Blender {release} has it."
RAN = "The line ran in Blender {release} without raising."

_OLDEST_STUBS = Release(2, 79)

Stubs = Callable[[Release], Path | None]


@dataclass(frozen=True)
class Claimed:
    """A claim at its place in the repository; lines from 1."""

    path: str
    line: int
    column: int
    end_line: int
    code: str
    claim: Claim


@dataclass(frozen=True)
class Sensor:
    """Makes readings. `stubs` gives the folder of a release's stubs, `tables` its API; null where not to be had."""

    checker: Checker
    stubs: Stubs
    tables: Tables
    names: Mapping[str, str] = field(default_factory=lambda: NAMES)
    """Parameters to annotate, by name."""

    @contextmanager
    def read(self, subject: Subject, sources: Sequence[Source]) -> Iterator[Reading]:
        """Start reading a tree; what is still at work when the block ends is waited for and thrown away."""
        pool = ThreadPoolExecutor(max_workers=SIDE_BY_SIDE)
        try:
            yield Reading(self, subject, tuple(sources), pool)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@dataclass(eq=False)
class Reading:
    """What one tree comes to; see the module."""

    sensor: Sensor
    subject: Subject
    sources: tuple[Source, ...]
    pool: ThreadPoolExecutor
    _checks: dict[tuple[Release, int], Future[Checked]] = field(default_factory=dict)
    _claims: dict[Release, tuple[Claimed, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for release in self._needed():
            self._start(release)
        if not self.subject.patch.empty:
            for release in self.subject.static_releases:
                self._start(release)

    # -- what to ask

    def questions(self) -> tuple[Question, ...]:
        """What the Blenders of this run are to be asked; waits for the releases that run, not for the others."""
        asked: dict[Question, None] = {}
        for release in self.subject.releases:
            asked.update((question, None) for found in self.claims(release) for question in found.claim.questions)
        return tuple(asked)

    def claims(self, release: Release) -> tuple[Claimed, ...]:
        """What the checker claims of a release, unguarded, in the order of files and lines."""
        if release not in self._claims:
            self._claims[release] = self._claimed(release)
        return self._claims[release]

    # -- what came of it

    def observations(self, seen: Sequence[Observation]) -> tuple[Observation, ...]:
        """One observation per release, given what everything else observed."""
        found = [self._observe(release, seen) for release in self.subject.releases]
        if not self.subject.patch.empty:
            found += [self._observe_static(release) for release in self.subject.static_releases]
        return tuple(found)

    def _observe(self, release: Release, seen: Sequence[Observation]) -> Observation:
        begin = time.monotonic()
        claims = self.claims(release)
        run = next(
            (one for one in seen if one.validator == "exercise" and one.release == release and one.reached), None
        )
        judged = [(found, *judge(found, release, run)) for found in claims]
        return self._observation(release, judged, begin, static=run is None)

    def _observe_static(self, release: Release) -> Observation:
        begin = time.monotonic()
        judged = [(found, Outcome.FAIL, Proof.STATIC, "") for found in self.claims(release)]
        return self._observation(release, judged, begin, static=True)

    def _observation(
        self, release: Release, judged: Sequence[tuple[Claimed, Outcome, Proof, str]], begin: float, *, static: bool
    ) -> Observation:
        problem = self._problem(release)
        left_out = LEFT_OUT.format(what="; ".join(self._copy(0).left_out[:5])) if self._copy(0).left_out else ""
        checker = self.sensor.checker
        return Observation(
            validator=NAME,
            release=release,
            static=static,
            findings_only=True,
            advisory=True,
            reached=not problem,
            note=problem or left_out,
            checks=tuple(checks_of(judged, release)),
            seconds=time.monotonic() - begin + sum(self._seconds(release)),
            version=checker.name,
        )

    def _problem(self, release: Release) -> str:
        for one in (self.origin(release), release):
            if one is None:
                return ""
            if (checked := self._result(one)) is None:
                return NO_STUBS.format(release=one)
            if checked.problem:
                return NOT_RUN.format(checker=self.sensor.checker.name, problem=checked.problem)
        return ""

    def _seconds(self, release: Release) -> Iterator[float]:
        for (checked, _), future in self._checks.items():
            if checked == release and future.done() and not future.cancelled():
                yield future.result().seconds

    # -- releases

    def origin(self, release: Release) -> Release | None:
        """The release to compare with; null where there is no older one to tell what is new.

        For a release that runs it is the one the add-on declares, however old. For one that does not
        run it is the newest that does: there the patch was proven, and here it may lack something.
        """
        if release not in self.subject.releases:
            return max(self.subject.releases, default=None)
        declared = self.subject.addon.declared_minimum or min(
            (*self.subject.releases, *self.subject.static_releases), default=release
        )
        origin = max(_OLDEST_STUBS, declared)
        known = [one for one in (_OLDEST_STUBS, *KNOWN) if one <= origin]
        return known[-1] if known and known[-1] < release else None

    def _needed(self) -> tuple[Release, ...]:
        """The releases to check before Blender starts, each once."""
        needed: dict[Release, None] = {}
        for release in self.subject.releases:
            origin = self.origin(release)
            if origin is not None:
                needed.update({origin: None, release: None})
        return tuple(needed)

    # -- copies and checks

    @cached_property
    def _names(self) -> dict[str, str]:
        """The names to annotate: those whose types there are in every release that is compared."""
        tables = [self.sensor.tables(release) for release in self._needed()]
        return {
            name: documented
            for name, documented in self.sensor.names.items()
            if all(table is None or table.resolve(documented) is not None for table in tables)
        }

    @cached_property
    def _first(self) -> copies.AddonCopy:
        return copies.write(self.subject.addon, self.sources, self.subject.work / "types" / "copy", self._names)

    @cached_property
    def _second(self) -> copies.AddonCopy:
        """The copy without the annotations the add-on's own calls contradict."""
        wrong = self._contradicted
        if not wrong:
            return self._first
        folder = self.subject.work / "types" / "copy-2"
        return copies.write(self.subject.addon, self.sources, folder, self._names, wrong)

    def _copy(self, round_: int) -> copies.AddonCopy:
        return self._second if round_ else self._first

    @cached_property
    def _contradicted(self) -> frozenset[tuple[str, str]]:
        """Parameters that are given something else than their name says, in the release the add-on was written for."""
        found: set[tuple[str, str]] = set()
        for release in {origin for one in self.subject.releases if (origin := self.origin(one)) is not None}:
            checked, table = self._result(release), self.sensor.tables(release)
            if checked is not None and table is not None:
                found |= contradicted(checked.findings, self._by_path, self._first, table, self._names, self._own)
        return frozenset(found)

    def _start(self, release: Release, round_: int = 0) -> None:
        stubs = self.sensor.stubs(release)
        if stubs is None or (release, round_) in self._checks:
            return
        copy = self._copy(round_)
        work = self.subject.work / "types" / f"{release}-{round_}"
        work.mkdir(parents=True)
        copied = Copied(copy.folder, tuple(sorted(copy.paths)), work, stubs, release)
        self._checks[release, round_] = self.pool.submit(self.sensor.checker.check, copied)

    def _result(self, release: Release, round_: int = 0) -> Checked | None:
        future = self._checks.get((release, round_))
        return future.result() if future is not None else None

    @cached_property
    def _by_path(self) -> Mapping[str, Source]:
        return {source.path: source for source in self.sources}

    @cached_property
    def _own(self) -> OwnClasses:
        return OwnClasses(self.sources)

    @cached_property
    def _version_words(self) -> frozenset[str]:
        return version_words(self.sources)

    @cached_property
    def _registered_words(self) -> frozenset[str]:
        return registered_words(self.sources)

    # -- from findings to claims

    def _claimed(self, release: Release) -> tuple[Claimed, ...]:
        origin = self.origin(release)
        if origin is None or not (news := self._news(origin, release, 0)):
            return ()
        before, after = self.sensor.tables(origin), self.sensor.tables(release)
        if before is None or after is None:
            return ()
        api = Api(before, after, self._own)
        if not any(plausible(statement, api) for _, statement in news):
            return ()
        round_ = 0
        if release in self.subject.releases and self._contradicted:
            round_ = 1
            for one in (origin, release):
                self._start(one, round_)
            news = self._news(origin, release, round_)
        copy = self._copy(round_)
        found: list[Claimed] = []
        for finding, statement in news:
            if len(found) >= MOST_CLAIMS:
                break
            if (
                plausible(statement, api)
                and (claimed := self._claim(finding, statement, copy, api, release)) is not None
            ):
                found.append(claimed)
        return tuple(found)

    def _news(self, origin: Release, release: Release, round_: int) -> list[tuple[Finding, messages.Statement]]:
        """What is found in a release and not in the other, of the kinds that can speak of an API; by file and line."""
        before, after = self._result(origin, round_), self._result(release, round_)
        if before is None or after is None or before.problem or after.problem:
            return []
        copy = self._copy(round_)
        known = {_shape(finding) for finding in before.findings}
        return [
            (finding, statement)
            for finding in sorted(after.findings, key=lambda one: (one.path, one.line, one.column, one.message))
            if (statement := messages.statement_of(finding)) is not None
            and (isinstance(statement, messages.NotAssignable) or _shape(finding) not in known)
            and self._counts(finding, copy, release)
        ]

    def _counts(self, finding: Finding, copy: copies.AddonCopy, release: Release) -> bool:
        """In a release nothing runs in only what the patch wrote is looked at, and only words it brought in."""
        if release in self.subject.releases:
            return True
        patch = self.subject.patch
        path = copy.paths[finding.path]
        return bool(set(range(finding.line, finding.end_line + 1)) & set(patch.changed_lines.get(path, ())))

    def _claim(
        self, finding: Finding, statement: messages.Statement, copy: copies.AddonCopy, api: Api, release: Release
    ) -> Claimed | None:
        text, source = copy.texts[finding.path], self._by_path[copy.paths[finding.path]]
        begin = text.real(Place(finding.line, finding.column))
        end = text.real(Place(finding.end_line, finding.end_column))
        if text.added(begin):
            return None
        node = node_at(source, (begin.line, begin.column), (end.line, end.column))
        if node is None:
            return None
        claim = claim_of(statement, source, node, api)
        if claim is None or claim.member in self._registered_words or claim.member in self._own:
            return None
        if release not in self.subject.releases and self._was_there(claim):
            return None
        if cared_for(source, node, (release,), (claim.member,) if claim.member else (), self._version_words):
            return None
        return Claimed(source.path, begin.line, begin.column, end.line, finding.code, claim)

    def _was_there(self, claim: Claim) -> bool:
        """Whether the patch took the word away somewhere, so that it need not be its own doing here."""
        word = re.compile(rf"-.*\b{re.escape(claim.member or claim.owner)}\b")
        return any(word.match(line) for line in self.subject.patch.diff.splitlines())


def judge(found: Claimed, release: Release, run: Observation | None) -> tuple[Outcome, Proof, str]:
    """What a look at the running add-on makes of a claim."""
    if run is None:
        return Outcome.FAIL, Proof.STATIC, ""
    lines = set(range(found.line, found.end_line + 1))
    raised = {
        line
        for check in run.checks
        if check.fault is not None and check.outcome is Outcome.FAIL and check.fault.path == found.path
        for line in range(check.fault.line, check.fault.end_line + 1)
    }
    if lines & set(run.executed.get(found.path, ())) and not lines & raised:
        return Outcome.SKIPPED, Proof.STATIC, RAN.format(release=release)
    answers = _answers(found.claim.questions, run.answers)
    if any(answer is True for answer in answers):
        return Outcome.SKIPPED, Proof.STATIC, ANSWERED.format(release=release)
    proven = bool(answers) and all(answer is False for answer in answers) and not _never_loaded(found.path, run)
    return Outcome.FAIL, Proof.API if proven else Proof.STATIC, ""


def _never_loaded(path: str, run: Observation) -> bool:
    """Whether the add-on was enabled without this file: it may be there for other releases."""
    enabled = any(check.id == "enable" and check.outcome is Outcome.PASS for check in run.checks)
    return enabled and bool(run.executed) and not run.executed.get(path)


def _shape(finding: Finding) -> tuple[object, ...]:
    """What makes two findings the same in two releases: the place and what is missed, whatever the types are called."""
    statement = messages.statement_of(finding)
    return finding.path, finding.line, finding.column, finding.code, getattr(statement, "name", "")


def _answers(questions: Sequence[Question], answers: Sequence[Answer]) -> list[bool | None]:
    known = {answer.question: answer.exists for answer in answers}
    return [known.get(question) for question in questions]


def checks_of(judged: Sequence[tuple[Claimed, Outcome, Proof, str]], release: Release) -> Iterator[Check]:
    """A check per claim, its id made of what is claimed and a count, so that it stays when lines move or change."""
    seen: Counter[str] = Counter()
    for found, outcome, proof, detail in judged:
        claim = found.claim
        digest = hashlib.sha256(f"{claim.owner}\0{claim.member}\0{claim.message}".encode()).hexdigest()[:8]
        identity = f"{NAME}:{found.code}:{found.path}:{digest}"
        seen[identity] += 1
        message = claim.text(release)
        fault = Fault(
            kind=FaultKind.API,
            owner=claim.owner,
            member=claim.member or None,
            path=found.path,
            line=found.line,
            end_line=found.end_line,
            message=message,
            source=FaultSource.TYPES,
            proof=proof,
            release=release,
        )
        yield Check(
            id=f"{identity}:{seen[identity]}",
            outcome=outcome,
            detail=detail or f"{fault.place}: {message}",
            fault=fault if outcome is Outcome.FAIL else None,
        )


def faults_of(observations: Sequence[Observation], proof: Proof) -> tuple[Fault, ...]:
    """The findings of this sensor that have a proof: `api` for faults, `static` for what is merely listed."""
    return tuple(
        check.fault
        for seen in observations
        if seen.validator == NAME
        for check in seen.checks
        if check.outcome is Outcome.FAIL and check.fault is not None and check.fault.proof is proof
    )


def contradicted(
    findings: Sequence[Finding],
    sources: Mapping[str, Source],
    copy: copies.AddonCopy,
    table: ApiTable,
    names: Mapping[str, str],
    own: OwnClasses,
) -> set[tuple[str, str]]:
    """The annotated parameters that some call of the add-on gives something unrelated."""
    annotated = {documented.rpartition(".")[2] for documented in (*names.values(), DRAWN)}
    wrong = [
        (statement.function.rpartition(".")[2], statement.wanted)
        for finding in findings
        if isinstance(statement := messages.statement_of(finding), messages.WrongArgument)
        and annotated.intersection(messages.type_names(statement.wanted))
        and _unrelated(statement, table, own)
    ]
    if not wrong:
        return set()
    functions = {function for function, _ in wrong}
    found: set[tuple[str, str]] = set()
    for path in copy.paths.values():
        for mark in marks_in(sources[path].text.encode("utf-8", "replace"), names, DRAWN):
            if mark.function in functions and any(
                mark.function == function and mark.type.rpartition(".")[2] in messages.type_names(wanted)
                for function, wanted in wrong
            ):
                found.add((mark.function, mark.name))
    return found


def _unrelated(statement: messages.WrongArgument, table: ApiTable, own: OwnClasses) -> bool:
    """Whether what is given can be nothing of what is wanted, nor the other way round."""
    wanted = {table.resolve(name) for name in messages.type_names(statement.wanted)} - {None}
    given = messages.type_names(statement.given)
    if not wanted or "..." in statement.given or set(given) & {"Unknown", "Any", "object"}:
        return False
    for name in given:
        if name.startswith("Self@") or own.of_blender(name.rpartition(".")[2]):
            return False  # an operator, a panel: what it derives from may well be what is wanted
        full = table.resolve(name)
        lines = set(table.ancestors(full)) if full is not None else set()
        if lines & wanted or any(full in table.ancestors(one) for one in wanted if one is not None):
            return False
    return set(given) != {"None"}
