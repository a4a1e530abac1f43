"""A list of faults for people: what `bot check` prints on a terminal and into a pipe."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.models.evidence import Evidence
from bot.models.fault import Fault, Proof
from bot.models.release import Release
from bot.models.request import RepairRequest
from bot.models.validation import Observation, Outcome
from bot.reporting import tested
from bot.reporting.baseline import Comparison
from bot.reporting.fingerprint import said
from bot.reporting.log import harmless
from bot.reporting.text import line, plural, shell_word

TITLE = "Blender {version}"
CODE_ALONE = "The code alone"
NO_FAULT = "no fault found"
NO_NEW_FAULT = "no new fault"
NEXT_REPAIR = "Repair what can be: "
REPAIR = "bot run {addon}"
ASK_BLENDER = "Most faults show in Blender only: "
CHECK = "bot check {addon}"
NO_PLACE = "somewhere"
CLEAN = "Nothing to repair."
NOTHING_NEW = "Nothing new."
KNOWN = "{faults} of the baseline {are} left out."
GONE = "{faults} of the baseline {are} gone:"
REWRITE = "Take them out of it: "
REWRITE_COMMAND = "bot check {addon}--write-baseline {name}"
NARROWER = "Less was looked at than for the baseline, so nothing is called gone."
MORE = "and {count} more: bot check --format json"

SHOWN = 200
"""Faults of a release that are listed; the other formats have all."""

SHOWN_GONE = 20

_COLOURS = {Proof.REPRODUCED: "red", Proof.API: "yellow", Proof.STATIC: "dim"}


def text(
    request: RepairRequest,
    evidence: Evidence,
    faults: Sequence[Fault],
    by_release: Mapping[Release | None, Sequence[Fault]],
    console: Console,
    *,
    static: bool = False,
    comparison: Comparison | None = None,
    baseline: str = "",
) -> None:
    """One table per release, then what differs from a baseline, then what to type next.

    `faults` are all of them, each once; `baseline` is what the user calls the file `comparison` is with.
    On a terminal long messages are folded under themselves; in a pipe a fault is one line.
    """
    quiet = NO_FAULT if comparison is None else NO_NEW_FAULT
    for observation in evidence.baseline:
        if observation.validator == "exercise":
            _release(observation, by_release.get(observation.release, ()), quiet, console)
    shown = {observation.release for observation in evidence.baseline if observation.validator == "exercise"}
    for release in sorted(one for one in by_release if one is not None and one not in shown):
        _section(Text(TITLE.format(version=release), "bold"), by_release[release], console)
    _section(Text(CODE_ALONE, "bold"), by_release.get(None, ()), console)
    for told in tested.found(evidence.baseline):
        _say(console, Text(told))
    command = REPAIR.format(addon=_addon(request)).strip()
    if comparison is not None:
        _compared(comparison, request, baseline, console)
    if faults:
        counted = plural(len(faults), "fault" if comparison is None else "new fault")
        _say(console, Text.assemble(counted, ". ", NEXT_REPAIR, (command, "bold")))
    elif static:
        again = CHECK.format(addon=_addon(request)).strip()
        _say(console, Text.assemble(f"{CODE_ALONE}: {quiet}. ", ASK_BLENDER, (again, "bold")))
    else:
        _say(console, Text(CLEAN if comparison is None else NOTHING_NEW, "green"))


def _release(observation: Observation, faults: Sequence[Fault], quiet: str, console: Console) -> None:
    title = TITLE.format(version=line(observation.version or str(observation.release), 60))
    if not observation.reached:
        _say(console, Text.assemble((title, "bold"), "  ", (line(observation.note, 300), "red")))
        _rows(faults, console)
        return
    counts = {outcome: sum(check.outcome is outcome for check in observation.checks) for outcome in Outcome}
    looked = ", ".join(f"{count} {outcome.value}" for outcome, count in counts.items() if count)
    heading = Text.assemble((title, "bold"), f"  {plural(len(faults), 'fault') if faults else quiet}")
    if looked:
        heading.append(f"  ({looked})", "dim")
    _say(console, heading)
    _rows(faults, console)


def _section(heading: Text, faults: Sequence[Fault], console: Console) -> None:
    if faults:
        _say(console, Text.assemble(heading, f"  {plural(len(faults), 'fault')}"))
        _rows(faults, console)


def _rows(faults: Sequence[Fault], console: Console) -> None:
    if not faults:
        return
    shown = faults[:SHOWN]
    # where colours are forced in a job, a message that is folded could begin a line as a command to GitHub's runner
    if console.is_terminal and not os.environ.get("GITHUB_ACTIONS"):
        for part in _tables(shown):
            console.print(part)
    else:
        for row in _lines(shown):
            _say(console, row)
    if len(faults) > SHOWN:
        _say(console, Text("  " + MORE.format(count=len(faults) - SHOWN), "dim"))
    _say(console, Text())


def _tables(faults: Sequence[Fault]) -> Iterator[Text | Padding]:
    """File by file: the narrow columns keep their width, the words are folded."""
    width = max(len(str(fault.line)) for fault in faults)
    for path, group in groupby(faults, key=lambda fault: fault.path):
        yield Text(f"  {line(path, 200) or NO_PLACE}", "cyan", no_wrap=True, overflow="fold")
        table = Table(box=None, padding=(0, 2, 0, 0), show_header=False, expand=False)
        table.add_column("line", no_wrap=True, justify="right", min_width=width, style="cyan")
        table.add_column("proof", no_wrap=True, min_width=len(Proof.REPRODUCED.value))
        table.add_column("rule", no_wrap=True, min_width=6, style="bold")
        table.add_column("what", overflow="fold")
        for fault in group:
            number = str(fault.line) if fault.line else "—"
            proof = Text(fault.proof.value, _COLOURS[fault.proof])
            table.add_row(Text(number), proof, Text(line(fault.rule or "—", 20)), Text(said(fault)))
        yield Padding(table, (0, 0, 0, 4))


def _lines(faults: Sequence[Fault]) -> Iterator[Text]:
    """The same, a fault a line."""
    wheres = [_where(fault) for fault in faults]
    width = min(max(map(len, wheres)), 48)
    for fault, where in zip(faults, wheres, strict=True):
        yield Text.assemble(
            f"  {where:<{width}}  {fault.proof.value:<10}  {line(fault.rule or '—', 20):<6}  ", Text(said(fault))
        )


def _where(fault: Fault) -> str:
    return line(fault.place or fault.subject or "—", 200)


def _compared(comparison: Comparison, request: RepairRequest, name: str, console: Console) -> None:
    if comparison.known:
        _say(console, Text(KNOWN.format(faults=plural(comparison.known, "fault"), are=_are(comparison.known)), "dim"))
    if comparison.narrower:
        _say(console, Text(NARROWER, "dim"))
    if comparison.gone:
        count = sum(known.count for known in comparison.gone)
        _say(console, Text(GONE.format(faults=plural(count, "fault"), are=_are(count)), "green"))
        for known in comparison.gone[:SHOWN_GONE]:
            many = f" ({known.count} times)" if known.count > 1 else ""
            _say(console, Text(f"  {line(known.path, 200) or '—'}  {line(known.what, 200)}{many}"))
        if len(comparison.gone) > SHOWN_GONE:
            _say(console, Text(f"  and {len(comparison.gone) - SHOWN_GONE} more", "dim"))
        addon = _addon(request)
        command = REWRITE_COMMAND.format(addon=f"{addon} " if addon else "", name=shell_word(name))
        _say(console, Text.assemble(REWRITE, (command, "bold")))


def _addon(request: RepairRequest) -> str:
    return shell_word(request.addon.path) if request.addon.path != "." else ""


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _say(console: Console, words: Text) -> None:
    # lines are never folded here: a command or a path cut in two could not be copied
    console.print(harmless(words), soft_wrap=True)
