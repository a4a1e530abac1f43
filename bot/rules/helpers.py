"""A small function a repair brings along, put once below the imports of a file."""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst

from bot.models.patch import Edit
from bot.rules.source import Source


def defines(source: Source, name: str) -> bool:
    """Whether the file has a function of that name already."""
    return re.search(rf"^def {re.escape(name)}\(", source.text, re.MULTILINE) is not None


def helper(source: Source, lines: Sequence[str]) -> Edit | None:
    """The edit that puts a function below the imports at the top; none where there are no imports.

    `lines` are indented by four blanks, and get the file's own indentation and line endings.
    """
    last: cst.BaseStatement | None = None
    for statement in source.module.body:
        if isinstance(statement, cst.FunctionDef | cst.ClassDef):
            break
        if isinstance(statement, cst.SimpleStatementLine) and isinstance(
            statement.body[-1], cst.Import | cst.ImportFrom
        ):
            last = statement
    if last is None:
        return None
    newline = source.newline
    rest = re.compile(r"[^\r\n]*").match(source.text, source.end(last))
    place = rest.end() if rest else source.end(last)
    written = [_own(source, line) for line in lines]
    following = source.text[place:].lstrip(" \t")
    spare = max(0, 3 - len(re.match(r"(?:\r\n|\r|\n)*", following)[0].replace("\r\n", "\n")))  # type: ignore[index]
    ending = newline * spare if following.strip() else ""
    return Edit(start=place, end=place, text=newline * 3 + newline.join(written) + ending)


def _own(source: Source, line: str) -> str:
    depth = (len(line) - len(line.lstrip(" "))) // 4
    return source.indent_unit * depth + line.lstrip(" ")
