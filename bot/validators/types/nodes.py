"""From a finding's place to the syntax there, and whether somebody took care of it already."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence

import libcst as cst

from bot.models.release import Release
from bot.rules.guards import conditions, is_guarded
from bot.rules.inference import types_of
from bot.rules.places import dotted
from bot.rules.source import Source, Unreadable
from bot.rules.tree import children, walk
from bot.validators.types.columns import NEWLINE

_CLASS = re.compile(r"^[ \t]*class[ \t]+(\w+)", re.MULTILINE)
_DEFINED = re.compile(r"[ \t]*def[ \t]+(\w+)")
_ASSIGNED = re.compile(r"[ \t]*(?:self\.)?(\w+)[ \t]*(?::[^=]{0,100})?=[^=]")
_REGISTERED = re.compile(
    r"""\.(\w{1,100})[ \t]*(?::[^=\n]{0,100})?=[ \t]*(?:\w{1,40}\.){0,3}\w{1,40}Property\("""
    r"""|bl_idname[ \t]*(?::[^=\n]{0,100})?=[ \t]*["']([\w.]{1,100})["']"""
)
_SUPPRESSED = frozenset({"AttributeError", "TypeError", "ImportError", "ModuleNotFoundError", "Exception"})


def node_at(source: Source, begin: tuple[int, int], end: tuple[int, int]) -> cst.CSTNode | None:
    """The innermost node that covers a span; lines and columns from 1, the end behind its last character.

    Null where the file cannot be parsed, or nothing is there.
    """
    starts = [0, *(match.end() for match in NEWLINE.finditer(source.text))]
    first, last = _offset(starts, begin), _offset(starts, end)
    if first is None or last is None:
        return None
    try:
        return _covering(source, starts, first, max(last, first))
    except (Unreadable, RecursionError):
        return None


def _offset(starts: list[int], place: tuple[int, int]) -> int | None:
    line, column = place
    return starts[line - 1] + column - 1 if 0 < line <= len(starts) and column > 0 else None


def _covering(source: Source, starts: list[int], first: int, last: int) -> cst.CSTNode | None:
    """Down from the file, always into the child that covers the span."""
    line = bisect_right(starts, first)
    current: cst.CSTNode = source.module
    while True:
        inner = None
        for child in children(current):
            if not source.line(child) <= line <= source.end_line(child):
                continue
            if source.start(child) <= first and last <= source.end(child):
                inner = child
                break
        if inner is None:
            return None if isinstance(current, cst.Module) else current
        current = inner


class OwnClasses:
    """The classes an add-on defines; a file is parsed when one of its classes is asked for."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._holders: dict[str, list[Source]] = {}
        self._found: dict[str, list[tuple[Source, cst.ClassDef]]] = {}
        for source in sources:
            for name in dict.fromkeys(_CLASS.findall(source.text)):
                self._holders.setdefault(name, []).append(source)

    def __contains__(self, name: str) -> bool:
        """Whether some file defines a class of that name."""
        return name in self._holders

    def definitions(self, name: str) -> list[tuple[Source, cst.ClassDef]]:
        """Every definition of a class of that name, in files that can be parsed."""
        if name in self._found:
            return self._found[name]
        found = self._found[name] = []
        for source in self._holders.get(name, ()):
            try:
                nodes = walk(source.module)
            except (Unreadable, RecursionError):
                continue
            found += [(source, node) for node in nodes if isinstance(node, cst.ClassDef) and node.name.value == name]
        return found

    def of_blender(self, name: str) -> bool:
        """Whether a class of that name is the add-on's own and derives from one of Blender's."""
        return any(
            base.startswith("bpy.types.")
            for source, node in self.definitions(name)
            for base in types_of(source).bases(node)
        )


def call_of(source: Source, node: cst.CSTNode) -> tuple[cst.Call, cst.Arg | None] | None:
    """The call a node is, or is an argument of (with that argument)."""
    argument: cst.Arg | None = None
    for current in (node, *source.ancestors(node)):
        if isinstance(current, cst.Call):
            return current, argument
        if isinstance(current, cst.Arg):
            argument = current
        elif argument is None and isinstance(current, cst.BaseStatement):
            return None
    return None


def enclosing_class(source: Source, node: cst.CSTNode) -> cst.ClassDef | None:
    """The innermost class around a node."""
    return next((parent for parent in source.ancestors(node) if isinstance(parent, cst.ClassDef)), None)


def version_words(sources: Iterable[Source]) -> frozenset[str]:
    """The add-on's own names for a look at Blender's version: functions that do so, and what it is assigned to."""
    found: set[str] = set()
    for source in sources:
        if "app.version" not in source.text:
            continue
        inside = ""
        for line in source.text.splitlines():
            if defined := _DEFINED.match(line):
                inside = defined[1]
            if "app.version" in line:
                assigned = _ASSIGNED.match(line)
                found.add(assigned[1] if assigned else inside)
    return frozenset(found - {""})


def registered_words(sources: Iterable[Source]) -> frozenset[str]:
    """Names the add-on brings into Blender itself: properties it puts on types, operators by `bl_idname`."""
    return frozenset(
        name.rpartition(".")[2]
        for source in sources
        for found in _REGISTERED.findall(source.text)
        for name in found
        if name
    )


def cared_for(
    source: Source,
    node: cst.CSTNode,
    releases: Collection[Release],
    names: Collection[str],
    words: Collection[str] = (),
) -> bool:
    """Whether the code is reached only where it is right, or only a type checker reads it.

    `words` are names that stand for a look at the version; what they come to is not known, so that any
    test by one counts.
    """
    if is_guarded(source, node, releases, names):
        return True
    for test, holds in conditions(source, node):
        if holds and _last_name(test) == "TYPE_CHECKING":
            return True
        if words and any(isinstance(part, cst.Name) and part.value in words for part in walk(test)):
            return True
    return any(isinstance(parent, cst.With) and _suppresses(parent) for parent in source.ancestors(node))


def _suppresses(statement: cst.With) -> bool:
    """`with contextlib.suppress(AttributeError):`."""
    for item in statement.items:
        call = item.item
        if isinstance(call, cst.Call) and _last_name(call.func) == "suppress":
            caught = {_last_name(argument.value) for argument in call.args}
            return bool(caught & _SUPPRESSED)
    return False


def _last_name(node: cst.CSTNode) -> str:
    return (dotted(node) or "").rpartition(".")[2]
