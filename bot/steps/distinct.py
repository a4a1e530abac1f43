"""Each thing that is wrong once: several sensors and releases often see the same."""

from __future__ import annotations

from collections.abc import Sequence

from bot.models.fault import Fault, Proof
from bot.models.release import OLDEST

_STRENGTH = {Proof.REPRODUCED: 2, Proof.API: 1, Proof.STATIC: 0}


def distinct(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Of what was seen at one place the best proven, and of several releases the newest, by place.

    What was raised at a line stands for what the API says about it, and both for what was only read.
    """
    order = sorted(faults, key=lambda fault: (_STRENGTH[fault.proof], fault.release or OLDEST), reverse=True)
    kept: dict[tuple[object, ...], Fault] = {}
    taken: dict[Proof, set[tuple[str, int]]] = {proof: set() for proof in Proof}
    for fault in order:
        lines = {(fault.path, line) for line in range(fault.line, max(fault.line, fault.end_line) + 1) if line}
        stronger = [proof for proof in Proof if _STRENGTH[proof] > _STRENGTH[fault.proof]]
        if any(not taken[proof].isdisjoint(lines) for proof in stronger):
            continue
        unplaced = None if fault.line else fault.message
        kept.setdefault((fault.path, fault.line, fault.exception, fault.rule, fault.member, unplaced), fault)
        taken[fault.proof] |= lines
    return tuple(sorted(kept.values(), key=lambda fault: (fault.path, fault.line, fault.message)))


def counted(faults: Sequence[Fault]) -> str:
    """`1 fault`, `3 faults`."""
    return f"{len(faults)} fault{'' if len(faults) == 1 else 's'}"
