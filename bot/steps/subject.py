"""What a run's prompts are about: the open faults, the frames, and the dossier made of them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dossier.api import Api
from bot.dossier.dossier import Dossier, Subject, collect
from bot.dossier.places import Frames
from bot.models.attempt import Attempt
from bot.models.evidence import Evidence
from bot.models.fault import Fault
from bot.models.request import Mode, RepairRequest
from bot.prompts.compose import Asked, Failed
from bot.steps.base import Tools
from bot.steps.distinct import distinct
from bot.triggers.logs import frames_in


def open_faults(evidence: Evidence, good: Attempt | None) -> tuple[Fault, ...]:
    """What a model is to repair: of what was asked for, else of everything known, what the best attempt left."""
    left = good.verdict.remaining if good is not None else evidence.faults
    if not evidence.asked:
        return distinct(left)
    repaired = {(fault.path, fault.line, fault.exception) for fault in (good.verdict.repaired if good else ())}
    return tuple(fault for fault in evidence.asked if (fault.path, fault.line, fault.exception) not in repaired)


def dossier(
    request: RepairRequest,
    evidence: Evidence,
    faults: Sequence[Fault],
    tools: Tools,
    query: str = "",
    words: str = "",
    also: Frames = (),
) -> Dossier:
    """The pieces about these faults, from the clone as it is now; `also` are further places to show."""
    texts = tools.texts(request.addon)
    frames = frames_in(request.log, request.addon, texts) if request.log else ()
    subject = Subject(
        texts=texts,
        commit=request.commit,
        faults=faults,
        frames=tuple((frame.path, frame.line) for frame in frames),
        words=words or f"{request.task}\n{request.hint}".strip(),
        oldest=request.runs_on[0],
        newest=request.targets[-1],
        reproductions=evidence.reproductions,
        query=query,
        also=also,
    )
    api = Api(min(request.support.oldest, request.runs_on[0]), request.targets[-1], tools.tables)
    return collect(subject, tools.retriever, api, request.addon.inside)


def asked(request: RepairRequest, failed: Sequence[Failed] = (), step: str = "", wish: str = "") -> Asked:
    """What a prompt says of the request."""
    task = request.task
    # What somebody pasted as a traceback is shown as the fault it became, not once more as words.
    return Asked(
        addon=request.addon.name,
        module=request.addon.module,
        releases=request.runs_on,
        support=str(request.support) if request.support.oldest < request.runs_on[0] else "",
        task=task,
        hint=request.hint,
        talk=request.conversation,
        mode=request.mode,
        step=step,
        failed=failed,
        request=wish,
    )


def worded(request: RepairRequest) -> bool:
    """Whether something is asked for in words alone, so that there is work where no fault is known."""
    return request.mode in (Mode.TEST, Mode.REFACTOR, Mode.FEATURE) or bool(request.task.strip())
