"""What a run's first prompt for a patch holds, composed again on the untouched commit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.dossier.dossier import SECTIONS
from bot.dossier.faults import SECTION as QUESTION
from bot.llm.tokens import count
from bot.models.evidence import Evidence
from bot.models.exchange import Role
from bot.models.fault import Fault
from bot.models.report import Report
from bot.prompts.compose import compose
from bot.prompts.pieces import Piece
from bot.steps.base import Tools
from bot.steps.evidence import told_apart
from bot.steps.subject import asked, dossier, open_faults
from bot.triggers.logs import faults_in


class Told(NamedTuple):
    """What the model is to repair, and the retrieved pieces it is shown, best rank first."""

    faults: tuple[Fault, ...]
    pieces: tuple[Piece, ...]


def told(report: Report, tools: Tools) -> Told:
    """Compose it; the clone must be as the commit is."""
    request = report.request
    log = faults_in(request.log, request.addon, tools.texts(request.addon)) if request.log else ()
    evidence = Evidence(
        faults=report.faults,
        asked=told_apart(log, report.faults),
        baseline=(),
        reproductions=report.reproductions,
    )
    faults = open_faults(evidence, None)
    known = dossier(request, evidence, faults, tools)
    prompt = compose("patch", Role.PATCHER, asked(request), known.pieces, SECTIONS, tools.prompt_tokens, count)
    return Told(faults, _retrieved(tuple(prompt.marks.values())))


def _retrieved(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Without the faults and reproductions, which are the question; in the order in which room was given."""
    return tuple(sorted((piece for piece in pieces if piece.section != QUESTION), key=lambda piece: piece.rank))
