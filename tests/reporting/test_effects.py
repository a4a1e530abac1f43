"""Whether operators still make what they made: in every report, and never more than characters."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from bot.models.effect import Sameness
from bot.models.release import Release
from bot.models.report import Report
from bot.reporting import effects, html, markdown, terminal

R34, R42 = Release(3, 4), Release(4, 2)
EVIL = "'<img src=x>@ada' had 8 vertices and has 9 vertices"


def told(report: Report, *found: Sameness) -> Report:
    return report.model_copy(update={"sameness": found})


def one(operator: str, *differences: str, before: Release = R42) -> Sameness:
    return Sameness(operator=operator, before=before, after=R42, differences=differences)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ((), ""),
        ((one("a.b"),), "1 operator makes what it made before, in numbers."),
        ((one("a.b"), one("a.b", before=R34), one("a.c")), "2 operators make what they made before, in numbers."),
        ((one("a.b"), one("a.b", "less", before=R34)), ""),
    ],
)
def test_an_operator_is_the_same_where_nothing_differs_anywhere(
    report: Report, found: tuple[Sameness, ...], said: str
) -> None:
    assert effects.same(told(report, *found)) == said


def test_what_differs_is_shown_in_every_report_and_escaped(report: Report, tmp_path: Path) -> None:
    made = told(report, one("a.b", EVIL), one("a.c", "less", before=R34))
    page = markdown.render(made, "")
    assert "What 2 operators make is not the same:" in page
    assert "`a.c`, in Blender 3.4 before, in 4.2 now, where it did not work: less" in page
    assert "<img" not in page and "@ada" not in page
    shown = html.render(made, "", tmp_path)
    assert "in Blender 4.2, before and after" in shown and "&lt;img src=x&gt;" in shown
    console = Console(file=io.StringIO(), width=200)
    terminal.summary(made, tmp_path, console)
    assert "differs" in console.file.getvalue()  # type: ignore[attr-defined]
