"""The one comment of an errand: what is being done, and in the end what became of it.

It begins with a mark that nobody sees, by which it is found again. What somebody else wrote stands in it as a code span
or escaped; links are GitHub's own pages, which were given, and Blender's documentation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.models.base import Frozen
from bot.models.command import Verb
from bot.models.errand import Errand
from bot.models.report import Report, Status
from bot.models.result import Delivery, Ending, Result
from bot.reporting import markdown_model, story
from bot.reporting.marked import code, fenced, prose
from bot.reporting.text import block, plural, sentence

LIMIT = 60_000
"""Characters; GitHub takes 65,536."""

STAGES = ("acknowledged", "reproducing", "repairing", "verifying", "done")
"""What a comment goes through."""

_MARK = re.compile(
    r"<!-- bcrag:progress problem=((?:fix|test|refactor|feature|check|explain)-[0-9a-f]{1,20}) "
    r"run=([1-9][0-9]{0,19}) -->"
)
_DOING = {
    "acknowledged": "Heard",
    "reproducing": "Reproduce: load the add-on in Blender and see what fails",
    "repairing": "Repair: rules first, then a model if there is one",
    "verifying": "Verify: the patch in every Blender, before and after",
    "done": "Done",
}
_LOOKING = {**_DOING, "repairing": "Read up", "verifying": "Report"}
_NOW = {
    "acknowledged": "On it.",
    "reproducing": "Reproducing what is wrong.",
    "repairing": "Looking for a repair.",
    "verifying": "Running the repair in Blender.",
    "done": "Writing it down.",
}
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
    Ending.SUPERSEDED: "Somebody asked again about the same problem; its own comment has what becomes of that.",
    Ending.REFUSED: "What the run left is not what it may leave, so nothing was done with it.",
    Ending.LIMITED: "A limit is reached.",
    Ending.FINISHED: "",
}
NEXT = {
    Ending.FAILED: "The log of the run says more. To try again: `/bcrag retry`.",
    Ending.TIMED_OUT: "To try again: `/bcrag retry`, or ask for less at once.",
    Ending.CANCELLED: "To start again: `/bcrag fix`.",
    Ending.SUPERSEDED: "Go on there: what is asked here now is asked anew.",
    Ending.REFUSED: "The bundle lies with the run. To try again with another hint: `/bcrag retry <hint>`.",
    Ending.LIMITED: "Ask again later.",
}
DELIVERED = {
    Delivery.OPENED: "Pull request #{pull} has the repair.",
    Delivery.UPDATED: "Pull request #{pull} is updated.",
    Delivery.UNCHANGED: "Pull request #{pull} has this very patch already.",
    Delivery.SUGGESTED: "The changes are suggestions in a review of this pull request.",
    Delivery.BRANCH: "The repair is on a branch; opening pull requests is not allowed here. [Open one]({url}).",
    Delivery.ARTIFACT: "The patch lies with [the run]({run}), as `patch.diff` in the artifact `bcrag-bundle`: "
    "download it and type `git apply patch.diff`.",
    Delivery.CLOSED: "Pull request #{pull} of this problem was closed, so it is left alone. Reopen it and ask again "
    "to have it updated. The patch lies with [the run]({run}).",
    Delivery.FOREIGN: "Somebody has pushed to the branch of this problem: it is theirs, and was not touched. The patch "
    "lies with [the run]({run}).",
}
MOST_FAULTS = 12
MOST_NOTES = 10
RUN = "[The run, with its log and the bundle]({url})"
NOT_DONE = "Nothing was changed: what was asked for was not reached."


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
    doing = _LOOKING if errand.command.verb in (Verb.CHECK, Verb.EXPLAIN) else _DOING
    lines = []
    for number, each in enumerate(STAGES):
        box = "x" if number < reached or (stage in ("acknowledged", "done") and number <= reached) else " "
        text = doing[each]
        lines.append(f"- [{box}] **{text}**" if number == reached else f"- [{box}] {text}")
    parts = (
        marker(errand),
        f"**{_NOW[stage]}** {ASKED.format(command=_command(errand))}\n",
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


def _told(errand: Errand, ended: Result) -> list[str]:
    report = ended.report if ended.ending is Ending.FINISHED else None
    why = ended.why or DEFAULT_WHY[ended.ending]
    parts = [f"{why}\n" if why else ""]
    if ended.details:
        parts.append(fenced(block(ended.details, 2_000), "text"))
    delivered = DELIVERED.get(ended.delivery)
    if delivered:
        said = delivered.format(pull=ended.pull, url=ended.url, run=ended.run_url)
        parts.append(f"**{said}**\n" if ended.delivery in (Delivery.OPENED, Delivery.UPDATED) else f"{said}\n")
    if report is not None:
        parts.append(f"{prose(report.summary, 2_000)}\n")
        if report.answer is not None:
            parts.append(markdown_model.answer(report))
        if report.status in (Status.UNREPAIRED, Status.PARTIAL) or errand.command.verb is Verb.CHECK:
            parts.append(_faults(report))
    return parts


def _next(errand: Errand, ended: Result) -> list[str]:
    report = ended.report if ended.ending is Ending.FINISHED else None
    advice = NEXT.get(ended.ending, NEXT[Ending.FAILED]) if report is None else _advice(errand, report)
    cure = ended.cure or advice
    notes = "".join(f"- {note}\n" for note in ended.notes[:MOST_NOTES])
    return [
        f"{cure}\n",
        notes,
        f"<sub>{_releases(report)}{RUN.format(url=ended.run_url)}</sub>\n" if ended.run_url else "",
    ]


def _advice(errand: Errand, report: Report) -> str:
    if report.patch is not None:
        return "Not what you want? `/bcrag retry <hint>` revises it."
    match report.status:
        case Status.UNREPAIRED if errand.command.verb is Verb.CHECK:
            return "To have it repaired: `/bcrag fix`."
        case Status.UNREPAIRED | Status.PARTIAL:
            return "With a hint it may go better: `/bcrag retry <hint>`."
        case Status.CLEAN:
            return "Does something fail that was not tried? Paste the traceback in a comment and ask `/bcrag retry`."
        case Status.ANSWERED:
            return "To ask further: `/bcrag explain <question>`."
        case _:
            return NEXT[Ending.FAILED]


def _faults(report: Report) -> str:
    found: Sequence[story.Found] = story.tell(report).remaining or story.tell(report).found
    if not found:
        return ""
    lines = []
    for one in found[:MOST_FAULTS]:
        fault = one.fault
        exception = f"{fault.exception}: " if fault.exception else ""
        place = f" in {code(fault.place, 200)}" if fault.path else ""
        lines.append(f"- {code(exception + fault.message, 300)}{place}")
    more = len(found) - MOST_FAULTS
    lines += [f"- and {plural(more, 'more')}" if more == 1 else f"- and {more} more"] if more > 0 else []
    return "\n".join(lines) + "\n"


def _releases(report: Report | None) -> str:
    if report is None or not report.ran_in:
        return ""
    return f"Run in Blender {', '.join(map(str, report.ran_in))} · "


def _command(errand: Errand) -> str:
    command = errand.command
    words = " ".join(filter(None, (command.verb.value, *map(str, command.releases), sentence(command.words))))
    return code(words, 200)
