from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.chunking.source import Source, clip, first_sentence, one_line
from indexer.chunking.splitting import by_blank_lines, by_lines, pack, without


@given(st.binary(max_size=300))
def test_lines_are_counted_as_git_counts_them(data: bytes) -> None:
    count = data.count(b"\n") + (not data.endswith(b"\n") and data.removeprefix(b"\xef\xbb\xbf") != b"")
    assert Source.of(data).count == count


def test_only_line_feeds_end_lines() -> None:
    source = Source.of("a\r\nb\x0cc\u2028d\re\n".encode())
    assert list(source.lines) == ["a", "b\x0cc\u2028d\re"]


def test_bytes_are_utf_8_else_latin_1() -> None:
    assert Source.of(b"\xef\xbb\xbf\xc3\xa9").lines == ["é"]
    latin = Source.of(b"\xe9")
    assert (latin.lines, latin.data) == (["é"], "é".encode())


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=9), min_size=1, max_size=30))
def test_length_is_that_of_the_text_with_its_line_ends(lines: list[str]) -> None:
    source = Source.of(("\n".join(lines) + "\n").encode())
    for start in range(1, len(lines) + 1):
        assert source.length(start, len(lines)) == len(source.text(start, len(lines))) + 1


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60), st.integers(5, 100))
def test_packing_loses_nothing_and_keeps_the_order(widths: list[int], limit: int) -> None:
    source = Source.of("".join("x" * width + "\n" for width in widths).encode())
    for spans in (by_lines(source, 1, len(widths), limit), pack(source, by_blank_lines(source, 1, len(widths)), limit)):
        assert [line for start, end in spans for line in range(start, end + 1)] == list(range(1, len(widths) + 1))


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 9)), max_size=6))
def test_what_is_left_between_holes(made: list[tuple[int, int]]) -> None:
    holes = sorted((start, start + more) for start, more in made)
    left = [line for start, end in without((1, 40), holes) for line in range(start, end + 1)]
    assert left == [line for line in range(1, 41) if not any(start <= line <= end for start, end in holes)]


def test_short_forms() -> None:
    assert clip("abcdef", 5) == "abc …"
    assert one_line("a\n  b\t c", 10) == "a b c"
    assert first_sentence("Does it. Twice.") == "Does it."
    assert first_sentence("one\ntwo\n\nthree") == "one two"
    assert len(first_sentence("x" * 9_999)) == 200
