from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from bot.models.report import Report
from bot.reporting.terminal import Progress, summary
from hostile import FLOODS, INVISIBLE, marked, texts, with_text


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
        " repaired, verified   Repaired, and proven",
        "9 faults  6 reproduced in Blender, 3 confirmed by Blender's API",
        "versions   bcrag 0.1.0, Blender 4.2 4.2.23 (bpy), Blender 4.5 4.5.15 (bpy), Python 3.11.2\n",
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


SCRIPT = """
import sys, time
from rich.console import Console
from bot.reporting.terminal import Progress
progress = Progress(Console(stderr=True, highlight=False))
with progress.step("validate", "attempt 1: reading what is changed, to run it in Blender 4.2 and 4.5") as step:
    progress.now("running the add-on in Blender 4.2 and 4.5, and then some more of it")
    time.sleep(0.4)
    step.say("12 checks fixed, nothing broken, and a great deal more that is worth knowing about it")
"""


def on_a_terminal(columns: int, **environment: str) -> str:
    """What the script writes to a terminal of that width."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    plain = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "xterm-256color"}
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stdin=theirs, stdout=theirs, stderr=theirs, env=plain | environment
    )
    os.close(theirs)
    written = b""
    while True:
        try:
            part = os.read(ours, 65_536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        written += part
    os.close(ours)
    assert process.wait(30) == 0
    return written.decode()


def test_a_terminal_shows_what_is_done_now_and_keeps_what_came_of_it() -> None:
    shown = on_a_terminal(60)
    assert "running the add-on in Blender" in shown and "\x1b[" in shown
    plain = re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", shown)
    rows = [row for part in plain.split("\n") for row in part.split("\r") if row.strip()]
    assert all(len(row) <= 60 for row in rows)
    assert rows[-1].startswith(" " * 20) and rows[-1].rstrip().endswith("knowing about it")
    assert "running the add-on" not in plain[plain.rindex("✓") :]


@pytest.mark.parametrize("environment", [{"CI": "true"}, {"TERM": "dumb"}], ids=["ci", "dumb"])
def test_where_nobody_looks_nothing_moves(environment: dict[str, str]) -> None:
    shown = on_a_terminal(60, **environment)
    assert "running the add-on" not in shown
    assert "\x1b[?25l" not in shown and "\x1b[2K" not in shown
    assert shown.count("validate") == 1


def test_no_colour_where_none_is_wanted() -> None:
    assert "\x1b[32m" in on_a_terminal(100)
    assert not re.search(r"\x1b\[[\d;]*3\d[\d;]*m", on_a_terminal(100, NO_COLOR="1"))
    assert "\x1b" not in on_a_terminal(100, TERM="dumb")


def test_a_pipe_gets_one_plain_line_a_step_even_where_colours_are_forced() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        env=os.environ | {"FORCE_COLOR": "1"},
        check=True,
    )
    assert "running the add-on" not in ended.stderr and "\x1b[?25l" not in ended.stderr
    plain = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True).stderr
    assert len(plain.splitlines()) == 1 and "\x1b" not in plain


@given(width=st.integers(min_value=30, max_value=120), hostile=texts)
@settings(max_examples=40, deadline=None)
def test_the_summary_fits_any_terminal_and_obeys_nobody(report: Report, width: int, hostile: str) -> None:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=width, highlight=False, no_color=True)
    summary(with_text(report, hostile), Path("/somewhere"), console)
    text = re.sub(r"\x1b\[[\d;]*m", "", stream.getvalue())
    assert not set(INVISIBLE) & set(text)
    folded = [row for row in text.partition("\npatch ")[0].splitlines() if row.startswith(" " * 11)]
    assert folded
    assert all(cell_len(row) <= width or " " not in row.strip() for row in folded)


@given(hostile=texts, kind=st.sampled_from(["everything", "answered", "unproven", "silent"]))
@settings(max_examples=40, deadline=None)
def test_no_model_commands_a_terminal(models: Mapping[str, Report], hostile: str, kind: str) -> None:
    console, stream = recorded(terminal=True)
    summary(marked(with_text(models[kind], hostile), hostile), Path("/somewhere"), console)
    assert not set(INVISIBLE) & set(re.sub(r"\x1b\[[\d;]*m", "", stream.getvalue()))


@pytest.mark.parametrize("kind", ["everything", "answered", "unproven", "silent"])
@pytest.mark.parametrize("hostile", FLOODS, ids=range(len(FLOODS)))
def test_a_million_characters_do_not_flood_a_terminal(models: Mapping[str, Report], hostile: str, kind: str) -> None:
    console, stream = recorded(terminal=True)
    summary(marked(with_text(models[kind], hostile), hostile), Path("/somewhere"), console)
    assert len(stream.getvalue()) < 400_000


def test_a_command_or_a_path_is_never_folded_and_words_never_cut(report: Report, bundle: Path) -> None:
    stream = io.StringIO()
    summary(report, bundle, Console(file=stream, force_terminal=True, width=50, highlight=False, no_color=True))
    text = re.sub(r"\x1b\[[\d;]*m", "", stream.getvalue())
    assert f"git apply {bundle}/patch.diff\n" in text
    assert f"{bundle}/report.html\n" in text
    wide = io.StringIO()
    summary(report, bundle, Console(file=wide, width=500, highlight=False))
    assert " ".join(text.split()) == " ".join(wide.getvalue().split())


def test_quiet_says_nothing() -> None:
    console, stream = recorded(terminal=True)
    progress = Progress(console, quiet=True)
    with progress.step("evidence"):
        progress.note("hello")
    assert stream.getvalue() == ""
