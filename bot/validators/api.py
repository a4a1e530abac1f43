"""What repairs rely on exists in the supported releases no Blender is installed for: their stubs say so.

Static knowledge, and shown as such: stubs know names, parameters and enum items, not sockets and not
what happens when the code runs.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.patch import Repair, Requirement
from bot.models.question import Answer, Question, QuestionKind
from bot.models.release import Release
from bot.models.validation import Check, Observation, Outcome
from bot.validators.base import Subject, Tables
from indexer.blender_api.table import ApiTable

NAME = "api"

NO_STUBS = "The stubs of Blender {release} are not available, so nothing is known about it."
UNKNOWN = "The stubs do not say."

MISSING = {
    QuestionKind.MEMBER: "{owner} has no {name} in Blender {release}",
    QuestionKind.KEYWORD: "{owner} takes no keyword {name} in Blender {release}",
    QuestionKind.POSITIONAL: "{owner} does not take {name} positional argument(s) in Blender {release}",
    QuestionKind.ENUM_ITEM: "{owner} has no item {name} in Blender {release}",
    QuestionKind.MODULE: "there is no module {owner} in Blender {release}",
    QuestionKind.WRITABLE: "{owner}.{name} cannot be assigned in Blender {release}",
    QuestionKind.ASSIGNED_PROPERTY: "Blender {release} ignores properties that are assigned in a class body",
    QuestionKind.PRODUCT: "{owner} * {name} is not the matrix product in Blender {release}",
}
"""The fault for each kind of question the stubs can say "no" to."""

OVERRIDE = "override"
"""The name of the positional argument asked for where an operator takes a context override."""

_PROPERTIES_NEED_ANNOTATIONS = Release(2, 93)
"""Until 2.92 a property assigned in a class body was still registered, with a warning."""
_PRODUCT_IS_MATMUL = Release(2, 80)
"""Since 2.80 `@` is the product of matrices and vectors, and `*` works by element."""


class ApiValidator:
    """Asks the stubs of each supported release without a runtime for what the repairs rely on."""

    name = NAME

    def __init__(self, loader: Tables) -> None:
        self._loader = loader

    def observe(self, subject: Subject) -> tuple[Observation, ...]:
        """One static observation per release; empty for a tree without repairs, such as the baseline."""
        return tuple(self._observe(subject, release) for release in subject.static_releases)

    def _observe(self, subject: Subject, release: Release) -> Observation:
        begin = time.monotonic()
        wanted = tuple(_wanted(subject.repairs, release))
        if not wanted:
            return Observation(validator=NAME, release=release, static=True)
        table = self._loader(release)
        if table is None:
            note = NO_STUBS.format(release=release)
            return Observation(validator=NAME, release=release, static=True, reached=False, note=note)
        checks: dict[str, Check] = {}
        answers: dict[Question, Answer] = {}
        for repair, requirement in wanted:
            question = requirement.question
            found = answers.setdefault(question, answer(question, table, release))
            checks.setdefault(check_id(question), _check(found, repair, release))
        return Observation(
            validator=NAME,
            release=release,
            static=True,
            checks=tuple(checks.values()),
            answers=tuple(answers.values()),
            seconds=time.monotonic() - begin,
            version=f"stubs {table.stubs}",
        )


def answer(question: Question, table: ApiTable, release: Release) -> Answer:
    """What the stubs of a release say to a question; null where they cannot know."""
    exists = _exists(question, table, release)
    return Answer(question=question, exists=exists, detail=UNKNOWN if exists is None else f"stubs {table.stubs}")


def check_id(question: Question) -> str:
    """`api:member:bpy.types.Mesh.use_auto_smooth`."""
    return f"{NAME}:{question.kind}:{spelled(question)}"


def spelled(question: Question) -> str:
    """The thing asked for, as a reader would write it."""
    return f"{question.owner}.{question.name}" if question.name else question.owner


def _exists(question: Question, table: ApiTable, release: Release) -> bool | None:
    owner, name = question.owner, question.name
    match question.kind:
        case QuestionKind.MEMBER:
            return table.has_member(owner, name)
        case QuestionKind.KEYWORD:
            return table.has_keyword(owner, name)
        case QuestionKind.POSITIONAL:
            count = 1 if name == OVERRIDE else int(name) if name.isdecimal() else None
            return None if count is None else table.accepts_positional(owner, count)
        case QuestionKind.ENUM_ITEM:
            return table.has_enum_item(owner, name)
        case QuestionKind.MODULE:
            return table.has_module(owner)
        case QuestionKind.WRITABLE:
            return table.is_writable(owner, name)
        case QuestionKind.ASSIGNED_PROPERTY:
            return release < _PROPERTIES_NEED_ANNOTATIONS
        case QuestionKind.PRODUCT:
            return release < _PRODUCT_IS_MATMUL
        case _:
            return None


def _wanted(repairs: Sequence[Repair], release: Release) -> Iterator[tuple[Repair, Requirement]]:
    for repair in repairs:
        for requirement in repair.requires:
            if requirement.applies_to(release):
                yield repair, requirement


def _check(found: Answer, repair: Repair, release: Release) -> Check:
    identity = check_id(found.question)
    if found.exists is None:
        return Check(id=identity, outcome=Outcome.SKIPPED, detail=found.detail)
    if found.exists:
        return Check(id=identity, outcome=Outcome.PASS, detail=found.detail)
    fault = Fault(
        kind=FaultKind.API,
        owner=found.question.owner,
        member=found.question.name or None,
        path=repair.path,
        line=repair.line,
        end_line=repair.end_line,
        message=MISSING[found.question.kind].format(
            owner=found.question.owner, name=found.question.name, release=release
        ),
        source=FaultSource.API,
        proof=Proof.STATIC,
        release=release,
        rule=repair.rule,
    )
    return Check(id=identity, outcome=Outcome.FAIL, detail=fault.message, fault=fault)
