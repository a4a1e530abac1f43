"""Scripts that show one fault each, and the tests they became, as sections of report.md; empty where there are none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.models.report import Report
from bot.reporting import reproducers as shown
from bot.reporting.marked import code, fenced, prose
from bot.reporting.text import block

MOST = 20
MOST_TEXTS = 2
"""Scripts that are shown whole, where the bundle is not at hand."""
LONGEST = 9_000
"""Characters of a script or test that is shown; the bundle has all of it."""
TYPE = "In the root of the repository:"
HERE = "They lie in the bundle of the run, the first of them here:"


def section(report: Report, folder: str) -> str:
    """Every script with its command and what it did; `folder` is the bundle's as a reader would type it."""
    found = shown.shown(report, Path(folder))
    if not found:
        return ""
    return f"\n## {shown.TITLE}\n\n{shown.told(report.reproducers)} {TYPE}\n\n{_listed(found)}{tests(report)}"


def folded(report: Report) -> str:
    """The same where the bundle is not at hand: the first scripts whole."""
    found = shown.shown(report, Path())
    if not found:
        return ""
    texts = "".join(_whole("script", one.path, one.text) for one in found[:MOST_TEXTS])
    return f"{shown.told(report.reproducers)}\n\n{_listed(found)}\n{HERE}\n{texts}{tests(report)}"


def tests(report: Report) -> str:
    """The tests that are proposed."""
    title, words = shown.proposed(report.proposed_tests)
    files = "".join(_whole("tests", one.path, one.text) for one in report.proposed_tests[:MOST])
    return f"\n### {title}\n\n{words}\n{files}" if title else ""


def _listed(found: Sequence[shown.Shown]) -> str:
    return "".join(_one(one) for one in found[:MOST])


def _one(one: shown.Shown) -> str:
    where = f" at {code(one.place)}" if one.place else ""
    what = code(f"{one.exception}: {one.message}" if one.exception else one.message, 300)
    known = f"**{shown.CONFIRMED if one.confirmed else shown.UNCONFIRMED}**: {one.before}"
    after = f"; with the patch {one.after}" if one.after else ""
    said = f" ({prose(one.said, 300)})" if one.said else ""
    commands = " or ".join(code(command, 400) for command in one.commands)
    return f"- {what}{where}, Blender {one.release}, {known}{after}{said}  \n  {commands}\n"


def _whole(what: str, path: str, text: str) -> str:
    cut = "" if len(text) <= LONGEST else "\n# ... the bundle has the rest\n"
    body = fenced(block(text[:LONGEST], LONGEST + 1) + cut, "python")
    return f"\n{code(path)}\n\n<details><summary>The {what}</summary>\n\n{body}\n</details>\n"
