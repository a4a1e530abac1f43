"""The workflow run a bundle is expected from: this one, or one that GitHub is asked about."""

from __future__ import annotations

from dataclasses import dataclass

from bot.host.github import GitHub
from bot.host.surroundings import Surroundings
from bot.host.values import Repo, Run
from bot.models.errand import Errand
from bot.publishing.origin import Origin
from bot.publishing.refusals import Refusal

WORKFLOWS = (".github/workflows/bcrag.yml", ".github/workflows/bcrag-weekly.yml")
"""Where `bot init` writes the workflows whose runs make bundles."""

EVENTS = frozenset({"issue_comment", "issues", "schedule", "workflow_dispatch", "workflow_run"})
"""What can start such a run from the default branch alone: a pull request brings its own idea of the workflow."""

OTHER_RUN = "it was made by another workflow run"
OTHER_ATTEMPT = "it was made by another attempt of this run"
OTHER_WORKFLOW = "it was made by another workflow"
OTHER_ERRAND = "it was made for another errand"
OTHER_HEAD = "the workflow that made it ran at another commit"

STRANGE_RUN = "The bundle's workflow run is not one that makes bundles."
STRANGE_RUN_CURE = "Give the number of a run of {workflow}, on the default branch of this repository."
ELSEWHERE = "run {run} belongs to another repository"
NOT_ITS_WORKFLOW = "run {run} is of another workflow"
NOT_THE_BRANCH = "run {run} took its workflow from another branch than the default one"
NOT_ITS_EVENT = "run {run} was started by {event!r}"


@dataclass(frozen=True)
class Expected:
    """A workflow run, its attempts from `first` to `last`, the workflow it is of, and the commit that was at."""

    run: int
    first: int
    last: int
    workflow: str
    head: str = ""
    errand: Errand | None = None
    """What it did; null where nobody but the bundle says so."""

    @classmethod
    def here(cls, around: Surroundings, errand: Errand) -> Expected:
        """This very run. When failed jobs are run again, a bundle may be of any attempt since the errand's."""
        head = around.environment.get("GITHUB_SHA", "")
        return cls(around.run, errand.attempt, around.attempt, around.workflow, head, errand)

    def strange(self, origin: Origin) -> str:
        """How a bundle's origin differs; empty where it does not."""
        if origin.run != self.run:
            return OTHER_RUN
        if not self.first <= origin.attempt <= self.last:
            return OTHER_ATTEMPT
        if not self.workflow or origin.workflow != self.workflow:
            return OTHER_WORKFLOW
        if self.head and origin.head != self.head:
            return OTHER_HEAD
        if self.errand is not None and not self._of_errand(origin.errand, self.errand):
            return OTHER_ERRAND
        return ""

    def _of_errand(self, theirs: Errand, ours: Errand) -> bool:
        """Whether two errands are the same, as far as they can be in different runs."""
        if ours.run == self.run:
            return theirs == ours
        own = {name: getattr(ours, name) for name in ("run", "attempt", "comment", "asked_at", "asked_by", "trigger")}
        return theirs.run == self.run and theirs.model_copy(update=own) == ours


def of_run(host: GitHub, number: int, errand: Errand | None) -> Expected | Refusal:
    """Another run, as GitHub knows it: it must be of a workflow that makes bundles, of this very repository.

    Raises:
        HostError: GitHub does not know it.
    """
    run, repo = host.run(number), host.about()
    path = run.path.partition("@")[0]
    if wrong := _wrong(run, repo, path in WORKFLOWS):
        details = wrong.format(run=number, event=run.event[:40])
        return Refusal(STRANGE_RUN, STRANGE_RUN_CURE.format(workflow=" or ".join(WORKFLOWS)), details)
    ref = f"{repo.full_name}/{path}@refs/heads/{repo.default_branch}"
    return Expected(run.id, 1, max(run.run_attempt, 1), ref, run.head_sha, errand)


def _wrong(run: Run, repo: Repo, its_workflow: bool) -> str:
    if run.repository != repo.full_name or run.head_repository != repo.full_name:
        return ELSEWHERE
    if not its_workflow:
        return NOT_ITS_WORKFLOW
    if run.head_branch != repo.default_branch:
        return NOT_THE_BRANCH
    return NOT_ITS_EVENT if run.event not in EVENTS else ""
