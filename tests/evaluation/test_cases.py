"""Case files: what is read, and the error that names the line where something is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.evaluation.cases import read, users_traceback
from bot.models.evaluation import JudgedBy
from fixes import TRACEBACK, case, fixed, write_cases

HASH = "0" * 40


def line(**other: object) -> dict[str, object]:
    return {"id": "one", "repo": "a/b", "before": HASH, "module": "m", **other}


def test_a_line_of_the_shared_format_is_read(tmp_path: Path) -> None:
    made = fixed(tmp_path / "repo")
    (found,) = read(write_cases(tmp_path / "c.jsonl", case(made, runtime="4.2.23", licence="GPL", add=3)), None)
    assert (found.id, found.addon, found.module, found.blender) == ("one", "line_up", "line_up", "4.2")
    assert (found.before, found.after, found.judged_by) == (made.before, made.after, JudgedBy.PROBE)
    assert "step_of" in found.log
    assert "probe" not in found.log
    assert found.task == ""


def test_the_bot_is_not_told_what_only_the_probe_sees(tmp_path: Path) -> None:
    made = fixed(tmp_path / "repo")
    silent = case(made, silent_wrong_result=True, issue="It is wrong.")
    (found,) = read(write_cases(tmp_path / "c.jsonl", silent), None)
    assert (found.log, found.task) == ("", "It is wrong.")


def test_a_traceback_without_the_addon_is_none() -> None:
    assert users_traceback('Traceback\n  File "probes/a.py", line 3, in <module>\nAssertionError: m3\n', "m") == ""
    assert "ZeroDivisionError" in users_traceback(TRACEBACK, "line_up")


@pytest.mark.parametrize("place", ["a+b/repo", "a+b", "a/b"])
def test_repositories_are_found(tmp_path: Path, place: str) -> None:
    made = fixed(tmp_path / "clones" / place)
    (found,) = read(write_cases(tmp_path / "c.jsonl", line(before=made.before)), tmp_path / "clones")
    assert Path(found.source) == made.root


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "line 1"),
        ("[]", "line 1"),
        (json.dumps(line(before="not a hash")), "before"),
        (json.dumps(line(id="../up")), "id"),
        (json.dumps({"id": "one"}), "repo"),
        (json.dumps(line(runtime="soon")), "runtime"),
        (json.dumps(line(probe="x" * 60_000)), "probe"),
        ("\n\n", "holds no case"),
        (json.dumps(line()), "no repository of a/b"),
        ("\ud800".encode("utf-16", "surrogatepass").decode("latin-1"), "line 1"),
    ],
)
def test_what_is_no_case_is_said(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "c.jsonl"
    file.write_text(text, "utf-8")
    with pytest.raises(UsageError) as raised:
        read(file, tmp_path)
    assert said in str(raised.value)
    assert raised.value.cure


def test_equal_ids_and_missing_files_are_said(tmp_path: Path) -> None:
    made = fixed(tmp_path / "repo")
    with pytest.raises(UsageError, match="line 2: there is a case 'one' already"):
        read(write_cases(tmp_path / "c.jsonl", case(made), case(made)), None)
    with pytest.raises(UsageError, match="cannot be read"):
        read(tmp_path / "none.jsonl", None)
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="cannot be read"):
        read(tmp_path / "binary", None)
