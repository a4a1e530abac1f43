"""Words as the lexical index knows them, the same for what is indexed and for what is asked.

Identifiers are kept whole and split: at dots, at underscores, and where camelCase changes case.
Everything is lower case; English endings are stemmed, so that "smoothing" finds `smooth`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import Stemmer

MAX_LENGTH = 64
"""Longer runs of letters are data, not names."""

_RUN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*|[0-9]+(?:\.[0-9]+)*|[^\W\d_]+")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[A-Z]+")


def tokens(text: str) -> list[str]:
    """Every word of a text in its order, parts of a compound name right behind the whole."""
    found: list[str] = []
    for match in _RUN.finditer(text):
        found += _split(match[0])
    return found


def parts(name: str) -> list[str]:
    """The words an identifier is made of, lower case, not stemmed: `useAutoSmooth` is use, auto, smooth."""
    return [part.lower() for piece in re.split(r"[._]+", name) for part in _CAMEL.findall(piece)]


@lru_cache(maxsize=200_000)
def _split(run: str) -> tuple[str, ...]:
    if len(run) > MAX_LENGTH * 4:
        return ()
    words = list(_stemmed(run))
    return tuple(dict.fromkeys(word for word in words if len(word) <= MAX_LENGTH))


def _stemmed(run: str) -> Iterator[str]:
    whole = run.lower().strip("_")
    if "." in run and not run[0].isdigit():
        yield whole
    for piece in run.split(".") if not run[0].isdigit() else [run]:
        lowered = piece.lower().strip("_")
        if not lowered:
            continue
        inner = [part.lower() for part in _CAMEL.findall(piece)]
        if len(inner) > 1:
            yield lowered
            yield from map(_stem, inner)
        else:
            yield _stem(lowered)


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word)) if len(word) > 2 else word


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")
