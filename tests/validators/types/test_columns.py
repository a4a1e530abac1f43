from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.validators.types.columns import Insertion, Place, insert

TEXT = st.text(alphabet=st.sampled_from(list("ab (:,)\t\n\r\f\v\u2028äß𝄞")), max_size=60)
INSERTED = st.text(alphabet=st.sampled_from(list(': "x.ö')), min_size=1, max_size=12)


def place_of(text: str, offset: int) -> Place:
    """Line and column of a character, counted by hand: `\\n`, `\\r` and `\\r\\n` end a line, nothing else does."""
    line = column = 1
    for index in range(offset):
        pair = text[index : index + 2] == "\r\n"
        if text[index] in "\r\n" and not pair:
            line, column = line + 1, 1
        else:
            column += 1
    return Place(line, column)


@st.composite
def texts_with_insertions(draw: st.DrawFn) -> tuple[str, list[Insertion]]:
    text = draw(TEXT)
    free = [offset for offset in range(len(text) + 1) if text[offset - 1 : offset + 1] != "\r\n"]
    offsets = draw(st.lists(st.sampled_from(free), max_size=8))
    return text, [Insertion(offset, draw(INSERTED)) for offset in offsets]


@given(texts_with_insertions())
def test_every_character_of_the_copy_finds_its_way_back(made: tuple[str, list[Insertion]]) -> None:
    text, insertions = made
    copy = insert(text, insertions)
    assert len(copy.text) == len(text) + sum(len(insertion.text) for insertion in insertions)
    for offset, character in enumerate(text):
        moved = offset + sum(len(insertion.text) for insertion in insertions if insertion.offset <= offset)
        assert copy.text[moved] == character
        assert copy.real(place_of(copy.text, moved)) == place_of(text, offset)


@given(texts_with_insertions())
def test_what_was_put_in_belongs_to_where_it_was_put(made: tuple[str, list[Insertion]]) -> None:
    text, insertions = made
    copy = insert(text, insertions)
    position = 0
    for insertion in sorted(insertions, key=lambda one: one.offset):
        begin = insertion.offset + position
        for inside in range(len(insertion.text)):
            assert copy.real(place_of(copy.text, begin + inside)) == place_of(text, insertion.offset)
        position += len(insertion.text)


@given(TEXT, INSERTED)
def test_what_is_appended_lies_behind_the_text(text: str, appended: str) -> None:
    copy = insert(text, (), appended)
    last = place_of(copy.text, len(copy.text) - 2)
    assert copy.added(last)
    assert not any(copy.added(place_of(copy.text, offset)) for offset in range(len(text)))


@pytest.mark.parametrize("bad", [Insertion(0, "a\nb"), Insertion(0, "\r"), Insertion(-1, "a"), Insertion(4, "a")])
def test_no_line_ever_moves(bad: Insertion) -> None:
    with pytest.raises(ValueError, match="nothing can be put in"):
        insert("abc", [bad])
