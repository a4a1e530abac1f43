from __future__ import annotations

import re
from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from bot.models.fault import Fault, Proof
from bot.models.release import Release
from bot.reporting.fingerprint import marked
from bot.reporting.github import MOST, commands
from faulty import ADDON, FAULTS, TEXTS, fault


def printed(*faults: Fault, seen_in: tuple[Release, ...] = ()) -> str:
    found = marked(faults, TEXTS)
    return commands(found, ADDON, {one.fingerprint: seen_in for one in found})


def runner(log: str) -> list[tuple[str, dict[str, str], str]]:
    """The commands a workflow runner reads out of a log, as its documentation describes them."""
    found = []
    for line in log.split("\n"):
        # the older form is looked for anywhere in a line that is no command of the newer one
        if match := re.match(r"^\s*::(?P<name>[\w-]+)(?: (?P<fields>.*?))?::(?P<data>.*)$", line):
            fields = dict(part.split("=", 1) for part in (match["fields"] or "").split(",") if part)
            found.append(
                (match["name"], {key: unquote(value) for key, value in fields.items()}, unquote(match["data"]))
            )
        else:
            assert not line.lstrip().startswith("::")
            assert "##[" not in line
    return found


def test_a_fault_is_an_annotation_at_its_place() -> None:
    ((name, fields, told),) = runner(printed(fault(end_line=11, rule="MSH101"), seen_in=(Release(4, 2), Release(4, 5))))
    assert name == "error"
    assert fields == {"file": "src/kiln/ops.py", "line": "9", "endLine": "11", "title": "MSH101 (reproduced)"}
    assert told == "AttributeError: 'Mesh' object has no attribute 'use_auto_smooth' (Blender 4.2, 4.5)"


def test_what_was_only_read_is_a_warning() -> None:
    assert [name for name, _, _ in runner(printed(fault(proof=Proof.STATIC), fault(8, proof=Proof.API)))] == [
        "error",
        "warning",
    ]


def test_no_more_than_github_shows_and_the_rest_in_the_log() -> None:
    faults = [fault(line, proof=proof) for line in range(1, 26) for proof in (Proof.API, Proof.STATIC)]
    log = printed(*faults)
    levels = [name for name, _, _ in runner(log)]
    assert levels == ["error"] * MOST + ["warning"] * MOST
    assert f"and {len(faults) - 2 * MOST} that GitHub does not show" in log
    assert all(f"src/kiln/ops.py:{line}: " in log for line in range(11, 26))
    assert "50 faults in Kiln" in log.splitlines()[-1]


@given(st.lists(FAULTS, max_size=40))
def test_nothing_a_stranger_wrote_is_a_command(faults: list[Fault]) -> None:
    log = printed(*faults)
    log.encode("utf-8")
    for name, fields, _ in runner(log):
        assert name in ("error", "warning")
        assert set(fields) <= {"file", "line", "endLine", "title"}
        assert "\n" not in fields.get("file", "")


def test_no_fault_says_nothing() -> None:
    assert printed() == ""
