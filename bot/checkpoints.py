"""LangGraph's checkpoints as plain JSON: reading one brings no type to life and calls nothing.

LangGraph's own serialiser writes msgpack with names of Python types in it, and knows JSON that names constructors;
with its defaults, whoever can write to a checkpoint file chooses what runs when it is read. Here the allow-list is the
types of JSON, and everything else is one clear error.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from langgraph.checkpoint.serde.base import SerializerProtocol
from langgraph.checkpoint.sqlite import SqliteSaver

_KIND = "bcrag-json"
"""What is written into the `type` columns; nothing else is read."""
_MAX_BYTES = 256_000_000
_PLAIN = (str, int, float, bool, type(None))


class BadCheckpointError(Exception):
    """A checkpoint that was not written by `PlainJson`, or not by LangGraph."""


class PlainJson(SerializerProtocol):
    """Strings, numbers, lists and dictionaries of them, as JSON, both ways."""

    def dumps_typed(self, obj: Any) -> tuple[str, bytes]:
        """The value as JSON; tuples become lists.

        Raises:
            TypeError: it holds something else.
        """
        return _KIND, json.dumps(_plain(obj), ensure_ascii=True).encode("ascii")

    def loads_typed(self, data: tuple[str, bytes]) -> Any:
        """The value.

        Raises:
            BadCheckpointError: it is of another kind, or no JSON.
        """
        kind, text = data
        if kind != _KIND:
            raise BadCheckpointError(f"a value of the kind {str(kind)[:40]!r}")
        if not isinstance(text, bytes) or len(text) > _MAX_BYTES:
            raise BadCheckpointError("a value that is no text, or too long")
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BadCheckpointError("a value that is no JSON") from error


@contextmanager
def saver(path: Path) -> Iterator[SqliteSaver]:
    """The checkpoints in a file, which is made where there is none.

    Raises:
        sqlite3.Error: it is no database, or cannot be written.
    """
    connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        yield SqliteSaver(connection, serde=PlainJson())
    finally:
        connection.close()


def _plain(value: Any) -> Any:
    if isinstance(value, BaseException):  # LangGraph notes what a step raised
        return type(value).__name__
    if type(value) in _PLAIN:
        return value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict) and all(type(key) is str for key in value):
        return {key: _plain(item) for key, item in value.items()}
    raise TypeError(f"a checkpoint holds plain values alone, no {type(value).__name__}")
