"""The measures, worked by hand, and what must hold for every ranking."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.evaluation.metrics import hit, ndcg, paired_bootstrap, recall, reciprocal_rank

A, B, C, NO = {"a"}, {"b"}, {"c"}, set[str]()
rankings = st.lists(st.sets(st.sampled_from("abcd"), max_size=2), max_size=15)
places = st.integers(1, 12)


@pytest.mark.parametrize(
    ("ranking", "k", "expected"),
    [
        ([A], 10, 1.0),
        ([NO, A], 10, 0.5),
        ([NO, NO, NO, A, B], 10, 0.25),
        ([NO] * 9 + [A], 10, 0.1),
        ([NO] * 10 + [A], 10, 0.0),
        ([NO, A], 1, 0.0),
        ([], 10, 0.0),
    ],
)
def test_reciprocal_rank_is_one_over_the_first_right_place(ranking: list[set[str]], k: int, expected: float) -> None:
    assert reciprocal_rank(ranking, k) == pytest.approx(expected)


def test_hit_asks_only_whether_it_is_there() -> None:
    assert (hit([NO, NO, A], 3), hit([NO, NO, A], 2), hit([], 3)) == (1.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("ranking", "total", "k", "expected"),
    [
        ([A, NO, B], 2, 10, 1.0),
        ([A, A, A], 2, 10, 0.5),  # the same answer again is no second answer
        ([{"a", "b"}], 3, 10, 2 / 3),
        ([NO, A], 1, 1, 0.0),
    ],
)
def test_recall_is_the_share_of_answers_seen(ranking: list[set[str]], total: int, k: int, expected: float) -> None:
    assert recall(ranking, total, k) == pytest.approx(expected)


def test_ndcg_by_hand() -> None:
    # Gains at places 1 and 3 of an ideal 1 and 2.
    assert ndcg([A, NO, B], 2) == pytest.approx((1 + 1 / 2) / (1 + 1 / math.log2(3)))
    assert ndcg([A, B], 2) == pytest.approx(1.0)
    assert ndcg([NO, A], 1) == pytest.approx(1 / math.log2(3))
    assert ndcg([A, A], 2) == pytest.approx(1 / (1 + 1 / math.log2(3)))


def test_a_question_without_an_answer_is_refused() -> None:
    for measure in (recall, ndcg):
        with pytest.raises(ValueError, match="without an answer"):
            measure([A], 0)


@given(rankings, places)
def test_every_measure_lies_between_0_and_1(ranking: list[set[str]], k: int) -> None:
    for value in (reciprocal_rank(ranking, k), hit(ranking, k), recall(ranking, 4, k), ndcg(ranking, 4, k)):
        assert 0 <= value <= 1


@given(rankings, places)
def test_seeing_more_never_finds_less(ranking: list[set[str]], k: int) -> None:
    assert recall(ranking, 4, k) <= recall(ranking, 4, k + 1)
    assert reciprocal_rank(ranking, k) <= reciprocal_rank(ranking, k + 1)


@given(rankings, st.integers(0, 14), places)
def test_a_right_answer_put_first_never_hurts(ranking: list[set[str]], at: int, k: int) -> None:
    better = [{"a", "b", "c", "d"}, *ranking]
    assert reciprocal_rank(better, k) == 1
    assert ndcg(better, 4, k) > 0


@given(rankings)
def test_hit_is_whether_the_reciprocal_rank_is_above_zero(ranking: list[set[str]]) -> None:
    assert bool(hit(ranking)) == (reciprocal_rank(ranking) > 0)


def test_the_interval_of_a_sure_difference_excludes_zero() -> None:
    found = paired_bootstrap([0.9, 0.8, 0.7, 1.0] * 25, [0.1, 0.2, 0.3, 0.4] * 25)
    assert found.mean == pytest.approx(0.6)
    assert found.above_zero
    assert found.low < found.mean < found.high
    assert found.pairs == 100


def test_the_interval_of_noise_holds_zero() -> None:
    first, second = [0.0, 1.0] * 20, [1.0, 0.0] * 20
    assert not paired_bootstrap(first, second).above_zero
    assert paired_bootstrap(first, second).mean == 0


def test_the_interval_of_no_difference_is_a_point() -> None:
    found = paired_bootstrap([0.5] * 10, [0.25] * 10)
    assert (found.low, found.mean, found.high) == (0.25, 0.25, 0.25)


def test_the_interval_is_the_same_every_time_and_narrows_with_cases() -> None:
    few = paired_bootstrap([1.0, 0.0, 1.0, 1.0] * 5, [0.0, 0.0, 1.0, 0.0] * 5)
    many = paired_bootstrap([1.0, 0.0, 1.0, 1.0] * 80, [0.0, 0.0, 1.0, 0.0] * 80)
    assert few == paired_bootstrap([1.0, 0.0, 1.0, 1.0] * 5, [0.0, 0.0, 1.0, 0.0] * 5)
    assert many.high - many.low < (few.high - few.low) / 2


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=30))
def test_the_interval_turned_round_is_the_interval_turned_round(pairs: list[tuple[float, float]]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    there, back = (paired_bootstrap(*sides, resamples=200) for sides in ((first, second), (second, first)))
    assert there.mean == pytest.approx(-back.mean)
    assert there.low == pytest.approx(-back.high, abs=1e-9)


@pytest.mark.parametrize(("first", "second"), [([1.0], [1.0, 2.0]), ([], [])])
def test_what_cannot_be_paired_is_refused(first: list[float], second: list[float]) -> None:
    with pytest.raises(ValueError, match="cannot pair"):
        paired_bootstrap(first, second)
