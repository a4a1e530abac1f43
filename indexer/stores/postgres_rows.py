"""Files and chunks as rows of PostgreSQL, and what a search may return as values of a query."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from indexer.models import Chunk, Filter, IndexedFile
from indexer.stores.rows import WEIGHTS, called, facts_text, searchable, utf8

MAX_CALLED = 256
"""Longer names are data; an index entry has to fit a page."""

CHUNK_COLUMNS = (
    "id, path, kind, role, first, last, name, symbol, part, language, context, text, terms, facts, prior, commit"
)
"""What `indexer.stores.rows.chunk_of` makes a chunk from."""

Posting = tuple[str, str, str, str]
"""A word of a file: the word, and as array literals the chunks it stands in, how much, and how long those are."""


def text(value: str) -> str:
    """What PostgreSQL can hold of a text: UTF-8 without NUL, all else spelled out with backslashes."""
    return utf8(value).replace("\0", "\\x00")


def address(path: str) -> bytes:
    """A file's path at a fixed length: paths can be longer than an index entry."""
    return hashlib.sha256(text(path).encode()).digest()


def file_row(number: int, corpus: int, file: IndexedFile, stat: str) -> tuple[object, ...]:
    """A row of `files`, in the order of its columns."""
    return (
        number, corpus, address(file.path), text(file.path), text(file.blob), text(stat), file.size,
        text(file.language), "\n".join(map(text, file.imports)), text(file.skipped),
    )  # fmt: skip


def chunk_row(number: int, corpus: int, file: int, chunk: Chunk, length: int) -> tuple[object, ...]:
    """A row of `chunks`, in the order of its columns."""
    return (
        number, corpus, file, bytes.fromhex(chunk.key), text(chunk.path), chunk.kind, text(chunk.role), chunk.start,
        chunk.end, text(chunk.name), text(chunk.symbol), chunk.part, text(chunk.language), chunk.prior,
        text(chunk.commit), length,
    )  # fmt: skip


def text_row(number: int, chunk: Chunk) -> tuple[object, ...]:
    """A row of `texts`, in the order of its columns."""
    return number, text(chunk.context), text(chunk.text), text(chunk.terms), facts_text(chunk.facts)


def called_rows(number: int, corpus: int, file: int, chunk: Chunk) -> list[tuple[object, ...]]:
    """The rows of `calls` of a chunk."""
    names = {text(name) for name in called(chunk.facts)}
    return [(corpus, name, file, number) for name in sorted(names) if len(name) <= MAX_CALLED]


def weighed(chunk: Chunk) -> tuple[dict[str, float], int]:
    """How much each word counts in a chunk, and how many words it has.

    A word counts by where it stands, as in the SQLite store: so both rank alike.
    """
    weights: Counter[str] = Counter()
    length = 0
    for weight, field in zip(WEIGHTS, searchable(chunk), strict=True):
        words = field.split()
        length += len(words)
        for word in words:
            weights[word] += weight  # type: ignore[assignment]  # typeshed knows whole counts only
    return dict(weights), length


def postings(chunks: Mapping[int, tuple[Mapping[str, float], int]]) -> Iterator[Posting]:
    """The rows of `postings` of one file, from what `weighed` says of its chunks by number."""
    found: dict[str, tuple[list[str], list[str], list[str]]] = {}
    for number, (weights, length) in chunks.items():
        shown, long = str(number), str(length)
        for word, weight in weights.items():
            numbers, frequencies, lengths = found.setdefault(word, ([], [], []))
            numbers.append(shown)
            frequencies.append(f"{weight:g}")
            lengths.append(long)
    for word, (numbers, frequencies, lengths) in found.items():
        yield word, _array(numbers), _array(frequencies), _array(lengths)


def conditions(where: Filter | None) -> dict[str, list[str] | str | None]:
    """A filter as values of a query, null where it allows everything.

    `kinds` and `languages` are lists of them; a path fits one of the LIKE patterns `likes`, or the
    regular expression `sets`, which is many times slower and serves patterns with sets alone.
    """
    kinds, languages, paths = (where.kinds, where.languages, where.paths) if where else ((), (), ())
    sets = [pattern for pattern in paths if "[" in pattern]
    return {
        "kinds": [text(kind) for kind in kinds] or None,
        "languages": [text(language) for language in languages] or None,
        "likes": [_like(pattern) for pattern in paths if "[" not in pattern] or None,
        "sets": f"^(?:{'|'.join(map(_expression, sets))})$" if sets else None,
    }


def _like(pattern: str) -> str:
    """A shell-style pattern without sets as a pattern of LIKE."""
    return re.sub(r"[\\%_]", r"\\\g<0>", text(pattern)).replace("*", "%").replace("?", "_")


def _expression(pattern: str) -> str:
    """A shell-style pattern as a regular expression of PostgreSQL that takes exactly what SQLite's GLOB takes.

    `*` is anything, slashes too; `?` one character; `[a-c]` and `[^a-c]` one of a set. A set that does
    not end takes nothing.
    """
    pattern = text(pattern)
    made: list[str] = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        at += 1
        if character == "*":
            if made[-1:] != [".*"]:
                made.append(".*")
        elif character == "?":
            made.append(".")
        elif character == "[":
            members, at = _set(pattern, at)
            made.append(members)
        else:
            made.append(_literal(character))
    return "".join(made)


_NOTHING = "$."


def _set(pattern: str, at: int) -> tuple[str, int]:
    """The set that begins behind a bracket, and where it ends. Every member is spelled as its number:

    inside brackets PostgreSQL gives a meaning to more than SQLite does (`[[:alpha:]]`, escapes).
    """
    negated = pattern[at : at + 1] == "^"
    at += negated
    members = ""
    before = ""  # what a range can begin with: not the end of another, nor a leading bracket
    if pattern[at : at + 1] == "]":
        members, at = _code("]"), at + 1
    while at < len(pattern) and pattern[at] != "]":
        character, behind = pattern[at], pattern[at + 1 : at + 2]
        if character == "-" and before and behind not in ("", "]"):
            if before <= behind:
                members += f"{_code(before)}-{_code(behind)}"
            before, at = "", at + 2
        else:
            members += _code(character)
            before, at = character, at + 1
    if at >= len(pattern):
        return _NOTHING, at
    if not members:
        return ("." if negated else _NOTHING), at + 1
    return f"[{'^' if negated else ''}{members}]", at + 1


def _literal(character: str) -> str:
    return character if character.isalnum() else _code(character)


def _code(character: str) -> str:
    return f"\\U{ord(character):08x}"


def _array(values: Sequence[str]) -> str:
    return "{" + ",".join(values) + "}"


def plain(term: str) -> bool:
    """Whether a term can be a word of the index at all."""
    return bool(term) and not re.search("[\0\ud800-\udfff]", term)
