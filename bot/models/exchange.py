"""What a model is asked, and what comes of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from bot.models.base import Frozen


class Role(StrEnum):
    """What a call is for; each can have a model, an effort, a temperature and limits of its own."""

    ROUTER = "router"
    """Which path a task takes, where that is not plain."""
    PLANNER = "planner"
    """Takes a task apart."""
    REPRODUCER = "reproducer"
    """Writes a script that shows the fault."""
    PATCHER = "patcher"
    """Writes the first patch."""
    HEALER = "healer"
    """Mends a patch that failed."""
    CRITIC = "critic"
    """Gives an opinion of a patch the machine's checks accept."""
    EXPLAINER = "explainer"
    """Answers a question, and changes nothing."""
    WRITER = "writer"
    """Writes a snippet."""


class Message(Frozen):
    """One turn of a conversation with a model."""

    speaker: Literal["system", "user", "assistant"]
    text: str


class Call(Frozen):
    """One question to a model: everything that decides the answer, so that equal calls can share it.

    `prompt` names the template and its version (`patch/1`). `schema_` is a JSON schema where the answer is an
    object; where it is null the answer is Markdown. `model` is empty where the provider chooses.
    """

    role: Role
    prompt: str
    messages: tuple[Message, ...]
    schema_: dict[str, Any] | None = Field(default=None, alias="schema", serialization_alias="schema")
    shape: str = ""
    """One line for a person who answers: what the answer must look like."""
    model: str = ""
    max_output_tokens: int = 4000
    temperature: float | None = None
    effort: Literal["minimal", "low", "medium", "high"] | None = None
    sample: int = 0
    """Which of several answers to the same question this is; only tells calls apart."""

    model_config = {"populate_by_name": True}


class Reply(Frozen):
    """An answer. `usd` is null where no price is known; `cached` says that it was not paid for again."""

    text: str
    provider: str
    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float | None = 0.0
    seconds: float = 0.0
    cached: bool = False


class FailureKind(StrEnum):
    """Why there is no answer."""

    RATE_LIMITED = "rate limited"
    OVERLOADED = "overloaded"
    """The server failed (5xx), or says that it is busy."""
    TIMED_OUT = "timed out"
    UNREACHABLE = "unreachable"
    CUT = "cut off"
    """The answer or its stream ended before it was whole."""
    MALFORMED = "malformed"
    """What came is no answer of the protocol, or not the object that was asked for."""
    EMPTY = "empty"
    TOO_LONG = "too long"
    """The prompt does not fit the model's context."""
    FILTERED = "filtered"
    """The provider's content filter refused."""
    UNAUTHORISED = "unauthorised"
    """The key is missing, wrong, or may not use the model."""
    NO_MODEL = "no such model"
    OUT_OF_MONEY = "out of money"
    """The account's quota, or the limit of this run."""
    REFUSED = "refused"
    """The server does not take the request as it is (another 4xx)."""
    ENDED = "ended"
    """Nobody answers any more: the run's time is over, or the script has no further reply."""


class Failure(Frozen):
    """No answer, and why: a sentence for people, without secrets, and seconds to wait where the server named them."""

    kind: FailureKind
    provider: str
    message: str
    retry_after: float | None = None


class Exchange(Frozen):
    """One line of the bill: a call, and what came of it. Nothing of the prompt or the answer is in it."""

    step: str
    role: Role
    prompt: str
    provider: str
    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float | None = 0.0
    seconds: float = 0.0
    cached: bool = False
    failure: FailureKind | None = None
    note: str = ""
