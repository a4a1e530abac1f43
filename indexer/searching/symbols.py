"""Symbols by name: certain before likely, the name itself before its end, a like name last."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from indexer.query import Member, Query
from indexer.searching.names import Names
from indexer.stores.base import NameRow
from indexer.tokens import parts

EXACT = 1.0
SUFFIX = 0.9
LAST_NAME = 0.6
"""The last part fits and what stands before it does not: `data.use_auto_smooth` for `Mesh.use_auto_smooth`."""
FUZZY_SHARE = 0.5
"""A fuzzy hit scores its likeness (0 to 1) times this, so that it never stands before a certain one."""

OTHER_CASE = 0.02
"""What it costs when the letters fit and upper and lower case do not."""
OWNER_HINT = 0.2
"""What it is worth when the owner has a word of what stands before the last name."""

PAIRED = 0.05
"""What "draw of Panel" is worth above the end of a name."""
HERE = 0.03
"""What it is worth to be in the file that is named."""
FEW = 3
"""Of a plain word that more things are called, nobody can say which is meant."""

MAX_BARE = 3
"""With more words than this it is a sentence."""

MAX_FOUND = 60
MAX_DEPTH = 12

_ASKED_ABOUT = frozenset(
    """
    where what which who how is are does do this called defined registered raised raises raise exception error
    class function method property operator panel menu module handler documented definition
    """.split()  # noqa: SIM905  (a list of words reads better without its quotes)
)

_OPERATOR_CLASS = re.compile(r"([A-Z][A-Z0-9_]*)_OT_([a-z0-9_]+)")
_INSTANCES = {"bpy.context": "bpy.types.context", "bpy.data": "bpy.types.blenddata", "context": "bpy.types.context"}
_MODULES = ("", "bpy.types.", "bpy.", "mathutils.", "bmesh.types.", "gpu.types.", "bpy.ops.")

_USUAL = {
    "ob": "object", "obj": "object", "objs": "object", "me": "mesh", "mat": "material", "mats": "material",
    "arm": "armature", "pb": "pose", "pbone": "pose", "ebone": "edit", "scn": "scene", "sce": "scene",
    "ctx": "context", "layout": "layout", "row": "layout", "col": "layout", "column": "layout", "box": "layout",
    "bm": "bmesh", "wm": "manager", "win": "window", "ts": "settings", "kmi": "item", "km": "map", "nt": "tree",
    "ntree": "tree", "fcu": "curve", "fc": "curve", "kf": "keyframe", "cam": "camera", "img": "image",
    "tex": "texture", "mod": "modifier", "con": "constraint", "vl": "layer", "coll": "collection", "vec": "vector",
    "verts": "vertex", "vert": "vertex", "v": "vertex", "e": "edge", "f": "face", "loop": "loop", "op": "operator",
    "prefs": "preferences", "rv3d": "region", "sd": "space", "space": "space", "loc": "vector", "rot": "euler",
    "mtx": "matrix", "mw": "matrix", "grp": "collection", "sk": "shape", "kb": "key", "gp": "pencil",
}  # fmt: skip
"""What add-ons call things, by a word of the type."""

Bases = Callable[[int], Sequence[str]]
"""The bases of the class at a place, by name."""


@dataclass(frozen=True)
class Looked:
    """What a name led to: places with how certain they are, and whether the name itself was there."""

    scores: dict[int, float]
    found: bool


def look_up(query: Query, names: Names, bases: Bases, *, fuzzy: bool = True) -> dict[int, float]:
    """The places the query's names lead to, scored from `EXACT` down; fuzzy ones only where nothing else fits.

    A name that several things have is the one in a file that is named, or of the kind that is asked for.
    """
    scores: dict[int, float] = {}

    def found(place: int, score: float) -> None:
        scores[place] = max(score, scores.get(place, 0.0))

    for pair in query.pairs:
        for place in _paired(pair, names):
            found(place, SUFFIX + PAIRED)
    if not scores:
        for name in query.certain:
            for place, score in _resolve(name, names, bases):
                found(place, score)
        for name in _likely(query, names):
            for place, score in _resolve(name, names, bases):
                found(place, score - OTHER_CASE)
    for member in query.members:
        if not any(scores.get(place, 0.0) >= SUFFIX for place in names.ending(str(member))):
            for place, score in _owner(member, names):
                found(place, score)
    if not scores and fuzzy:
        for name in query.certain[:6]:
            for likeness, place in names.near(name.rpartition(".")[2]):
                found(place, FUZZY_SHARE * likeness)
    for place in scores:
        scores[place] = _preferred(scores[place], names.rows[place], query)
    return dict(sorted(scores.items(), key=lambda item: (-item[1], -names.rows[item[0]].prior))[:MAX_FOUND])


def _paired(pair: Member, names: Names) -> list[int]:
    """Places of the member of that owner, upper and lower case aside where nothing fits as it is."""
    exact = names.ending(str(pair))
    if exact:
        return exact
    lowered = f".{pair}".lower()
    return [
        place
        for place in names.by_last_name.get(pair.name.lower(), ())
        if f".{names.rows[place].symbol.lower()}".endswith(lowered)
    ]


def _likely(query: Query, names: Names) -> list[str]:
    """Words that are the name of one thing here: those spelled like code, and all where a name is asked about."""
    # "unwrap" is a name; of "how is a wave made" no word is, though little is left of it to search by.
    asked = query.wishes or (len(query.words) <= 2 and len(query.text.split()) <= MAX_BARE)
    words = [*query.names, *(query.words if asked else ())]
    return [
        word
        for word in dict.fromkeys(words)
        if word not in query.certain
        and word not in _ASKED_ABOUT
        and 1 <= len(names.by_last_name.get(word.lower(), ())) <= FEW
    ]


def _preferred(score: float, row: NameRow, query: Query) -> float:
    """A little more for what is in a file the query names, or of a kind it asks for; less for other files."""
    if score >= EXACT:
        return score
    files = {frame.path.rpartition("/")[2] for frame in query.files}
    if files and row.path:
        score += HERE if row.path.rpartition("/")[2] in files else -HERE
    if query.roles and row.role in query.roles:
        score += HERE / 2
    return min(max(score, 0.0), EXACT - HERE / 10)


def _resolve(name: str, names: Names, bases: Bases) -> Iterator[tuple[int, float]]:
    if match := _OPERATOR_CLASS.fullmatch(name):
        for place, score in _resolve(f"bpy.ops.{match[1].lower()}.{match[2]}", names, bases):
            yield place, min(score, SUFFIX)
    lowered = name.lower()
    head, _, last = lowered.rpartition(".")
    candidates = names.by_last_name.get(last, ())
    certain = False
    for place in candidates:
        symbol = names.rows[place].symbol
        if symbol == name:
            yield place, EXACT
        elif symbol.lower() == lowered:
            yield place, EXACT - OTHER_CASE
        elif symbol.endswith(f".{name}"):
            yield place, SUFFIX
        elif symbol.lower().endswith(f".{lowered}"):
            yield place, SUFFIX - OTHER_CASE
        else:
            continue
        certain = True
    if certain or not head:
        return
    if (inherited := _inherited(head, last, names, bases)) is not None:
        yield inherited, SUFFIX
        return
    hints = _hints(head)
    for place in candidates:
        owner = names.rows[place].symbol.rpartition(".")[0].rpartition(".")[2]
        yield place, LAST_NAME + (OWNER_HINT if hints & set(parts(owner)) else 0.0)


def _inherited(head: str, last: str, names: Names, bases: Bases) -> int | None:
    """The member of a base class: `Object.name` is `ID.name`."""
    owner = _INSTANCES.get(head, head)
    waiting = [place for module in _MODULES for place in names.by_symbol.get(module + owner, ())[:1]][:1]
    if not waiting:
        ends = [place for place in names.by_last_name.get(owner.rpartition(".")[2], ())
                if f".{names.rows[place].symbol.lower()}".endswith(f".{owner}")]  # fmt: skip
        waiting = [place for place in ends if names.rows[place].role == "class"][:1]
    seen: set[int] = set()
    while waiting and len(seen) < MAX_DEPTH:
        place = waiting.pop(0)
        if place in seen:
            continue
        seen.add(place)
        symbol = names.rows[place].symbol.lower()
        if found := names.by_symbol.get(f"{symbol}.{last}"):
            return found[0]
        for base in bases(place):
            known = [at for module in _MODULES for at in names.by_symbol.get((module + base).lower(), ())[:1]]
            waiting += (
                known[:1]
                or [
                    at
                    for at in names.by_last_name.get(base.lower().rpartition(".")[2], ())
                    if names.rows[at].role == "class"
                ][:1]
            )
    return None


def _owner(member: Member, names: Names) -> Iterator[tuple[int, float]]:
    """The class an error message names, and those of its members that are like the one it misses."""
    owner = member.owner.lower()
    for place in names.by_last_name.get(owner.rpartition(".")[2], ())[:MAX_FOUND]:
        row = names.rows[place]
        if row.role not in ("class", "module"):
            continue
        yield place, LAST_NAME + OWNER_HINT
        for likeness, near in names.near(member.name):
            if names.rows[near].symbol.lower().startswith(f"{row.symbol.lower()}."):
                yield near, LAST_NAME + OWNER_HINT * likeness


def _hints(head: str) -> set[str]:
    last = head.rpartition(".")[2]
    words = set(parts(last))
    return words | {_USUAL[word] for word in (last, *words) if word in _USUAL} | {word.rstrip("s") for word in words}
