"""From a task to a snippet: draft, check, run, heal; then the critic. The loop, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.models.opinion import Opinion
from bot.models.snippet import Draft, SnippetAttempt, SnippetRequest
from bot.snippets.base import Tell, Tools
from bot.snippets.check import check
from bot.snippets.draft import draft
from bot.snippets.heal import best, stuck, wrong
from bot.snippets.opinion import opinion
from bot.snippets.run import Looked, run
from bot.snippets.telling import Telling
from bot.steps.asking import Unanswered

ASKING = "asking for the code (attempt {number} of {most})"
CHECKING = "reading the code"
RUNNING = "running it twice in Blender {releases}"
JUDGING = "asking a critic"


@dataclass
class Written:
    """What came of it: every attempt, the one to hand over with its render, and why no model answered any more."""

    attempts: list[SnippetAttempt] = field(default_factory=list)
    pictures: dict[int, Path] = field(default_factory=dict)
    opinion: Opinion | None = None
    unanswered: Unanswered | None = None
    timings: dict[str, float] = field(default_factory=dict)

    @property
    def best(self) -> SnippetAttempt | None:
        """The attempt to hand over."""
        return best(self.attempts)


def write(request: SnippetRequest, tools: Tools, tell: Tell) -> Written:
    """Try until nothing speaks against it, or trying is over. What is refused unread by Blender is never run."""
    done = Written()
    tools = replace(tools, models=Telling(tools.models, tell))
    for number in range(1, request.max_attempts + 1):
        tell(ASKING.format(number=number, most=request.max_attempts))
        with _timed(done, "draft"):
            made = draft(request, done.attempts, tools)
        if isinstance(made, Unanswered):
            done.unanswered = made
            break
        done.attempts.append(_tried(request, made, number, done, tools, tell))
        if done.attempts[-1].good or stuck(done.attempts):
            break
    chosen = done.best
    if chosen is not None and chosen.good:
        tell(JUDGING)
        with _timed(done, "critique"):
            done.opinion = opinion(request, chosen, tools)
    return done


def _tried(
    request: SnippetRequest, made: Draft, number: int, done: Written, tools: Tools, tell: Tell
) -> SnippetAttempt:
    folder = tools.work / f"attempt-{number}"
    tell(CHECKING)
    with _timed(done, "check"):
        checked = check(request, made, folder, tools)
    looked = Looked((), None)
    if not checked.complaints:
        tell(RUNNING.format(releases=", ".join(map(str, request.releases))))
        with _timed(done, "run"):
            looked = run(request, made, folder / "run", tools)
    if looked.picture is not None:
        done.pictures[number] = looked.picture
    why = wrong(checked, looked.runs)
    return SnippetAttempt(number=number, draft=made, check=checked, runs=looked.runs, why=why)


@contextmanager
def _timed(done: Written, step: str) -> Iterator[None]:
    begin = time.monotonic()
    try:
        yield
    finally:
        done.timings[step] = done.timings.get(step, 0.0) + time.monotonic() - begin
