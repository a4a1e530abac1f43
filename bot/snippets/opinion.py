"""A critic model's opinion of a snippet the checks have nothing against. It changes neither score nor status."""

from __future__ import annotations

import json

from bot.answers import judgements
from bot.llm.tokens import count
from bot.models.exchange import Role
from bot.models.opinion import Opinion
from bot.models.snippet import SnippetAttempt, SnippetRequest
from bot.prompts.compose import Asked, compose
from bot.prompts.fence import fenced
from bot.snippets.base import Tools
from bot.steps.asking import Unanswered, ask

STEP = "critique"


def opinion(request: SnippetRequest, attempt: SnippetAttempt, tools: Tools) -> Opinion | None:
    """The marks; null for what the checks reject, and where no critic answers."""
    if not attempt.good:
        return None
    made = json.dumps(attempt.runs[-1].made)
    shown = {"code": fenced(attempt.draft.code, "python"), "made": fenced(made, "json")}
    about = Asked("", "", request.releases, task=request.task, extra=shown)
    prompt = compose("snippet_critic", Role.CRITIC, about, (), (), tools.prompt_tokens, count)
    answer = ask(tools.models, prompt.call, judgements.opinion, STEP)
    return None if isinstance(answer, Unanswered) else answer
