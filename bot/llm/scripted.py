"""A model that answers from a script: the real loop runs with it, in tests and in demonstrations."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Self

from pydantic import TypeAdapter, ValidationError, model_validator

from bot.errors import ConfigurationError
from bot.llm import answers, tokens
from bot.llm.base import Say
from bot.models.base import Frozen
from bot.models.exchange import Call, Failure, FailureKind, Reply, Role

NAME = "scripted"
SPENT = "The script has no reply left for the {role} (prompt {prompt})."
FAILED = "The script says: {kind}."
UNREADABLE = "The script {path} cannot be used: {why}."
FORM = (
    'A script is a JSON list such as [{"role": "patcher", "contains": "auto_smooth", "reply": "..."}]; an entry has '
    "`reply` or `failure`, and may have `role`, `contains`, `retry_after` and `repeat`."
)

MAX_BYTES = 20_000_000


class Entry(Frozen):
    """One answer, given once (with `repeat` always) to the first call of that role whose prompt holds every text.

    A `reply` that is an object is given as JSON.
    """

    role: Role | None = None
    contains: str | tuple[str, ...] = ()
    reply: str | dict[str, Any] | None = None
    failure: FailureKind | None = None
    retry_after: float | None = None
    repeat: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.reply is None) == (self.failure is None):
            raise ValueError("an entry has either `reply` or `failure`")
        return self

    def matches(self, call: Call, text: str) -> bool:
        """Whether this answers a call."""
        wanted = (self.contains,) if isinstance(self.contains, str) else self.contains
        return self.role in (None, call.role) and all(part in text for part in wanted)


class Scripted:
    """See the module."""

    name = NAME

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = list(entries)
        self._lock = threading.Lock()

    @classmethod
    def read(cls, path: Path) -> Scripted:
        """The script in a file.

        Raises:
            ConfigurationError: there is none, or it is no script.
        """
        try:
            if path.stat().st_size > MAX_BYTES:
                raise ValueError("it is too large")
            return cls(TypeAdapter(list[Entry]).validate_json(path.read_bytes()))
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            why = f"{place}: {first['msg']}" if place else first["msg"]
        except (OSError, ValueError) as error:
            why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise ConfigurationError(UNREADABLE.format(path=path, why=why), FORM)

    def complete(self, call: Call, seconds: float, say: Say) -> Reply | Failure:
        """See `Provider`."""
        entry = self._next(call)
        if entry is None:
            message = SPENT.format(role=call.role, prompt=call.prompt)
            return Failure(kind=FailureKind.ENDED, provider=NAME, message=message)
        if entry.failure is not None:
            message = FAILED.format(kind=entry.failure)
            return Failure(kind=entry.failure, provider=NAME, message=message, retry_after=entry.retry_after)
        said = entry.reply if isinstance(entry.reply, str) else json.dumps(entry.reply, ensure_ascii=False)
        text = answers.settled(call, said, NAME)
        if isinstance(text, Failure):
            return text
        sent = tokens.conversation(call.messages)
        return Reply(text=text, provider=NAME, model=call.model, input_tokens=sent, output_tokens=tokens.count(text))

    def _next(self, call: Call) -> Entry | None:
        text = "\n".join(message.text for message in call.messages)
        with self._lock:
            for place, entry in enumerate(self._entries):
                if entry.matches(call, text):
                    if not entry.repeat:
                        del self._entries[place]
                    return entry
        return None
