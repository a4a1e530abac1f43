"""Questions about Blender's API that contain the name, made from what its stubs say: `generate`.

Each form is one way in which people have a name at hand: dotted, beside its class, an operator's
`bl_idname`, an error message, a call, letters in the wrong case. Where several things have the name
that is written, each of them is a right answer.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from indexer.blender_api.described import ApiSymbol
from indexer.evaluation.questions import Question

Symbols = Mapping[str, ApiSymbol]
Made = tuple[str, frozenset[str]]

REPEATED = 30
"""What more classes repeat word for word (every node has it) is nobody's question about one of them."""

_ROOTS = ("bpy.types.", "bpy.ops.", "bpy.props.", "bpy.utils.", "bpy.app.", "bpy.path.", "bmesh.", "mathutils.", "gpu.",
          "gpu_extras.", "blf.", "bpy_extras.", "aud.", "imbuf.")  # fmt: skip
_OWN_INTERFACE = re.compile(r"_(?:MT|PT|HT|UL|OT|AST|FH|GT|GGT)_|\.(?:_|bl_rna)")
_KINDS = {"operator": "operator", "class": "class", "property": "property", "readonly": "property",
          "method": "method", "function": "function"}  # fmt: skip


def generate(symbols: Symbols, release: str, count: int, seed: int) -> list[Question]:
    """`count` questions, the forms in turn; the same for the same symbols and seed."""
    chance = random.Random(f"{seed} {release}")
    said = Counter((_last(name), symbol.text) for name, symbol in symbols.items())
    pool = [
        symbol
        for name, symbol in sorted(symbols.items())
        if _asked_for(name, symbol) and said[_last(name), symbol.text] <= REPEATED
    ]
    found: dict[str, Question] = {}
    turn = 0
    while len(found) < count:
        form = _FORMS[turn % len(_FORMS)]
        for _ in range(500):
            if (made := form(chance.choice(pool), symbols, chance)) is not None and made[0] not in found:
                number = len(found) + 1
                found[made[0]] = Question(f"api-{release}-{number:03}", made[0], release, made[1], (), _domain(form))
                break
        turn += 1
    return list(found.values())


def same(symbols: Symbols, owner: str, name: str) -> frozenset[str]:
    """What `owner.name` means: the member of the class itself, else of the first base that has it."""
    waiting, seen = [owner], set[str]()
    while waiting:
        current = waiting.pop(0)
        if current in seen:
            continue
        seen.add(current)
        if f"{current}.{name}" in symbols:
            return frozenset({f"{current}.{name}"})
        waiting += symbols[current].bases if current in symbols else ()
    return frozenset()


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _asked_for(name: str, symbol: ApiSymbol) -> bool:
    return (
        symbol.kind in _KINDS
        and name.startswith(_ROOTS)
        and not _OWN_INTERFACE.search(name)
        and bool(symbol.text)
        and len(name.rpartition(".")[2]) > 2
    )


def _ends(symbols: Symbols, end: str) -> frozenset[str]:
    """Everything that is called so, in whatever case."""
    end = end.lower()
    return frozenset(name for name in symbols if name.lower() == end or name.lower().endswith(f".{end}"))


def _dotted(symbol: ApiSymbol, symbols: Symbols, chance: random.Random) -> Made | None:
    form = chance.choice(
        ["{}", "what does {} do", "documentation of {}", "{} arguments and return value", "how to use {}"]
    )
    return form.format(symbol.symbol), frozenset({symbol.symbol})


def _member(symbol: ApiSymbol, symbols: Symbols, chance: random.Random) -> Made | None:
    owner, _, name = symbol.symbol.rpartition(".")
    if symbol.kind not in {"property", "readonly", "method"} or owner not in symbols:
        return None
    short = owner.rpartition(".")[2]
    form = chance.choice(
        ["{o}.{n}", "{n} of {o}", "{o} {n}", "where is {n} on a {o} documented", "which property is {n} in {o}"]
    )
    if symbol.kind == "method":
        form = form.replace("which property is", "which method is")
    owners = _ends({name: symbols[name] for name in symbols if symbols[name].kind == "class"}, short)
    answers = frozenset().union(*(same(symbols, one, name) for one in owners))
    return form.format(o=short, n=name), answers | {symbol.symbol}


def _operator(symbol: ApiSymbol, symbols: Symbols, chance: random.Random) -> Made | None:
    if symbol.kind != "operator":
        return None
    idname = symbol.symbol.removeprefix("bpy.ops.")
    group, _, name = idname.partition(".")
    form = chance.choice([
        "bl_idname {i}", "operator {i}", 'layout.operator("{i}")', "bpy.ops.{i}()", "{g}_OT_{n}",
        "RuntimeError: Operator bpy.ops.{i}.poll() failed, context is incorrect",
    ])  # fmt: skip
    return form.format(i=idname, g=group.upper(), n=name), frozenset({symbol.symbol})


def _error(symbol: ApiSymbol, symbols: Symbols, chance: random.Random) -> Made | None:
    owner, _, name = symbol.symbol.rpartition(".")
    if symbol.kind not in {"property", "readonly", "method"} or not owner.startswith("bpy.types."):
        return None
    short = owner.rpartition(".")[2]
    line = f"AttributeError: '{short}' object has no attribute '{name}'"
    if chance.random() < 0.4:
        frame = f'  File "/addons/tool/ops.py", line 41, in execute\n    x.{name}'
        line = f"Traceback (most recent call last):\n{frame}\n{line}"
    return line, frozenset({symbol.symbol})


def _call(symbol: ApiSymbol, symbols: Symbols, chance: random.Random) -> Made | None:
    if symbol.kind not in {"method", "function", "operator"} or len(symbol.parameters) < 2:
        return None
    name = symbol.symbol.rpartition(".")[2]
    parameters = [p.name for p in chance.sample(symbol.parameters, 2)]
    if symbol.kind == "operator":
        name = symbol.symbol.removeprefix("bpy.ops.")
    answers = frozenset(
        full
        for full in _ends(symbols, name)
        if {p.name for p in symbols[full].parameters} >= set(parameters) or full == symbol.symbol
    )
    form = chance.choice(["{n}({a}=…, {b}=…)", "{n}({a}, {b})", "what are {a} and {b} of {n}()"])
    return form.format(n=name, a=parameters[0], b=parameters[1]), answers


def _case(symbol: ApiSymbol, symbols: Symbols, chance: random.Random) -> Made | None:
    owner, _, name = symbol.symbol.rpartition(".")
    written = f"{owner.rpartition('.')[2]}.{name}"
    turned = chance.choice([written.lower(), written.upper(), written.title(), symbol.symbol.lower()])
    if turned == written:
        return None
    answers = _ends(symbols, written)
    return chance.choice(["{}", "where is {} documented"]).format(turned), answers


def _described(symbol: ApiSymbol, symbols: Symbols, chance: random.Random) -> Made | None:
    owner, _, name = symbol.symbol.rpartition(".")
    words = re.split(r"(?<=[.!?])\s|\n", symbol.text)[0].split()[:9]
    if len(words) < 2:
        return None
    kind = _KINDS[symbol.kind]
    place = owner if symbol.kind in {"class", "function"} else owner.rpartition(".")[2]
    question = f"which {kind} called {name} in {place} does this: {' '.join(words).rstrip('.').lower()}"
    near = _ends(symbols, f"{place}.{name}")
    return question, frozenset(full for full in near if _KINDS.get(symbols[full].kind) == kind) | {symbol.symbol}


Form = Callable[[ApiSymbol, Symbols, random.Random], Made | None]
_FORMS: Sequence[Form] = (_dotted, _member, _operator, _error, _call, _case, _described)


def _domain(form: Form) -> str:
    return form.__name__.strip("_")
