"""Search: the protocol the bot meets, the search of an index, and plain symbol lookup, which needs none.

A symbol's own name comes first, then names that end in the query, then names like it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from rapidfuzz import fuzz, process

from indexer.blender_api.table import ApiTable, Entry
from indexer.chunking.python import symbols
from indexer.models import Hit, HitKind, Symbol
from indexer.searching.corpus import Corpus, Stages
from indexer.searching.names import MIN_LIKENESS
from indexer.searching.searcher import Answer, Found, Searcher
from indexer.searching.symbols import EXACT, FUZZY_SHARE, LAST_NAME, SUFFIX
from indexer.structure import Context

__all__ = [
    "EXACT",
    "FUZZY_SHARE",
    "LAST_NAME",
    "SUFFIX",
    "Answer",
    "ApiLoader",
    "Context",
    "Corpus",
    "Found",
    "Layered",
    "Retriever",
    "Searcher",
    "Stages",
    "SymbolRetriever",
    "citation",
    "described",
    "no_api",
    "span",
]

MAX_QUERY = 300
MAX_TEXT_LINES = 30

_Found = Symbol | Entry

ApiLoader = Callable[[str], ApiTable | None]


class Retriever(Protocol):
    """Finds code and API symbols for a query."""

    def search(
        self, query: str, *, release: str | None = None, kind: HitKind | None = None, limit: int = 10
    ) -> tuple[Hit, ...]:
        """The best hits, best first. `release` names the Blender whose API is meant; null: no API."""
        ...


def no_api(release: str) -> ApiTable | None:
    """The loader of those who have no stubs."""
    return None


@dataclass(frozen=True)
class SymbolRetriever:
    """Plain symbol lookup over files held in memory, and over the API tables a loader has.

    `files` are bytes by path, relative to the repository root; `citation` says how a span is cited.
    """

    files: Mapping[str, bytes]
    api: ApiLoader = no_api
    commit: str | None = None
    """The commit the files are those of, for citations."""

    @cached_property
    def symbols(self) -> tuple[Symbol, ...]:
        """Every symbol of the files."""
        return tuple(symbol for path in sorted(self.files) for symbol in symbols(path, self.files[path]))

    def search(
        self, query: str, *, release: str | None = None, kind: HitKind | None = None, limit: int = 10
    ) -> tuple[Hit, ...]:
        """See `Retriever.search`."""
        query = query.strip()[:MAX_QUERY]
        if not query or limit < 1:
            return ()
        scored: list[tuple[float, _Found]] = []
        table = self.api(release) if release is not None and kind != "code" else None
        if kind != "api":
            scored += _rank(query, self._by_last_name, self._by_last_name.__getitem__, limit)
        if table is not None:
            scored += _rank_api(query, table, limit)
        scored.sort(key=lambda pair: -pair[0])
        return tuple(self._hit(score, found, table) for score, found in scored[:limit])

    @cached_property
    def _by_last_name(self) -> Mapping[str, tuple[_Found, ...]]:
        names: dict[str, list[Symbol]] = {}
        for symbol in self.symbols:
            names.setdefault(symbol.name.rpartition(".")[2], []).append(symbol)
        return {name: tuple(found) for name, found in names.items()}

    def _hit(self, score: float, found: _Found, table: ApiTable | None) -> Hit:
        if isinstance(found, Entry):
            url = (table.url(found.symbol) if table else None) or ""
            release = table.release if table else None
            return Hit(url, 0, 0, found.symbol, "api", release, round(score, 3), url or found.symbol, described(found))
        text = span(self.files[found.path], found.start, found.end)
        cited = citation(found.path, found.start, found.end, self.commit)
        return Hit(found.path, found.start, found.end, found.qualified, "code", None, round(score, 3), cited, text)


@dataclass(frozen=True)
class Layered:
    """Several retrievers as one: the first that is certain of a hit answers, else the one most certain."""

    layers: Sequence[Retriever]

    def search(
        self, query: str, *, release: str | None = None, kind: HitKind | None = None, limit: int = 10
    ) -> tuple[Hit, ...]:
        """See `Retriever.search`."""
        found: tuple[Hit, ...] = ()
        for layer in self.layers:
            hits = layer.search(query, release=release, kind=kind, limit=limit)
            if hits and hits[0].score >= SUFFIX:
                return hits
            if hits and (not found or hits[0].score > found[0].score):
                found = hits
        return found


def citation(path: str, start: int, end: int, commit: str | None) -> str:
    """`path:start-end@<12 digits of the commit>`; without the commit where there is none."""
    return f"{path}:{start}-{end}" + (f"@{commit[:12]}" if commit else "")


def span(data: bytes, start: int, end: int, limit: int = MAX_TEXT_LINES) -> str:
    """Lines `start` to `end` of a file, at most `limit` of them."""
    lines = data.decode("utf-8", "replace").splitlines()
    return "\n".join(lines[start - 1 : min(end, start + limit - 1)])


def described(entry: Entry) -> str:
    """An API symbol in one line: what it can be called with, and the first sentence about it."""
    called = " | ".join(f"({signature})" for signature in entry.signatures)
    return " ".join(filter(None, (entry.kind + called, "—" if entry.text else "", entry.text)))


def _rank_api(query: str, table: ApiTable, limit: int) -> list[tuple[float, _Found]]:
    # What the table resolves is certain, inherited members and short owners (`Mesh.name`) included.
    if (entry := table.lookup(query)) is not None:
        return [(EXACT if entry.symbol == query else SUFFIX, entry)]
    return _rank(
        query, table.by_last_name, lambda name: [table.entries[full] for full in table.by_last_name[name]], limit
    )


def _rank(
    query: str, names: Collection[str], known: Callable[[str], Sequence[_Found]], limit: int
) -> list[tuple[float, _Found]]:
    """Score the things known by the last part of their names."""
    last = query.rpartition(".")[2]
    certain = list(_certain(query, known(last))) if last in names else []
    if certain:
        return sorted(certain, key=lambda pair: -pair[0])[:limit]
    near = process.extract(last, tuple(names), scorer=fuzz.ratio, limit=limit, score_cutoff=100 * MIN_LIKENESS)
    return [(FUZZY_SHARE * score / 100, found) for name, score, _ in near for found in known(name)][:limit]


def _certain(query: str, candidates: Iterable[_Found]) -> Iterator[tuple[float, _Found]]:
    for found in candidates:
        name = _name(found)
        if name == query:
            yield EXACT, found
        elif name.endswith(f".{query}"):
            yield SUFFIX, found
        else:
            yield LAST_NAME, found


def _name(found: _Found) -> str:
    return found.symbol if isinstance(found, Entry) else found.qualified
