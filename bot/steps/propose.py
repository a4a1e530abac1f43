"""Ask a model for a patch: what it answers is placed by content, held against the API, and made a diff by git.

Nothing of an answer is used before it could be read, applied to the files, and grounded; whatever is wrong with it goes
back to the model as one precise sentence.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.dossier.dossier import SECTIONS
from bot.edits.answers import read
from bot.edits.applying import Unapplied, apply
from bot.llm.tokens import count
from bot.models.citation import Citation
from bot.models.evidence import Evidence
from bot.models.exchange import Role
from bot.models.fault import Fault
from bot.models.patch import Patch
from bot.models.plan import Plan, SubTask
from bot.models.proposal import Malformed, Proposal
from bot.models.request import Mode, RepairRequest
from bot.patches import to_patch
from bot.policy import allowance, misplaced, objections
from bot.prompts.compose import Failed, Prompt, compose
from bot.rules.source import Source
from bot.steps.asking import Unanswered, ask
from bot.steps.base import Tools
from bot.steps.patch import DOES_NOT_APPLY, checkout
from bot.steps.subject import asked, dossier
from bot.validators.grounding import Grounding, ground

STEP = "patch"
NO_CITATION = "Nothing is cited: name under `## Rests on` the marks of what your patch rests on, such as [c1]."
BAD_CITATION = "{marks} are no marks of what you were shown; the marks are {known}."
NO_CHANGE = "The patch changes nothing."
LOOK_UP = "It would first see: {query}"
WISHES = {
    Mode.TEST: "Write the tests.",
    Mode.FEATURE: "Write the patch.",
    Mode.REFACTOR: "Write the patch.",
}
SHOWN = "What you asked to see is shown above, as far as it is there."
NO_MORE = "There is nothing more to look up: write the patch with what is shown."
WISH = "Write the patch that repairs this."


@dataclass(frozen=True)
class Written:
    """An answer that stands: the new texts of the files it changes, and what it rests on."""

    files: Mapping[str, str]
    summary: str = ""
    cites: tuple[Citation, ...] = ()
    names: tuple[str, ...] = ()
    query: str = ""


def propose(
    request: RepairRequest,
    evidence: Evidence,
    faults: Sequence[Fault],
    plan: Plan,
    base: Patch,
    failed: Sequence[Failed],
    tools: Tools,
    sample: int = 0,
    may_look_up: bool = True,
) -> Patch:
    """One candidate on top of `base`; the clone has it. What no model answered is said in `unanswered`.

    Where a model may not ask to see more, it has to do with what it is shown.
    """
    checkout(base, tools)
    before = tools.texts(request.addon)
    written: list[Written] = []
    for task in plan.tasks or (None,):
        one = _step(request, evidence, faults, plan, task, base, failed, tools, before, sample, may_look_up)
        if isinstance(one, Unanswered):
            tools.clone.reset()
            told = {"refused": (one.why,)} if one.spoke else {"unanswered": one.why}
            return base.model_copy(update={"by": "model", **told})
        if one.query:
            tools.clone.reset()
            return base.model_copy(
                update={"by": "model", "query": one.query, "refused": (LOOK_UP.format(query=one.query),)}
            )
        tools.clone.write(_encoded(one.files, request, tools))
        written.append(one)
    return _made(request, base, written, before, tools)


def _step(
    request: RepairRequest, evidence: Evidence, faults: Sequence[Fault], plan: Plan, task: SubTask | None, base: Patch,
    failed: Sequence[Failed], tools: Tools, before: Mapping[str, str], sample: int, may_look_up: bool,
) -> Written | Unanswered:  # fmt: skip
    """One call on the files as they are now."""
    step, query = (f"{task.title} ({', '.join(task.files)})", task.query) if task else ("", plan.query)
    words = f"{task.title} {task.query}" if task else ""
    known = dossier(request, evidence, faults, tools, query, words, failed[-1].places if failed else (), base)
    shown = SHOWN if query and not task else ""
    wish = " ".join(filter(None, (shown, WISHES.get(request.mode, WISH), known.habits)))
    role = Role.HEALER if failed else Role.PATCHER
    name = "tests" if request.mode is Mode.TEST else "patch"
    prompt = compose(name, role, asked(request, failed, step, wish), known.pieces, SECTIONS, tools.prompt_tokens, count)
    call = prompt.call.model_copy(update={"sample": sample})
    return ask(tools.models, call, _reader(request, prompt, before, tools, may_look_up), STEP)


def _reader(
    request: RepairRequest, prompt: Prompt, before: Mapping[str, str], tools: Tools, may_look_up: bool
) -> Callable[[str], Written | Malformed]:
    """Reads an answer as far as it can be held to account without running anything."""
    sources = tools.sources(request.addon)
    now = {source.path: source.text for source in sources}
    encodings = {source.path: source.encoding for source in sources}
    there = tools.clone.paths()

    def reading(text: str) -> Written | Malformed:
        proposal = read(text)
        if isinstance(proposal, Malformed):
            return proposal
        if proposal.query and not proposal.changes:
            if not may_look_up:
                return Malformed(reason=NO_MORE)
            return Written({}, proposal.summary, query=proposal.query)
        unsaid = _uncited(proposal, prompt)
        if unsaid:
            return Malformed(reason=unsaid)
        done = apply(proposal.changes, now, encodings, there)
        if isinstance(done, Unapplied):
            return Malformed(reason=" ".join(done.reasons))
        changed = {path: text for path, text in done.files.items() if text != now.get(path)}
        if not changed:
            return Malformed(reason=NO_CHANGE)
        found = _grounded(request, changed, now, before, tools)
        if found.complaints:
            return Malformed(reason=" ".join(found.complaints[:8]))
        names = tuple(dict.fromkeys(one.full for one in found.named))
        return Written(changed, proposal.summary, _cited(proposal, prompt), names)

    return reading


def _uncited(proposal: Proposal, prompt: Prompt) -> str:
    if not proposal.cites:
        return NO_CITATION
    wrong = [mark for mark in proposal.cites if mark not in prompt.marks]
    if not wrong:
        return ""
    return BAD_CITATION.format(marks=", ".join(wrong[:8]), known=f"c1 to c{len(prompt.marks)}")


def _cited(proposal: Proposal, prompt: Prompt) -> tuple[Citation, ...]:
    pieces = [prompt.marks[mark] for mark in dict.fromkeys(proposal.cites)]
    return tuple(
        Citation(label=piece.label or piece.title[:300], url=piece.url, text=piece.text[:2000]) for piece in pieces
    )


def _grounded(
    request: RepairRequest, changed: Mapping[str, str], now: Mapping[str, str], before: Mapping[str, str],
    tools: Tools,
) -> Grounding:  # fmt: skip
    added = {path: _added(now.get(path, ""), text) for path, text in changed.items()}
    releases = request.support.releases()
    # A name lives from one release to another: what both ends of the range have, those between have too, and where
    # stubs between say otherwise it is they that lack it.
    wanted = {*request.runs_on, releases[0], releases[-1]} if releases else set(request.runs_on)
    tables = {release: table for release in wanted if (table := tools.tables(release)) is not None}
    return ground(changed, added, before, tables)


def _added(old: str, new: str) -> frozenset[int]:
    """The lines of the new text (from 1) that are not in the old one in this place."""
    matcher = difflib.SequenceMatcher(None, old.splitlines(), new.splitlines(), autojunk=False)
    return frozenset(
        line + 1
        for tag, _, _, start, end in matcher.get_opcodes()
        if tag in ("replace", "insert")
        for line in range(start, end)
    )


def _encoded(files: Mapping[str, str], request: RepairRequest, tools: Tools) -> dict[str, bytes]:
    """The bytes of the files, in the encoding each has."""
    known: dict[str, Source] = {source.path: source for source in tools.sources(request.addon)}
    return {path: known[path].encode(text) if path in known else text.encode() for path, text in files.items()}


def _difference(before: Mapping[str, str], written: Sequence[Written]) -> str:
    """What was written, as a diff against what was there when it was asked for."""
    after = {path: text for one in written for path, text in one.files.items()}
    rows = (
        row
        for path, text in after.items()
        for row in difflib.unified_diff(
            before.get(path, "").splitlines(), text.splitlines(), f"a/{path}", f"b/{path}", lineterm=""
        )
    )
    return "".join(f"{row}\n" for row in rows)


def _made(
    request: RepairRequest, base: Patch, written: Sequence[Written], before: Mapping[str, str], tools: Tools
) -> Patch:
    diff = tools.clone.diff()
    made = to_patch(diff, base.repairs)
    reasons = [*objections(made, request.addon, allowance(request.mode)), *misplaced(made, request.mode)]
    if not made.empty and (reason := tools.clone.accepts(diff)):
        reasons.append(DOES_NOT_APPLY.format(reason=reason))
    if reasons:
        tools.clone.reset()
    return made.model_copy(
        update={
            "refused": tuple(reasons),
            "by": "model",
            "own": _difference(before, written),
            "summary": "\n\n".join(one.summary for one in written)[:4000],
            "cites": tuple(dict.fromkeys(cite for one in written for cite in one.cites)),
            "names": tuple(dict.fromkeys(name for one in written for name in one.names)),
        }
    )
