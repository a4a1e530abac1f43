"""What a run says on a terminal: its steps while it works, a summary at its end."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.padding import Padding
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from bot.models.fault import Fault
from bot.models.report import Report, Status
from bot.reporting import diff, story
from bot.reporting.text import line, plural, seconds, sentence, shell_word

SHOWN_FAULTS = 12
"""More than these are counted, not listed; the report has them all."""

_COLOURS = {
    Status.CLEAN: "green",
    Status.REPAIRED: "green",
    Status.PARTIAL: "yellow",
    Status.UNREPAIRED: "red",
    Status.ERROR: "red",
}


class Step:
    """One step under way; `say` replaces what stands beside its name."""

    def __init__(self, name: str, detail: str = "") -> None:
        self.name = line(name, 60)
        self.detail = line(detail, 200)
        self.started = time.monotonic()

    def say(self, detail: str) -> None:
        """Tell what the step is at, or what came of it: the last word stays on its line."""
        self.detail = line(detail, 200)

    @property
    def elapsed(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.started


class Progress:
    """The steps of a run on stderr: a moving line on a terminal, one plain line each elsewhere.

    Steps may be nested; `quiet` says nothing at all.
    """

    def __init__(self, console: Console | None = None, *, quiet: bool = False) -> None:
        self._console = console or Console(stderr=True, highlight=False)
        self._quiet = quiet
        self._steps: list[Step] = []
        self._live: Live | None = None

    @contextmanager
    def step(self, name: str, detail: str = "") -> Iterator[Step]:
        """Show a step while the block runs, and its seconds when it ends; errors pass through."""
        step = Step(name, detail)
        self._begin(step)
        mark, colour = "✗", "red"
        try:
            yield step
            mark, colour = "✓", "green"
        finally:
            self._end(step, mark, colour)

    def note(self, text: str) -> None:
        """Say one thing a user should know, above the step that is under way."""
        self._print(Text("· ", "dim"), Text(line(text, 1000)))

    def _begin(self, step: Step) -> None:
        self._steps.append(step)
        if self._live is None and not self._quiet and self._console.is_terminal:
            self._live = Live(_Running(self._steps), console=self._console, transient=True, refresh_per_second=8)
            self._live.start()

    def _end(self, step: Step, mark: str, colour: str) -> None:
        depth = self._steps.index(step)
        del self._steps[depth:]
        if self._live is not None and not self._steps:
            self._live.stop()
            self._live = None
        self._print(
            Text("  " * depth),
            Text(f"{mark} ", colour),
            Text(f"{step.name:<{max(14 - 2 * depth, 1)}}"),
            Text(f"{seconds(step.elapsed):>12}", "dim"),
            Text(f"  {step.detail}" if step.detail else ""),
        )

    def _print(self, *parts: Text) -> None:
        if not self._quiet:
            self._console.print(Text.assemble(*parts), soft_wrap=True)


class _Running:
    """The steps under way as they are at the moment of drawing."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = steps
        self._spinner = Spinner("dots", style="cyan")

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for depth, step in enumerate(tuple(self._steps)):
            row = Table.grid(padding=(0, 1))
            row.add_row(
                self._spinner if depth == len(self._steps) - 1 else Text("·", "dim"),
                Text(step.name),
                Text(f"{step.elapsed:.0f} s", "dim"),
                Text(step.detail, "dim", overflow="ellipsis", no_wrap=True),
            )
            yield Padding(row, (0, 0, 0, 2 * depth))


def summary(report: Report, bundle: Path, console: Console, *, command: str | None = None) -> None:
    """Print what was found, repaired and proven, what remains, where the bundle is and what to type next.

    `command` replaces the next command (by default: apply the patch, where there is one).
    """
    told = story.tell(report)

    def show(*parts: Text | tuple[str, str] | str) -> None:
        # lines are never folded here: a command or a path cut in two could not be copied
        console.print(Text.assemble(*parts), soft_wrap=True, highlight=False)

    show()
    show((f" {told.badge} ", f"bold reverse {_COLOURS[report.status]}"), "  ", (told.headline, "bold"))
    show(line(report.summary, 600))
    if report.error:
        show((line(report.error, 600), "red"))
    show()
    previous = ""
    for name, body in _rows(report, told, bundle, command):
        show((f"{name if name != previous else '':<11}", "dim"), body)
        previous = name or previous
    show()


def _rows(report: Report, told: story.Story, bundle: Path, command: str | None) -> Iterator[tuple[str, Text]]:
    if report.faults:
        yield "found", Text.assemble(plural(len(report.faults), "fault"), (_proofs(report.faults), "dim"))
        yield from _faults(report.faults)
    for change in told.changes:
        yield (
            "repaired",
            Text.assemble(
                (change.rule, "bold"), f" {sentence(change.title)}", (f"  {plural(len(change.places), 'place')}", "dim")
            ),
        )
    for proof in told.proven:
        yield "proven", Text(proof)
    if report.remaining:
        yield "remaining", Text(plural(len(report.remaining), "fault"), "yellow")
        yield from _faults(report.remaining)
    for note in report.notes[:8]:
        yield "note", Text(line(note, 400))
    if report.patch is not None and report.patch.files:
        yield from _files(report, bundle)
    yield "report", Text(line(str(bundle / "report.html"), 1000))
    if told.starts:
        yield "Blender", Text(f"{told.starts}, {seconds(told.seconds)} in all")
    if command is None and report.patch is not None and report.patch.files:
        command = f"git apply {shell_word(str(bundle / report.patch.path))}"
    if command:
        yield "next", Text(line(command, 2000), "bold")


def _faults(faults: Sequence[Fault]) -> Iterator[tuple[str, Text]]:
    for fault in faults[:SHOWN_FAULTS]:
        place = line(fault.place, 120)
        yield "", Text.assemble((f"{place}  " if place else "", "cyan"), line(fault.message, 200))
    if len(faults) > SHOWN_FAULTS:
        yield "", Text(f"and {len(faults) - SHOWN_FAULTS} more, in the report", "dim")


def _files(report: Report, bundle: Path) -> Iterator[tuple[str, Text]]:
    patch = report.patch
    if patch is None:
        return
    counts = f"{plural(len(patch.files), 'file')}, +{patch.added} −{patch.removed}"
    yield "patch", Text(counts)
    try:
        text = (bundle / patch.path).read_bytes().decode("utf-8", "replace")
    except OSError:
        text = ""
    per_file = {file.path: f"  +{file.added} −{file.removed}" for file in diff.read(text)}
    for path in patch.files[:SHOWN_FAULTS]:
        yield "", Text.assemble((line(path, 200), "cyan"), (per_file.get(path, ""), "dim"))


def _proofs(faults: Sequence[Fault]) -> str:
    counted = Counter(fault.proof for fault in faults)
    return "  " + ", ".join(f"{count} {story.PROOFS[proof]}" for proof, count in counted.most_common())
