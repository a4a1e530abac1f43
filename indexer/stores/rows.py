"""Files and chunks as the rows of a table, and the words they are found by: the same in every store."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, get_args

from indexer.models import Chunk, Facts, HitKind, IndexedFile
from indexer.tokens import tokens

WEIGHTS = (4.0, 2.0, 1.5, 1.0)
"""How much a word counts in a chunk's name, its further terms, its path, and its text."""

_KINDS: tuple[HitKind, ...] = get_args(HitKind)


def utf8(value: str) -> str:
    """What UTF-8 can hold of a text, all else spelled out with backslashes: a file's name can be any bytes."""
    return value.encode("utf-8", "backslashreplace").decode("utf-8")


def searchable(chunk: Chunk) -> tuple[str, str, str, str]:
    """The words of a chunk as they are indexed: of its name, its further terms, its place, its text."""
    place = "" if chunk.kind == "api" else chunk.path
    name = chunk.symbol if chunk.kind == "api" else chunk.name
    terms = f"{chunk.terms} {chunk.facts.blender_id}"
    return _words(name), _words(terms), _words(place), _words(chunk.embedded)


def called(facts: Facts) -> frozenset[str]:
    """The last names of what is called."""
    return frozenset(utf8(name.rpartition(".")[2]) for name in facts.calls)


def chunk_of(row: Sequence[Any]) -> Chunk:
    """The chunk of a row: its number, path, kind, role, first and last line, name, symbol, part, language, context,
    text, terms, facts, prior and commit."""
    _, path, kind, role, first, last, name, symbol, part, language, context, text, terms, facts, prior, commit = row
    return Chunk(
        kind if kind in _KINDS else "code", role, path, first, last, name, symbol, text, context, language, part,
        terms, _facts(facts), prior, commit,
    )  # fmt: skip


def file_of(row: Sequence[Any], chunks: Sequence[Sequence[Any]]) -> IndexedFile:
    """The file of a row (its path, blob, size, language, imports, and why it was skipped) and of its chunks' rows."""
    path, blob, size, language, imports, skipped = row
    return IndexedFile(path, blob, size, language, tuple(map(chunk_of, chunks)), names_of(imports), skipped)


def names_of(written: str) -> tuple[str, ...]:
    """Names that were kept a line each."""
    return tuple(written.split("\n")) if written else ()


def facts_text(facts: Facts) -> str:
    """Facts as a text to keep; empty when there are none."""
    return "" if facts == Facts() else json.dumps({key: value for key, value in asdict(facts).items() if value})


def _facts(written: str) -> Facts:
    if not written:
        return Facts()
    fields: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in json.loads(written).items()
    }
    return Facts(**fields)


def _words(text: str) -> str:
    # Exactly what is stored: a chunk read back must have the words it was indexed by.
    return " ".join(tokens(utf8(text)))
