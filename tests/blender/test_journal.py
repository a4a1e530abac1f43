"""Reading results and journals, as the harness writes them and as a stranger would."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.blender.base import Runtime
from bot.blender.journal import Journal, parse_result
from bot.models.release import Release

RUNTIME = Runtime(release=Release(4, 5), version="4.5.15", kind="module", path=Path("/blender"))
STARTED = {"started": {"version": "4.5.15 LTS", "release": "4.5", "python": "3.11.7"}}
PASSED = {"id": "operator:a.b", "kind": "operator", "subject": "a.b", "outcome": "pass"}
RESULT = {"version": "4.5.15", "release": "4.5", "python": "3.11.7", "probes": [PASSED]}


def lines(*values: object) -> bytes:
    return b"\n".join(json.dumps(value).encode() for value in values)


def test_a_journal_gives_what_was_done_and_what_was_under_way() -> None:
    journal = Journal.parse(
        lines(STARTED, {"running": "operator:a.b"}, PASSED, {"running": "operator:c.d"}) + b'\n{"id": "opera'
    )
    assert journal.running == "operator:c.d"
    result = journal.result(RUNTIME)
    assert result is not None
    assert [probe.id for probe in result.probes] == ["operator:a.b"]
    assert (result.version, result.complete) == ("4.5.15 LTS", False)


def test_nothing_is_running_between_probes() -> None:
    assert Journal.parse(lines(STARTED, {"running": "operator:a.b"}, PASSED)).running == ""


def test_an_empty_journal_is_no_result() -> None:
    assert Journal.parse(b"").result(RUNTIME) is None


@pytest.mark.parametrize(
    "garbage",
    [
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"running": 5}\n{"started": []}\n{"answers": {"a": 1}}\n[1]\nnull',
        lines({**PASSED, "kind": "bomb"}, {**PASSED, "subject": "x" * 5000}, {**PASSED, "unknown": 1}),
        b"1" * 10_000,
    ],
)
def test_garbage_lines_are_left_out(garbage: bytes) -> None:
    journal = Journal.parse(lines(STARTED) + b"\n" + garbage + b"\n" + lines(PASSED))
    assert list(journal.probes) == ["operator:a.b"]
    assert journal.running == ""
    assert journal.answers == ()


def test_a_result_is_read() -> None:
    result = parse_result(json.dumps(RESULT).encode())
    assert result is not None and result.probes[0].subject == "a.b"


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"\xff", b"[" * 100_000, b'{"a":' * 50_000, json.dumps({**RESULT, "more": 1}).encode(), b"9" * 9999],
)
def test_garbage_is_no_result(data: bytes) -> None:
    assert parse_result(data) is None


def test_half_characters_become_question_marks() -> None:
    probe = {**PASSED, "detail": "a\ud800b"}
    result = parse_result(json.dumps({**RESULT, "probes": [probe]}).encode())
    assert result is not None and result.probes[0].detail == "a?b"
    assert Journal.parse(lines(probe)).probes["operator:a.b"].detail == "a?b"
