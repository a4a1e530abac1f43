"""What the code around a candidate says about it.

The pieces of a file support each other, and so do a class and its methods; what a traceback names is
where it happened; what calls a good hit or is called by it is near; a file that was changed lately is
changed again. All of it is arithmetic over what the index knows: no file is read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from indexer.models import Chunk
from indexer.query import Frame, Query
from indexer.stores.base import NameRow
from indexer.tokens import tokens

TOP = 8
"""How many of the best hits have their callers, callees and imports looked at."""
CALLERS = 12
MAX_NAMESAKES = 3
"""A called name that more symbols than this have says nothing."""


@dataclass(frozen=True)
class Context:
    """Where a search comes from: the files and symbols that are being worked on, most important first."""

    paths: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()


@dataclass(frozen=True)
class Signals:
    """How much each kind of evidence counts, as a share of the best score."""

    file: float = 0.3
    parts: float = 0.5
    owner: float = 0.1
    path: float = 0.15
    frame: float = 2.0
    call: float = 0.08
    imports: float = 0.05
    operator: float = 0.1
    recent: float = 0.08
    small: float = 0.6
    """What a few lines lose against a whole chunk: they are rarely where something is wrong."""
    test: float = 0.5
    """What is left of a test's score, and of documentation's, where nobody asked for it."""


SIGNALS = Signals()


class View(Protocol):
    """What the index knows of names and calls; see `indexer.stores.base.Store` and `indexer.searching.names`."""

    def row(self, number: int) -> NameRow | None:
        """The names of a chunk."""
        ...

    def named(self, last_name: str) -> Sequence[int]:
        """The chunks of the symbols of that last name."""
        ...

    def of_path(self, path: str) -> Sequence[int]:
        """The chunks of a file."""
        ...

    def paths(self) -> Iterable[str]:
        """Every file."""
        ...

    def calling(self, name: str, limit: int) -> Sequence[int]:
        """The chunks that call something of that last name."""
        ...

    def imports(self, path: str) -> Sequence[str]:
        """The modules a file imports."""
        ...

    def of_module(self, module: str) -> Sequence[str]:
        """The files a dotted module name can mean."""
        ...


def restructured(
    scores: Mapping[int, float],
    chunks: Mapping[int, Chunk],
    query: Query,
    view: View,
    weights: Mapping[str, float],
    *,
    recent: Mapping[str, int] | None = None,
    context: Context | None = None,
    signals: Signals = SIGNALS,
) -> dict[int, float]:
    """New scores from those of the search so far, on the same scale; may name chunks it did not have.

    `chunks` are those of the candidates that were read, `weights` the query's (stemmed) words with how
    telling they are, `recent` the rank of paths changed lately, 1 the newest.
    """
    rows = {number: row for number in scores if (row := view.row(number)) is not None}
    if not rows:
        return dict(scores)
    top = max(scores[number] for number in rows) or 1.0
    moved = {number: scores[number] for number in rows}
    _gain(moved, by_frames(query, view), top * signals.frame)
    _gain(moved, by_calls(scores, chunks, view), top * signals.call)
    symbols = symbol_evidence({number: scores[number] for number in rows}, rows)
    files = file_evidence({number: scores[number] for number in rows}, rows)
    places = path_words(rows.values(), weights)
    near = nearness([*(context.paths if context else ()), *best_files(files)], view)
    owners = owner_evidence(scores, rows)
    spaces = namespaces(scores, chunks)
    wants_tests = "tested" in query.wishes or any(word.startswith("test") for word in query.words)
    final: dict[int, float] = {}
    for number, score in moved.items():
        row = rows.get(number) or view.row(number)
        if row is None:
            continue
        score += top * signals.parts * symbols.get((row.path, row.symbol), 0.0)
        score += top * signals.file * files.get(row.path, 0.0)
        score += top * signals.path * places.get(row.path, 0.0)
        score += top * signals.imports * near.get(row.path, 0.0)
        score += top * signals.owner * owners.get((row.path, _owner(row)), 0.0)
        if (chunk := chunks.get(number)) is not None and chunk.facts.blender_id:
            score += top * signals.operator * spaces.get(_space(chunk.facts.blender_id), 0.0)
        if recent and row.path in recent:
            score += top * signals.recent / (1 + math.log(recent[row.path]))
        if (chunk := chunks.get(number)) is not None:
            score *= 1 - signals.small * (1 - substance(chunk))
        if not wants_tests and is_test(row.path):
            score *= signals.test
        final[number] = score
    most = 1 + signals.parts + signals.file + signals.path + signals.owner + signals.recent
    return {number: min(score / most, 1.0) for number, score in final.items()}


def file_evidence(scores: Mapping[int, float], rows: Mapping[int, NameRow]) -> dict[str, float]:
    """How much each file's pieces say together, 1 for the best file: each further piece counts half the one before."""
    pieces: dict[str, list[float]] = {}
    for number, row in rows.items():
        pieces.setdefault(row.path, []).append(scores[number])
    summed = {
        path: sum(score / 2**at for at, score in enumerate(sorted(found, reverse=True)[:6]))
        for path, found in pieces.items()
    }
    top = max(summed.values(), default=0.0) or 1.0
    return {path: score / top for path, score in summed.items()}


def symbol_evidence(scores: Mapping[int, float], rows: Mapping[int, NameRow]) -> dict[tuple[str, str], float]:
    """How much the parts of each symbol that was cut into several say beside the best of them (0 to 1)."""
    pieces: dict[tuple[str, str], list[float]] = {}
    for number, row in rows.items():
        if row.part:
            pieces.setdefault((row.path, row.symbol), []).append(scores[number])
    summed = {
        key: sum(score / 2**at for at, score in enumerate(sorted(found, reverse=True)[1:7]))
        for key, found in pieces.items()
    }
    top = max(scores.values(), default=0.0) or 1.0
    return {key: min(score / top, 1.0) for key, score in summed.items()}


def substance(chunk: Chunk) -> float:
    """How much there is to a chunk: 1 from about a screenful on, and for all that had to be cut."""
    if chunk.part:
        return 1.0
    return min(1.0, math.log1p(len(chunk.text) / 100) / math.log1p(10))


def best_files(files: Mapping[str, float], limit: int = 3) -> list[str]:
    """The files with most evidence."""
    return sorted(files, key=lambda path: -files[path])[:limit]


def owner_evidence(scores: Mapping[int, float], rows: Mapping[int, NameRow]) -> dict[tuple[str, str], float]:
    """How good the best piece of each class is, 1 for the best: a class and its methods support each other."""
    found: dict[tuple[str, str], float] = {}
    for number, row in rows.items():
        if owner := _owner(row):
            key = (row.path, owner)
            found[key] = max(found.get(key, 0.0), scores.get(number, 0.0))
    top = max(found.values(), default=0.0) or 1.0
    return {key: score / top for key, score in found.items()}


def path_words(rows: Iterable[NameRow], weights: Mapping[str, float]) -> dict[str, float]:
    """How much of the query, by how telling its words are, each file's path says (0 to 1)."""
    total = sum(weights.values()) or 1.0
    found: dict[str, float] = {}
    for row in rows:
        if row.path not in found:
            said = _spoken(row.path)
            found[row.path] = min(1.0, 2 * sum(weight for word, weight in weights.items() if word in said) / total)
    return found


@lru_cache(maxsize=50_000)
def _spoken(path: str) -> frozenset[str]:
    """The words of a path, its ending left out."""
    folder, slash, name = path.rpartition("/")
    return frozenset(tokens(f"{folder}{slash}{name.partition('.')[0] or name}".replace("/", " ")))


def by_frames(query: Query, view: View) -> dict[int, float]:
    """The chunks a traceback or a named place stands for: the innermost frame counts 1, each before it less."""
    found: dict[int, float] = {}
    wanted: list[Frame] = [*query.files, *query.frames]
    if not wanted:
        return found
    by_name: dict[str, list[str]] = {}
    for path in view.paths():
        by_name.setdefault(path.rpartition("/")[2], []).append(path)
    for depth, frame in enumerate(reversed(wanted)):
        for path in _same_file(frame.path, by_name):
            for number in view.of_path(path):
                row = view.row(number)
                if row is None:
                    continue
                named = bool(frame.function) and row.name.rpartition(".")[2] == frame.function
                weight = (1.0 if named else 0.3) / (1 + 0.5 * depth)
                found[number] = max(found.get(number, 0.0), weight)
    return found


def _same_file(path: str, by_name: Mapping[str, Sequence[str]]) -> list[str]:
    """The files of the tree that end as this path does, those that agree furthest."""
    wanted = path.split("/")
    candidates = by_name.get(wanted[-1], ())
    if not candidates or (wanted[-1] == "__init__.py" and len(wanted) == 1):
        return []
    agreed = {candidate: _agreement(wanted, candidate.split("/")) for candidate in candidates}
    most = max(agreed.values())
    return [candidate for candidate, parts in agreed.items() if parts == most][:4]


def _agreement(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for a, b in zip(reversed(one), reversed(other), strict=False):
        if a != b:
            break
        count += 1
    return count


def by_calls(scores: Mapping[int, float], chunks: Mapping[int, Chunk], view: View) -> dict[int, float]:
    """What the best hits call, and what calls them, by how good they are (0 to 1)."""
    found: dict[int, float] = {}
    best = sorted((n for n in scores if n in chunks), key=lambda n: -scores[n])[:TOP]
    top = scores[best[0]] if best else 1.0
    for number in best:
        share = scores[number] / (top or 1.0)
        near: list[int] = []
        for call in chunks[number].facts.calls:
            called = view.named(call.rpartition(".")[2])
            if len(called) <= MAX_NAMESAKES:
                near += called
        last = chunks[number].name.rpartition(".")[2]
        if len(view.named(last)) <= MAX_NAMESAKES:
            near += view.calling(last, CALLERS)
        for other in near:
            if other != number:
                found[other] = max(found.get(other, 0.0), share)
    return found


def nearness(paths: Sequence[str], view: View) -> dict[str, float]:
    """How near files are to these by imports and folder: 1 for themselves and what they import."""
    found: dict[str, float] = {}
    for at, path in enumerate(paths[:4]):
        share = 1 / (1 + at)
        found[path] = max(found.get(path, 0.0), share)
        for module in view.imports(path):
            for known in view.of_module(module):
                found[known] = max(found.get(known, 0.0), share)
    return found


def namespaces(scores: Mapping[int, float], chunks: Mapping[int, Chunk]) -> dict[str, float]:
    """How good the best operator of each group is, 1 for the best: `mesh` of `mesh.primitive_cube_add`."""
    found: dict[str, float] = {}
    for number, chunk in chunks.items():
        if chunk.facts.blender_id:
            space = _space(chunk.facts.blender_id)
            found[space] = max(found.get(space, 0.0), scores.get(number, 0.0))
    top = max(found.values(), default=0.0) or 1.0
    return {space: score / top for space, score in found.items()}


def is_test(path: str) -> bool:
    """Whether a file holds tests, as its path says."""
    pieces = path.lower().split("/")
    name = pieces[-1]
    return bool({"test", "tests"} & set(pieces[:-1])) or name.startswith("test_") or name.endswith("_test.py")


def _owner(row: NameRow) -> str:
    """The class a chunk is, or is in; empty for the rest."""
    if row.role == "class":
        return row.name
    return row.name.rpartition(".")[0] if row.role == "method" else ""


def _space(blender_id: str) -> str:
    return blender_id.partition(".")[0]


def _gain(scores: dict[int, float], more: Mapping[int, float], weight: float) -> None:
    for number, share in more.items():
        scores[number] = scores.get(number, 0.0) + weight * share
