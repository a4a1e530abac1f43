"""What GitHub's answers say, as far as we read them. Anything else in an answer is left alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

GHOST = {"login": "ghost", "id": 0, "type": "User"}
"""Whom GitHub names where an account was deleted."""


class Seen(BaseModel):
    """A value read from an answer: it never changes, and knows only the fields it has a use for."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def _text(value: object) -> object:
    return "" if value is None else value


def _user(value: object) -> object:
    return GHOST if value is None else value


def _full_name(value: object) -> object:
    return value.get("full_name") if isinstance(value, Mapping) else value


def _names(value: object) -> object:
    """Labels: GitHub gives names, or objects that have one."""
    if not isinstance(value, list | tuple):
        return ()
    names = (label.get("name") if isinstance(label, Mapping) else label for label in value)
    return tuple(name for name in names if isinstance(name, str))


Text = Annotated[str, BeforeValidator(_text)]
"""Empty where GitHub says null."""
FullName = Annotated[str | None, BeforeValidator(_full_name)]
"""`owner/name` of a repository; null where it was deleted."""
Labels = Annotated[tuple[str, ...], BeforeValidator(_names)]


class TokenKind(StrEnum):
    """Whose token it is."""

    ACTIONS = "actions"
    """The workflow's own: what is done with it starts no workflows."""
    APP = "app"
    """A GitHub App's, for one repository."""
    PERSONAL = "personal"


class Token(Seen):
    """What we are known to GitHub by. It is never shown: `value.get_secret_value()` is for the wire alone."""

    kind: TokenKind
    value: SecretStr = Field(repr=False)
    login: str = ""
    """Who speaks, where that is known."""


class Permission(IntEnum):
    """What a person may do with a repository; more is greater."""

    NONE = 0
    READ = 1
    TRIAGE = 2
    WRITE = 3
    MAINTAIN = 4
    ADMIN = 5


class User(Seen):
    """A person or a bot."""

    login: str
    id: int = 0
    type: Text = "User"

    @property
    def is_bot(self) -> bool:
        """Whether it is no person."""
        return self.type == "Bot" or self.login.endswith("[bot]")


Author = Annotated[User, BeforeValidator(_user)]


class Repo(Seen):
    """A repository."""

    full_name: str
    default_branch: str
    private: bool = False
    fork: bool = False
    html_url: str = ""
    has_issues: bool = True
    archived: bool = False


class Issue(Seen):
    """An issue, or a pull request seen as one."""

    number: int
    title: Text = ""
    body: Text = ""
    state: str = "open"
    user: Author
    labels: Labels = ()
    html_url: Text = ""
    created_at: datetime
    updated_at: datetime
    is_pull: bool = False

    @model_validator(mode="before")
    @classmethod
    def _kind(cls, data: Any) -> Any:
        if isinstance(data, Mapping) and "is_pull" not in data:
            return {**data, "is_pull": data.get("pull_request") is not None}
        return data


class Comment(Seen):
    """A comment on an issue or a pull request."""

    id: int
    body: Text = ""
    user: Author
    created_at: datetime
    updated_at: datetime
    html_url: Text = ""
    issue_url: Text = ""

    @property
    def issue(self) -> int | None:
        """The number of the issue it stands on."""
        last = self.issue_url.rpartition("/")[2]
        return int(last) if last.isdecimal() else None


class Tip(Seen):
    """One end of a pull request."""

    ref: str
    sha: str
    repo: FullName = None


class Pull(Seen):
    """A pull request."""

    number: int
    title: Text = ""
    body: Text = ""
    state: str = "open"
    merged: bool = False
    draft: bool = False
    head: Tip
    base: Tip
    user: Author
    labels: Labels = ()
    html_url: Text = ""
    node_id: Text = ""

    @model_validator(mode="before")
    @classmethod
    def _facts(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        merged = bool(data.get("merged")) or data.get("merged_at") is not None
        return {**data, "merged": merged, "draft": bool(data.get("draft"))}


class ChangedFile(NamedTuple):
    """A file of a pull request; `patch` is empty where GitHub shows none."""

    path: str
    status: str
    patch: str


class Commit(Seen):
    """A commit. The logins are empty where GitHub knows no account for an address."""

    sha: str
    tree: str
    parents: tuple[str, ...] = ()
    message: Text = ""
    author_login: Text = ""
    author_email: Text = ""
    committer_login: Text = ""

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, data: Any) -> Any:
        """GitHub's shape, as commits and comparisons give it, made flat."""
        if not isinstance(data, Mapping) or not isinstance(data.get("commit"), Mapping):
            return data
        inner = data["commit"]
        return {
            "sha": data.get("sha"),
            "tree": _of(inner, "tree", "sha"),
            "parents": tuple(parent["sha"] for parent in data.get("parents") or ()),
            "message": inner.get("message"),
            "author_login": _of(data, "author", "login"),
            "author_email": _of(inner, "author", "email"),
            "committer_login": _of(data, "committer", "login"),
        }


def _of(data: Mapping[str, Any], name: str, field: str) -> Any:
    part = data.get(name)
    return part.get(field) if isinstance(part, Mapping) else None


class Entry(Seen):
    """A file, folder or submodule of a tree."""

    path: str
    mode: str
    type: str
    sha: str
    size: int | None = None


class Run(Seen):
    """A workflow run."""

    id: int
    path: Text = ""
    """The workflow's file, with `@REF` where GitHub says so."""
    event: Text = ""
    head_sha: Text = ""
    head_branch: Text = ""
    repository: FullName = None
    head_repository: FullName = None
    conclusion: str | None = None
    status: Text = ""
    created_at: datetime
    html_url: Text = ""
    run_attempt: int = 1


class Step(Seen):
    """A step of a job."""

    name: str
    status: Text = ""
    conclusion: str | None = None


class Job(Seen):
    """A job of a workflow run."""

    name: str
    status: Text = ""
    conclusion: str | None = None
    steps: tuple[Step, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _begun(cls, data: Any) -> Any:
        if isinstance(data, Mapping) and data.get("steps") is None:
            return {**data, "steps": ()}
        return data


class Artifact(Seen):
    """What a run left behind."""

    id: int
    name: str
    size: int = Field(default=0, alias="size_in_bytes")
    expired: bool = False
    created_at: datetime | None = None

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)
