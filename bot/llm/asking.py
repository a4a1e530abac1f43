"""A call as the body of a chat completion, and as a simpler one where a server does not know a field."""

from __future__ import annotations

import json
from typing import Any

from bot.llm.endpoint import Endpoint
from bot.llm.wording import plain
from bot.models.exchange import Call

IN_WORDS = """

Answer with one JSON object that matches this JSON schema, and with nothing else:

{schema}
"""

_FORMAT = "response_format"
_OPTIONAL = ("reasoning_effort", "temperature", "stream_options")
_LIMITS = {"max_completion_tokens": "max_tokens", "max_tokens": "max_completion_tokens"}
_WORDS = {
    _FORMAT: ("response_format", "json_schema", "structured output", "guided decoding", "grammar"),
    "reasoning_effort": ("reasoning_effort", "reasoning.effort", "reasoning effort"),
    "temperature": ("temperature",),
    "stream_options": ("stream_options", "include_usage"),
    "max_completion_tokens": ("max_completion_tokens",),
    "max_tokens": ("max_tokens",),
}
"""How servers call what they refuse."""


def body(endpoint: Endpoint, call: Call, model: str) -> dict[str, Any]:
    """The request. It always streams, so that progress can be told and an answer that breaks off is noticed."""
    asked: dict[str, Any] = {
        "model": model,
        "messages": [{"role": message.speaker, "content": plain(message.text)} for message in call.messages],
        "stream": True,
        "stream_options": {"include_usage": True},
        endpoint.limit_name: call.max_output_tokens,
    }
    if call.temperature is not None:
        asked["temperature"] = call.temperature
    if call.effort is not None:
        asked["reasoning_effort"] = call.effort
    if call.schema_ is None:
        return asked
    if not endpoint.json_schema:
        return _in_words(asked, call)
    name = "".join(char if char.isalnum() else "_" for char in call.prompt)[:60] or "answer"
    return {**asked, _FORMAT: {"type": "json_schema", "json_schema": {"name": name, "schema": call.schema_}}}


def simpler(asked: dict[str, Any], call: Call, refusal: str) -> dict[str, Any] | None:
    """The request without the one field a refusal is about; null where it is about none of those it can do without.

    A longest answer is never left out: the limits on money rest on it. It is called by its other name, once.
    """
    refusal = refusal.lower()
    for field, words in _WORDS.items():
        if field in asked and any(word in refusal for word in words):
            rest = {key: value for key, value in asked.items() if key != field}
            if field == _FORMAT:
                return _in_words(rest, call)
            if field in _OPTIONAL:
                return rest
            return {**rest, _LIMITS[field]: asked[field]}
    return None


def _in_words(asked: dict[str, Any], call: Call) -> dict[str, Any]:
    """With the schema at the end of the last message, for a server that cannot be held to it."""
    *before, last = asked["messages"]
    words = IN_WORDS.format(schema=json.dumps(call.schema_, ensure_ascii=False))
    return {**asked, "messages": [*before, {**last, "content": last["content"] + plain(words)}]}
