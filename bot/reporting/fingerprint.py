"""What stays the same of a fault when the code around it moves, or Blender words it anew."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.models.fault import Fault
from bot.reporting.text import line

_SPACE = re.compile(r"\s+")
_VARIES = re.compile(r"0x[0-9a-fA-F]+|\d+")
_BLOCK = re.compile(r"(?:async\s+)?(?:def|class)\s+(\w+)")
_LINE_END = re.compile(r"\r\n|\r|\n")
_TAB = 8


@dataclass(frozen=True)
class Marked:
    """A fault with its fingerprint: `where` and `what` tell people what it was made of.

    Faults that cannot be told apart are counted: `occurrence` is 1 for the first in the file.
    """

    fault: Fault
    where: str
    what: str
    fingerprint: str
    occurrence: int = 1


def marked(faults: Sequence[Fault], texts: Mapping[str, str]) -> tuple[Marked, ...]:
    """Each fault with its fingerprint, in the order given; `texts` are the add-on's files by repository path."""
    lines = {path: _LINE_END.split(texts[path]) for path in {fault.path for fault in faults} if path in texts}
    seen: Counter[str] = Counter()
    found: dict[int, Marked] = {}
    # occurrences count from the top of a file, whatever order the faults come in
    for index in sorted(range(len(faults)), key=lambda one: (faults[one].path, faults[one].line, one)):
        fault = faults[index]
        where = place(lines.get(fault.path, ()), fault.line)
        made = "\0".join((fault.path, where, subject(fault)))
        fingerprint = hashlib.sha256(made.encode("utf-8", "replace")).hexdigest()[:16]
        seen[fingerprint] += 1
        found[index] = Marked(fault, where, named(fault), fingerprint, seen[fingerprint])
    return tuple(found[index] for index in range(len(faults)))


def subject(fault: Fault) -> str:
    """What is wrong, without line numbers, releases or proofs: `MSH101`, `Mesh.use_auto_smooth`.

    A rule says it best, else the member that is not there, else the exception's own words. Who saw it
    and while doing what does not count: what an API question tells today, an operator may raise tomorrow.
    """
    if fault.rule:
        return fault.rule
    if fault.owner and fault.member:
        return f"{fault.owner.rpartition('.')[2]}.{fault.member}"
    return f"{fault.exception or fault.kind.value} {_VARIES.sub('#', line(fault.message, 200))}"


def named(fault: Fault) -> str:
    """The same for people: with the member beside the rule."""
    told = subject(fault)
    return f"{told} {fault.member}" if fault.rule and fault.member else told


def said(fault: Fault, limit: int = 300) -> str:
    """The exception and what it says, in one line of at most `limit` characters."""
    told, name = line(fault.message, limit), line(fault.exception or "", 100)
    return line(told if not name or told.startswith(name) else f"{name}: {told}", limit)


def place(lines: Sequence[str], number: int) -> str:
    """Where a line is, as far as that survives moving it: the functions and classes around it, then its own words."""
    if not 0 < number <= len(lines):
        return ""
    own = lines[number - 1]
    names: list[str] = []
    depth = _indentation(own) if own.strip() else 0
    for above in reversed(lines[: number - 1]):
        if depth == 0:
            break
        indentation = _indentation(above)
        if above.strip() and indentation < depth and (block := _BLOCK.match(above.strip())):
            names.append(block[1])
            depth = indentation
    words = _SPACE.sub(" ", own.split(" #")[0]).strip()
    return f"{'.'.join(reversed(names))}: {line(words, 200)}"


def _indentation(text: str) -> int:
    return len(expanded := text.expandtabs(_TAB)) - len(expanded.lstrip())
