"""What is kept where there is not room for all."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.prompts.pieces import Piece, Rank, fit

RANKS = [rank for rank in Rank if rank is not Rank.MUST]
PIECES = st.lists(
    st.builds(
        lambda rank, size, section: Piece(rank, section, "t", "x " * size),
        st.sampled_from(RANKS), st.integers(1, 60), st.sampled_from("AB"),
    ),
    max_size=12,
)  # fmt: skip


def words(text: str) -> int:
    return len(text.split())


@given(PIECES, st.integers(0, 200))
def test_pieces_never_take_more_room_than_there_is(pieces: list[Piece], room: int) -> None:
    made = fit(pieces, ("A", "B"), room, words)
    headings = sum(words(f"## {name}") for name in ("A", "B"))
    notice = words("13 further pieces of code had no room.")
    assert words(made.text) <= room + headings + notice


@given(PIECES, st.integers(0, 200))
def test_what_is_left_out_ranks_no_higher_than_what_would_have_had_its_room(pieces: list[Piece], room: int) -> None:
    made = fit(pieces, ("A", "B"), room, words)
    kept = list(made.marks.values())
    assert len(kept) + len(made.left_out) == len(pieces)
    left = list(pieces)
    for piece in kept:
        left.remove(piece)
    for piece in left:
        lower = sum(words(other.text) + 6 for other in kept if other.rank > piece.rank)
        assert lower < words(piece.text) + 6  # its room was not given to lesser ones


def test_what_must_be_in_is_in_and_the_short_form_stands_where_the_whole_has_no_room() -> None:
    must = Piece(Rank.MUST, "A", "fault", "word " * 50)
    long = Piece(Rank.CODE, "A", "code", "line " * 50, short="one line")
    made = fit([must, long], ("A",), 20, words)
    assert "word" in made.text and "one line" not in made.text
    assert "one line" in fit([long], ("A",), 20, words).text


def test_marks_count_in_the_order_shown() -> None:
    made = fit([Piece(Rank.API, "B", "api", "x"), Piece(Rank.CODE, "A", "code", "y")], ("A", "B"), 100, words)
    assert [piece.title for piece in made.marks.values()] == ["code", "api"]
    assert made.text.index("[c1] code") < made.text.index("[c2] api")
