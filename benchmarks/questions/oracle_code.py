"""Questions about a repository that contain the name, made from its tree: `generate`.

Where is X defined, what raises X, where is operator foo.bar registered. Read with tree-sitter's
symbols and plain regular expressions, not with the chunker that is measured. Where several things
have the name, each of them is a right answer.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from indexer.chunking.python import enclosing, symbols
from indexer.evaluation.history import Target, is_code, own_lines
from indexer.evaluation.questions import Question
from indexer.evaluation.systems import Snapshot

MAX_ALIKE = 3
"""What more symbols are called (`execute`, `draw`) is nobody's question without its class."""

Made = tuple[str, tuple[Target, ...]]

_GENERATED = re.compile(rb"(?i)auto(?:matically)?[- ]?generated|@generated|generated (?:by|from|code)|do not edit")
_RAISE = re.compile(r"^[ \t]*raise[ \t]+([A-Za-z_][\w.]*)", re.MULTILINE)
_IDNAME = re.compile(r"^[ \t]*bl_idname[ \t]*(?::[^=\n]*)?=[ \t]*[\"']([a-z0-9_]+\.[a-z0-9_]+)[\"']", re.MULTILINE)


@dataclass
class Known:
    """What a tree says about its names."""

    by_name: dict[str, list[Target]] = field(default_factory=lambda: defaultdict(list))
    by_last: dict[str, list[Target]] = field(default_factory=lambda: defaultdict(list))
    raised: dict[str, list[Target]] = field(default_factory=lambda: defaultdict(list))
    operators: dict[str, list[Target]] = field(default_factory=lambda: defaultdict(list))


def read(tree: Snapshot) -> Known:
    """Everything that can be asked for in a tree."""
    known = Known()
    paths = [path for path in sorted(tree.files) if path.endswith(".py") and is_code(path)]
    files = dict(zip(paths, tree.read([tree.files[path] for path in paths]), strict=True))
    # Files that say they are generated are left out of the index on purpose, and nobody looks in them.
    files = {path: data for path, data in files.items() if not _GENERATED.search(data[:1_000])}
    for path, data in files.items():
        _read(path, data, known)
    _registrations(known, files)
    return known


def generate(tree: Snapshot, repository: str, count: int, seed: int) -> list[Question]:
    """`count` questions, the forms in turn; fewer where the repository has fewer names."""
    known = read(tree)
    chance = random.Random(f"{seed} {repository}")
    found: dict[str, Question] = {}
    for turn in range(40 * count if known.by_last else 0):
        form = _FORMS[turn % len(_FORMS)]
        if len(found) < count and (made := form(known, chance)) is not None and made[0] not in found:
            number = len(found) + 1
            name = form.__name__.strip("_")
            found[made[0]] = Question(f"code-{repository}-{number:03}", made[0], repository, frozenset(), made[1], name)
    return list(found.values())


def _read(path: str, data: bytes, known: Known) -> None:
    text = data.decode("utf-8", "replace")
    own = symbols(path, data)
    for symbol in own:
        target = Target(path, symbol.name, own_lines(symbol, own))
        known.by_name[symbol.name].append(target)
        known.by_last[symbol.name.rpartition(".")[2]].append(target)
    for match in _RAISE.finditer(text):
        line = text.count("\n", 0, match.start(1)) + 1
        around = enclosing(own, line)
        lines = own_lines(around, own) if around is not None else ((line, line),)
        known.raised[match[1].rpartition(".")[2]].append(Target(path, around.name if around else "", lines))
    for match in _IDNAME.finditer(text):
        around = enclosing(own, text.count("\n", 0, match.start(1)) + 1)
        if around is not None and around.kind == "class":
            known.operators[match[1]].append(Target(path, around.name, own_lines(around, own)))


def _registrations(known: Known, files: Mapping[str, bytes]) -> None:
    """The lines that name an operator's class outside of it, in the file that defines it, are its registration too."""
    for targets in known.operators.values():
        for target in list(targets):
            lines = files[target.path].decode("utf-8", "replace").splitlines()
            word = re.compile(rf"\b{re.escape(target.name)}\b")
            inside = {line for start, end in target.lines for line in range(start, end + 1)}
            own = [n for n, line in enumerate(lines, 1) if word.search(line) and n not in inside]
            # A name in another's body is a use; at the left edge, or in register(), it registers.
            found = symbols(target.path, files[target.path])
            at = [n for n in own if (s := enclosing(found, n)) is None or s.name in {"register", "unregister"}]
            if at:
                targets.append(Target(target.path, "registration", tuple((n, n) for n in at)))


def _defined(known: Known, chance: random.Random) -> Made | None:
    name = chance.choice(sorted(known.by_last))
    if name.startswith("__") or len(name) < 4 or len(known.by_last[name]) > MAX_ALIKE:
        return None
    form = chance.choice(["where is {} defined", "{}", "definition of {}", "what does {}() do"])
    return form.format(name), tuple(known.by_last[name])


def _member(known: Known, chance: random.Random) -> Made | None:
    name = chance.choice(sorted(known.by_name))
    if "." not in name or len(known.by_name[name]) > MAX_ALIKE:
        return None
    owner, _, last = name.rpartition(".")
    short = owner.rpartition(".")[2]
    form = chance.choice(["where is {o}.{n} defined", "{o}.{n}", "{n} of {o}", "method {n} in class {o}"])
    alike = [t for other, found in known.by_name.items() if other.endswith(f"{short}.{last}") for t in found]
    return form.format(o=short, n=last), tuple(alike)


def _raises(known: Known, chance: random.Random) -> Made | None:
    if not known.raised:
        return None
    name = chance.choice(sorted(known.raised))
    if name in {"e", "err", "error", "ex", "exc", "Exception", "BaseException"}:  # says nothing, or anything
        return None
    return chance.choice(["what raises {}", "where is {} raised", "raise {}"]).format(name), tuple(
        dict.fromkeys(known.raised[name])
    )


def _operator(known: Known, chance: random.Random) -> Made | None:
    if not known.operators:
        return None
    name = chance.choice(sorted(known.operators))
    form = chance.choice(
        ["where is operator {} registered", "bl_idname {}", "which class is bpy.ops.{}", "operator {}"]
    )
    return form.format(name), tuple(known.operators[name])


def _frame(known: Known, chance: random.Random) -> Made | None:
    name = chance.choice(sorted(known.by_last))
    if name.startswith("__"):
        return None
    target = chance.choice(known.by_last[name])
    line = chance.randint(*target.lines[0])
    frame = f'File "/home/user/.config/blender/4.5/scripts/addons/{target.path}", line {line}, in {name}'
    question = f"Traceback (most recent call last):\n  {frame}\nKeyError: 'x'"
    return question, (target,)


def _in_file(known: Known, chance: random.Random) -> Made | None:
    name = chance.choice(sorted(known.by_last))
    if name.startswith("__") or len(name) < 4:
        return None
    target = chance.choice(known.by_last[name])
    file = PurePosixPath(target.path).name
    alike = tuple(t for t in known.by_last[name] if PurePosixPath(t.path).name == file)
    if file == "__init__.py" or len(alike) > MAX_ALIKE:
        return None
    return chance.choice(["{n} in {f}", "where in {f} is {n} defined"]).format(n=name, f=file), alike


def _case(known: Known, chance: random.Random) -> Made | None:
    name = chance.choice(sorted(known.by_last))
    alike = [t for other, found in known.by_last.items() if other.lower() == name.lower() for t in found]
    turned = chance.choice([name.lower(), name.upper(), name.title()])
    if name.startswith("__") or len(name) < 6 or len(alike) > MAX_ALIKE or turned == name:
        return None
    return f"where is {turned} defined", tuple(alike)


Form = Callable[[Known, random.Random], Made | None]
_FORMS: tuple[Form, ...] = (_defined, _raises, _operator, _member, _frame, _in_file, _case)
