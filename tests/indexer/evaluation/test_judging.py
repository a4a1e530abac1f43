"""What counts as found."""

from __future__ import annotations

from indexer.evaluation.history import Case, Target
from indexer.evaluation.judging import judge
from indexer.evaluation.systems import Place

CASE = Case(
    "r", "c" * 40, "p" * 40, "fix",
    files=("a.py", "b.py"),
    targets=(Target("a.py", "draw", ((10, 20),)), Target("b.py", "Panel", ((1, 3), (30, 31)))),
)  # fmt: skip


def test_a_place_that_overlaps_a_symbol_is_it() -> None:
    score = judge(CASE, [Place("a.py", 20, 40)])
    assert (score.file_recall, score.symbol_recall, score.file_mrr) == (0.5, 0.5, 1.0)


def test_a_place_beside_the_symbol_finds_the_file_alone() -> None:
    score = judge(CASE, [Place("a.py", 21, 40), Place("b.py", 5, 29)])
    assert (score.file_recall, score.symbol_recall) == (1.0, 0.0)


def test_the_same_lines_of_another_file_are_nothing() -> None:
    assert judge(CASE, [Place("c.py", 10, 20)]).symbol_recall == 0


def test_of_a_class_only_what_was_shown_counts() -> None:
    whole = Place("b.py", 1, 40)
    shown = Place("b.py", 1, 40, "", ((1, 2),))
    beside = Place("b.py", 1, 40, "", ((5, 9),))
    assert [judge(CASE, [place]).symbol_recall for place in (whole, shown, beside)] == [0.5, 0.5, 0.0]


def test_files_are_counted_once_symbols_by_place() -> None:
    crowd = [Place("c.py", line, line) for line in range(1, 11)]
    score = judge(CASE, [*crowd, Place("a.py", 10, 20)])
    assert score.file_recall == 0.5, "eleven places, but two files"
    assert score.symbol_recall == 0, "ten places stand before it"


def test_nothing_found_scores_nothing() -> None:
    score = judge(CASE, [])
    assert (score.file_recall, score.symbol_recall, score.file_mrr, score.symbol_ndcg) == (0, 0, 0, 0)
