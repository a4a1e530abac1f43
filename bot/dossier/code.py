"""The code a model is shown: what is to be edited first, then what it calls, and who calls it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.dossier.codebase import Codebase
from bot.dossier.places import Spot
from bot.prompts.fence import inline
from bot.prompts.pieces import Piece, Rank
from indexer.models import Symbol

SECTION = "Code"
WHOLE = "{path}, lines {start} to {end}: {what}"
PART = "{path}, lines {start} to {end}: a part of {what}, which has lines {first} to {last}"
IMPORTS = "{path}: its imports"
MODULE = "{path}, lines {start} to {end}"
CALLED = "{path}, lines {start} to {end}: {what}, which is used above"
CALLER = "{path}, lines {start} to {end}: where {what} is called"
CLASS = "{path}, lines {start} to {end}: the head of class {what}"

MOST_WHOLE = 90
"""Lines; a longer function is shown around the place."""
AROUND = 30
AROUND_OUTER = 10
"""Lines before and after a place, and before and after one that only leads to it."""
SHORT = 45
"""Lines; a longer definition that is only used is shown by its head."""
HEAD = 8
CALL_SITE = 6
MOST_USED = 8
MOST_CALLERS = 3
MOST_HEAD = 40


@dataclass(frozen=True)
class _Span:
    """Lines of a file that are shown as one piece."""

    rank: Rank
    path: str
    start: int
    end: int
    title: str


def code(base: Codebase, spots: Sequence[Spot], commit: str) -> tuple[Piece, ...]:
    """The pieces for the spots, most telling first; no line is shown twice."""
    shown: dict[str, set[int]] = {}
    found: list[Piece] = []
    for span in _spans(base, spots):
        lines = range(span.start, span.end + 1)
        seen = shown.setdefault(span.path, set())
        if seen.issuperset(lines):
            continue
        seen.update(lines)
        found.append(
            Piece(
                span.rank,
                SECTION,
                span.title,
                base.span(span.path, span.start, span.end),
                "python",
                f"{span.path}:{span.start}-{span.end}@{commit[:12]}",
            )
        )
    for path in dict.fromkeys(spot.path for spot in spots if spot.depth < 2):
        if text := base.imports(path):
            found.append(Piece(Rank.AROUND, SECTION, IMPORTS.format(path=inline(path)), text, "python"))
    return tuple(found)


def _spans(base: Codebase, spots: Sequence[Spot]) -> Iterator[_Span]:
    focused: list[Symbol] = []
    for spot in spots:
        function = base.function_around(spot.path, spot.line)
        if function is None:
            yield _module(base, spot)
        else:
            if function not in focused and spot.depth < 2:
                focused.append(function)
            yield _function(base, spot, function)
    for function in focused[:4]:
        owner = base.owner(function)
        if owner is not None:
            yield _class_head(base, owner)
        yield from _used(base, function)
        yield from _callers(base, function)


def _rank(spot: Spot) -> Rank:
    return (Rank.FAULT, Rank.CODE, Rank.AROUND)[min(spot.depth, 2)]


def _module(base: Codebase, spot: Spot) -> _Span:
    """Code outside functions: the class it stands in as far as it is near, else the lines around."""
    last = len(base.lines(spot.path))
    start, end = max(1, spot.line - AROUND // 2), min(last, spot.line + AROUND // 2)
    title = MODULE.format(path=inline(spot.path), start=start, end=end)
    return _Span(_rank(spot), spot.path, start, end, title)


def _function(base: Codebase, spot: Spot, function: Symbol) -> _Span:
    what, path = inline(function.name), inline(spot.path)
    if spot.depth > 1 or function.end - function.start >= MOST_WHOLE:
        reach = AROUND if spot.depth == 0 else AROUND_OUTER
        start, end = max(function.start, spot.line - reach), min(function.end, spot.line + reach)
        title = PART.format(path=path, start=start, end=end, what=what, first=function.start, last=function.end)
        return _Span(_rank(spot), spot.path, start, end, title)
    title = WHOLE.format(path=path, start=function.start, end=function.end, what=what)
    return _Span(_rank(spot), spot.path, function.start, function.end, title)


def _class_head(base: Codebase, owner: Symbol) -> _Span:
    """From `class` to its first method: `bl_idname`, properties."""
    methods = [one.start for one in base.symbols[owner.path] if owner.encloses(one.start) and one.kind == "method"]
    end = min(min(methods, default=owner.end + 1) - 1, owner.start + MOST_HEAD, owner.end)
    title = CLASS.format(path=inline(owner.path), start=owner.start, end=end, what=inline(owner.name))
    return _Span(Rank.AROUND, owner.path, owner.start, end, title)


def _used(base: Codebase, function: Symbol) -> Iterator[_Span]:
    """Definitions of the add-on that a function uses, those of its own file first."""
    left = MOST_USED
    for name in base.names_in(function):
        known = [one for one in base.by_last_name.get(name, ()) if one != function and not one.encloses(function.start)]
        known.sort(key=lambda one: one.path != function.path)
        if not known or len(known) > 3 or not left:
            continue
        left -= 1
        one = known[0]
        end = one.end if one.end - one.start < SHORT else one.start + HEAD
        title = CALLED.format(path=inline(one.path), start=one.start, end=end, what=inline(one.name))
        yield _Span(Rank.AROUND, one.path, one.start, end, title)


def _callers(base: Codebase, function: Symbol) -> Iterator[_Span]:
    name = function.name.rpartition(".")[2]
    if name in ("execute", "invoke", "draw", "register", "unregister", "poll", "__init__"):
        return
    for place, (path, line) in enumerate(base.callers(name)):
        if place == MOST_CALLERS:
            return
        start, end = max(1, line - CALL_SITE), min(len(base.lines(path)), line + CALL_SITE)
        title = CALLER.format(path=inline(path), start=start, end=end, what=inline(name))
        yield _Span(Rank.AROUND, path, start, end, title)
