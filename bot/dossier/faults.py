"""What is known to be wrong, as a model is told it: each fault with its span, and the traceback it was seen in."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dossier.codebase import Codebase
from bot.models.fault import Fault, Proof
from bot.models.reproduction import Reproduction
from bot.prompts.fence import inline, shortened
from bot.prompts.pieces import Piece, Rank

SECTION = "What is wrong"
FAULT = "{place}: {known}"
TOLD = "The traceback somebody sent"
SCRIPT = "The reproduction, run in Blender {release} on the code as it is"
DID = "# {said}\n\n{script}"
BY = ", by the {kind} {subject}"
KNOWN = {
    Proof.REPRODUCED: "raised in Blender {release}",
    Proof.API: "Blender {release} says that this is not there",
    Proof.STATIC: "reported, not seen by us",
}

MOST_FAULTS = 20
LONGEST_MESSAGE = 700
LONGEST_TRACEBACK = 2400


def faults(known: Sequence[Fault], base: Codebase) -> tuple[Piece, ...]:
    """One piece for each fault, the first with its traceback."""
    found = []
    for number, fault in enumerate(known[:MOST_FAULTS]):
        place = inline(fault.place) if fault.path else inline(fault.subject or fault.kind.value)
        known_by = KNOWN[fault.proof].format(release=fault.release or "?")
        if fault.proof is Proof.REPRODUCED and fault.subject:
            known_by += BY.format(kind=fault.kind.value, subject=inline(fault.subject))
        title = FAULT.format(place=place, known=known_by)
        lines = [_message(fault)]
        if fault.line and (code := base.span(fault.path, fault.line, max(fault.line, fault.end_line)).strip()):
            lines.append(f"at the line: {code[:400]}")
        if number == 0 and fault.traceback:
            lines.append(shortened(fault.traceback.strip(), LONGEST_TRACEBACK))
        rank = Rank.MUST if number == 0 else Rank.FAULT
        found.append(Piece(rank, SECTION, title, "\n".join(lines), short=_message(fault)))
    return tuple(found)


def scripts(known: Sequence[Reproduction]) -> tuple[Piece, ...]:
    """The reproductions that count, and what they came to."""
    return tuple(
        Piece(
            Rank.FAULT,
            SECTION,
            SCRIPT.format(release=one.release),
            DID.format(said=" ".join(one.said.split())[:400], script=one.script.text),
            "python",
        )
        for one in known
        if one.counts
    )


def _message(fault: Fault) -> str:
    kind = f"{fault.exception}: " if fault.exception else ""
    return shortened(f"{kind}{fault.message}", LONGEST_MESSAGE)
