"""What strangers wrote in the log of a job: whatever it is, GitHub's runner takes nothing of it for a command."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from bot.models.evidence import Evidence
from bot.models.report import Report
from bot.reporting import faults
from bot.reporting.log import harmless, logged
from bot.reporting.terminal import Progress, summary
from faulty import fault
from hostile import with_text

PIECES = ("::error title=x::", "::", ":", "##[error]", "##", "[", "\n", "\r", "\r\n", "\x0b", "\x85", "\u2028", "\xa0",
          "\t", " ", "a", "|", "\x1b[31m", "\x00", "\ud800", "word " * 12)  # fmt: skip
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=9).map("".join)


def obeyed(log: str) -> list[str]:
    """The lines a runner takes for commands; colours are nothing to a reader, so that they hide none."""
    plain = re.sub(r"\x1b\[[\d;]*m", "", log)
    return [line for line in plain.splitlines() if line.strip().startswith("::") or "##[" in line]


def recorded(*, terminal: bool = False) -> tuple[Console, io.StringIO]:
    stream = io.StringIO()
    return Console(file=stream, force_terminal=terminal, width=50, highlight=False), stream


def test_what_would_be_a_command_is_still_read_by_people() -> None:
    assert logged("a\r::error::b\n \xa0::c\nd ::e ##[f] #[") == "a\n| ::error::b\n|  \xa0::c\nd ::e ## [f] #["
    assert obeyed("a\n ::b\nc ##[d]") == [" ::b", "c ##[d]"]


@given(texts)
@example("##[x]\u2028 ::y")
def test_no_line_of_a_text_is_a_command(text: str) -> None:
    assert not obeyed(logged(text))
    logged(text).encode("utf-8")


@given(texts)
def test_what_is_no_command_stays_what_it_is(text: str) -> None:
    made = logged(text)
    assert logged(made) == made


def test_colours_stay_where_they_were() -> None:
    row = harmless(Text.assemble(("  ::error", "red"), (" ##", "cyan"), ("[x]", "bold")))
    assert row.plain == "|   ::error ## [x]"
    assert [(row.plain[span.start : span.end], span.style) for span in row.spans] == [
        ("  ::error", "red"), (" ##", "cyan"), ("[x]", "bold"),
    ]  # fmt: skip


@given(text=texts, terminal=st.booleans())
@example(text="::error title=x::y ##[error]x", terminal=False)
@example(text=PIECES[-1] + "::error::y ##[error]x", terminal=True)
@settings(max_examples=60, deadline=None)
def test_no_step_and_no_note_is_a_command(text: str, terminal: bool) -> None:
    console, stream = recorded(terminal=terminal)
    progress = Progress(console)
    with pytest.MonkeyPatch.context() as patch, progress.step(text, text) as step:
        patch.setenv("CI", "true")
        step.say(text)
    progress.note(text)
    assert not obeyed(stream.getvalue())


@given(text=texts, terminal=st.booleans())
@example(text="::error title=x::y ##[error]x", terminal=False)
@example(text=PIECES[-1] + "::error::y ##[error]x", terminal=True)
@settings(max_examples=60, deadline=None)
def test_no_summary_is_a_command(report: Report, text: str, terminal: bool) -> None:
    console, stream = recorded(terminal=terminal)
    summary(with_text(report, text), Path("/somewhere"), console)
    assert not obeyed(stream.getvalue())


@given(text=texts, terminal=st.booleans())
@example(text="::error title=x::y ##[error]x", terminal=False)
@example(text=PIECES[-1] + "::error::y ##[error]x", terminal=True)
@settings(max_examples=60, deadline=None)
def test_no_list_of_faults_is_a_command(report: Report, text: str, terminal: bool) -> None:
    console, stream = recorded(terminal=terminal)
    found = [fault(path=text, message=f"{text} {text}", rule=text)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GITHUB_ACTIONS", "true")
        faults.text(report.request, Evidence(faults=(), baseline=()), found, {None: found}, console)
    assert not obeyed(stream.getvalue())
