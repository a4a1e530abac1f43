"""A critic model's opinion of a patch the machine's checks accept. It makes nothing accepted, and nothing verified."""

from __future__ import annotations

from dataclasses import replace

from bot.answers import judgements
from bot.llm.tokens import count
from bot.models.attempt import Verdict
from bot.models.exchange import Role
from bot.models.opinion import Opinion
from bot.models.patch import Patch
from bot.models.request import RepairRequest
from bot.prompts.compose import compose
from bot.prompts.fence import fenced, shortened
from bot.steps.asking import Unanswered, ask
from bot.steps.base import Tools
from bot.steps.subject import asked

STEP = "critique"
LONGEST_DIFF = 6000


def opinion(request: RepairRequest, patch: Patch, verdict: Verdict, tools: Tools) -> Opinion | None:
    """The marks; null for what rules wrote, what the checks reject, and where no critic answers."""
    if patch.by != "model" or not verdict.accepted or not tools.models.available:
        return None
    about = asked(request)
    about = replace(about, extra={"diff": fenced(shortened(patch.diff, LONGEST_DIFF), "diff")})
    prompt = compose("critic", Role.CRITIC, about, (), (), tools.prompt_tokens, count)
    answer = ask(tools.models, prompt.call, judgements.opinion, STEP)
    return None if isinstance(answer, Unanswered) else answer
