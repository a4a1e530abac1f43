"""Which tests matter most for a patch: for when there is no time for all of them. Pure."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Collection, Iterator, Mapping

from bot.models.patch import Patch
from bot.models.validation import Check, Observation, Outcome


def first(before: Observation, patch: Patch, files: Mapping[str, bytes]) -> tuple[str, ...]:
    """The tests that should come before all others, by id, the most telling first.

    Those that failed; then those that, when they ran on the untouched commit, ran a function the patch changes; then
    those that ran anything in a file it changes. `files` are the add-on's files as the patch has made them.
    """
    functions = frozenset(
        f"{path}::{name}"
        for path, lines in patch.changed_lines.items()
        for name in changed_functions(files.get(path, b""), lines)
    )
    ranks = {check.id: _rank(check, functions, frozenset(patch.changed_lines)) for check in before.checks}
    return tuple(sorted((test for test, rank in ranks.items() if rank < _ANY), key=lambda test: ranks[test]))


def changed_functions(source: bytes, lines: Collection[int]) -> frozenset[str]:
    """The functions that hold one of these lines, by the names Python has for them (`Operator.execute`)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return frozenset()
    return frozenset(name for name, start, end in _functions(tree, "") if any(start <= line <= end for line in lines))


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, int, int]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")
        elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            start = min([child.lineno, *(decorator.lineno for decorator in child.decorator_list)])
            yield f"{prefix}{child.name}", start, child.end_lineno or child.lineno
            yield from _functions(child, f"{prefix}{child.name}.<locals>.")
        else:
            yield from _functions(child, prefix)


_FAILED, _FUNCTION, _FILE, _ANY = range(4)


def _rank(check: Check, functions: frozenset[str], paths: frozenset[str]) -> int:
    if not check.id.startswith("test:"):
        return _ANY
    if check.outcome is Outcome.FAIL:
        return _FAILED
    if not functions.isdisjoint(check.touched):
        return _FUNCTION
    return _FILE if any(one.partition("::")[0] in paths for one in check.touched) else _ANY
