"""Texts to pieces: identifiers are split, pieces are the longest there are, and everything is bounded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.embedders.wordpiece import MAX_PIECES, MAX_RUN, WordPieces

VOCABULARY = ["use", "auto", "smooth", "##ing", "##s", "b", "##mesh", "mesh", "modifier", "3", "d", "cafe", "##e"]


@pytest.fixture
def pieces() -> WordPieces:
    return WordPieces(VOCABULARY)


def read(pieces: WordPieces, text: str) -> list[str]:
    return [VOCABULARY[number] for number in pieces.numbers(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("use_auto_smooth", ["use", "auto", "smooth"]),
        ("useAutoSmooth", ["use", "auto", "smooth"]),
        ("mesh.use_auto_smooth = 3", ["mesh", "use", "auto", "smooth", "3"]),
        ("MeshModifiers", ["mesh", "modifier", "##s"]),
        ("Smoothing", ["smooth", "##ing"]),
        ("bmesh", ["b", "##mesh"]),
        ("3D", ["3", "d"]),
        ("café", ["cafe"]),
        ("(,;:!?)", []),
        ("", []),
    ],
)
def test_reads(pieces: WordPieces, text: str, expected: list[str]) -> None:
    assert read(pieces, text) == expected


def test_a_word_with_an_unknown_part_is_unknown(pieces: WordPieces) -> None:
    assert read(pieces, "smoothxx mesh") == ["mesh"]


def test_only_the_beginning_counts(pieces: WordPieces) -> None:
    assert pieces.numbers("mesh " * 5_000) == pieces.numbers("mesh " * MAX_PIECES)
    assert len(pieces.numbers("mesh " * 5_000)) == MAX_PIECES


def test_long_runs_are_data(pieces: WordPieces) -> None:
    assert read(pieces, "mesh" + "s" * MAX_RUN) == []


@given(st.text())
def test_any_text_gives_numbers_of_the_vocabulary(text: str) -> None:
    found = WordPieces(VOCABULARY).numbers(text)
    assert len(found) <= MAX_PIECES
    assert all(0 <= number < len(VOCABULARY) for number in found)


@given(st.lists(st.text(max_size=20), max_size=10))
def test_what_was_read_before_does_not_matter(texts: list[str]) -> None:
    used = WordPieces(VOCABULARY)
    for text in texts:
        assert used.numbers(text) == WordPieces(VOCABULARY).numbers(text)
