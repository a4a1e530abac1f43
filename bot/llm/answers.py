"""What any provider's answer must be: not empty, and an object where one was asked for."""

from __future__ import annotations

import json
import re

from bot.models.exchange import Call, Failure, FailureKind

EMPTY = "{name} gave an empty answer."
NO_OBJECT = "{name} answered, but not with the JSON object that was asked for."

_THINKING = re.compile(r"\A\s*<think>.*?</think>\s*", re.S)
_FENCED = re.compile(r"```[a-zA-Z]*[ \t]*\n(.*?)\n[ \t]*```", re.S)


def settled(call: Call, text: str, provider: str) -> str | Failure:
    """The answer as steps read it: without a model's thoughts before it, and a JSON object bare of its fence."""
    text = _THINKING.sub("", text, count=1).strip()
    if not text:
        return Failure(kind=FailureKind.EMPTY, provider=provider, message=EMPTY.format(name=provider))
    if call.schema_ is None:
        return text
    for part in (text, *_FENCED.findall(text)):
        if is_object(part):
            return str(part).strip()
    return Failure(kind=FailureKind.MALFORMED, provider=provider, message=NO_OBJECT.format(name=provider))


def is_object(text: str) -> bool:
    """Whether a text is one JSON object."""
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False
