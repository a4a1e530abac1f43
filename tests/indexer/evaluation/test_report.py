"""What people get to see: the table, the plot, the page, the command."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from indexer.commands.eval import eval_
from indexer.errors import ExitStatus, IndexerError, UsageError
from indexer.evaluation.history import Case, Target
from indexer.evaluation.judging import Score
from indexer.evaluation.page import Report, as_json, html
from indexer.evaluation.plots import bars, inline
from indexer.evaluation.running import Outcome
from indexer.evaluation.tables import difference, history_table, markdown

Commit = Callable[..., str]
HOSTILE = 'Fix <script>alert(1)</script> & "quotes" | pipes ![x](http://evil.example/x.png)'


def outcome(system: str, case: str, value: float) -> Outcome:
    return Outcome(system, case, "r", Score(value, value, value, value), 0.01, 0.1)


@pytest.fixture
def report() -> Report:
    cases = tuple(
        Case("r", f"{number:08x}" + 32 * "0", "p" * 40, HOSTILE, ("<b>.py",), (Target("<b>.py", "f", ((1, 2),)),))
        for number in range(20)
    )
    outcomes = [outcome("ours", case.id, 1.0 - (at % 2) / 4) for at, case in enumerate(cases)]
    outcomes += [outcome("bm25", case.id, 0.5) for case in cases]
    return Report("r", "c" * 40, cases, tuple(outcomes), "ours", "bm25")


def test_a_difference_is_taken_case_by_case() -> None:
    outcomes = [outcome("a", "1", 1.0), outcome("a", "2", 0.0), outcome("b", "2", 0.0), outcome("b", "1", 0.5),
                outcome("a", "3", 1.0)]  # fmt: skip
    found = difference(outcomes, "a", "b", "file_recall")
    assert (found.mean, found.pairs) == (0.25, 2), "what only one was asked does not count"


def test_a_table_has_a_row_per_system_and_no_loose_pipes() -> None:
    table = history_table([outcome("a|b", "1", 0.25), outcome("c", "1", 1.0)])
    assert [line.split(" | ")[0] for line in table.splitlines()[2:]] == ["| a\\|b", "| c"]
    assert "0.250" in table
    assert markdown(["x", "y"], [["1", "2"]]).splitlines()[1] == "| --- | ---: |"


def test_the_page_escapes_what_comes_from_outside(report: Report) -> None:
    page = html(report)
    assert "<script" not in page
    assert "<b>.py" not in page
    assert "&lt;script&gt;" in page
    assert "default-src 'none'" in page, "and may load nothing"


def test_the_page_says_who_is_better(report: Report) -> None:
    assert report.verdict("file_recall").startswith("file recall@10: surely better (+0.375")
    assert "file recall@10: surely better" in html(report)
    turned = Report(report.repository, report.commit, report.cases, report.outcomes, "bm25", "ours")
    assert "surely worse (-0.375" in turned.verdict("file_recall")
    same = Report(report.repository, report.commit, report.cases, report.outcomes, "ours", "ours")
    assert "neither surely better nor worse" in same.verdict("file_recall")


def test_the_figures_for_programs(report: Report) -> None:
    figures = json.loads(json.dumps(as_json(report)))
    assert figures["cases"] == 20
    assert [system["name"] for system in figures["systems"]] == ["ours", "bm25"]
    assert figures["default_minus_bm25"]["file_recall"]["above_zero"] is True


def test_the_plot_is_a_picture_and_the_page_carries_it(report: Report) -> None:
    pytest.importorskip("matplotlib")
    picture = bars(report.outcomes, "r: $20 fixes_")
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert picture == bars(report.outcomes, "r: $20 fixes_"), "the same figures, the same bytes"
    assert inline(picture) in html(report, picture)


APP = typer.Typer()
APP.command()(eval_)
BODY = "def draw(context):\n    return context.{}\n"


def test_the_command_measures_and_writes(repository: Path, commit: Commit, tmp_path: Path) -> None:
    pytest.importorskip("bm25s")
    commit("Start", panel_py=BODY.format("mesh"))
    commit("Fix panel drawing without object", panel_py=BODY.format("object"))
    out = tmp_path / "out"
    done = CliRunner().invoke(APP, [str(repository), "--json", "--out", str(out)], catch_exceptions=False)
    assert done.exit_code == 0
    assert json.loads(done.stdout)["cases"] == 1
    assert json.loads((out / "eval.json").read_text())["systems"]
    assert "Fix panel drawing without object" in (out / "eval.html").read_text()
    shown = CliRunner().invoke(APP, [str(repository)], catch_exceptions=False)
    assert "file recall@10" in shown.stdout


def test_the_command_leaves_the_repository_as_it_was(repository: Path, commit: Commit) -> None:
    pytest.importorskip("bm25s")
    commit("Start", panel_py=BODY.format("mesh"))
    commit("Fix panel drawing without object", panel_py=BODY.format("object"))
    before = {path: path.stat().st_mtime_ns for path in repository.rglob("*")}
    CliRunner().invoke(APP, [str(repository)], catch_exceptions=False)
    assert {path: path.stat().st_mtime_ns for path in repository.rglob("*")} == before


def test_nothing_to_ask_is_said_with_what_to_do(repository: Path, commit: Commit) -> None:
    pytest.importorskip("bm25s")
    commit("Start", panel_py=BODY.format("mesh"))
    done = CliRunner().invoke(APP, [str(repository)])
    assert isinstance(done.exception, IndexerError)
    assert done.exception.exit_status == ExitStatus.NOTHING_FOUND
    assert "unshallow" in done.exception.cure


def test_no_repository_is_wrong_use(tmp_path: Path) -> None:
    pytest.importorskip("bm25s")
    assert isinstance(CliRunner().invoke(APP, [str(tmp_path)]).exception, UsageError)
