"""Answer a question about the add-on: from what is known of it, with what each claim rests on; nothing is changed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.dossier.dossier import SECTIONS
from bot.llm.tokens import count
from bot.models.citation import Citation
from bot.models.evidence import Evidence
from bot.models.exchange import Role
from bot.models.fault import Fault
from bot.models.proposal import Malformed
from bot.models.report import Answer
from bot.models.request import RepairRequest
from bot.prompts.compose import Prompt, compose
from bot.prompts.fence import plain
from bot.steps.asking import Unanswered, ask
from bot.steps.base import Tools
from bot.steps.distinct import distinct
from bot.steps.plan import propose
from bot.steps.subject import asked, dossier

STEP = "answer"
EMPTY_ANSWER = "The answer is empty."
NO_MARK = "No claim carries a mark: end each with the mark of the piece it rests on, such as [c1]."
BAD_MARK = "{marks} are no marks of what you were shown; the marks are {known}."
KNOWN = "- `{place}`: {message}{cure}"
BY_RULE = " Rule {rule}: {title}"
NOTHING_KNOWN = "Nothing is known to be wrong with it."
NO_MODEL = "No model could be asked, so this is only what checks and rules know:"
NO_ANSWER = "No model answered ({why}), so this is only what checks and rules know:"
MOST_FAULTS = 20
_MARK = re.compile(r"\[(c\d{1,3})\]")
_LINES = re.compile(r"(?P<path>.+):(?P<start>\d{1,7})(?:-(?P<end>\d{1,7}))?@[0-9a-f]{7,40}", re.ASCII | re.DOTALL)


def answer(request: RepairRequest, evidence: Evidence, tools: Tools) -> Answer:
    """The answer; without a model what checks and rules know, said as such."""
    faults = evidence.asked or distinct(evidence.faults)
    known = dossier(request, evidence, faults, tools)
    prompt = compose("explain", Role.EXPLAINER, asked(request), known.pieces, SECTIONS, tools.prompt_tokens, count)
    found = ask(tools.models, prompt.call, lambda text: _read(text, prompt), STEP)
    return _by_rules(request, evidence, found.why, tools) if isinstance(found, Unanswered) else found


def _read(text: str, prompt: Prompt) -> Answer | Malformed:
    said = plain(text).strip()[:20_000]
    if not said:
        return Malformed(reason=EMPTY_ANSWER)
    marks = tuple(dict.fromkeys(_MARK.findall(said)))
    wrong = [mark for mark in marks if mark not in prompt.marks]
    if wrong:
        return Malformed(reason=BAD_MARK.format(marks=", ".join(wrong[:8]), known=f"c1 to c{len(prompt.marks)}"))
    if not marks and prompt.marks:
        return Malformed(reason=NO_MARK)
    cites = tuple(
        Citation(label=f"{mark}: {prompt.marks[mark].label or prompt.marks[mark].title[:300]}",
                 url=prompt.marks[mark].url, text=prompt.marks[mark].text[:2000])
        for mark in marks
    )  # fmt: skip
    return Answer(text=said, cites=cites)


def _by_rules(request: RepairRequest, evidence: Evidence, why: str, tools: Tools) -> Answer:
    faults = distinct(evidence.faults)
    repairs = propose(request, evidence.faults, tools)
    titles = {(one.path, one.line): one for one in (*repairs.repairs, *repairs.explained)}
    begins = NO_ANSWER.format(why=why.rstrip(".")) if tools.models.available else NO_MODEL
    lines = [begins, ""]
    for fault in faults[:MOST_FAULTS]:
        known = titles.get((fault.path, fault.line))
        cure = BY_RULE.format(rule=known.rule, title=known.title) if known else ""
        lines.append(KNOWN.format(place=fault.place or fault.subject or "?", message=fault.message, cure=cure))
    text = "\n".join(lines if faults else [*lines, NOTHING_KNOWN])[:20_000]
    told = [one for one in evidence.chunks if _named(one, text, faults[:MOST_FAULTS])]
    return Answer(text=text, cites=tuple(told[:10]), by="rules")


def _named(citation: Citation, text: str, faults: Sequence[Fault]) -> bool:
    """Whether a text names what is cited: one of its faults lies in these lines, or it is named as it is called."""
    lines = _LINES.fullmatch(citation.label)
    if lines is None:
        return bool(citation.label) and citation.label in text
    start, end = int(lines["start"]), int(lines["end"] or lines["start"])
    return any(fault.path == lines["path"] and start <= fault.line <= end for fault in faults)
