"""How much was looked at: told truly, in every report."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.models.release import Release
from bot.models.report import Looked, Report, Untried
from bot.models.validation import Outcome
from bot.reporting import coverage, html, markdown

R42, R45 = Release(4, 2), Release(4, 5)


def told(report: Report, *looked: Looked, untried: tuple[Untried, ...] = ()) -> Report:
    return report.model_copy(update={"looked": looked, "untried": untried})


@pytest.mark.parametrize(
    ("ran", "lines", "share"), [(0, 1000, 0), (1, 1000, 1), (667, 1000, 67), (999, 1000, 99), (1000, 1000, 100)]
)
def test_the_share_is_all_only_where_all_ran(report: Report, ran: int, lines: int, share: int) -> None:
    (said,) = coverage.told(told(report, Looked(release=R45, ran=ran, lines=lines)))
    assert said.endswith(f"{ran:,} of {lines:,} lines that can run did ({share} %).")


def test_what_was_refused_and_not_tried_counts_in_its_own_release(report: Report) -> None:
    untried = (
        Untried(check="operator:a.b", release=R45, outcome=Outcome.REFUSED, why="no"),
        Untried(check="operator:a.c", release=R42, outcome=Outcome.SKIPPED, why="no"),
    )
    looked = Looked(release=R45, passed=("enable", "panel:P"), failed=("operator:a.d",))
    assert coverage.told(told(report, looked, untried=untried)) == (
        "Blender 4.5: 2 checks passed, 1 failed and 1 refused by the add-on.",
    )


def test_a_file_is_untouched_where_nothing_of_it_ran_anywhere(report: Report, tmp_path: Path) -> None:
    made = told(
        report,
        Looked(release=R42, ran=3, lines=60, files={"a.py": (0, 10), "<b>.py": (0, 40), "c.py": (3, 10)}),
        Looked(release=R45, ran=4, lines=60, files={"a.py": (4, 10), "<b>.py": (0, 40), "c.py": (0, 10)}),
    )
    assert coverage.untouched(made) == ("<b>.py",)
    assert "Nothing ran of `<b>.py`." in markdown.render(made, "")
    assert "<code>&lt;b&gt;.py</code>" in html.render(made, "", tmp_path)
