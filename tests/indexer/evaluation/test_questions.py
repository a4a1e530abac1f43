"""Written questions: read from a file, and judged by symbol or by lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.errors import UsageError
from indexer.evaluation.history import Target
from indexer.evaluation.questions import Question, answered, load
from indexer.evaluation.systems import Place

ASKED = Question("q", "a dropdown", "4.5", frozenset({"bpy.props.EnumProperty"}), (Target("a.pyi", "E", ((5, 9),)),))


@pytest.mark.parametrize(
    ("places", "mrr"),
    [
        ([Place("", 0, 0, "bpy.props.EnumProperty")], 1.0),
        ([Place("", 0, 0, "bpy.props.IntProperty"), Place("a.pyi", 9, 30)], 0.5),
        ([Place("a.pyi", 10, 30), Place("b.pyi", 5, 9), Place("", 0, 0, "")], 0.0),
        ([], 0.0),
    ],
)
def test_an_answer_is_right_by_its_symbol_or_by_its_lines(places: list[Place], mrr: float) -> None:
    assert answered(ASKED, places).mrr == mrr


def test_questions_come_from_lines(tmp_path: Path) -> None:
    file = tmp_path / "words.jsonl"
    file.write_text('{"id": "w1", "question": "x?", "release": "4.5", "answers": ["a.b"], "domain": "ui"}\n\n')
    assert load(file) == [Question("w1", "x?", "4.5", frozenset({"a.b"}), (), "ui")]


@pytest.mark.parametrize(
    "line", ["nonsense", "[]", '{"id": "w"}', '{"id":"w","question":"x","release":"4","answers":[]}']
)
def test_a_line_that_is_no_question_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "words.jsonl"
    file.write_text(line + "\n")
    with pytest.raises(UsageError, match=r"Line 1 of words\.jsonl"):
        load(file)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load(tmp_path / "none.jsonl")
