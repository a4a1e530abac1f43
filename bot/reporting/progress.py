"""The one comment of an errand: what is being done, and in the end what became of it.

It begins with a mark that nobody sees, by which it is found again. What somebody else wrote stands in it as a code span
or escaped; links are GitHub's own pages, which were given, and Blender's documentation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.models.base import Frozen
from bot.models.errand import Errand
from bot.models.fault import Proof
from bot.models.report import Report, Status
from bot.models.request import Mode
from bot.models.result import Delivery, Ending, Result
from bot.reporting import advice, markdown_model, rulewise, story
from bot.reporting.marked import cell, cited, code, fenced, prose, repeated
from bot.reporting.permalinks import Commit
from bot.reporting.text import block, listed

LIMIT = 60_000
"""Characters; GitHub takes 65,536."""

STAGES = ("acknowledged", "reproducing", "repairing", "verifying", "done")
"""What a comment goes through."""

_MARK = re.compile(
    r"<!-- bcrag:progress problem=((?:fix|test|refactor|feature|check|explain)-[0-9a-f]{1,20}) "
    r"run=([1-9][0-9]{0,19}) -->"
)
Steps = Mapping[str, tuple[str, str]]
"""Of each stage that shows: what is going on, and its line in the list."""

_HEARD = ("On it.", "Heard")
_LOADED = ("Trying the add-on in Blender.", "Look: load the add-on in Blender and try what it has")
_DOING: Steps = {
    "acknowledged": _HEARD,
    "reproducing": ("Reproducing what is wrong.", "Reproduce: load the add-on in Blender and see what fails"),
    "repairing": ("Looking for a repair.", "Repair: rules first, then a model if there is one"),
    "verifying": ("Running the repair in Blender.", "Verify: the patch in every Blender, before and after"),
    "done": ("Writing it down.", "Tell: what came of it"),
}
_WRITING: Steps = {
    **_DOING,
    "reproducing": _LOADED,
    "repairing": ("Writing it.", "Write: a model, which is shown the code and Blender's documentation"),
    "verifying": ("Running what was written in Blender.", _DOING["verifying"][1]),
}
_TESTING: Steps = {
    **_WRITING,
    "verifying": ("Running the tests in Blender.", "Verify: the tests in Blender, with and without what they test"),
}
_CHECKING: Steps = {"acknowledged": _HEARD, "reproducing": _LOADED, "done": _DOING["done"]}
_EXPLAINING: Steps = {
    "acknowledged": _HEARD,
    "reproducing": _LOADED,
    "repairing": ("Looking for an answer.", "Answer: from the code and Blender's documentation"),
    "done": _DOING["done"],
}
_STEPS: Mapping[Mode, Steps] = {
    Mode.FIX: _DOING, Mode.CHECK: _CHECKING, Mode.EXPLAIN: _EXPLAINING,
    Mode.TEST: _TESTING, Mode.REFACTOR: _WRITING, Mode.FEATURE: _WRITING,
}  # fmt: skip
ASKED = "Asked for: {command}."
STOP = "To stop it: `/bcrag stop`. It is being done [here]({url})."

HEADLINES = {
    Ending.FAILED: "The run failed",
    Ending.TIMED_OUT: "The run took too long",
    Ending.CANCELLED: "Cancelled",
    Ending.SUPERSEDED: "A newer command took over",
    Ending.REFUSED: "The result was not let through",
    Ending.LIMITED: "Not now",
}
DEFAULT_WHY = {
    Ending.FAILED: "It ended without a result. Nothing in the repository was changed.",
    Ending.TIMED_OUT: "It was stopped when its time was over. Nothing in the repository was changed.",
    Ending.CANCELLED: "The run was stopped before it was done. Nothing in the repository was changed.",
    Ending.SUPERSEDED: "Somebody asked again about the same problem, so this run was stopped.",
    Ending.REFUSED: "What the run left is not what it may leave, so nothing was done with it.",
    Ending.LIMITED: "A limit is reached.",
    Ending.FINISHED: "",
}
DELIVERED = {
    Delivery.OPENED: "The patch is in pull request #{pull}.",
    Delivery.UPDATED: "Pull request #{pull} is updated.",
    Delivery.UNCHANGED: "Pull request #{pull} has this very patch already.",
    Delivery.SUGGESTED: "The changes are suggestions in a review of this pull request.",
    Delivery.BRANCH: "The patch is on {branch}, but the bot may not open pull requests here. "
    "[Open it yourself]({url}).",
    Delivery.ARTIFACT: "The patch lies with [the run]({run}), as `patch.diff` in the artifact `bcrag-bundle`: "
    "unzip that into the root of the repository and type `git apply patch.diff`.",
    Delivery.CLOSED: "Pull request #{pull} of this problem was closed, so it is left alone. The patch lies with "
    "[the run]({run}), as `patch.diff` in the artifact `bcrag-bundle`.",
    Delivery.FOREIGN: "Somebody has pushed to [the branch of this problem]({url}): it is theirs, and was not touched. "
    "The patch lies with [the run]({run}), as `patch.diff` in the artifact `bcrag-bundle`.",
}
DRAFT = "It is a draft, because it is not proven."
MOST_GROUPS = 8
MOST_OF_A_RULE = 3
MOST_ROWS = 24
MOST_NOTES = 10
RUN = "[The run, with its log and the bundle]({url})"


class Marker(Frozen):
    """What the hidden mark of a comment says."""

    problem: str
    run: int


def marker(errand: Errand) -> str:
    """The mark of an errand's comment."""
    return f"<!-- bcrag:progress problem={errand.problem} run={errand.run} -->"


def read_marker(text: str) -> Marker | None:
    """The mark a comment begins with. Whether the bot wrote that comment is for its author's name to say."""
    found = _MARK.match(text)
    return Marker(problem=found[1], run=int(found[2])) if found else None


def progress(errand: Errand, stage: str, run_url: str) -> str:
    """The comment while something is being done; `stage` is one of `STAGES`."""
    reached = STAGES.index(stage)
    steps = _STEPS[errand.mode]
    now = next(each for each in steps if STAGES.index(each) >= reached)
    lines = []
    for each, (_, text) in steps.items():
        behind = STAGES.index(each) < STAGES.index(now) or each == "acknowledged"
        lines.append(f"- [{'x' if behind else ' '}] " + (f"**{text}**" if each == now else text))
    parts = (
        marker(errand),
        f"**{steps[now][0]}** {ASKED.format(command=code(advice.spoken(errand), 200))}\n",
        "\n".join(lines) + "\n",
        f"<sub>{STOP.format(url=run_url)}</sub>\n",
    )
    return "\n".join(parts)


def result(errand: Errand, ended: Result) -> str:
    """The comment when all is done: what became of the errand, and what to do next."""
    report = ended.report
    headline = (
        story.tell(report).headline
        if report and ended.ending is Ending.FINISHED
        else HEADLINES.get(ended.ending, "Done")
    )
    end = "\n".join(filter(None, _next(errand, ended)))
    text = f"{marker(errand)}\n### {headline}\n\n"
    for part in filter(None, _told(errand, ended)):
        if len(text) + len(part) + 1 + len(end) <= LIMIT:
            text += part + "\n"
    return (text + end).rstrip() + "\n"


def delivered(ended: Result) -> str:
    """What came of the patch, in a sentence or two."""
    branch = f"the branch `{ended.branch}`" if ended.branch else "a branch"
    said = DELIVERED.get(ended.delivery, "").format(pull=ended.pull, url=ended.url, run=ended.run_url, branch=branch)
    unproven = ended.report is not None and not ended.report.verified
    return f"{said} {DRAFT}" if said and ended.draft and unproven else said


def _told(errand: Errand, ended: Result) -> list[str]:
    report = ended.report if ended.ending is Ending.FINISHED else None
    why = ended.why or DEFAULT_WHY[ended.ending]
    parts = [f"{why}\n" if why else ""]
    parts += [repeated(ended.details, 2_000), fenced(block(ended.trace, 2_000), "text") if ended.trace else ""]
    if said := delivered(ended):
        parts.append(f"**{said}**\n" if ended.delivery in (Delivery.OPENED, Delivery.UPDATED) else f"{said}\n")
    if report is not None:
        parts.append(f"{prose(report.summary, 2_000)}\n")
        if report.answer is not None:
            parts.append(markdown_model.answered(report, _lines(errand, ended).cite if ended.run_url else cited))
        if errand.mode is Mode.CHECK:
            parts.append(_checked(report))
        if report.status in (Status.UNREPAIRED, Status.PARTIAL) or errand.mode is Mode.CHECK:
            parts.append(_faults(report))
    return parts


def _next(errand: Errand, ended: Result) -> list[str]:
    report = ended.report if ended.ending is Ending.FINISHED else None
    cure = ended.cure or advice.advice(errand, ended)
    notes = "".join(f"- {note}\n" for note in ended.notes[:MOST_NOTES])
    return [
        f"{cure}\n",
        notes,
        f"<sub>{_releases(report)}{RUN.format(url=ended.run_url)}</sub>\n" if ended.run_url else "",
    ]


def _lines(errand: Errand, ended: Result) -> Commit:
    """Where the lines of the commit are: on the server the run is on."""
    server = ended.run_url.partition(f"/{errand.repository}/")[0]
    return Commit(server=server, repository=errand.repository, commit=errand.commit)


def _faults(report: Report) -> str:
    """What is wrong, surest first and rule by rule; what there is no room for is in the report."""
    told = story.tell(report)
    found = sorted(told.remaining or told.found, key=lambda one: one.fault.proof is not Proof.REPRODUCED)
    groups = rulewise.groups(found, {})
    more = rulewise.counted(groups[MOST_GROUPS:])
    return rulewise.found(groups[:MOST_GROUPS], MOST_OF_A_RULE) + (f"- and {more} more\n" if more else "")


def _checked(report: Report) -> str:
    """What was looked at, in which Blenders, and what came of it."""
    rows = story.rows(report.validation)[:MOST_ROWS]
    if not rows:
        return ""
    lines = ["| check | Blender | result |", "| --- | --- | --- |"]
    for row in rows:
        where = f"{row.releases} *static*" if row.first.static else row.releases
        columns = (code(row.first.validator, 60), where, prose(row.first.after, 160))
        lines.append("| " + " | ".join(map(cell, columns)) + " |")
    return "\n".join(lines) + "\n"


def _releases(report: Report | None) -> str:
    if report is None or not report.ran_in:
        return ""
    return f"Run in Blender {listed(map(str, report.ran_in))} · "
