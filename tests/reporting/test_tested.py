"""The one line that tells what became of the repository's own tests, in every medium."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from bot.models.release import Release
from bot.models.report import Report
from bot.models.validation import TEST_SUITE, Check, Difference, Observation, Outcome, SuiteCounts, Tally
from bot.reporting import html, markdown, pull_request, terminal, tested
from bot.reporting.pull_request import Links
from spoken import COMMIT, errand

R42, R45 = Release(4, 2), Release(4, 5)


def row(release: Release, before: Tally | None, after: Tally | None, **apart: int) -> Difference:
    return Difference(
        validator=TEST_SUITE, release=release, baseline="", after="",
        tested=SuiteCounts(before=before, after=after, **apart),
    )  # fmt: skip


@pytest.fixture
def with_tests(report: Report) -> Report:
    rows = (
        row(R45, Tally(passed=34, failed=1), Tally(passed=35), flaky=2),
        row(R42, Tally(passed=1, failed=2, skipped=3), Tally(), untried=4),
    )
    return report.model_copy(update={"validation": (*report.validation, *rows)})


OLD = "tests 4.2: 1 passes, 2 fail, 3 skipped -> none could be run (4 not run for want of time)"
NEW = "tests 4.5: 34 pass, 1 fails -> 35 pass (2 flaky left out)"


def test_one_line_for_each_release_the_oldest_first(with_tests: Report) -> None:
    assert tested.told(with_tests) == (OLD, NEW)


def test_without_tests_there_is_none(report: Report) -> None:
    assert tested.told(report) == ()


def test_without_a_patch_there_is_one_side(with_tests: Report) -> None:
    unchanged = with_tests.model_copy(update={"patch": None})
    assert tested.told(unchanged)[1] == "tests 4.5: 35 pass (2 flaky left out)"


def test_each_medium_tells_it(with_tests: Report, diff: str, tmp_path: Path) -> None:
    console = Console(width=200, record=True, force_terminal=False)
    terminal.summary(with_tests, tmp_path, console)
    assert NEW in console.export_text()
    assert f"- {NEW}\n" in markdown.render(with_tests, diff)
    assert NEW.replace(">", "&gt;") in html.render(with_tests, diff, tmp_path)
    links = Links(server="https://github.com", repository="octo/wave-grid", commit=COMMIT)
    assert f"- {NEW}\n" in pull_request.body(with_tests, errand(), links)


def test_a_look_that_repairs_nothing_tells_one_side() -> None:
    checks = (Check(id="test:a.py::b", outcome=Outcome.PASS), Check(id="test-file:a.py", outcome=Outcome.PASS))
    seen = Observation(validator=TEST_SUITE, release=R45, checks=checks)
    assert tested.found([seen, Observation(validator="exercise", release=R45)]) == ("tests 4.5: 1 passes",)
