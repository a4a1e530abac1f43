"""The score of a snippet, what a model is told of it, and which attempt is handed over."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.models.citation import Citation
from bot.models.release import Release
from bot.models.snippet import Draft, SnippetAttempt, SnippetCheck, SnippetRequest, SnippetRun
from bot.snippets import score
from bot.snippets.heal import best, stuck, wrong

OLD, NEW = Release(4, 2), Release(4, 5)
REQUEST = SnippetRequest(id="x", task="a cube", releases=(OLD, NEW))
CITED = (Citation(label="bpy.types.Object"),)
CLEAN = SnippetCheck(names=CITED)
MADE = {"objects": (3, 4, 4), "vertices": (8, 16, 16)}
DOUBLED = {"objects": (3, 4, 5)}


def ran(release: Release, made: Mapping[str, tuple[int, ...]] | None = None, **more: object) -> SnippetRun:
    return SnippetRun(release=release, passed=True, made=dict(MADE if made is None else made)).model_copy(update=more)


def failed(release: Release, said: str = "KeyError: 'Specular'") -> SnippetRun:
    return SnippetRun(release=release, said=said, traceback='File "<script:snippet>", line 3')


def attempt(number: int, check: SnippetCheck, *runs: SnippetRun, code: str = "x.y()") -> SnippetAttempt:
    draft = Draft(code=code, cites=CITED)
    return SnippetAttempt(number=number, draft=draft, check=check, runs=runs, why=wrong(check, runs))


def test_the_weights_add_up() -> None:
    assert sum(score.WEIGHTS.values()) == pytest.approx(1)


def test_a_good_snippet_has_the_whole_score_and_no_reproach() -> None:
    good = attempt(1, CLEAN, ran(OLD), ran(NEW))
    found = score.criteria(REQUEST, good)
    assert (score.total(found), good.good) == (1.0, True)
    assert "objects 3 to 4 and vertices 8 to 16" in found[3].why


@pytest.mark.parametrize(
    ("tried", "expected", "part", "why"),
    [
        (attempt(1, CLEAN, failed(OLD), ran(NEW)), 0.7, 0, "It ran in 1 of 2 releases."),
        (attempt(1, CLEAN, ran(OLD), ran(NEW, DOUBLED)), 0.9, 1, "objects 4 after the first run, 5 after the second"),
        (attempt(1, SnippetCheck(complaints=("a", "b"), names=CITED)), 0.1, 2, "2 complaints of the checks"),
        (attempt(1, CLEAN, ran(OLD, {}), ran(NEW, {})), 0.85, 3, "Nothing that is counted"),
        (attempt(1, SnippetCheck(names=CITED, missing=1), ran(OLD), ran(NEW)), 0.95, 4, "1 name it uses"),
    ],
)
def test_each_part_is_marked_and_explained(tried: SnippetAttempt, expected: float, part: int, why: str) -> None:
    found = score.criteria(REQUEST, tried)
    assert score.total(found) == pytest.approx(expected)
    assert why in found[part].why


def test_a_model_is_told_the_exact_failure_once() -> None:
    said = attempt(1, SnippetCheck(advice=("maybe",)), failed(OLD), failed(NEW)).why.splitlines()
    assert said == [
        "In Blender 4.5 it fails: KeyError: 'Specular'",
        'File "<script:snippet>", line 3',
        "A type checker remarks, which may be wrong: maybe",
    ]


def test_advice_alone_is_no_reproach() -> None:
    assert attempt(1, SnippetCheck(advice=("maybe",)), ran(OLD), ran(NEW)).good


def test_a_second_run_that_makes_more_is_a_reproach() -> None:
    assert "the second run in the same scene" in attempt(1, CLEAN, ran(OLD, DOUBLED), ran(NEW, DOUBLED)).why


def test_the_attempt_that_came_furthest_is_handed_over() -> None:
    read = attempt(1, SnippetCheck(complaints=("a",)))
    half = attempt(2, CLEAN, failed(OLD), ran(NEW))
    none = attempt(3, CLEAN, failed(OLD), failed(NEW))
    assert best([read, half, none]) == half
    assert best([half, attempt(4, CLEAN, ran(OLD), ran(NEW))]) != half
    assert best([]) is None


def test_failing_alike_twice_is_enough() -> None:
    first, second = attempt(1, CLEAN, failed(NEW)), attempt(2, CLEAN, failed(NEW), code="other.code()")
    assert stuck([first, second])
    assert not stuck([first, attempt(2, CLEAN, failed(NEW, "TypeError: x"), code="other.code()")])
    assert not stuck([first])
