from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from bot.models.report import Report
from bot.reporting.terminal import Progress, summary


def recorded(*, terminal: bool = False) -> tuple[Console, io.StringIO]:
    stream = io.StringIO()
    return Console(file=stream, force_terminal=terminal, width=100, highlight=False), stream


def test_the_summary_names_what_was_found_repaired_and_proven_and_the_next_command(
    report: Report, bundle: Path
) -> None:
    console, stream = recorded()
    summary(report, bundle, console)
    text = stream.getvalue()
    for expected in (
        "Repaired, and proven in Blender 4.2 and 4.5",
        "9 faults  6 reproduced in Blender, 3 confirmed by Blender's API",
        "PRP101 Annotate the property  2 places",
        "17 of 18 changed lines ran",
        "wave_grid/shape.py  +3 −2",
        f"git apply {bundle}/patch.diff\n",
    ):
        assert expected in text


def test_the_next_command_can_be_copied_however_narrow_the_terminal(report: Report, tmp_path: Path) -> None:
    stream = io.StringIO()
    folder = tmp_path / ("a b" * 20)
    summary(report, folder, Console(file=stream, width=40))
    assert f"git apply '{folder}/patch.diff'\n" in stream.getvalue()


def test_markup_and_escapes_from_outside_are_shown_and_not_obeyed(report: Report, tmp_path: Path) -> None:
    console, stream = recorded(terminal=True)
    fault = report.faults[0].model_copy(update={"message": "[red]x[/red] \x1b]0;title\x07 \x1b[2J\u202e \x9b1A"})
    summary(report.model_copy(update={"faults": (fault,)}), tmp_path, console)
    text = stream.getvalue()
    assert "[red]x[/red]" in text
    for escape in ("\x1b]", "\x1b[2J", "\x07", "\u202e", "\x9b"):
        assert escape not in text


def test_without_a_terminal_each_step_is_one_plain_line() -> None:
    console, stream = recorded()
    progress = Progress(console)
    with progress.step("evidence", "Blender 4.5") as step:
        step.say("3 faults")
    with pytest.raises(ValueError, match="no"), progress.step("plan"):
        raise ValueError("no")
    progress.note("look [bold]here[/bold]")
    lines = stream.getvalue().splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("✓ evidence") and lines[0].endswith("0.0 s  3 faults")
    assert lines[1].startswith("✗ plan")
    assert lines[2] == "· look [bold]here[/bold]"


def test_nested_steps_are_indented_and_end_with_the_outer_one_even_on_a_terminal() -> None:
    console, stream = recorded(terminal=True)
    progress = Progress(console)
    with progress.step("validate"), progress.step("render"):
        progress.note("one")
    assert "validate" in stream.getvalue().splitlines()[-1]
    assert any("  ✓" in row or "  \x1b[32m✓" in row for row in stream.getvalue().splitlines())


def test_quiet_says_nothing() -> None:
    console, stream = recorded(terminal=True)
    progress = Progress(console, quiet=True)
    with progress.step("evidence"):
        progress.note("hello")
    assert stream.getvalue() == ""
