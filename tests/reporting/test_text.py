from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reporting.text import beginning, block, flowing, line, listed, plural, rootless, seconds, shell_word


@given(st.text(max_size=400), st.integers(min_value=1, max_value=50))
def test_a_line_is_one_line_within_its_limit_and_changes_no_more(text: str, limit: int) -> None:
    made = line(text, limit)
    assert len(made) <= limit
    assert len(made.splitlines()) <= 1
    assert line(made, limit) == made
    made.encode("utf-8")


def test_what_a_terminal_or_a_reader_could_be_misled_by_is_shown_as_unknown() -> None:
    assert line("a\x1b[31mb\u202ec\u200bd\ud800") == "a�[31mb�c�d�"
    assert block("a\r\nb\rc\n\td\x00") == "a\nb\nc\n\td�"


def test_too_much_is_cut_visibly() -> None:
    assert line("abcdef", 4) == "abc…"
    assert block("abcdef", 4) == "abc…"


@pytest.mark.parametrize(
    "text,said",
    [
        ("", ""), (" \n\n", ""), ("x = 1\n", "x = 1"), ("\n\n  def f():\n    return 1\n", "def f(): …"),
        ("a b\r\n\r\n", "a b"), ("y" * 30 + "\nz", "y" * 19 + "…"),
    ],
)  # fmt: skip
def test_of_several_lines_the_first_that_holds_anything_stands_for_all(text: str, said: str) -> None:
    assert beginning(text, 20) == said


@given(st.text(max_size=60).filter(lambda text: text.isprintable()))
def test_a_shell_word_is_one_word(text: str) -> None:
    assert len(shlex.split(shell_word(text))) == 1


def test_a_shell_word_never_breaks_the_line() -> None:
    assert "\n" not in shell_word("a\nrm -rf")


@pytest.mark.parametrize(("value", "said"), [(0.04, "0.0 s"), (9.96, "10 s"), (61.2, "61 s"), (125, "2 min 5 s")])
def test_seconds_are_said_as_people_say_them(value: float, said: str) -> None:
    assert seconds(value) == said


def test_counts_and_lists() -> None:
    assert [plural(1, "fault"), plural(2, "fault"), plural(0, "entry", "entries")] == [
        "1 fault",
        "2 faults",
        "0 entries",
    ]
    assert [listed([]), listed(["a"]), listed(["a", "b", "c"])] == ["", "a", "a, b and c"]


def test_paragraphs_flow() -> None:
    assert flowing("a\n  b\n\nc\n \n\n d\n") == "a b\n\nc\n\nd"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/home/ann/.cache/blender/4.5/scripts/modules/addon_utils.py", "…/scripts/modules/addon_utils.py"),
        ("C:\\Users\\ann\\addons\\wave\\__init__.py", "…/addons/wave/__init__.py"),
        ("/opt/wave/__init__.py", "/opt/wave/__init__.py"),
        ("wave/a/b/c/d.py", "wave/a/b/c/d.py"),
        ("<script:reproduction-3>", "<script:reproduction-3>"),
    ],
)
def test_a_traceback_tells_nobody_where_blender_lies(path: str, shown: str) -> None:
    told = 'Traceback\n  File "{}", line 5, in f\n    open("/a/b/c/d/e")\n'
    assert rootless(told.format(path)) == told.format(shown)


def test_a_traceback_of_nothing_but_paths_takes_no_time() -> None:
    assert len(rootless('File "' + "/" * 20_000) + rootless('File "/a/b/' * 2_000)) > 20_000
