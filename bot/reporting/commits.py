"""The message of the commit that holds a repair."""

from __future__ import annotations

import re

from bot.models.errand import Errand
from bot.models.fault import FaultKind, Proof
from bot.models.report import Report
from bot.models.request import Mode
from bot.reporting.story import spans, unseen
from bot.reporting.text import line

MAX_SUBJECT = 72
MAX_BODY = 2_000
SUBJECTS = {
    Mode.FIX: "fix({scope}): make it work in Blender {releases}",
    Mode.TEST: "test({scope}): test what was asked for",
    Mode.REFACTOR: "refactor({scope}): change the code, not what it does",
    Mode.FEATURE: "feat({scope}): add what was asked for",
}
ABOUT = {
    Mode.FIX: "fix({scope}): what the reproduction of #{number} shows",
    Mode.TEST: "test({scope}): test what #{number} asks for",
    Mode.REFACTOR: "refactor({scope}): change what #{number} asks for",
    Mode.FEATURE: "feat({scope}): add what #{number} asks for",
}
"""Where an issue says it. The number stands behind no word that closes it."""
TOLD = "fix({scope}): what #{number} tells of"
"""Where nobody saw it fail."""
RAISED = "fix({scope}): no more {exception} in {file}"
PARTLY = "fix({scope}): repair part of what fails in Blender {releases}"

_SCOPE = re.compile(r"[^A-Za-z0-9_.-]+")
_ISSUE = re.compile(r"(?i)(gh)-(?=\d)")
_TRAILER = re.compile(r"^([A-Za-z][A-Za-z0-9-]*)(?=\s*:)")
_TRIGGERS = re.compile(
    r"(^-(?=--)|^(?=diff -)"  # where git takes a message from a mail, the end of it
    r"|[@#\[]|(?i:(?<=gh)-)(?=\d)|:(?=//)"  # mentions, issues, whatever they are closed with, `[skip ci]`
    r"|\*(?=\*\*NO_CI))"
)
_CODE = re.compile(r"[A-Z]{1,6}[0-9]{1,6}")
_TRIED = (FaultKind.SCENARIO, FaultKind.TEST, FaultKind.OPERATOR, FaultKind.PANEL)
"""What fails when something is done; an add-on that does not even load does not work at all."""
_EXCEPTION = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,40}")
_FILE = re.compile(r"[A-Za-z0-9_]{1,40}\.py")
_RUN = re.compile(r"[\w.-]{1,80}", re.ASCII)


def subject(report: Report, errand: Errand | None = None) -> str:
    """A conventional commit's first line, in words of ours; also the title of the pull request."""
    scope = _ISSUE.sub("\\1_", _SCOPE.sub("-", report.request.addon.module)).strip("-.")[:30] or "addon"
    releases = spans(report.ran_in)
    form = SUBJECTS.get(report.request.mode, SUBJECTS[Mode.FIX])
    if (raised := _raised(report)) is not None:
        return RAISED.format(scope=scope, **raised)[:MAX_SUBJECT]
    if errand is not None and (told := _about(report, errand, scope)):
        return told
    if report.request.mode is Mode.FIX and report.patch is not None and report.remaining:
        form = PARTLY
    text = (
        form.format(scope=scope, releases=releases)
        if releases
        else form.partition(" in Blender")[0].format(scope=scope)
    )
    return text if len(text) <= MAX_SUBJECT else text[: MAX_SUBJECT - 1] + "…"


def _raised(report: Report) -> dict[str, str] | None:
    """What was raised, and in which file, where no rule knows a better name for what is repaired."""
    if report.request.mode is not Mode.FIX or report.remaining or report.patch is None or report.patch.rules:
        return None
    for fault in report.faults:
        file = fault.path.rpartition("/")[2]
        if (
            fault.proof is Proof.REPRODUCED
            and fault.kind in _TRIED
            and _EXCEPTION.fullmatch(fault.exception or "")
            and _FILE.fullmatch(file)
        ):
            return {"exception": fault.exception or "", "file": file}
    return None


def _about(report: Report, errand: Errand, scope: str) -> str:
    """Whose wish it is, or what was reproduced; empty where nothing says so, or there is no room for the number."""
    mode = report.request.mode
    form = TOLD if mode is Mode.FIX and unseen(report) else ABOUT.get(mode, "")
    if errand.about is None or (form == ABOUT[Mode.FIX] and not _scripted(report)):
        return ""
    text = form.format(scope=scope, number=errand.about)
    return text if len(text) <= MAX_SUBJECT else ""  # a number that is cut is another one


def _scripted(report: Report) -> bool:
    """Whether all that was wrong is what a script showed, and a model's patch repairs it."""
    shown = bool(report.faults) and all(fault.kind is FaultKind.SCENARIO for fault in report.faults)
    return shown and not report.remaining and report.patch is not None and not report.patch.rules


def closing(report: Report, errand: Errand) -> str:
    """The line that closes an issue where the repair is proven, and else refers to it.

    A pull request that the patch is for is closed by nobody's line.
    """
    about, on = errand.about, errand.subject
    if about is None or (on is not None and on.is_pull and on.number == about):
        return ""
    return f"{'Fixes' if report.verified else 'Refs'} #{about}"


def message(report: Report, errand: Errand | None = None) -> str:
    """Subject, summary and trailers. What others wrote stands on one line, and can be taken for no trailer."""
    said = _TRAILER.sub("\\1\u2060", line(report.summary, MAX_BODY))
    said = _TRIGGERS.sub("\\1\u2060", said)  # a trailer can be called GH-9
    # what it closes is no trailer, and git takes a paragraph that holds anything else for none at all
    closes = closing(report, errand) if errand is not None else ""
    parts = (subject(report, errand), said, closes, "\n".join(_trailers(report, errand)))
    return "\n\n".join(filter(None, parts)) + "\n"


def _trailers(report: Report, errand: Errand | None) -> list[str]:
    found = []
    if _RUN.fullmatch(report.id):
        found.append(f"Bcrag-Run: {report.id}")
    rules = report.patch.rules if report.patch else ()
    found += [f"Bcrag-Rule: {code}" for code in rules if _CODE.fullmatch(code)]
    if errand is not None and errand.asked_by is not None:
        login, number = errand.asked_by.login, errand.asked_by.id
        found.append(f"Co-authored-by: {login} <{number}+{login}@users.noreply.github.com>")
    return found
