"""Whether operators still make what they made, in words and numbers."""

from __future__ import annotations

from dataclasses import dataclass

from bot.models.effect import Sameness
from bot.models.report import Report
from bot.reporting.text import plural

TITLE = "The same result?"
SAME = "{operators} {make} what {they} made before, in numbers."
NONE = "No operator that worked before could be compared."
DIFFERS = "What {operators} {make} is not the same:"
HERE = "in Blender {after}, before and after"
ELSEWHERE = "in Blender {before} before, in {after} now, where it did not work"
MOST = 12


@dataclass(frozen=True)
class Differing:
    """One operator that makes something else. `differences` may quote the add-on."""

    operator: str
    where: str
    differences: tuple[str, ...]


def same(report: Report) -> str:
    """How many operators make what they made; empty where none was compared."""
    alike = len(
        {one.operator for one in report.sameness} - {one.operator for one in report.sameness if one.differences}
    )
    one = alike == 1
    count = plural(alike, "operator")
    return SAME.format(operators=count, make="makes" if one else "make", they="it" if one else "they") if alike else ""


def differing(report: Report) -> tuple[Differing, ...]:
    """The operators that do not, each in the releases where that was seen."""
    return tuple(
        Differing(one.operator, _where(one), one.differences) for one in report.sameness[:500] if one.differences
    )[:MOST]


def lead(found: tuple[Differing, ...]) -> str:
    """What stands over them."""
    names = len({one.operator for one in found})
    return DIFFERS.format(operators=plural(names, "operator"), make="makes" if names == 1 else "make")


def _where(one: Sameness) -> str:
    return (HERE if one.before == one.after else ELSEWHERE).format(before=one.before, after=one.after)
