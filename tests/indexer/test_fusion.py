from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.fusion import Ranking, best, ranks, reciprocal_ranks

RANKINGS = st.lists(
    st.builds(
        Ranking,
        name=st.just("r"),
        items=st.lists(st.integers(0, 30), max_size=20, unique=True),
        weight=st.floats(0.1, 5),
    ),
    max_size=5,
)


def test_what_two_rankings_agree_on_beats_what_one_of_them_prefers() -> None:
    scores = reciprocal_ranks([Ranking("a", ["x", "both"]), Ranking("b", ["y", "both"])])
    assert best(scores, 1) == ["both"]


def test_weight_decides_between_two_first_places() -> None:
    scores = reciprocal_ranks([Ranking("a", ["x"], 1.0), Ranking("b", ["y"], 2.0)])
    assert best(scores, 2) == ["y", "x"]
    assert ranks(scores) == {"y": 1, "x": 2}


def test_a_thing_named_twice_counts_where_it_stands_first() -> None:
    assert reciprocal_ranks([Ranking("a", ["x", "y", "x"])]) == reciprocal_ranks([Ranking("a", ["x", "y"])])


@given(RANKINGS)
def test_first_everywhere_is_the_most_there_is(rankings: list[Ranking[int]]) -> None:
    most = sum(ranking.weight for ranking in rankings)
    scores = reciprocal_ranks(rankings)
    assert all(0 < score <= most + 1e-9 for score in scores.values())
    assert set(scores) == {item for ranking in rankings for item in ranking.items}


@given(RANKINGS, st.integers(0, 40))
def test_moving_up_in_one_ranking_never_lowers_a_score(rankings: list[Ranking[int]], item: int) -> None:
    before = reciprocal_ranks(rankings).get(item, 0.0)
    raised = [
        Ranking(
            r.name, [item, *(other for other in r.items if other != item)] if item in r.items else r.items, r.weight
        )
        for r in rankings
    ]
    assert reciprocal_ranks(raised).get(item, 0.0) >= before - 1e-9


@given(st.dictionaries(st.integers(), st.floats(0, 1)), st.integers(-1, 10))
def test_the_best_are_the_best(scores: dict[int, float], limit: int) -> None:
    kept = best(scores, limit)
    assert len(kept) == min(max(limit, 0), len(scores))
    assert all(scores[one] >= scores[other] for one in kept for other in scores.keys() - set(kept))
