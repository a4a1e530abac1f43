"""The code a model is shown: what is to be edited first, then what it calls, and who calls it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

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
PART_NAMED = "{path}, lines {start} to {end}, which were asked for"
NAMED = "{path}, lines {start} to {end}: {what}, which was asked for"
OPPOSITE = "{path}, lines {start} to {end}: {what}, its counterpart"
POLL = "{path}, lines {start} to {end}: {what}, which has to allow it"
WAY = "{path}, lines {start} to {end}: {what}, which leads there"
CALLER = "{path}, lines {start} to {end}: where {what} is called"
CLASS = "{path}, lines {start} to {end}: the class {what} without its methods"

COUNTERPARTS = (
    *(("unregister", "register"), ("disable", "enable"), ("write", "read"), ("save", "load"), ("export", "import")),
    *(("__exit__", "__enter__"), ("remove", "add"), ("pop", "push"), ("stop", "start"), ("set_", "get_")),
)
MOST_WHOLE = 90
"""Lines; a longer function is shown around the place."""
AROUND = 30
AROUND_OUTER = 10
"""Lines before and after a place, and before and after one that only leads to it."""
SHORT = 45
"""Lines; a longer definition that is only used is shown by its head."""
HEAD = 25
USED_HEAD = 10
CALL_SITE = 6
MOST_USED = 8
MOST_FOCUSED = 4
FEW = 4
MOST_OF_A_NAME = 3
"""A name that more things have says nothing about which is meant."""
MOST_CALLERS = 3
MOST_HEAD = 110


@dataclass(frozen=True)
class _Span:
    """Lines of a file that are shown as one piece."""

    rank: Rank
    path: str
    start: int
    end: int
    title: str
    """With places for the path and the lines, which may turn out fewer: none is shown twice."""
    lines: tuple[int, ...] = ()
    """Where only some of its lines are meant."""


def code(
    base: Codebase,
    spots: Sequence[Spot],
    commit: str,
    named: Sequence[str] = (),
    parts: Sequence[tuple[str, int, int]] = (),
    files: Sequence[str] = (),
) -> tuple[Piece, ...]:
    """The pieces for the spots, most telling first; no line is shown twice.

    `named` are definitions and `parts` lines somebody asked to see, `files` where the definitions are meant to be.
    """
    shown: dict[str, set[int]] = {}
    found: list[Piece] = []
    for span in (
        *_parts(base, parts),
        *_named(base, named, [*files, *(spot.path for spot in spots)], files),
        *_spans(base, spots),
    ):
        seen = shown.setdefault(span.path, set())
        if span.lines:
            if not seen.issuperset(span.lines):
                found.append(_listed(base, span))
                seen.update(span.lines)
            continue
        unseen = [line for line in range(span.start, span.end + 1) if line not in seen]
        if not unseen or (len(unseen) < FEW and len(unseen) < span.end - span.start):
            continue
        start, end = unseen[0], unseen[-1]
        seen.update(range(start, end + 1))
        found.append(
            Piece(
                span.rank,
                SECTION,
                span.title.format(path=inline(span.path), start=start, end=end),
                base.span(span.path, start, end),
                "python",
                f"{span.path}:{start}-{end}@{commit[:12]}",
            )
        )
    for path in dict.fromkeys(spot.path for spot in spots if spot.depth < 2):
        seen = shown.get(path, set())
        lines = [(first, last) for first, last in base.imports(path) if not seen.issuperset(range(first, last + 1))]
        if text := "\n".join(base.span(path, first, last) for first, last in lines):
            found.append(Piece(Rank.AROUND, SECTION, IMPORTS.format(path=inline(path)), text, "python"))
    return tuple(found)


def _listed(base: Codebase, span: _Span) -> Piece:
    """The piece of a class without its methods."""
    rows = base.lines(span.path)
    text = "\n".join(rows[line - 1] for line in span.lines if rows[line - 1].strip())
    title = span.title.format(path=inline(span.path), start=span.start, end=span.end)
    return Piece(span.rank, SECTION, title, text, "python")


def _spans(base: Codebase, spots: Sequence[Spot]) -> Iterator[_Span]:
    lines: dict[Symbol, int] = {}
    for spot in spots:
        function = base.function_around(spot.path, spot.line)
        if function is None:
            yield _module(base, spot)
            yield from _exchanged(base, spot.path, {other.path for other in spots})
        else:
            if spot.depth < 2:
                lines.setdefault(function, spot.line)
            yield from _function(base, spot, function)
    focused = list(lines)
    for function in focused[:MOST_FOCUSED]:
        yield from _counterpart(base, function)
    for function in focused[:MOST_FOCUSED]:
        yield from _way_in(base, function)
    for function in focused[:MOST_FOCUSED]:
        owner = base.owner(function)
        if owner is not None:
            yield _class_head(base, owner, Rank.AROUND)
        yield from _used(base, function, Rank.AROUND, lines[function])
    for function in focused[:3]:
        yield from _rest(base, function)
    for function in focused[:MOST_FOCUSED]:
        for caller, line in base.way_in(function)[:2]:
            yield from _used(base, caller, Rank.EXEMPLAR, line)
        yield from _callers(base, function)


def _parts(base: Codebase, parts: Sequence[tuple[str, int, int]]) -> Iterator[_Span]:
    for path, start, end in parts:
        last = min(end, len(base.lines(path)))
        if start <= last:
            yield _Span(Rank.CODE, path, start, last, PART_NAMED)


def _named(base: Codebase, names: Sequence[str], near: Sequence[str], files: Sequence[str]) -> Iterator[_Span]:
    """Definitions that were asked for: of the files that were named, else of those it is about; long ones in parts."""
    for name in names:
        known = [one for one in base.by_last_name.get(name.rpartition(".")[2], ()) if one.name.endswith(name)]
        known.sort(key=lambda one: one.path not in near)
        inside = [one for one in known if one.path in files] or [one for one in known if one.path in near]
        for one in (inside or known)[:MOST_OF_A_NAME]:
            for start in range(one.start, one.end + 1, MOST_WHOLE):
                end = min(start + MOST_WHOLE - 1, one.end)
                yield _whole(Rank.CODE, NAMED, one, start, end)


def _rank(spot: Spot) -> Rank:
    return (Rank.FAULT, Rank.CODE, Rank.AROUND)[min(spot.depth, 2)]


def _module(base: Codebase, spot: Spot) -> _Span:
    """Code outside functions: the class it stands in as far as it is near, else the lines around."""
    last = len(base.lines(spot.path))
    start, end = max(1, spot.line - AROUND // 2), min(last, spot.line + AROUND // 2)
    return _Span(_rank(spot), spot.path, start, end, MODULE)


def _function(base: Codebase, spot: Spot, function: Symbol) -> Iterator[_Span]:
    """A function that is to be edited; of a long one the part around the place, and its head."""
    long = function.end - function.start >= MOST_WHOLE
    if spot.depth > 1 or long:
        reach = AROUND if spot.depth == 0 else AROUND_OUTER
        start, end = max(function.start, spot.line - reach), min(function.end, spot.line + reach)
        yield _part(_rank(spot), function, start, end)
        if start > function.start and spot.depth < 2:
            yield _part(Rank.CODE, function, function.start, min(function.start + HEAD, start - 1))
    else:
        yield _whole(_rank(spot), WHOLE, function, function.start, function.end)


def _counterpart(base: Codebase, function: Symbol) -> Iterator[_Span]:
    """What does the opposite: `register` for `unregister`."""
    owner, _, name = function.name.rpartition(".")
    for one, other in COUNTERPARTS:
        for mine, theirs in ((one, other), (other, one)):
            if name.startswith(mine):
                wanted = ".".join(filter(None, (owner, theirs + name.removeprefix(mine))))
                for symbol in base.symbols[function.path]:
                    if symbol.name == wanted:
                        yield _whole(
                            Rank.CODE, OPPOSITE, symbol, symbol.start, min(symbol.end, symbol.start + MOST_WHOLE)
                        )
                return


def _whole(rank: Rank, title: str, symbol: Symbol, start: int, end: int) -> _Span:
    return _Span(rank, symbol.path, start, end, title.replace("{what}", _quoted(symbol.name)))


def _part(rank: Rank, symbol: Symbol, start: int, end: int) -> _Span:
    told = PART.replace("{first}", str(symbol.start)).replace("{last}", str(symbol.end))
    return _Span(rank, symbol.path, start, end, told.replace("{what}", _quoted(symbol.name)))


def _quoted(name: str) -> str:
    return inline(name).replace("{", "{{").replace("}", "}}")


def _rest(base: Codebase, function: Symbol) -> Iterator[_Span]:
    """What was not shown of a long function, in pieces, where there is room."""
    if function.end - function.start >= MOST_WHOLE:
        for start in range(function.start, function.end + 1, AROUND * 2):
            yield _part(Rank.EXEMPLAR, function, start, min(start + AROUND * 2 - 1, function.end))


def _way_in(base: Codebase, function: Symbol) -> Iterator[_Span]:
    """How a user gets there: each caller, and the class Blender knows at the end of it."""
    way = base.way_in(function)
    for caller, line in way:
        if caller.end - caller.start < SHORT:
            yield _whole(Rank.CODE, WAY, caller, caller.start, caller.end)
        else:
            start, end = max(caller.start, line - CALL_SITE * 2), min(caller.end, line + CALL_SITE)
            yield _whole(Rank.CODE, WAY, caller, start, end)
    last = way[-1][0] if way else function
    owner = base.owner(last)
    if owner is not None:
        yield _class_head(base, owner, Rank.CODE)
        for one in base.symbols[owner.path]:
            if one.name == f"{owner.name}.poll" and one != last:
                yield _whole(Rank.CODE, POLL, one, one.start, min(one.end, one.start + SHORT))


def _class_head(base: Codebase, owner: Symbol, rank: Rank) -> _Span:
    """What stands in a class outside its methods: `bl_idname`, properties."""
    lines = base.own_lines(owner)[:MOST_HEAD]
    return replace(_whole(rank, CLASS, owner, owner.start, owner.end), lines=lines)


def _used(base: Codebase, function: Symbol, rank: Rank, near: int) -> Iterator[_Span]:
    """Definitions of the add-on that a function uses, those used nearest to a line first."""
    inside = {
        one.name for one in base.symbols[function.path] if one.start >= function.start and one.end <= function.end
    }
    names = [name for name in base.names_in(function, near) if name not in inside]
    yield from _definitions(base, names, function.path, rank, function)


def _exchanged(base: Codebase, path: str, among: set[str]) -> Iterator[_Span]:
    """What a file takes from the other files it is about: what goes round in a circle, and may have to move."""
    for name in base.imported(path):
        for one in base.by_last_name[name]:
            if one.path in among and one.path != path:
                for start in range(one.start, one.end + 1, MOST_WHOLE):
                    yield _whole(Rank.CODE, CALLED, one, start, min(start + MOST_WHOLE - 1, one.end))


def _definitions(
    base: Codebase, names: Sequence[str], path: str, rank: Rank, user: Symbol | None = None
) -> Iterator[_Span]:
    left = MOST_USED
    for name in names:
        known = [one for one in base.by_last_name.get(name, ()) if user is None or not one.encloses(user.start)]
        known.sort(key=lambda one: one.path != path)
        if not known or len(known) > MOST_OF_A_NAME or not left:
            continue
        left -= 1
        one = known[0]
        if one.kind == "class" and one.end - one.start >= SHORT:
            yield _class_head(base, one, rank)
            continue
        end = one.end if one.end - one.start < SHORT else one.start + USED_HEAD
        yield _whole(rank, CALLED, one, one.start, end)


def _callers(base: Codebase, function: Symbol) -> Iterator[_Span]:
    """Further places that call it, which a change must not break."""
    if base.is_entry(function) or function.name.endswith("__init__"):
        return
    name = function.name.rpartition(".")[2]
    for path, line in base.calls.get(name, ())[:MOST_CALLERS]:
        start, end = max(1, line - CALL_SITE), min(len(base.lines(path)), line + CALL_SITE)
        yield _Span(Rank.EXEMPLAR, path, start, end, CALLER.replace("{what}", _quoted(name)))
