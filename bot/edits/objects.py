"""Answers that are one JSON object with the fields of a proposal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.edits.paths import repository_path
from bot.edits.unclear import Unclear
from bot.models.proposal import Change

NO_OBJECT = "The answer begins as JSON and is none: {problem}. Write it again, or answer in Markdown."
NO_LIST = "`changes` must be a list of objects."
BAD_CHANGE = "Change {number} cannot be read: `{field}`: {problem}."

_FENCED = re.compile(r"\s*```(?:json)?\s*\n(\{.*\})\s*\n```\s*", re.DOTALL | re.IGNORECASE)
_CHANGE: TypeAdapter[Change] = TypeAdapter(Change)
_FIELDS = {"replace": ("path", "old", "new", "near"), "symbol": ("path", "symbol", "text"), "new": ("path", "text")}
_EVERY = ("kind", "path", "old", "new", "near", "symbol", "text")


def json_object(text: str) -> dict[str, Any] | None:
    """The object an answer is; None where it is none, and not meant as one.

    Raises:
        Unclear: it is meant as one, and is not.
    """
    fenced = _FENCED.fullmatch(text)
    inner = (fenced[1] if fenced else text).strip()
    if not inner.startswith("{"):
        return None
    try:
        found = json.loads(inner, strict=False)
    except (ValueError, RecursionError) as error:
        raise Unclear(NO_OBJECT.format(problem=str(error)[:200])) from error
    return found if isinstance(found, dict) else None


def every_text(value: object) -> Iterator[str]:
    """Every text in a value read from JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from (text for item in value for text in every_text(item))
    elif isinstance(value, dict):
        yield from (text for item in value.items() for part in item for text in every_text(part))


def changes(found: dict[str, Any]) -> list[Change]:
    """The changes an object asks for.

    Raises:
        Unclear: one of them cannot be read.
    """
    listed = found.get("changes") or []
    if not isinstance(listed, list):
        raise Unclear(NO_LIST)
    return [_change(number, item) for number, item in enumerate(listed, 1)]


def texts(value: object) -> list[str]:
    """The texts of a field that may be a text or a list of them."""
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _change(number: int, item: object) -> Change:
    if not isinstance(item, dict):
        raise Unclear(BAD_CHANGE.format(number=number, field="changes", problem="not an object"))
    kind = item.get("kind") or ("symbol" if item.get("symbol") else "replace" if "old" in item else "new")
    # What belongs to another kind and is null or empty is a model filling in every field; the rest is refused.
    wanted = {
        name: value
        for name, value in item.items()
        if name in _FIELDS.get(str(kind), ()) or name not in _EVERY or value not in (None, "")
    }
    try:
        change = _CHANGE.validate_python({**wanted, "kind": kind})
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise Unclear(BAD_CHANGE.format(number=number, field=field[:80], problem=first["msg"][:200])) from error
    return change.model_copy(update={"path": repository_path(change.path)})
