"""What the project's own fix changed: lines, functions, and the names of Blender's API it removes and brings in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.dossier.codebase import ENTRIES
from bot.evaluation.lines import added_lines
from bot.models.evaluation import Lines, Reference, Touched
from bot.validators.grounding import ground
from indexer.chunking.python import symbols
from indexer.evaluation.commits import Change, Commit, History, Hunk
from indexer.evaluation.history import changed_symbols, is_code
from indexer.models import Symbol

TELLING = 5
"""Shorter names (`new`, `data`) stand everywhere."""
_EVERYWHERE = ENTRIES | {"register", "unregister", "__init__", "context", "layout", "object", "operator", "objects"}


@dataclass(frozen=True)
class _Side:
    """The texts of one side of a fix, and which of their lines (from 1) it changed."""

    texts: Mapping[str, str]
    changed: Mapping[str, frozenset[int]]

    def names(self) -> frozenset[str]:
        """The names of Blender's API in the changed lines."""
        return frozenset(one.full for one in ground(self.texts, self.changed, {}, {}).named)


def reference(source: Path, before: str, after: str, inside: Callable[[str], bool]) -> Reference:
    """What a fix changed of the code that `inside` says belongs to the add-on; tests are no part of it."""
    history = History(source)
    files = [change for change in history.changes(Commit(after, before, "")) if _counts(change, inside)]
    changed: list[Lines] = []
    functions: list[Touched] = []
    olds: dict[str, str] = {}
    news: dict[str, str] = {}
    for change in files:
        old, new = (data.decode("utf-8", "replace") for data in history.read([change.old_blob, change.new_blob]))
        olds[change.old_path], news[change.old_path] = old, new
        hunks = history.hunks(change)
        changed += [_lines(change.old_path, hunk) for hunk in hunks]
        functions += _functions(change.old_path, old, hunks)
    gone = _Side(olds, {path: added_lines(news[path], olds[path]) for path in olds}).names()
    come = _Side(news, {path: added_lines(olds[path], news[path]) for path in news}).names()
    return Reference(
        files=tuple(olds),
        changed=tuple(changed),
        functions=tuple(functions),
        names=tuple(sorted(come - gone)),
        words=tuple(sorted(_words((*gone, *come), functions))),
    )


def _counts(change: Change, inside: Callable[[str], bool]) -> bool:
    path = change.old_path
    return change.status in {"M", "R"} and path.endswith(".py") and is_code(path) and inside(path)


def _lines(path: str, hunk: Hunk) -> Lines:
    start = max(hunk.start, 1)
    return Lines(path=path, start=start, end=max(start, hunk.start + len(hunk.old) - 1))


def _functions(path: str, text: str, hunks: Sequence[Hunk]) -> Iterator[Touched]:
    known = symbols(path, text.encode("utf-8", "replace"))
    found: dict[tuple[str, int], tuple[Symbol, list[Lines]]] = {}
    for hunk in hunks:
        for symbol in changed_symbols(known, [hunk]):
            found.setdefault((symbol.name, symbol.start), (symbol, []))[1].append(_lines(path, hunk))
    for symbol, lines in found.values():
        whole = Lines(path=path, start=symbol.start, end=symbol.end)
        yield Touched(name=symbol.name, whole=whole, changed=tuple(lines))


def _words(names: Sequence[str], functions: Sequence[Touched]) -> frozenset[str]:
    last = [name.rstrip("=.)").replace("(", ".").rpartition(".")[2] for name in names]
    owners = [part for touched in functions for part in touched.name.split(".")]
    return frozenset(word for word in (*last, *owners) if len(word) >= TELLING and word not in _EVERYWHERE)
