"""What stubs alone say of an add-on, where no Blender is to be started: the same questions, a weaker proof."""

from __future__ import annotations

from collections.abc import Sequence

from bot.models.evidence import ReleaseAnswers
from bot.models.fault import Fault, Proof
from bot.models.patch import Repair
from bot.models.release import Release
from bot.rules import engine
from bot.validators.api import answer
from bot.validators.base import Tables


def stub_answers(repairs: Sequence[Repair], releases: Sequence[Release], tables: Tables) -> tuple[ReleaseAnswers, ...]:
    """What the stubs of each release say to the questions of the rules."""
    questions = engine.questions_of(repairs)
    return tuple(
        ReleaseAnswers(release=release, answers=tuple(answer(question, table, release) for question in questions))
        for release in releases
        if (table := tables(release)) is not None
    )


def stub_faults(
    repairs: Sequence[Repair], releases: Sequence[Release], targets: Sequence[Release], tables: Tables
) -> tuple[Fault, ...]:
    """The places rules know whose question the stubs answer with "no"; static, for stubs are no Blender."""
    found = engine.faults_from(repairs, stub_answers(repairs, releases, tables), targets)
    return tuple(fault.model_copy(update={"proof": Proof.STATIC}) for fault in found)
