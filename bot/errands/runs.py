"""The workflow runs of an issue: how they stand, and stopping them."""

from __future__ import annotations

from bot.errands import replies, watching
from bot.host.errors import HostError, NotThere
from bot.host.github import GitHub
from bot.host.values import Run
from bot.publishing import ours, problems

NEWEST = 5
"""Runs that are looked at."""


def status(host: GitHub, number: int, current: int) -> str:
    """What is being done about an issue or pull request, as an answer."""
    found = _runs(host, number, current)
    wanted = {number, *(problems.number(problem) for problem, _ in found)}
    pulls = [
        (problem, pull)
        for problem, pull in ours.open_pulls(host)
        if pull.number == number or problems.number(problem) in wanted
    ]
    return replies.status(found, pulls)


def stop(host: GitHub, number: int, current: int) -> str:
    """Stop what is being done about an issue or pull request; the answer."""
    running = [run for _, run in _runs(host, number, current) if run.status != "completed"]
    late = [run for run in running if _repaired(host, run)]
    done = [run for run in running if run not in late and host.cancel_run(run.id)]
    return replies.stopped(done, late, [run for run in running if run not in (*done, *late)])


def _repaired(host: GitHub, run: Run) -> bool:
    """Whether a run is at its last job, which publishes the result whatever happens, and which GitHub does not stop."""
    try:
        job = watching.repairing(host.jobs(run.id))
    except HostError:
        return False
    return job is not None and job.status == "completed"


def _runs(host: GitHub, number: int, current: int) -> list[tuple[str, Run]]:
    """The newest runs, each with its problem: those of the workflow that asks, and of no other."""
    me = host.me()
    marks = ours.here(host, number, me)
    own = next((problem for problem, pull in ours.open_pulls(host) if pull.number == number), None)
    origin = problems.number(own) if own else None
    if origin is not None and origin != number:
        marks = sorted([*marks, *ours.here(host, origin, me)], key=lambda mark: mark.run, reverse=True)
    found: list[tuple[str, Run]] = []
    workflow = _file(host.run(current).path) if marks else ""
    for mark in marks[:NEWEST]:
        try:
            run = host.run(mark.run)
        except NotThere:
            continue
        if run.id != current and _file(run.path) == workflow and _ours(host, run):
            found.append((mark.problem, run))
    return found


def _file(path: str) -> str:
    return path.partition("@")[0]


def _ours(host: GitHub, run: Run) -> bool:
    return run.repository is not None and run.repository.lower() == host.repository.lower()
