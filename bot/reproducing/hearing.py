"""What came of a script, from how its Blender ended and what it said. Pure."""

from __future__ import annotations

import re

from bot.models.fault import Fault, FaultKind
from bot.models.reproducer import Came, Tried
from bot.reproducing.wanted import hanging
from bot.sandbox.base import Finished

SHOWN, UNSHOWN, OTHER = "the fault shows.", "the fault does not show.", "which is not what was expected"
"""By what a script says its word; see `parts/judging.py`."""
DIED = "Blender died of signal {signal}."
STOPPED = "Blender was stopped: {why}."
ENDLESS = "It had not ended after {seconds:.0f} s."
HANGS = "It does not end: where it hangs was written down."
NO_WORD = "Blender ended with status {status}, and the script had not said its word: {last}"

_SHOWS, _PASSES, _OTHER = 1, 0, 3
_HANG = re.compile(r"^Timeout \(\d+:\d\d:\d\d\)!$", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LONGEST = 600


def heard(finished: Finished, fault: Fault) -> Tried:
    """What came of it: by the exit status, and only where the script's own word says the same."""
    came, said = _heard(finished, fault)
    return Tried(came=came, said=_CONTROL.sub("", said)[:_LONGEST], seconds=round(finished.seconds, 2))


def _heard(finished: Finished, fault: Fault) -> tuple[Came, str]:
    lines = [line.strip() for line in finished.output.splitlines() if line.strip()]
    if finished.stopped:
        return Came.OTHERWISE, STOPPED.format(why=finished.stopped)
    if finished.status is None:
        return (Came.SHOWS if hanging(fault) else Came.OTHERWISE), ENDLESS.format(seconds=finished.seconds)
    if finished.status < 0:
        died = DIED.format(signal=-finished.status)
        return (Came.SHOWS if fault.kind is FaultKind.CRASH else Came.OTHERWISE), died
    if hanging(fault) and finished.status == _SHOWS and _HANG.search(finished.output):
        return Came.SHOWS, HANGS
    for status, words, came in ((_SHOWS, SHOWN, Came.SHOWS), (_PASSES, UNSHOWN, Came.PASSES)):
        said = next((line for line in reversed(lines) if line.endswith(words)), "")
        if finished.status == status and said:
            return came, said
    other = next((line for line in reversed(lines) if OTHER in line), "")
    if finished.status == _OTHER and other:
        return Came.OTHERWISE, other
    return Came.OTHERWISE, NO_WORD.format(status=finished.status, last=lines[-1] if lines else "it said nothing")
