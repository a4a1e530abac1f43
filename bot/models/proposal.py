"""What a model's answer asks to be changed, taken apart; nothing of it is believed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bot.models.base import Frozen


class Replace(Frozen):
    """Replace the lines `old` of a file, found by their content, by the lines `new`.

    `near` is the line (from 1) the answer says they begin at, where it says so: it chooses between equal places and
    is otherwise not trusted. An empty `old` puts `new` before line `near`, or at the end of the file.
    """

    kind: Literal["replace"] = "replace"
    path: str
    old: str
    new: str
    near: int | None = None


class ReplaceSymbol(Frozen):
    """Replace a whole function, method or class (`Exporter.execute`) by a new definition of it."""

    kind: Literal["symbol"] = "symbol"
    path: str
    symbol: str
    text: str


class NewFile(Frozen):
    """Add a text file that is not there."""

    kind: Literal["new"] = "new"
    path: str
    text: str


Change = Replace | ReplaceSymbol | NewFile


class Proposal(Frozen):
    """A model's answer to the request for a patch.

    `summary` says in its words what is changed and why; `cites` are the marks of the pieces it rests on (`c3`);
    `query` is what it would look up first, where it says that something is missing.
    """

    summary: str = Field(default="", max_length=4000)
    cites: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    query: str = Field(default="", max_length=400)


class Malformed(Frozen):
    """An answer that cannot be read: what is wrong with it, worded for whoever wrote it."""

    reason: str
