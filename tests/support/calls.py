"""Calls to models, as the tests of the model tier make them."""

from __future__ import annotations

from typing import Any

from bot.models.exchange import Call, Message, Role

SCHEMA = {
    "type": "object",
    "properties": {"answer": {"type": "string"}},
    "required": ["answer"],
    "additionalProperties": False,
}


def call(text: str = "hello", **changes: Any) -> Call:
    """A question of the patcher's."""
    messages = (Message(speaker="system", text="You are terse."), Message(speaker="user", text=text))
    known: dict[str, Any] = {"role": Role.PATCHER, "prompt": "patch/1", "messages": messages}
    return Call(**{**known, **changes})


def quiet(_: str) -> None:
    """Tells nobody."""
