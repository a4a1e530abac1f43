"""The faults a log, an issue or any other text tells of, and the release it is about.

Such text is hostile and of any size and shape: this reads at most `LIMIT` characters, in few passes,
never fails, and believes nothing but file names, lines and the words of exceptions. Nothing found
here is more than `static`: somebody says that it happened.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.models.addon import Addon
from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.release import Release
from bot.triggers.console import said, without_place
from bot.triggers.files import Files
from bot.triggers.lines import LIMIT, plain
from bot.triggers.messages import named_in
from bot.triggers.pytests import failures
from bot.triggers.releases import release_in
from bot.triggers.tracebacks import CAUSE, LogFrame, Told, tracebacks

__all__ = ["LIMIT", "MOST_FAULTS", "LogFrame", "faults_in", "frames_in", "release_of"]

MOST_FAULTS = 200
"""More are not returned."""


def faults_in(log: str, addon: Addon) -> tuple[Fault, ...]:
    """The faults a log tells of, in its order, each once.

    The place is the deepest frame inside the add-on. Of exceptions chained to each other one
    counts: the cause where there is one, else the last, unless only the earlier one names a member.
    What Blender says without a traceback (a property that is no annotation, an unknown operator in a
    layout) counts too. Without any of it, lines such as `AttributeError: …` count, without a place.
    Each has the release its own paths name, else the one the text is about.
    """
    files = Files(addon)
    told: list[Told] = []
    for one in _every(log, files):
        if one.link and told:
            told[-1] = _telling(told[-1], one)
        else:
            told.append(one)
        if len(told) > MOST_FAULTS * 10:
            break
    faults = [_fault(one) for one in told if not (one.exception or "").endswith("ExceptionGroup")]
    if not told:
        faults = [_fault(one) for one in without_place(plain(log))]
    release = release_in(log)
    unique: dict[tuple[object, ...], Fault] = {}
    for fault in faults:
        kept = fault if fault.release else fault.model_copy(update={"release": release})
        unique.setdefault((fault.exception, fault.message, fault.path, fault.line), kept)
    return tuple(unique.values())[:MOST_FAULTS]


def frames_in(log: str, addon: Addon) -> tuple[LogFrame, ...]:
    """Every frame inside the add-on that a traceback of the log goes through, outermost first, each once."""
    frames = (frame for told in _every(log, Files(addon)) for frame in told.frames)
    return tuple(dict.fromkeys(frames))[: MOST_FAULTS * 10]


def release_of(log: str, addon: Addon) -> Release | None:
    """The Blender release a text is about: as it says itself, else by the paths of the first of its tracebacks."""
    said_so = release_in(log)
    if said_so is not None:
        return said_so
    return next((fault.release for fault in faults_in(log, addon) if fault.release), None)


def _every(log: str, files: Files) -> Iterator[Told]:
    yield from tracebacks(plain(log), files)
    yield from failures(plain(log), files)
    yield from said(plain(log), files)


def _telling(earlier: Told, later: Told) -> Told:
    if later.link == CAUSE:
        return earlier if earlier.frames else later
    names_member = named_in(later.message).member is not None
    return later if names_member or named_in(earlier.message).member is None else earlier


def _fault(told: Told) -> Fault:
    owner, member = named_in(told.message)
    place = told.frames[-1] if told.frames else LogFrame("", 0)
    return Fault(
        kind=FaultKind.CRASH if told.crashed else FaultKind.LOG,
        owner=owner,
        member=member,
        path=place.path,
        line=place.line,
        end_line=place.line,
        message=told.message or told.exception or "the traceback ends without its exception",
        exception=told.exception,
        source=FaultSource.LOG,
        proof=Proof.STATIC,
        release=told.release,
        traceback=told.text or None,
    )
