"""Every figure against values worked out by hand, and what must hold of it whatever the results are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.metrics import acceptance, context, faithfulness, localisation, outcome, relevancy
from bot.evaluation.metrics.base import share
from bot.evaluation.metrics.registry import measures, rows
from bot.models.evaluation import (
    Context,
    JudgedBy,
    Lines,
    PatchMarks,
    Reference,
    Result,
    Share,
    Touched,
)
from bot.models.report import Status
from bot.prompts.pieces import Piece, Rank
from indexer.embedders.static import StaticEmbedder


def result(case: str = "a", **known: object) -> Result:
    given = {"case": case, "configuration": "full", "judged_by": JudgedBy.PROBE, "sound": True, **known}
    return Result.model_validate(given)


WON = result(status=Status.REPAIRED, verified=True, patched=True, passes=True, attempt=2, usd=0.02, input_tokens=900,
             output_tokens=100)  # fmt: skip
FALSE = result("b", status=Status.REPAIRED, verified=True, patched=True, passes=False, usd=0.01, input_tokens=500)
LOST = result("c", status=Status.UNREPAIRED, usd=0.03, input_tokens=1500)
SKIPPED = result("d", skipped="no Blender")
UNSOUND = result("e", verified=True, patched=True, passes=False, sound=False)
UNJUDGED = result("f", verified=True, patched=True, judged_by=JudgedBy.NOTHING)
ALL = (WON, FALSE, LOST, SKIPPED, UNSOUND, UNJUDGED)


def value(of: Sequence[Result], key: str) -> float | None:
    return next(figure.value for figure in rows(of)[0].figures if figure.key == key)


def test_outcomes_by_hand() -> None:
    assert outcome.resolved(ALL) == share(1, 3)
    assert outcome.false_proofs(ALL) == (1.0, 3)
    assert outcome.attempts(ALL) == (2.0, 1)
    assert outcome.cost(ALL).value == pytest.approx(0.06)
    assert outcome.tokens(ALL) == (3000.0, 1)


def test_no_success_has_no_price() -> None:
    assert outcome.cost([LOST]) == (None, 0)
    assert outcome.cost([WON, result("g", usd=None)]).value is None
    assert outcome.resolved([UNJUDGED]) == (None, 0)


def test_a_defect_of_the_bot_counts_as_not_resolved() -> None:
    assert outcome.resolved([WON, result("g", error="it fell over")]) == (0.5, 2)


def test_skipped_cases_are_in_no_figure() -> None:
    (row,) = rows([WON, SKIPPED])
    assert (row.cases, row.skipped, value([WON, SKIPPED], "resolved")) == (2, 1, 1.0)


def test_patches_by_hand() -> None:
    good = PatchMarks(by="model", applies=True, lints=True, verified=True)
    ugly = PatchMarks(by="model", applies=True, lints=False, verified=False)
    bad = PatchMarks(by="rules", applies=False, lints=False, verified=False)
    found = [result(patches=(good, ugly)), result("b", patches=(bad, good))]
    assert acceptance.applies(found) == (0.75, 4)
    assert acceptance.lints(found) == (0.5, 4)
    assert acceptance.verified(found) == (0.5, 4)
    assert acceptance.applies([result()]) == (None, 0)


def test_made_up_names_by_hand() -> None:
    found = [result(first_api=Share(good=18, total=20)), result("b", first_api=Share(good=10, total=10)), result("c")]
    assert acceptance.hallucinated(found).value == pytest.approx(2 / 30)
    assert acceptance.existing([result(api=Share(good=3, total=4))]) == (0.75, 4)


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([], 0.0),
        ([False, False], 0.0),
        ([True, True], 1.0),
        ([True, False, True], (1 + 2 / 3) / 2),
        ([False, True], 0.5),
        ([False, False, True, True], (1 / 3 + 2 / 4) / 2),
    ],
)
def test_context_precision_by_hand(marks: list[bool], expected: float) -> None:
    assert context.weighted_precision(marks) == pytest.approx(expected)


@given(st.lists(st.booleans(), max_size=30))
def test_context_precision_is_a_share_and_rewards_better_ranks(marks: list[bool]) -> None:
    found = context.weighted_precision(marks)
    assert 0 <= found <= 1
    assert (found == 0) == (not any(marks))
    assert context.weighted_precision(sorted(marks, reverse=True)) >= found
    for place, (before, after) in enumerate(pairwise(marks)):
        if after and not before:
            swapped = [*marks[:place], after, before, *marks[place + 2 :]]
            assert context.weighted_precision(swapped) > found


CHANGED = Lines(path="a.py", start=10, end=12)
FIX = Reference(
    files=("a.py",),
    changed=(CHANGED, Lines(path="a.py", start=40, end=40)),
    functions=(
        Touched(name="first_one", whole=Lines(path="a.py", start=5, end=20), changed=(CHANGED,)),
        Touched(
            name="second_one",
            whole=Lines(path="a.py", start=30, end=45),
            changed=(Lines(path="a.py", start=40, end=40),),
        ),
    ),
    names=("bpy.types.Mesh.shade_smooth", "bpy.ops.mesh.primitive_cube_add(size=...)"),
    words=("first_one", "second_one", "shade_smooth", "use_auto_smooth"),
)


def piece(label: str = "", text: str = "", rank: Rank = Rank.CODE) -> Piece:
    return Piece(rank, "Code", "a title", text, label=label)


def test_pieces_against_a_fix_by_hand() -> None:
    pieces = [
        piece("a.py:1-9@abcdef"),  # just before the change
        piece("a.py:12-20@abcdef"),  # its last line
        piece("b.py:10-12@abcdef"),  # the same lines elsewhere
        piece("bpy.types.Mesh.shade_smooth", "Smooth shading."),
    ]
    found = context.context(pieces, FIX)
    assert found == Context(relevant=(False, True, False, True), covered=2, wanted=4, hit=True)
    given = [result(context=found)]
    assert context.precision(given).value == pytest.approx((1 / 2 + 2 / 4) / 2)
    assert context.recall(given).value == 0.5
    assert context.hits(given) == (1.0, 1)


def test_keywords_are_held_where_they_are_named() -> None:
    found = context.context([piece("bpy.ops.mesh.primitive_cube_add", "(size: float, location)")], FIX)
    assert found is not None
    assert (found.covered, found.hit) == (1, False)


def test_nothing_is_said_of_the_context_where_the_fix_is_not_known() -> None:
    assert context.context([piece("a.py:1-2")], Reference()) is None


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 9)), max_size=8))
def test_more_pieces_never_cover_less(spans: list[tuple[int, int]]) -> None:
    pieces = [piece(f"a.py:{start}-{start + length}@abc") for start, length in spans]
    covered = [context.context(pieces[:count], FIX) for count in range(len(pieces) + 1)]
    known = [one.covered for one in covered if one is not None]
    assert known == sorted(known)
    assert all(0 <= one <= 4 for one in known)


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("It is repaired.", None),
        ("`step_of` divided by zero. It is guarded now.", Share(good=1, total=1)),
        ("`step_of` divided by `made_up`.", Share(good=0, total=1)),
        ("step_of divided by zero. Mesh.made_up is new.", Share(good=1, total=2)),
        ("Calls calc_loop() e.g. in Blender 4.1.", Share(good=0, total=1)),
        ('`bpy.app.version >= (4, 1, 0)` guards it; `"made_up"` is a text.', Share(good=1, total=1)),
    ],
)
def test_claims_by_hand(summary: str, expected: Share | None) -> None:
    assert faithfulness.claims(summary, ["def step_of(mesh): Mesh", "+ if bpy.app.version >= (4, 1, 0):"]) == expected


@given(st.text(max_size=300), st.lists(st.text(max_size=100), max_size=3), st.text(max_size=100))
def test_another_source_never_supports_less(summary: str, sources: list[str], more: str) -> None:
    before, after = faithfulness.claims(summary, sources), faithfulness.claims(summary, [*sources, more])
    assert (before is None) == (after is None)
    if before is not None and after is not None:
        assert 0 <= before.good <= after.good <= after.total == before.total


def test_an_answer_is_likest_to_its_own_question() -> None:
    embedder = StaticEmbedder()
    asked = "Auto Holes cuts no opening for the window into the wall"
    near = relevancy.likeness(embedder, asked, "The window's hole is cut into the wall again.")
    far = relevancy.likeness(embedder, asked, "Keyframes are read from the armature's animation.")
    assert near is not None
    assert far is not None
    assert 0 <= far < near <= 1
    assert relevancy.likeness(embedder, asked, asked) == pytest.approx(1, abs=1e-5)
    assert relevancy.likeness(embedder, asked, "") is None


def test_relevancy_by_hand() -> None:
    assert relevancy.relevancy([result(likeness=0.5, on_target=True)]).value == 0.75
    assert relevancy.relevancy([result(likeness=0.5)]).value == 0.5
    assert relevancy.relevancy([result()]) == (None, 0)
    assert relevancy.touches([CHANGED], [Lines(path="a.py", start=12, end=30)]) is True
    assert relevancy.touches([CHANGED], [Lines(path="a.py", start=13, end=30)]) is False
    assert relevancy.touches([CHANGED], []) is None


@pytest.mark.parametrize(
    ("path", "line", "file", "place"),
    [
        ("a.py", 6, True, True),
        ("a.py", 21, True, False),
        ("a.py", 30, True, True),
        ("b.py", 11, False, False),
    ],
)
def test_places_by_hand(path: str, line: int, file: bool, place: bool) -> None:
    given = [Lines(path=path, start=line, end=line)]
    assert localisation.right_file(given, FIX) is file
    assert localisation.right_place(given, FIX) is place


def test_no_place_is_wrong_and_no_fix_says_nothing() -> None:
    assert localisation.right_place([], FIX) is False
    assert localisation.right_place([CHANGED], Reference()) is None
    assert localisation.right_file([CHANGED], Reference()) is None


def test_changes_outside_functions_have_a_margin() -> None:
    fix = Reference(files=("a.py",), changed=(Lines(path="a.py", start=3, end=3),))
    near, far = Lines(path="a.py", start=6, end=6), Lines(path="a.py", start=7, end=7)
    assert localisation.right_place([near], fix) is True
    assert localisation.right_place([far], fix) is False


RESULTS = st.builds(
    result,
    case=st.from_regex(r"[a-z]{1,8}", fullmatch=True),
    verified=st.booleans(),
    patched=st.booleans(),
    passes=st.sampled_from([True, False, None]),
    sound=st.sampled_from([True, False, None]),
    judged_by=st.sampled_from(JudgedBy),
    skipped=st.sampled_from(["", "no Blender"]),
    attempt=st.integers(1, 9),
    likeness=st.none() | st.floats(0, 1),
    on_target=st.none() | st.booleans(),
)


@given(st.lists(RESULTS, min_size=1, max_size=12))
def test_every_share_is_one(results: list[Result]) -> None:
    for figure in rows(results)[0].figures:
        if figure.value is not None:
            assert math.isfinite(figure.value)
            assert figure.value >= 0
            assert figure.unit != "share" or figure.value <= 1
            assert figure.over <= max(len(results), 1)


@given(st.lists(RESULTS, max_size=12))
def test_a_further_success_never_lowers_the_rate(results: list[Result]) -> None:
    before, after = outcome.resolved(results).value, outcome.resolved([*results, WON]).value
    assert after is not None
    assert before is None or after >= before


def test_every_figure_says_what_it_is() -> None:
    keys = [measure.key for measure in measures()]
    assert len(keys) == len(set(keys))
    for measure in measures():
        assert len(measure.definition.split()) > 8, f"{measure.key} needs a definition in the docstring of its function"
