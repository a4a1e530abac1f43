"""What the bot answers at once, as Markdown. Strangers are answered nothing: that is for the log alone."""

from __future__ import annotations

from collections.abc import Sequence

from bot.errors import BcragError
from bot.host.values import Pull, Run
from bot.publishing import problems
from bot.reporting.marked import worded

COMMANDS = (
    ("fix [hint]", "find what is wrong, repair it, prove it, open a pull request"),
    ("retry [hint]", "try again with a hint: `/bcrag retry use bmesh instead`; the same pull request is updated"),
    ("explain [question]", "answer, with sources; changes nothing (needs a model)"),
    ("test [what]", "write tests that fail without the behaviour (needs a model)"),
    ("refactor <what>", "change the code, not what it does (needs a model)"),
    ("feature <what>", "add something small, with its test (needs a model)"),
    ("check [release…]", "only look: `/bcrag check 4.2 4.5`"),
    ("status", "what is going on here"),
    ("stop", "stop it, unless its result is being published already"),
    ("help", "this table"),
)
"""Every command with what happens; docs/github.md has the same table."""
TABLE = "| command | what happens |\n|---|---|\n" + "".join(
    f"| `/bcrag {name}` | {does} |\n" for name, does in COMMANDS
)
HELP = f"""\
**What you can ask** — as the first line of a comment, with permission to write to this repository:

{TABLE}
The label `bcrag` does what `/bcrag fix` does, `bcrag: check` what `/bcrag check` does, and so on.
"""

MISUNDERSTOOD = "{reason}\n\n`/bcrag help` says more.\n"
HINDERED = "This was not done: {why}\n\n{cure}\n"

NOTHING_HERE = "Nothing is being done here, and nothing is open. `/bcrag help` says what can be asked.\n"
RUNS = "- [Run {run}]({url}), {what}: {state}"
PULLS = "- Pull request #{number} is open{draft}"
DRAFT = " as a draft"

CLOSED_PULL = "This pull request is closed, so there is nothing to put a change on. Reopen it, or ask on an issue.\n"
NO_COMMIT = "The branch it would start from, `{branch}`, is not there.\n"
ODD = "GitHub's answer names a branch or a commit that the bot does not take: {what}.\n"
RUNS_LIMIT = (
    "The bot has run as often in the last 24 hours as it may ({most}). Ask again later, or raise "
    "`max_runs_per_day` in the table `[github]` of `bcrag.toml`.\n"
)
PULLS_LIMIT = (
    "The bot has as many pull requests open as it may ({most}). Merge or close some, or raise "
    "`max_open_pulls` in the table `[github]` of `bcrag.toml`.\n"
)

NOT_RUNNING = "Nothing is running here.\n"
STOPPED = "Stopped: {runs}. What was done so far is thrown away; nothing in the repository was changed by it.\n"
TOO_LATE = (
    "Too late to stop {runs}: the work is done, and its result is being published. If you do not want the pull request "
    "that may come of it, close it.\n"
)
NOT_STOPPED = "GitHub did not stop {runs}: it may just have ended, or the job `listen` has no right `actions: write`.\n"
WHICH = "[run {run}]({url})"


def misunderstood(reason: str) -> str:
    """To a command that is none."""
    return MISUNDERSTOOD.format(reason=reason)


def hindered(error: BcragError) -> str:
    """Why nothing is done, where it is for people to mend. Some of it is what stands in files of the repository."""
    return HINDERED.format(why=worded(str(error)), cure=worded(error.cure))


def status(runs: Sequence[tuple[str, Run]], pulls: Sequence[tuple[str, Pull]]) -> str:
    """What is being done about an issue: its newest runs, its open pull requests."""
    lines = [RUNS.format(run=run.id, url=run.html_url, what=_what(problem), state=state(run)) for problem, run in runs]
    lines += [PULLS.format(number=pull.number, draft=DRAFT if pull.draft else "") for _, pull in pulls]
    return "\n".join(lines) + "\n" if lines else NOTHING_HERE


def state(run: Run) -> str:
    """How a run stands, in words."""
    if run.status != "completed":
        return "waiting" if run.status in ("queued", "pending", "waiting", "requested") else "in progress"
    known = {"success": "done", "cancelled": "cancelled", "timed_out": "timed out", "failure": "failed"}
    return known.get(run.conclusion or "", "ended early")


def stopped(done: Sequence[Run], late: Sequence[Run], left: Sequence[Run]) -> str:
    """What came of `/bcrag stop`: of what was stopped, what had done its work already, and what GitHub did not stop."""
    parts = ((STOPPED, done), (TOO_LATE, late), (NOT_STOPPED, left))
    return "\n".join(text.format(runs=_named(runs)) for text, runs in parts if runs) or NOT_RUNNING


def _what(problem: str) -> str:
    """What a run does: `fix of #12`."""
    number = problems.number(problem)
    return problem.partition("-")[0] + (f" of #{number}" if number is not None else "")


def _named(runs: Sequence[Run]) -> str:
    return ", ".join(WHICH.format(run=run.id, url=run.html_url) for run in runs)
