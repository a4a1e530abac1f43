"""The faults a log, an issue or any other text tells of, and the release it is about.

Such text is hostile and of any size and shape: this reads at most `LIMIT` characters, in few passes,
never fails, and believes nothing but file names, lines and the words of exceptions. Nothing found
here is more than `static`: somebody says that it happened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from bot.models.addon import Addon
from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.release import Release
from bot.triggers.anchoring import Anchors
from bot.triggers.console import WORDS as CONSOLE_WORDS
from bot.triggers.console import said, without_place
from bot.triggers.files import Files
from bot.triggers.lines import LIMIT, plain
from bot.triggers.messages import named_in
from bot.triggers.pytests import WORDS as PYTEST_WORDS
from bot.triggers.pytests import failures
from bot.triggers.releases import LIMIT as FAR
from bot.triggers.releases import release_in
from bot.triggers.tracebacks import CAUSE, LogFrame, Told, tracebacks

__all__ = ["LIMIT", "MOST_FAULTS", "LogFrame", "faults_in", "frames_in", "release_of"]

MOST_FAULTS = 200
"""More are not returned."""


def faults_in(log: str, addon: Addon, texts: Mapping[str, str] | None = None) -> tuple[Fault, ...]:
    """The faults a log tells of, in its order, each once.

    The place is the deepest frame inside the add-on. Of exceptions chained to each other one
    counts: the cause where there is one, else the last, unless only the earlier one names a member.
    What Blender says without a traceback (a property that is no annotation, an unknown operator in a
    layout) counts too. Without any of it, lines such as `AttributeError: …` count, without a place.
    Each has the release its own paths name, else the one the text is about. With `texts`, the add-on's
    files by repository path, a place is the line its code stands on now.
    """
    anchors = Anchors(texts or {})
    files = Files(addon)
    told: list[Told] = []
    for one in _every(log, files):
        if one.link and told:
            told[-1] = _telling(told[-1], one)
        else:
            told.append(one)
        if len(told) > MOST_FAULTS * 10:
            break
    faults = [_fault(one, anchors) for one in told if not (one.exception or "").endswith("ExceptionGroup")]
    if not told:
        faults = [_fault(one, anchors) for one in without_place(plain(log))]
    release = release_of(log)
    unique: dict[tuple[object, ...], Fault] = {}
    for fault in faults:
        kept = fault if fault.release else fault.model_copy(update={"release": release})
        unique.setdefault((fault.exception, fault.message, fault.path, fault.line), kept)
    return tuple(unique.values())[:MOST_FAULTS]


def frames_in(log: str, addon: Addon, texts: Mapping[str, str] | None = None) -> tuple[LogFrame, ...]:
    """Every frame inside the add-on that a traceback of the log goes through, outermost first, each once.

    `texts` as in `faults_in`.
    """
    anchors = Anchors(texts or {})
    frames = dict.fromkeys(frame for told in _every(log, Files(addon)) for frame in told.frames)
    now = (anchors.now(frame) for frame in islice(frames, MOST_FAULTS * 10))
    return tuple({(frame.path, frame.line, frame.function): frame for frame in now}.values())


def release_of(log: str) -> Release | None:
    """The Blender release a text is about, as it says itself or by its paths: its beginning counts, then its end."""
    return release_in(log) or release_in(log[-FAR:])


def _every(log: str, files: Files) -> Iterator[Told]:
    lines = tuple(plain(log))
    yield from tracebacks(iter(lines), files)
    # most logs hold none of these: one look at the whole text is cheaper than one at each line
    if any(word in log for word in PYTEST_WORDS):
        yield from failures(iter(lines), files)
    if any(word in log for word in CONSOLE_WORDS):
        yield from said(iter(lines), files)


def _telling(earlier: Told, later: Told) -> Told:
    if later.link == CAUSE:
        return earlier if earlier.frames else later
    names_member = named_in(later.message).member is not None
    return later if names_member or named_in(earlier.message).member is None else earlier


def _fault(told: Told, anchors: Anchors) -> Fault:
    owner, member = named_in(told.message)
    place = anchors.now(told.frames[-1]) if told.frames else LogFrame("", 0)
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
