"""What `bot init` says: the files, what each permission is for, and what is left to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.commands.initialising.files import Planned
from bot.models.addon import Addon
from bot.reporting.text import block, line, shell_word
from bot.workflows.answers import Answers
from bot.workflows.filling import Workflow
from bot.workflows.pins import on_github
from bot.workflows.placing import State
from indexer.git import text

FOUND = "Add-ons in {root}:"
FILE = "{path}  ({state})"
ABOUT = "    {about}"
JOB = "    job {job}: {does}"
RIGHT = "      {right:<22} {why}"
SAME_JOBS = "    Its jobs and their permissions are those above."
CONFIGURATION = "What runs anywhere should know."

NEXT = "What is left to do:"
ADD = "Add to {file}, which is left as it is: {lines}"
COMMIT = "Commit and push to {branch}: git add {paths} && git commit -m 'Add bcrag' && git push"
ALLOW = "Let it open pull requests: tick «Allow GitHub Actions to create and approve pull requests» in {place}"
KEY = "Give it the model's key: a secret {key}, best of a key with its own spending limit, in {place}"
CI = (
    "If CI is to start on its pull requests: a secret BCRAG_TOKEN (a fine-grained token), or a GitHub App's "
    "BCRAG_APP_ID and BCRAG_APP_PRIVATE_KEY, in {place}"
)
TRY = "Try it: write `/bcrag check` as a comment on an issue."
ACTIONS = "Settings › Actions › General"
SECRETS = "Settings › Secrets and variables › Actions"


def found(addons: Sequence[Addon], root: Path) -> Iterator[str]:
    """The add-ons there are."""
    yield FOUND.format(root=line(str(root)))
    for one in addons:
        yield f"  {line(one.path)}  {line(one.name)}"
    yield ""


def plan(planned: Planned, workflows: Sequence[Workflow], *, whole: bool) -> Iterator[str]:
    """Each file, what it is for, and what each of its permissions is for; `whole`: and all of its text."""
    by_path = {workflow.path: workflow for workflow in workflows}
    explained: set[object] = set()
    for file in planned.files:
        workflow = by_path.get(file.path)
        yield FILE.format(path=file.path, state=file.state.value)
        yield ABOUT.format(about=workflow.about if workflow else CONFIGURATION)
        if workflow and workflow.rights in explained:
            yield SAME_JOBS
        elif workflow:
            explained.add(workflow.rights)
            yield from _rights(workflow)
        if whole:
            yield from ("", *(f"    | {one}".rstrip() for one in file.text.splitlines()))
        elif file.state is State.CHANGED:
            yield from ("", *(f"    {block(one, 400)}" for one in file.difference()))
        yield ""


def repository_of(root: Path) -> str | None:
    """Owner and name of the repository on GitHub that a checkout's remote `origin` is."""
    return on_github(text(root, "config", "--get", "remote.origin.url"))


def left_to_do(root: Path, answers: Answers, planned: Planned) -> Iterator[str]:
    """What a person has to do on GitHub, with the pages it is done on."""
    name = repository_of(root)
    settings = f"https://github.com/{name}/settings"
    secrets = f"{settings}/secrets/actions" if name else SECRETS
    steps = []
    if planned.lacking:
        steps.append(ADD.format(file=planned.configuration, lines="; ".join(planned.lacking)))
    paths = " ".join(shell_word(file.path) for file in planned.files)
    steps.append(COMMIT.format(branch=answers.branch, paths=paths))
    steps.append(ALLOW.format(place=f"{settings}/actions" if name else ACTIONS))
    if answers.key:
        steps.append(KEY.format(key=answers.key, place=secrets))
    yield NEXT
    for number, step in enumerate([*steps, CI.format(place=secrets), TRY], 1):
        yield f"  {number}. {step}"


def _rights(workflow: Workflow) -> Iterator[str]:
    for rights in workflow.rights:
        yield JOB.format(job=rights.job, does=rights.does)
        for one in rights.permissions:
            yield RIGHT.format(right=f"{one.name}: {one.level}", why=one.why)
