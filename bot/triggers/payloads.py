"""The shapes of event payloads, as far as they are read: bounded, and everything else in them left alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from bot.models.errand import Branch, Login, RepositoryName, Sha

MAX_TEXT = 300_000
"""Characters of a comment or an issue; GitHub takes fewer."""
MAX_TITLE = 2_000
MAX_INPUTS = 25
MAX_INPUT = 70_000


class Shape(BaseModel):
    """A part of a payload."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def _text(value: object) -> object:
    """Null is no text; half of a character, as JSON can hold it, is none either."""
    if value is None:
        return ""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


Text = Annotated[StrictStr, Field(max_length=MAX_TEXT), BeforeValidator(_text)]
Title = Annotated[StrictStr, Field(max_length=MAX_TITLE), BeforeValidator(_text)]
Name = Annotated[StrictStr, Field(max_length=250), BeforeValidator(_text)]
Number = Annotated[StrictInt, Field(gt=0, lt=2**63)]


class Account(Shape):
    """Who did or wrote something."""

    login: Login
    id: Number
    type: Name = "User"


class Repository(Shape):
    """The repository of an event."""

    full_name: RepositoryName


class Label(Shape):
    """A label."""

    name: Name


class Comment(Shape):
    """A comment. `user` is null where the account is gone."""

    id: Number
    body: Text
    user: Account | None
    created_at: AwareDatetime
    updated_at: AwareDatetime
    performed_via_github_app: Mapping[str, Any] | None = None


class Issue(Shape):
    """An issue, or a pull request seen as one."""

    number: Number
    title: Title = ""
    body: Text = ""
    user: Account | None
    locked: StrictBool = False
    pull_request: Mapping[str, Any] | None = None
    created_at: AwareDatetime
    updated_at: AwareDatetime
    performed_via_github_app: Mapping[str, Any] | None = None


class Tip(Shape):
    """One end of a pull request; the repository is null where it is gone."""

    ref: Branch
    sha: Sha
    repo: Repository | None


class Pull(Shape):
    """A pull request."""

    number: Number
    title: Title = ""
    body: Text = ""
    locked: StrictBool = False
    head: Tip
    base: Tip
    updated_at: AwareDatetime


class Event(Shape):
    """What every event has."""

    action: Name = ""
    repository: Repository
    sender: Account | None = None


class IssueCommentEvent(Event):
    """Somebody wrote a comment."""

    issue: Issue
    comment: Comment


class IssuesEvent(Event):
    """Somebody opened or labelled an issue. `changes` says where it was before, if it was moved here."""

    issue: Issue
    label: Label | None = None
    changes: Mapping[str, Any] | None = None


class PullRequestEvent(Event):
    """Somebody labelled a pull request."""

    pull_request: Pull
    label: Label | None = None


def _inputs(value: object) -> object:
    """Null is no inputs, and an input that is null is not given."""
    if not isinstance(value, Mapping):
        return {} if value is None else value
    return {name: each for name, each in value.items() if each is not None}


Input = Annotated[StrictStr, Field(max_length=MAX_INPUT), BeforeValidator(_text)]
Inputs = Annotated[dict[Name, Input], Field(max_length=MAX_INPUTS), BeforeValidator(_inputs)]


class DispatchEvent(Event):
    """Somebody started the workflow by hand."""

    ref: Name = ""
    inputs: Inputs = {}
