"""A critic model's opinion of a patch the machine's checks accept. It makes nothing accepted, and nothing verified."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.answers import judgements
from bot.dossier import code as code_pieces
from bot.dossier import faults as fault_pieces
from bot.dossier.codebase import Codebase
from bot.dossier.places import Spot
from bot.llm.tokens import count
from bot.models.attempt import Verdict
from bot.models.evidence import Evidence
from bot.models.exchange import Role
from bot.models.opinion import Opinion
from bot.models.patch import Patch
from bot.models.request import RepairRequest
from bot.prompts.compose import compose
from bot.prompts.fence import fenced, shortened
from bot.prompts.pieces import Piece, Rank
from bot.steps.asking import Unanswered, ask
from bot.steps.base import Tools
from bot.steps.subject import asked

STEP = "critique"
LONGEST_DIFF = 6000
TOKENS = 1700
"""An opinion is worth less than a patch, and is given less to read."""
MOST_SPOTS = 6
SECTIONS = (fault_pieces.SECTION, code_pieces.SECTION)


def opinion(request: RepairRequest, evidence: Evidence, patch: Patch, verdict: Verdict, tools: Tools) -> Opinion | None:
    """The marks; null for what rules wrote, what the checks reject, and where no critic answers.

    The clone must hold the patch.
    """
    if patch.by != "model" or not verdict.accepted or not tools.models.available:
        return None
    about = replace(asked(request), extra={"diff": fenced(shortened(patch.own or patch.diff, LONGEST_DIFF), "diff")})
    room = min(TOKENS, tools.prompt_tokens)
    pieces = tuple(_pieces(request, evidence, patch, verdict, tools))
    prompt = compose("critic", Role.CRITIC, about, pieces, SECTIONS, room, count)
    answer = ask(tools.models, prompt.call, judgements.opinion, STEP)
    return None if isinstance(answer, Unanswered) else answer


def noted(verdict: Verdict, thought: Opinion | None, gate: float) -> Verdict:
    """The verdict with an opinion beside it; nothing else of it changes."""
    objected = thought is not None and thought.mark < gate
    return verdict.model_copy(update={"opinion": thought, "objected": objected})


def _pieces(
    request: RepairRequest, evidence: Evidence, patch: Patch, verdict: Verdict, tools: Tools
) -> Iterator[Piece]:
    """What was wrong, and the code around the changes as it is now."""
    base = Codebase(tools.texts(request.addon))
    yield from fault_pieces.faults((evidence.asked or verdict.repaired)[:3], Codebase({}))  # its lines are no more
    changed = [Spot(path, lines[0]) for path, lines in patch.changed_lines.items() if lines and path in base.texts]
    # What was changed and the way to it; what it uses would take its room.
    code = code_pieces.code(base, changed[:MOST_SPOTS], request.commit)
    yield from (piece for piece in code if piece.rank <= Rank.CODE)
