"""A list of faults for people and for GitHub: what `bot check` prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.models.evidence import Evidence
from bot.models.fault import Fault
from bot.models.release import Release
from bot.models.request import RepairRequest
from bot.models.validation import Observation, Outcome
from bot.reporting.text import line, plural, shell_word

TITLE = "Blender {version}"
NO_FAULT = "no fault found"
NEXT = "bot run {addon}"


def text(
    request: RepairRequest,
    evidence: Evidence,
    faults: Sequence[Fault],
    by_release: Mapping[Release | None, Sequence[Fault]],
    console: Console,
) -> None:
    """One table per release, then what was looked at and what to type next; `faults` are all of them, each once."""
    for observation in evidence.baseline:
        if observation.validator == "exercise":
            _release(observation, by_release.get(observation.release, ()), console)
    if by_release.get(None):
        console.print(_table("The code alone", by_release[None]))
    if faults:
        command = NEXT.format(addon=shell_word(request.addon.path) if request.addon.path != "." else "").strip()
        console.print(Text.assemble(plural(len(faults), "fault"), ". Repair what can be: ", (command, "bold")))


def github(faults: Sequence[Fault]) -> str:
    """Workflow commands that make annotations, one a line."""
    lines = []
    for fault in faults:
        place = f" file={_property(fault.path)},line={max(fault.line, 1)}" if fault.path else ""
        lines.append(f"::error{place}::{_data(fault.message)}\n")
    return "".join(lines)


def _release(observation: Observation, faults: Sequence[Fault], console: Console) -> None:
    title = TITLE.format(version=line(observation.version or str(observation.release), 60))
    if not observation.reached:
        console.print(Text.assemble((title, "bold"), "  ", (line(observation.note, 300), "red")))
        return
    counts = {outcome: sum(check.outcome is outcome for check in observation.checks) for outcome in Outcome}
    looked = ", ".join(f"{count} {outcome.value}" for outcome, count in counts.items() if count)
    if not faults:
        console.print(Text.assemble((title, "bold"), f"  {NO_FAULT}  ", (f"({looked})", "dim")))
        return
    console.print(_table(f"{title}  ({looked})", faults))


def _table(title: str, faults: Sequence[Fault]) -> Table:
    table = Table(title=Text(title, "bold"), title_justify="left", box=None, padding=(0, 2, 0, 0), expand=False)
    for name in ("where", "what", "proof", "rule"):
        table.add_column(name, style="cyan" if name == "where" else "", overflow="fold")
    for fault in faults:
        table.add_row(
            Text(line(fault.place or fault.subject or "", 200)),
            Text(line(fault.message, 300)),
            Text(fault.proof.value),
            Text(fault.rule or "—"),
        )
    return table


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")[:4000]


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
