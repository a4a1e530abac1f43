"""How the tests of a repository are written: where they lie, what they are called, how they get at the add-on. Pure."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Literal

from bot.reproducing.reading import names_in

_LONGEST_HEAD = 30
"""Statements at the top of a file that are looked at."""


class Way(StrEnum):
    """How the add-on is enabled for a test."""

    GIVEN = "given"
    """By whoever runs the tests, or by what they share."""
    REGISTERED = "registered"
    """By its own `register`."""
    ENABLED = "enabled"
    """As the preferences do it."""


@dataclass(frozen=True)
class Statement:
    """One at the top of a file: what it defines and what it looks up; whether it says where modules are found, and
    whether it stands apart from the one before."""

    text: str
    binds: frozenset[str]
    needs: frozenset[str]
    paves: bool
    apart: bool


@dataclass(frozen=True)
class Style:
    """How the tests of a repository are written."""

    folder: str
    """Where they lie; empty for the root."""
    suffixed: bool
    """`grow_test.py` instead of `test_grow.py`."""
    kind: Literal["pytest", "unittest"]
    base: str
    """What their classes derive from."""
    top: tuple[Statement, ...]
    """What one of their files begins with."""
    module: str
    """What they call the add-on's module once it is imported; empty where they do not import it."""
    typed: bool
    """Their functions have annotations."""
    ways: tuple[Way, ...]
    """How the add-on may be enabled, the likeliest first."""

    def head(self, needs: frozenset[str]) -> str:
        """What a new file begins with: statements that say where modules are, and those that give such names."""
        kept: set[int] = set()
        pending = [number for number, one in enumerate(self.top) if one.paves or needs & one.binds]
        while pending:
            number = pending.pop()
            if number not in kept:
                kept.add(number)
                pending += [other for other, one in enumerate(self.top) if self.top[number].needs & one.binds]
        parts = [("\n\n" if self.top[number].apart else "\n") + self.top[number].text for number in sorted(kept)]
        return "".join(parts).strip("\n")

    def path(self, name: str, taken: frozenset[str]) -> str:
        """Where a new file of tests belongs; none that is taken."""
        for number in range(1, 100):
            stem = name if number == 1 else f"{name}_{number}"
            file = f"{stem}_test.py" if self.suffixed else f"test_{stem}.py"
            place = f"{self.folder}/{file}" if self.folder else file
            if place not in taken:
                return place
        raise ValueError(name)


def style_of(files: Mapping[str, str], module: str, *, given: bool) -> Style | None:
    """The style of test files, by path; `given` says that nothing in them enables the add-on, so that it is enabled for
    them. Null where they cannot be read."""
    read = {path: tree for path, text in sorted(files.items()) if (tree := _parsed(text)) is not None}
    if not read:
        return None
    folder = Counter(str(PurePosixPath(path).parent) for path in read).most_common(1)[0][0]
    near = [path for path in read if str(PurePosixPath(path).parent) == folder]
    example = max(near, key=lambda path: (_imports(read[path], module) is not None, "bpy" in files[path]))
    tree, text = read[example], files[example]
    cases = [node for node in tree.body if isinstance(node, ast.ClassDef) and _has_tests(node)]
    kind: Literal["pytest", "unittest"] = "unittest" if cases and _is_case(cases[0]) else "pytest"
    alias = _imports(tree, module) or ""
    base = ast.unparse(cases[0].bases[0]) if kind == "unittest" else ""
    return Style(
        folder="" if folder == "." else folder,
        suffixed=sum(path.endswith("_test.py") for path in near) * 2 > len(near),
        kind=kind,
        base=base,
        top=tuple(_top(tree, text)),
        module=alias,
        typed=any(isinstance(node, ast.FunctionDef) and node.returns is not None for node in ast.walk(tree)),
        ways=_ways(text, alias, given=given),
    )


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _has_tests(node: ast.ClassDef) -> bool:
    return any(isinstance(inner, ast.FunctionDef) and inner.name.startswith("test") for inner in node.body)


def _is_case(node: ast.ClassDef) -> bool:
    """Whether a class is one of `unittest`: plain ones, which pytest takes as well, derive from nothing."""
    return bool(node.bases)


def _imports(tree: ast.Module, module: str) -> str | None:
    """What the add-on's module is called in a file that imports it as such; null where it does not."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if module in alias.name.split("."):
                    whole = alias.name.split(".")
                    dotted = ".".join(whole[: whole.index(module) + 1])
                    return alias.asname or dotted
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name == module:
                    return alias.asname or alias.name
    return None


def _ways(text: str, alias: str, *, given: bool) -> tuple[Way, ...]:
    registers = bool(alias) and re.search(rf"\b{re.escape(alias)}\.register\(", text) is not None
    enables = re.search(r"\baddon_(?:enable|utils)\b", text) is not None
    found = [Way.REGISTERED] if registers else [Way.ENABLED] if enables else [Way.GIVEN]
    rest = [Way.GIVEN, Way.ENABLED, *([Way.REGISTERED] if alias else [])]
    return tuple(dict.fromkeys([Way.GIVEN] if given else [*found, *rest]))


def _top(tree: ast.Module, text: str) -> Iterator[Statement]:
    """The statements before the first definition."""
    end = 0
    for node in tree.body[:_LONGEST_HEAD]:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            break
        source = ast.get_source_segment(text, node) or ast.unparse(node)
        paves = "sys.path" in ast.unparse(node)
        yield Statement(source, _binds(node), names_in(node), paves, apart=node.lineno > end + 1)
        end = node.end_lineno or node.lineno


def _binds(node: ast.stmt) -> frozenset[str]:
    """The names a statement defines."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return frozenset(alias.asname or alias.name.partition(".")[0] for alias in node.names)
    stored = (one for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store))
    return frozenset(one.id for one in stored)
