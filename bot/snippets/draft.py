"""Ask a model for the code, or for better code."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers.snippet import read
from bot.llm.tokens import count
from bot.models.citation import Citation
from bot.models.exchange import Role
from bot.models.proposal import Malformed
from bot.models.snippet import Draft, SnippetAttempt, SnippetRequest
from bot.prompts.compose import Asked, Prompt, compose
from bot.prompts.fence import fenced, shortened
from bot.snippets.api import SECTION, pieces
from bot.snippets.base import Tools
from bot.steps.asking import Unanswered, ask

STEP = "draft"
FAILED = "This script of yours is not good enough yet:\n\n{code}\n\nWhat the checks say of it:\n\n{why}"
BEFORE = "An earlier one failed, too:\n\n{why}"
LONGEST_CODE = 12_000
LONGEST_WHY = 3000
LONGEST_BEFORE = 600


def draft(request: SnippetRequest, failed: Sequence[SnippetAttempt], tools: Tools) -> Draft | Unanswered:
    """The next draft; of what failed a model is told the exact words of the checks."""
    tables = {release: table for release in request.releases if (table := tools.tables(release)) is not None}
    query = " ".join(failed[-1].why.split()) if failed else ""
    known = pieces(request.task, query, request.releases, tools.retriever, tables)
    about = Asked("", "", request.releases, task=request.task, extra={"history": _history(failed)})
    role = Role.HEALER if failed else Role.WRITER
    prompt = compose("snippet", role, about, known, (SECTION,), tools.prompt_tokens, count)
    call = prompt.call.model_copy(update={"sample": len(failed)})
    return ask(tools.models, call, lambda text: _read(text, prompt), STEP)


def _read(text: str, prompt: Prompt) -> Draft | Malformed:
    found = read(text, prompt.marks.keys())
    if isinstance(found, Malformed):
        return found
    cited = [prompt.marks[mark] for mark in found.marks]
    cites = dict.fromkeys(
        Citation(label=piece.label or piece.title[:300], url=piece.url, text=piece.text[:600]) for piece in cited
    )
    return Draft(code=found.code, cites=tuple(cites))


def _history(failed: Sequence[SnippetAttempt]) -> str:
    parts = [BEFORE.format(why=fenced(shortened(one.why, LONGEST_BEFORE))) for one in failed[:-1]]
    for one in failed[-1:]:
        code = fenced(shortened(one.draft.code, LONGEST_CODE), "python")
        parts.append(FAILED.format(code=code, why=fenced(shortened(one.why, LONGEST_WHY))))
    return "\n\n".join(parts)
