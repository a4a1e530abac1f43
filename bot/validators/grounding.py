"""API names in a patch that no supported release has: found before anything runs, with the nearest real names. Pure.

Read are the lines a patch adds, and in them what is certain: names spelled from a module of Blender's, members of
things whose type is known, keywords of operators. What an add-on defines itself, and what a version test or `hasattr`
keeps out of a release, is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst
from rapidfuzz import fuzz, process

from bot.models.release import Release
from bot.rules.guards import is_guarded, reached
from bot.rules.inference import dotted, types_of
from bot.rules.source import Source, Unreadable
from bot.rules.tree import walk
from indexer.blender_api.table import ApiTable

NOT_THERE = "{path}:{line}: `{name}` does not exist in Blender {releases}{cure}"
NEAREST = "; there is {names}"
MOST_NEAREST = 3
LIKE_ENOUGH = 55
_WORD = re.compile(r"\w+")
_BLENDER = ("bpy", "mathutils", "bmesh", "gpu", "gpu_extras", "blf", "bl_math", "bpy_extras", "addon_utils", "bgl")


@dataclass(frozen=True)
class Named:
    """A name of Blender's API at a place: `owner` is a type, module or function, `member` what is asked of it."""

    path: str
    line: int
    owner: str
    member: str
    keyword: bool = False

    @property
    def full(self) -> str:
        """As documentation spells it; a keyword as it is written in a call."""
        return f"{self.owner}({self.member}=...)" if self.keyword else f"{self.owner}.{self.member}"


@dataclass(frozen=True)
class Grounding:
    """Every name of Blender's API the added lines use, and why some cannot stand."""

    named: tuple[Named, ...] = ()
    missing: tuple[Named, ...] = ()
    complaints: tuple[str, ...] = ()


def ground(
    files: Mapping[str, str],
    added: Mapping[str, Collection[int]],
    before: Mapping[str, str],
    tables: Mapping[Release, ApiTable],
) -> Grounding:
    """Look at the added lines (from 1, by path) of the patched `files`; `before` are the add-on's texts without it."""
    own = _own_words(before)
    named: list[Named] = []
    missing: list[Named] = []
    complaints: dict[str, None] = {}
    for path, lines in added.items():
        if not path.endswith(".py") or path not in files:
            continue
        source = Source(path, files[path], "utf-8")
        try:
            found = [(one, node) for one, node in _names(source, frozenset(lines))]
        except (Unreadable, RecursionError):
            continue  # whoever validates syntax says so
        for one, node in found:
            named.append(one)
            lacking = [
                release
                for release, table in sorted(tables.items())
                if _exists(one, table) is False and _runs_in(source, node, release, one.member)
            ]
            if lacking and not (one.member in own and not any(_exists(one, table) for table in tables.values())):
                missing.append(one)
                complaints.setdefault(_complaint(one, lacking, tables[lacking[-1]]))
    return Grounding(tuple(named), tuple(missing), tuple(complaints))


def _names(source: Source, lines: frozenset[int]) -> Iterator[tuple[Named, cst.CSTNode]]:
    types = types_of(source)
    for node in walk(source.module):
        if isinstance(node, cst.Attribute) and source.line(node.attr) in lines:
            owner = types.of(node.value) or _module(types.qualified(node.value))
            if owner and owner.partition(".")[0] in _BLENDER:
                yield Named(source.path, source.line(node.attr), owner, node.attr.value), node
        elif isinstance(node, cst.Call) and source.line(node) in lines:
            function = dotted(node.func) and types.qualified(node.func)
            if function and function.startswith("bpy.ops."):
                for argument in node.args:
                    if argument.keyword is not None:
                        line = source.line(argument.keyword)
                        yield Named(source.path, line, function, argument.keyword.value, keyword=True), node


def _module(name: str | None) -> str | None:
    """A dotted name that may be one of Blender's modules or classes, never an instance."""
    return name if name and name.partition(".")[0] in _BLENDER else None


def _exists(one: Named, table: ApiTable) -> bool | None:
    if one.keyword:
        return table.has_keyword(one.owner, one.member)
    if table.resolve(one.owner) is None:
        return None  # the owner itself is what is missing, and is asked for by itself
    return table.has_member(one.owner, one.member)


def _runs_in(source: Source, node: cst.CSTNode, release: Release, name: str) -> bool:
    if reached(source, node, release) is False:
        return False
    return not is_guarded(source, node, (release,), (name,))


def _own_words(before: Mapping[str, str]) -> frozenset[str]:
    """Every word of the add-on as it was: what it already uses is not made up."""
    return frozenset(word for text in before.values() for word in _WORD.findall(text))


def _complaint(one: Named, lacking: Sequence[Release], table: ApiTable) -> str:
    near = _nearest(one, table)
    cure = NEAREST.format(names=", ".join(f"`{name}`" for name in near)) if near else ""
    releases = ", ".join(map(str, lacking[-4:]))
    return NOT_THERE.format(path=one.path, line=one.line, name=one.full, releases=releases, cure=cure)


def _nearest(one: Named, table: ApiTable) -> tuple[str, ...]:
    owner = table.resolve(one.owner)
    if owner is None or one.keyword:
        return ()
    prefixes = tuple(f"{name}." for name in (table.ancestors(owner) or (owner,)))
    members = [symbol for symbol in table.entries if symbol.startswith(prefixes)]
    names = {symbol.rpartition(".")[2]: symbol for symbol in members}
    found = process.extract(one.member, names.keys(), scorer=fuzz.WRatio, limit=MOST_NEAREST, score_cutoff=LIKE_ENOUGH)
    return tuple(names[name] for name, _, _ in found)
