"""Documented examples, made to run: what a rule makes of a text, as tests and `bot rules` show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.models.evidence import ReleaseAnswers
from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.question import Answer
from bot.models.release import KNOWN, OLDEST, Release, SupportRange
from bot.rules.base import Context, Rule
from bot.rules.engine import Selection, apply, faults_from, questions_of, select, survey
from bot.rules.source import Source

PATH = "addon/__init__.py"
_ROUNDS = 6


@dataclass(frozen=True)
class ExampleFault:
    """The fault Blender would show for a documented example, for rules that act only on a located one.

    `at` is text of the line it is seen on (every line that holds it).
    """

    message: str
    at: str
    exception: str = "TypeError"
    kind: FaultKind = FaultKind.OPERATOR
    owner: str | None = None
    member: str | None = None

    def located(self, text: str, release: Release) -> tuple[Fault, ...]:
        """The fault on each line of `text` that holds `at`."""
        return tuple(
            Fault(
                kind=self.kind,
                path=PATH,
                line=number,
                end_line=number,
                message=self.message,
                exception=self.exception,
                owner=self.owner,
                member=self.member,
                source=FaultSource.RUNTIME,
                proof=Proof.REPRODUCED,
                release=release,
            )
            for number, line in enumerate(text.splitlines(), start=1)
            if self.at in line
        )


def example_faults(rule: Rule) -> Sequence[ExampleFault]:
    """What the rule's optional class attribute `example_faults` holds."""
    return getattr(rule, "example_faults", ())


def documented_support(rule: Rule) -> SupportRange:
    """The releases the plain example is for: `example_support`, else from `since` as long as it is wrong."""
    if rule.example_support:
        oldest, newest = (Release.parse(text) for text in rule.example_support)
        return SupportRange(oldest=oldest, newest=newest)
    newest = KNOWN[-1] if rule.until is None else max(release for release in KNOWN if release < rule.until)
    return SupportRange(oldest=max(rule.since, OLDEST), newest=newest)


def look(rule: Rule, source: Source, support: SupportRange, others: Sequence[Source] = ()) -> Selection:
    """What the rule would do, if Blender answered "no" to every question about the old forms."""
    release = support.newest
    faults = [fault for example in example_faults(rule) for fault in example.located(source.text, release)]
    context = Context(support, [release], faults, (source, *others), single_file=not others)
    found = survey([source], context, [rule]).repairs
    answers = tuple(Answer(question=question, exists=False) for question in questions_of(found))
    stated = faults_from(found, [ReleaseAnswers(release=release, answers=answers)], [release])
    return select(found, [*faults, *stated])


def repaired(rule: Rule, text: str, support: SupportRange | None = None, encoding: str = "utf-8") -> str:
    """The text after the rule's repairs, round after round until nothing is left to do."""
    support = support or documented_support(rule)
    for _ in range(_ROUNDS):
        source = Source(PATH, text, encoding)
        files = apply([source], look(rule, source, support).chosen).files
        if PATH not in files:
            break
        text = files[PATH].decode(encoding)
    return text
