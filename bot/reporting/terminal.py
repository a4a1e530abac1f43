"""What a run says on a terminal: its steps while it works, a summary at its end.

On a terminal lines are folded at words with a hanging indent; commands and paths never are, so that
they can be copied. Elsewhere every line stays whole and nothing moves or is coloured.
"""

from __future__ import annotations

import os
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePath

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from bot.models.fault import Fault, Proof
from bot.models.report import Report, Status
from bot.reporting import applying, coverage, diff, effects, reproducers, story, terminal_model
from bot.reporting.log import harmless
from bot.reporting.terminal_model import Row
from bot.reporting.text import line, plural, seconds, sentence

SHOWN_FOUND = 8
SHOWN_REMAINING = 12
"""More than these are counted, not listed; the report has them all."""
SHOWN_FILES = 12
UNTRIED = "{things}: refused by the add-on, or nobody could; the report has them with their reasons"
STARTS = "{starts}, {seconds} in all"

_COLOURS = {
    Status.CLEAN: "green",
    Status.REPAIRED: "green",
    Status.PARTIAL: "yellow",
    Status.UNREPAIRED: "red",
    Status.ANSWERED: "cyan",
    Status.ERROR: "red",
}
_WORDS = re.compile(r"\S+\s*")
_RUN = ("bcrag", "blender", "python")
"""What a reader of an issue asks the versions of."""
_NAMES = 11
"""Columns of a summary's names."""
_NARROWEST = 16
"""Columns text is folded to at least; a narrower terminal folds by itself."""


class Step:
    """One step under way; `say` replaces what stands beside its name."""

    def __init__(self, name: str, detail: str = "") -> None:
        self.name = line(name, 60)
        self.detail = line(detail, 200)
        self.doing = ""
        self.started = time.monotonic()

    def say(self, detail: str) -> None:
        """Tell what the step is at, or what came of it: the last word stays on its line."""
        self.detail, self.doing = line(detail, 200), ""

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

    def now(self, text: str) -> None:
        """Say what the innermost step is doing at this moment; it is shown while it lasts and leaves no trace."""
        for step in self._steps[-1:]:
            step.doing = line(text, 200)

    def _begin(self, step: Step) -> None:
        self._steps.append(step)
        if self._live is None and not self._quiet and _lively(self._console):
            self._live = Live(_Running(self._steps), console=self._console, transient=True, refresh_per_second=8)
            self._live.start()

    def _end(self, step: Step, mark: str, colour: str) -> None:
        depth = self._steps.index(step)
        del self._steps[depth:]
        if self._live is not None and not self._steps:
            self._live.stop()
            self._live = None
        head = Text.assemble(
            "  " * depth,
            (f"{mark} ", colour),
            f"{step.name:<{max(9 - 2 * depth, 1)}} ",
            (f"{seconds(step.elapsed):>9}", "dim"),
            "  " if step.detail else "",
        )
        self._print(head, Text(step.detail))

    def _print(self, head: Text, body: Text) -> None:
        if not self._quiet:
            _show(self._console, head, body)


class _Running:
    """The steps under way as they are at the moment of drawing, each in one line that fits."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = steps
        self._spinner = Spinner("dots", style="cyan")

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        steps = tuple(self._steps)
        for depth, step in enumerate(steps):
            innermost = depth == len(steps) - 1
            row = Text.assemble(
                "  " * depth,
                self._spinner.render(console.get_time()) if innermost else ("·", "dim"),  # type: ignore[arg-type]
                f" {step.name:<{max(9 - 2 * depth, 1)}} ",
                (f"{step.elapsed:>7.0f} s  {step.doing or step.detail}", "dim"),
            )
            row.truncate(options.max_width - 1, overflow="ellipsis")
            row.no_wrap = True
            yield row


def _lively(console: Console) -> bool:
    """Whether a line may move: a person is looking at it. `FORCE_COLOR` alone makes no terminal."""
    tty = getattr(console.file, "isatty", None)
    return bool(console.is_terminal and not console.is_dumb_terminal and tty and tty() and not os.environ.get("CI"))


def _show(console: Console, head: Text, body: Text, *, whole: bool = False) -> None:
    """Print a line; on a terminal the body is folded at words beside its head, unless it must stay whole."""
    room = console.width - head.cell_len
    if not console.is_terminal or whole or body.cell_len <= room or room < _NARROWEST:
        console.print(harmless(Text.assemble(head, body)), soft_wrap=True, highlight=False)
        return
    for number, part in enumerate(_folded(body, room)):
        begin = head if not number else Text(" " * head.cell_len)
        console.print(harmless(Text.assemble(begin, part)), soft_wrap=True, highlight=False)


def _folded(text: Text, room: int) -> Iterator[Text]:
    """The text in lines of so many columns, broken between words only: a longer word stays whole."""
    breaks, used = list[int](), 0
    for word in _WORDS.finditer(text.plain):
        if used and used + cell_len(word[0].rstrip()) > room:
            breaks.append(word.start())
            used = 0
        used += cell_len(word[0])
    for part in text.divide(breaks):
        part.rstrip()
        yield part


def summary(report: Report, bundle: Path, console: Console, *, command: str | None = None) -> None:
    """Print what was found, repaired and proven, what remains, where the bundle is and what to type next.

    Without colours it is plain text that can be pasted into an issue. `command` replaces the next
    command (by default: apply the patch, where there is one).
    """
    told = story.tell(report)
    badge = f"{told.badge}, verified" if report.verified else told.badge
    console.print()
    colour = "red" if story.tampering(report) else "yellow" if story.undone(report) else _COLOURS[report.status]
    shade = f"bold reverse {colour}"
    _show(console, Text(), Text.assemble((f" {badge} ", shade), "  ", (told.headline, "bold")))
    _show(console, Text(), Text(line(report.summary, 600)))
    alarms = [report.error] if report.error and report.error != report.summary else []
    for alarm in (*alarms, *story.tampering(report)[:5]):
        _show(console, Text(), Text(line(alarm, 600), "red"))
    console.print()
    previous = ""
    for name, body, whole in _rows(report, told, bundle, command):
        shown = name if name != previous else ""
        _show(console, Text(f"{shown:<{_NAMES}}" if body or shown else "", "dim"), body, whole=whole)
        previous = name or previous
    console.print()


def _rows(report: Report, told: story.Story, bundle: Path, command: str | None) -> Iterator[Row]:
    yield from terminal_model.answer(report)
    if report.faults:
        yield "found", Text.assemble(plural(len(report.faults), "fault"), (_proofs(report.faults), "dim")), False
        if told.found != told.remaining:
            yield from _faults(told.found, SHOWN_FOUND)
    for change in told.changes:
        places = plural(len(change.places), "place")
        yield (
            "repaired",
            Text.assemble((line(change.rule, 60), "bold"), f" {sentence(change.title)}  ", (places, "dim")),
            False,
        )
    yield from terminal_model.work(report)
    for proof in told.proven:
        yield "proven", Text(proof), False
    if report.reproducers:
        yield "scripts", Text(reproducers.told(report.reproducers)), False
    if same := effects.same(report):
        yield "the same", Text(same), False
    for one in effects.differing(report)[:SHOWN_REMAINING]:
        yield "differs", Text(line(f"{one.operator}, {one.where}: {'; '.join(one.differences)}", 400), "yellow"), False
    if report.remaining:
        yield "remaining", Text(plural(len(report.remaining), "fault"), "yellow"), False
        yield from _faults(told.remaining, SHOWN_REMAINING)
    for said in coverage.told(report):
        yield "looked at", Text(said), False
    things = len({one.check for one in report.untried})
    if things:
        yield "not tried", Text(UNTRIED.format(things=plural(things, "check"))), False
    for note in report.notes[:8]:
        yield "note", Text(line(note, 400)), False
    if report.patch is not None and report.patch.files:
        yield from _files(report, bundle)
    if report.reproducers:
        yield "scripts", Text(line(str(bundle / PurePath(report.reproducers[0].path).parent), 1000)), True
    yield "report", Text(line(str(bundle / "report.html"), 1000)), True
    if told.starts:
        yield "Blender", Text(STARTS.format(starts=told.starts, seconds=seconds(told.seconds))), False
    yield from terminal_model.cost(report)
    versions = ", ".join(
        f"{name} {version}"
        for name, version in report.versions.items()
        if name.lower().startswith(_RUN) and "stubs" not in version
    )
    if versions:
        yield "versions", Text(line(versions, 300)), False
    if command is None and report.patch is not None and report.patch.files:
        command = applying.here(bundle, report.patch.path, Path.cwd())
    if command:
        yield "next", Text(line(command, 2000), "bold"), True


def _faults(found: Sequence[story.Found], most: int) -> Iterator[Row]:
    """What is wrong, what Blender raised first; what says the same once."""
    order = sorted(found, key=lambda one: one.fault.proof is not Proof.REPRODUCED)
    for one in order[:most]:
        place = line(one.places[0], 120) if one.places else line(one.fault.subject or "", 120)
        more = f" and {plural(len(one.places) - 1, 'more place')}" if len(one.places) > 1 else ""
        yield (
            "",
            Text.assemble((place, "cyan"), (more, "dim"), "  " if place else "", line(one.fault.message, 200)),
            False,
        )
    left = story.counted(order[most:])
    if left:
        yield "", Text(f"and {left} more, in the report", "dim"), False


def _files(report: Report, bundle: Path) -> Iterator[Row]:
    patch = report.patch
    if patch is None:
        return
    yield "patch", Text(f"{plural(len(patch.files), 'file')}, +{patch.added} −{patch.removed}"), False
    try:
        text = (bundle / patch.path).read_bytes().decode("utf-8", "replace")
    except (OSError, ValueError):
        text = ""
    per_file = {file.path: f"  +{file.added} −{file.removed}" for file in diff.read(text)}
    for path in patch.files[:SHOWN_FILES]:
        yield "", Text.assemble((line(path, 200), "cyan"), (per_file.get(path, ""), "dim")), True
    if len(patch.files) > SHOWN_FILES:
        yield "", Text(f"and {len(patch.files) - SHOWN_FILES} more", "dim"), False


def _proofs(faults: Sequence[Fault]) -> str:
    counted = Counter(fault.proof for fault in faults)
    return "  " + ", ".join(f"{count} {story.PROOFS[proof]}" for proof, count in counted.most_common())
