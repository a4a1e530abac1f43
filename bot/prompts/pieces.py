"""The pieces a prompt is made of, and which of them there is room for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from bot.prompts.fence import fenced

LEFT_OUT = "{count} further pieces of code had no room."


class Rank(IntEnum):
    """What is kept first where there is not room for all: faults, code to be edited, API, exemplars."""

    MUST = 0
    FAULT = 1
    CODE = 2
    API = 3
    AROUND = 4
    EXEMPLAR = 5
    ASIDE = 6


@dataclass(frozen=True)
class Piece:
    """One thing a model is told: `text` is data and gets a fence of the language `info`.

    `section` is the heading it stands under, `label` what a citation of it is called in the report. `short` is what
    is said instead where the whole has no room.
    """

    rank: Rank
    section: str
    title: str
    text: str
    info: str = ""
    label: str = ""
    url: str | None = None
    short: str = ""


@dataclass(frozen=True)
class Fitted:
    """What is in a prompt: its text, and the piece behind each mark."""

    text: str
    marks: dict[str, Piece]
    left_out: tuple[str, ...] = ()


def fit(pieces: Sequence[Piece], sections: Sequence[str], room: int, count: Callable[[str], int]) -> Fitted:
    """Keep what matters most within `room` tokens; shown under its section, in the order given.

    A piece too long for what is left is tried in its short form, then left out, and smaller ones of lower rank may
    still find a place.
    """
    kept: dict[int, str] = {}
    left_out: list[str] = []
    for place in sorted(range(len(pieces)), key=lambda place: (pieces[place].rank, place)):
        piece = pieces[place]
        for text in filter(None, (piece.text, piece.short)):
            cost = count(_shown("c00", piece, text))
            if cost <= room or piece.rank is Rank.MUST:
                kept[place], room = text, room - cost
                break
        else:
            left_out.append(piece.title)
    return _laid_out(pieces, kept, sections, tuple(left_out))


def _laid_out(pieces: Sequence[Piece], kept: dict[int, str], sections: Sequence[str], left: tuple[str, ...]) -> Fitted:
    marks: dict[str, Piece] = {}
    parts: list[str] = []
    for section in sections:
        under = [place for place in sorted(kept) if pieces[place].section == section]
        if under:
            parts.append(f"## {section}")
        for place in under:
            mark = f"c{len(marks) + 1}"
            marks[mark] = pieces[place]
            parts.append(_shown(mark, pieces[place], kept[place]))
    if left:
        parts.append(LEFT_OUT.format(count=len(left)))
    return Fitted("\n\n".join(parts), marks, left)


def _shown(mark: str, piece: Piece, text: str) -> str:
    return f"[{mark}] {piece.title}\n{fenced(text, piece.info)}"
