"""What listening to an event came to: what is to be done, on what, for whom."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from bot.models.base import Frozen
from bot.models.command import Command, Verb
from bot.models.request import Mode, Trigger

Sha = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}$")]
RepositoryName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}$")]
Login = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})(?:\[bot\])?$")]
_BRANCH = re.compile(r"(?!.*(?:\.\.|@\{|//|/\.|\.lock(?:/|$)))(?![/.-])[^\x00-\x20\x7f~^:?*\[\\]{1,250}(?<![/.])")

BRANCHES = "bcrag/"
"""What the names of the bot's own branches begin with."""

ARTIFACTS_BRANCH = "bcrag-artifacts"
"""The branch renders are shown from."""


def _branch(name: str) -> str:
    if not _BRANCH.fullmatch(name):
        raise ValueError("no name of a branch")
    return name


Branch = Annotated[str, AfterValidator(_branch)]


class Subject(Frozen):
    """The issue or pull request an errand is about."""

    number: int = Field(gt=0)
    is_pull: bool = False
    from_fork: bool = False
    """A pull request whose commits lie in another repository."""


class Asker(Frozen):
    """The person who asked."""

    login: Login
    id: int = Field(gt=0)


class Errand(Frozen):
    """One thing to do. It is decided in a job that runs no foreign code, and handed from job to job as JSON."""

    repository: RepositoryName
    run: int = Field(gt=0)
    """The workflow run that does it."""
    attempt: int = Field(default=1, gt=0)
    command: Command
    trigger: Trigger
    problem: Annotated[str, StringConstraints(pattern=r"^(?:fix|test|refactor|feature|check|explain)-[0-9a-f]{1,20}$")]
    """Which problem: the same one has the same branch and the same pull request."""
    subject: Subject | None = None
    base: Branch
    """The branch a pull request goes to."""
    commit: Sha
    """What everything is compared with, pinned at the start."""
    asked_by: Asker | None = None
    asked_at: datetime
    """When: what was changed later was not what the asker saw."""
    comment: int | None = None
    """The progress comment."""

    @property
    def branch(self) -> str:
        """The branch of the problem."""
        return BRANCHES + self.problem

    @property
    def about(self) -> int | None:
        """The issue or pull request it is about, null where it is about none.

        That is the one it was asked on, but for the bot's own pull request: another try there is about what that
        answers, which its problem says.
        """
        key = self.problem.partition("-")[2]
        return int(key) if self.subject is not None and key.isdecimal() else None

    @property
    def mode(self) -> Mode:
        """The kind of work: of another try, the kind its problem is of."""
        again = self.command.verb in (Verb.FIX, Verb.RETRY)
        return Mode(self.problem.partition("-")[0]) if again else self.command.verb.mode

    @property
    def trusted(self) -> bool:
        """Whether a model's key may be there: never where the code comes from a fork."""
        return self.subject is None or not self.subject.from_fork
