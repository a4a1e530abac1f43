"""How far a run is: the steps of its job `repair`, looked at now and then until it is over."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum

from bot.host.errors import HostError, RateLimited
from bot.host.github import GitHub
from bot.host.values import Job

JOB = "repair"
INTERVAL = 15.0
"""Seconds between two looks: a token of a workflow has a thousand requests an hour."""
MOST_FAILURES = 5
"""Looks in a row that may come to nothing."""


class Stage(StrEnum):
    """What a run does now."""

    REPRODUCING = "reproducing"
    REPAIRING = "repairing"
    VERIFYING = "verifying"


STEPS = {"reproduce": Stage.REPRODUCING, "repair": Stage.REPAIRING, "verify": Stage.VERIFYING}
"""By the names of the workflow's steps."""


def watch(
    host: GitHub,
    run: int,
    seconds: float,
    *,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
    interval: float = INTERVAL,
) -> Iterator[Stage]:
    """Each stage as it is reached, until the job is over, or the time is, or GitHub says no more. It raises nothing."""
    end = clock() + seconds
    reached: Stage | None = None
    failures = 0
    while True:
        wait = interval
        try:
            job = repairing(host.jobs(run))
            failures = 0
        except HostError as error:
            job = None
            failures += 1
            if failures >= MOST_FAILURES:
                return
            if isinstance(error, RateLimited):
                wait = max(wait, (error.until - datetime.now(UTC)).total_seconds())
        if job is not None:
            stage = _stage(job)
            if stage is not None and (reached is None or _order(stage) > _order(reached)):
                reached = stage
                yield stage
            if job.status == "completed":
                return
        if clock() + wait >= end:
            return
        sleep(wait)


def repairing(jobs: Sequence[Job]) -> Job | None:
    """The job that repairs; a matrix or a called workflow adds to its name."""
    named = [job for job in jobs if JOB in job.name.lower()]
    return min(named, key=lambda job: len(job.name), default=None)


def _stage(job: Job) -> Stage | None:
    """The last stage that was begun. A job that is over says nothing new: its result is told by another."""
    if job.status == "completed":
        return None
    begun = [
        stage
        for step in job.steps
        if step.status in ("in_progress", "completed") and step.conclusion != "skipped"
        if (stage := STEPS.get(step.name.strip().lower())) is not None
    ]
    return begun[-1] if begun else None


def _order(stage: Stage) -> int:
    return list(Stage).index(stage)
