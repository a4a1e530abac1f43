"""From a dossier to a call: the template filled, the pieces fitted into the room there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.models.exchange import Call, Message, Role
from bot.models.release import Release
from bot.models.request import Mode, Turn
from bot.prompts.fence import fenced, inline, shortened
from bot.prompts.pieces import Fitted, Piece, fit
from bot.prompts.template import Template, template

TASK = "The task, in the words of whoever asked:\n\n{text}"
NO_TASK = "The task: repair what is wrong."
HINT = "They add:\n\n{text}"
TALK = "What was said before, oldest first:\n\n{text}"
SUB_TASK = "Of it, this step alone is to be done now:\n\n{text}"
SUPPORT_NOTE = "; it declares Blender {support}, so names must exist in all of these, or be guarded"
FAILED = "An earlier attempt failed:\n\n{why}\n\nThis was it:\n\n{diff}"
ONE_FAILED = "An earlier attempt failed:\n\n{why}"

MODES = {
    Mode.FIX: "Repair the fault.",
    Mode.TEST: "Write tests for the behaviour that is named; change no other code. They go into new files.",
    Mode.REFACTOR: "Change how the code is written and nothing that a user of it can notice.",
    Mode.FEATURE: "Add what is asked for, as small as it can be, with its test in a new file and its documentation.",
    Mode.EXPLAIN: "",
    Mode.CHECK: "",
}
LONGEST_TASK = 4000
OVERHEAD = 60
"""Tokens for what a call adds to its texts, and for the lines between pieces."""
LONGEST_TURN = 600
MOST_TURNS = 8
LONGEST_DIFF = 5000
LONGEST_WHY = 2500

Count = Callable[[str], int]


@dataclass(frozen=True)
class Failed:
    """An attempt that came to nothing: why, in the machine's words, and its diff."""

    why: str
    diff: str = ""
    """What was tried: a diff, or a script."""
    info: str = "diff"
    places: tuple[tuple[str, int], ...] = ()
    """Path and line, in the code as it is without the patch, of where it failed."""


@dataclass(frozen=True)
class Asked:
    """What every prompt is about."""

    addon: str
    module: str
    releases: Sequence[Release]
    support: str = ""
    """The support range, where it is wider than the releases that are run."""
    task: str = ""
    hint: str = ""
    talk: Sequence[Turn] = ()
    mode: Mode = Mode.FIX
    step: str = ""
    """The sub-task to do now."""
    failed: Sequence[Failed] = field(default=())
    request: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    """Further values of the template."""


@dataclass(frozen=True)
class Prompt:
    """A call, and the piece behind each mark in it."""

    call: Call
    marks: dict[str, Piece]
    left_out: tuple[str, ...] = ()


def compose(
    name: str, role: Role, asked: Asked, pieces: Sequence[Piece], sections: Sequence[str], room: int, count: Count
) -> Prompt:
    """Fill a template; the whole prompt has at most `room` tokens, save what must be in it."""
    chosen = template(name)
    values = _values(asked)
    system, user = chosen.filled({**values, "pieces": ""})
    left = room - count(system) - count(user) - OVERHEAD
    fitted = fit(pieces, sections, max(left, 0), count)
    system, user = chosen.filled({**values, "pieces": fitted.text})
    return Prompt(_call(chosen, role, system, user), fitted.marks, _left(fitted))


def _call(chosen: Template, role: Role, system: str, user: str) -> Call:
    messages = (Message(speaker="system", text=system), Message(speaker="user", text=user))
    return Call(role=role, prompt=chosen.id, messages=messages, shape=chosen.shape)


def _left(fitted: Fitted) -> tuple[str, ...]:
    return fitted.left_out


def _values(asked: Asked) -> dict[str, str]:
    newest = max(asked.releases)
    note = SUPPORT_NOTE.format(support=asked.support) if asked.support else ""
    return {
        "addon": inline(asked.addon, 120),
        "module": inline(asked.module, 120),
        "module_name": asked.module.replace("`", "")[:120],
        "release": str(newest),
        "releases": ", ".join(map(str, asked.releases)),
        "support_note": note,
        "mode": MODES[asked.mode],
        "task": _task(asked),
        "history": _history(asked),
        "request": asked.request,
        **asked.extra,
    }


def _task(asked: Asked) -> str:
    parts = [TASK.format(text=fenced(shortened(asked.task, LONGEST_TASK))) if asked.task.strip() else NO_TASK]
    if asked.talk:
        parts.append(TALK.format(text=fenced(conversation(asked.talk))))
    if asked.hint.strip():
        parts.append(HINT.format(text=fenced(shortened(asked.hint, LONGEST_TASK))))
    if asked.step:
        parts.append(SUB_TASK.format(text=fenced(asked.step)))
    return "\n\n".join(parts)


def conversation(talk: Sequence[Turn]) -> str:
    """The turns that are worth their room: the first, which asked, and the newest; each cut where it is long."""
    kept = [*talk[:1], *talk[1:][-(MOST_TURNS - 1) :]]
    left = len(talk) - len(kept)
    lines = [f"{turn.author}{' (bcrag)' if turn.ours else ''}: {shortened(turn.text, LONGEST_TURN)}" for turn in kept]
    if left:
        lines.insert(1, f"[{left} more]")
    return "\n\n".join(lines)


def _history(asked: Asked) -> str:
    parts = []
    for number, one in enumerate(asked.failed):
        last = number == len(asked.failed) - 1
        why = fenced(shortened(one.why, LONGEST_WHY if last else LONGEST_WHY // 4))
        if one.diff and last:
            parts.append(FAILED.format(why=why, diff=fenced(shortened(one.diff, LONGEST_DIFF), one.info)))
        else:
            parts.append(ONE_FAILED.format(why=why))
    return "\n\n".join(parts)
