"""What `bot init` has to know before it writes anything."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator

from bot.models.base import Frozen
from bot.models.errand import Branch, RepositoryName, Sha
from bot.models.release import Release

NONE = "none"
KEYS = {"openai": "OPENAI_API_KEY", "openrouter": "OPENROUTER_API_KEY"}
"""Providers that can be reached from GitHub's runners without an address, and the secret that holds their key."""
ADDRESS_KEY = "BCRAG_LLM_KEY"
"""The secret for an address of one's own."""

BAD_MODEL = "{text!r} is no model a workflow can use"

_MODEL = re.compile(r"(?P<name>[a-z]+)(?::[A-Za-z0-9][A-Za-z0-9._/:@-]{0,120})?")
_ADDRESS = re.compile(
    r"https?://[A-Za-z0-9.-]{1,253}(?::\d{1,5})?(?:/[A-Za-z0-9._~/-]{0,200})?(?:#[A-Za-z0-9._/:@-]{1,120})?"
)


class Pin(Frozen):
    """The Action, at one commit: `owner/name@commit`, and what people call that commit."""

    repository: RepositoryName
    commit: Sha
    version: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.+-]{0,60}$")]


class Answers(Frozen):
    """Everything the templates are filled in with; nothing of it can end a line or begin an expression."""

    pin: Pin
    branch: Branch
    """The default branch."""
    releases: tuple[Release, ...] = Field(min_length=1, max_length=20)
    """Blenders that are kept in the cache."""
    newest: Release
    """The newest there is to install: what the weekly run is about."""
    llm: str = NONE
    """The model for what rules leave."""
    max_cost: float = Field(default=0.5, ge=0, le=1000)
    """US dollars one run may cost, where there is a model."""
    progress: bool = True
    weekly: bool = True

    @field_validator("llm")
    @classmethod
    def _known(cls, text: str) -> str:
        found = _MODEL.fullmatch(text)
        if text != NONE and not _ADDRESS.fullmatch(text) and not (found and found["name"] in KEYS):
            raise ValueError(BAD_MODEL.format(text=text[:80]))
        return text

    @field_validator("branch")
    @classmethod
    def _plain(cls, name: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._/+-]*", name):
            raise ValueError("no name that can stand in a workflow")
        return name

    @property
    def key(self) -> str:
        """The secret that holds the model's key; empty where there is no model."""
        if self.llm == NONE:
            return ""
        return KEYS.get(self.llm.partition(":")[0], ADDRESS_KEY)
