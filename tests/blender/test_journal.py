"""Putting a result together from records, whatever is in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.blender.base import Runtime
from bot.blender.journal import Journal
from bot.models.release import Release

RUNTIME = Runtime(release=Release(4, 5), version="4.5.15", kind="module", path=Path("/blender"))
STARTED = {"started": {"version": "4.5.15 LTS", "release": "4.5", "python": "3.11.7"}}
SEALED = {"sealed": True}
PASSED = {"id": "operator:a.b", "kind": "operator", "subject": "a.b", "outcome": "pass"}
ANSWER = {"question": {"kind": "member", "owner": "bpy.types.Mesh", "name": "loops"}, "exists": True}
PICTURED = {"pictured": {"main_operator": "a.b", "digest": "12ab"}}
END = {"end": {"executed": {"a.py": [1, 2]}, "notes": ["so"]}}


def deep(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(levels):
        value = {"running": value}
    return value


def test_records_give_what_was_done_and_what_was_under_way() -> None:
    journal = Journal.of([STARTED, SEALED, {"running": "operator:a.b"}, PASSED, {"running": "operator:c.d"}])
    assert journal.running == "operator:c.d"
    result = journal.result(RUNTIME)
    assert result is not None
    assert [probe.id for probe in result.probes] == ["operator:a.b"]
    assert (result.version, result.complete) == ("4.5.15 LTS", False)


def test_nothing_is_running_between_probes_and_after_the_end() -> None:
    assert Journal.of([STARTED, SEALED, {"running": "operator:a.b"}, PASSED]).running == ""
    assert Journal.of([STARTED, SEALED, {"running": "picture"}, PICTURED]).running == ""
    assert Journal.of([STARTED, SEALED, {"running": "picture"}, END]).running == ""


def test_no_records_are_no_result() -> None:
    assert Journal.of([]).result(RUNTIME) is None


def test_the_end_makes_a_result_whole() -> None:
    result = Journal.of([STARTED, {"answers": [ANSWER]}, SEALED, PASSED, PICTURED, END]).result(RUNTIME)
    assert result is not None and result.complete
    assert (result.executed, result.main_operator, result.notes) == ({"a.py": (1, 2)}, "a.b", ("so",))
    assert [answer.exists for answer in result.answers] == [True]


def test_what_blender_said_of_itself_cannot_be_changed_once_it_is_sealed() -> None:
    other = {"started": {"version": "9.9", "release": "9.9", "python": "3"}}
    changed = {"answers": [{**ANSWER, "exists": False}]}
    journal = Journal.of([STARTED, {"answers": [ANSWER]}, SEALED, other, changed, PASSED, END])
    result = journal.result(RUNTIME)
    assert result is not None
    assert (result.version, [answer.exists for answer in result.answers]) == ("4.5.15 LTS", [True])


def test_nothing_counts_before_the_seal_or_after_the_end() -> None:
    assert Journal.of([STARTED, PASSED]).probes == {}
    assert Journal.of([STARTED, SEALED, END, PASSED]).probes == {}


@pytest.mark.parametrize(
    "garbage",
    [
        {"running": 5},
        {"started": []},
        {"answers": {"a": 1}},
        {"end": 7},
        deep(50),
        {**PASSED, "kind": "bomb"},
        {**PASSED, "subject": "x" * 5000},
        {**PASSED, "unknown": 1},
    ],
)
def test_records_of_no_known_shape_are_left_out(garbage: dict[str, Any]) -> None:
    journal = Journal.of([STARTED, garbage, SEALED, garbage, PASSED])
    assert list(journal.probes) == ["operator:a.b"]
    assert (journal.running, journal.answers, journal.end) == ("", (), None)


def test_what_was_said_of_the_picture_first_stands() -> None:
    other = {"pictured": {"main_operator": "c.d", "digest": "34cd"}}
    end = {"end": {"main_operator": "e.f", "digest": "56ef"}}
    journal = Journal.of([STARTED, SEALED, PICTURED, other, end])
    result = journal.result(RUNTIME)
    assert result is not None and (result.main_operator, journal.digest) == ("a.b", "12ab")


def test_an_end_of_no_known_shape_is_none() -> None:
    result = Journal.of([STARTED, SEALED, PASSED, {"pictured": {"camera": "here"}}, END]).result(RUNTIME)
    assert result is not None and not result.complete


def test_half_characters_become_question_marks() -> None:
    probe = {**PASSED, "detail": "a\ud800b"}
    assert Journal.of([SEALED, probe]).probes["operator:a.b"].detail == "a?b"
