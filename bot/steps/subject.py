"""What a run's prompts are about: the open faults, the frames, and the dossier made of them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dossier.api import Api
from bot.dossier.dossier import Dossier, Subject, collect
from bot.dossier.places import Frames
from bot.models.addon import Addon, AddonKind
from bot.models.attempt import Attempt
from bot.models.evidence import Evidence
from bot.models.fault import Fault
from bot.models.patch import EMPTY, Patch
from bot.models.request import Mode, RepairRequest
from bot.patches import line_after
from bot.prompts.compose import Asked, Failed
from bot.steps.base import Tools
from bot.steps.critique import in_the_way
from bot.steps.distinct import distinct
from bot.triggers.logs import frames_in


def open_faults(evidence: Evidence, good: Attempt | None) -> tuple[Fault, ...]:
    """What a model is to repair: of what was asked for, else of everything known, what the best attempt left.

    Lines are those of the tree with the best attempt's patch.
    """
    if good is None:
        return evidence.asked or distinct(evidence.faults)
    if not evidence.asked:
        return distinct(good.verdict.remaining)
    left = [fault for fault in evidence.asked if not any(_is(fault, other) for other in good.verdict.repaired)]
    if left:
        return tuple(_moved(fault, good.patch) for fault in left)
    # What was asked for is repaired; what stands in the way of calling it proven is left.
    return distinct(in_the_way(evidence, good.verdict.repaired, good.verdict.remaining))


def _is(asked: Fault, repaired: Fault) -> bool:
    """Whether a repaired fault is the one that was asked about: whoever saw it, it lies there."""
    return asked.path == repaired.path and repaired.line <= asked.line <= max(repaired.line, repaired.end_line)


def _moved(fault: Fault, patch: Patch) -> Fault:
    if not fault.path or not fault.line:
        return fault
    line = line_after(patch, fault.path, fault.line)
    return fault.model_copy(update={"line": line, "end_line": max(line, fault.end_line + line - fault.line)})


def dossier(
    request: RepairRequest,
    evidence: Evidence,
    faults: Sequence[Fault],
    tools: Tools,
    query: str = "",
    words: str = "",
    also: Frames = (),
    base: Patch = EMPTY,
) -> Dossier:
    """The pieces about these faults, from the clone as it is now; `also` are further places to show.

    `base` is the patch the clone holds: what a log says of lines is about the commit without it.
    """
    texts = tools.texts(request.addon)
    frames = frames_in(request.log, request.addon, texts) if request.log else ()
    subject = Subject(
        texts=texts,
        commit=request.commit,
        faults=faults,
        frames=tuple((frame.path, line_after(base, frame.path, frame.line)) for frame in frames),
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
        module=module_name(request.addon),
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
    """Whether something is asked for in words alone, so that there is work where no fault is known.

    A check looks and does nothing, whatever the issue says it is asked on.
    """
    if request.mode is Mode.CHECK:
        return False
    return request.mode in (Mode.TEST, Mode.REFACTOR, Mode.FEATURE) or bool(request.task.strip())


def module_name(addon: Addon) -> str:
    """The name an add-on is imported by in Blender."""
    return f"bl_ext.user_default.{addon.module}" if addon.kind is AddonKind.EXTENSION else addon.module
