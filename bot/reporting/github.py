"""Faults as annotations of a GitHub workflow: `::error file=…,line=…::message`.

GitHub shows ten errors and ten warnings a step; the rest is told in the step's log. Nothing a
stranger wrote can begin a workflow command of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.models.addon import Addon
from bot.models.fault import Fault, Proof
from bot.models.release import Release
from bot.reporting.fingerprint import Marked, said
from bot.reporting.log import logged, parted
from bot.reporting.text import line, plural, shell_word

MOST = 10
"""Annotations of one type that GitHub shows of a step."""

MOST_LISTED = 500
LONGEST = 1_000
REST = "and {count} that GitHub does not show as annotations:"
SUMMARY = "{faults} in {addon}. {hint}"
HINT = "Repair what can be: bot run {addon}"
MORE = "  and {count} more: bot check --format json"


def commands(marked: Sequence[Marked], addon: Addon, seen_in: Mapping[str, Sequence[Release]]) -> str:
    """Workflow commands, errors before warnings; then a list of those there is no room for.

    `seen_in` tells by fingerprint in which releases a fault was seen.
    """
    errors = [one for one in marked if one.fault.proof is not Proof.STATIC]
    warnings = [one for one in marked if one.fault.proof is Proof.STATIC]
    shown = [*(("error", one) for one in errors[:MOST]), *(("warning", one) for one in warnings[:MOST])]
    lines = [_command(level, one.fault, seen_in.get(one.fingerprint, ())) for level, one in shown]
    rest = [*errors[MOST:], *warnings[MOST:]]
    if rest:
        lines.append(logged(REST.format(count=len(rest))))
        lines.extend(logged(f"  {_told(one.fault)}") for one in rest[:MOST_LISTED])
        if len(rest) > MOST_LISTED:
            lines.append(logged(MORE.format(count=len(rest) - MOST_LISTED)))
    if marked:
        hint = HINT.format(addon=shell_word(addon.path) if addon.path != "." else "").strip()
        lines.append(
            logged(SUMMARY.format(faults=plural(len(marked), "fault"), addon=line(addon.name, 200), hint=hint))
        )
    return "".join(f"{one}\n" for one in lines)


def _command(level: str, fault: Fault, releases: Sequence[Release]) -> str:
    fields = {"title": f"{fault.rule or 'bcrag'} ({fault.proof.value})"}
    if fault.path:
        place = {"file": fault.path, "line": str(max(fault.line, 1))}
        end = {"endLine": str(fault.end_line)} if fault.end_line > fault.line > 0 else {}
        fields = {**place, **end, **fields}
    told = ",".join(f"{name}={_property(value)}" for name, value in fields.items())
    where = f" (Blender {', '.join(map(str, releases))})" if releases else ""
    return f"::{level} {told}::{_data(said(fault, LONGEST) + where)}"


def _told(fault: Fault) -> str:
    place = f"{line(fault.place, 300)}: " if fault.path else ""
    return f"{place}{said(fault)} [{fault.rule or fault.kind.value}, {fault.proof.value}]"


def _data(text: str) -> str:
    return parted(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(line(text, LONGEST)).replace(":", "%3A").replace(",", "%2C")
