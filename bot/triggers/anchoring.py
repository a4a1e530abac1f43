"""The line a log means in the files as they are now: whoever wrote the log may have run another version of them."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from bot.triggers.tracebacks import LogFrame

_LARGEST = 2_000_000
_LARGEST_PARSED = 500_000
"""Characters: a larger file is made by a machine, and costs seconds and memory to parse."""

_MOST = 50
"""Equal lines, and functions of one name, that are looked at."""

_LEAST = 6
"""A quoted line shorter than this (`pass`, `else:`) says nothing about its place."""

_SPACE = re.compile(r"\s+")
_LINE_END = re.compile(r"\r\n|\r|\n")


class Anchors:
    """Moves frames to where their code is now; `texts` are the add-on's files by repository path."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._files: dict[str, _File] = {}

    def now(self, frame: LogFrame) -> LogFrame:
        """The frame at the line its quoted code stands on now, nearest in the function it was in.

        Without a quoted line, or where that code is gone: at the head of its function where the line lies
        outside of it. Where nothing can be said better it stays as it was told.
        """
        if frame.path not in self._texts:
            return frame
        if frame.path not in self._files:
            self._files[frame.path] = _File(self._texts[frame.path][:_LARGEST])
        return self._files[frame.path].anchored(frame)


@dataclass(frozen=True)
class _Function:
    """A function of a file: its first and its last line."""

    first: int
    last: int


class _File:
    """One file of the add-on, looked into once."""

    def __init__(self, text: str) -> None:
        self._text = text

    def anchored(self, frame: LogFrame) -> LogFrame:
        code = _plain(frame.code)
        if len(code) >= _LEAST and (found := self._places.get(code)):
            if 0 < frame.line <= len(self._lines) and self._lines[frame.line - 1] == code:
                return frame
            spans = self._functions.get(frame.function, ())
            inside = [line for line in found if any(span.first <= line <= span.last for span in spans)]
            near = min(inside or found, key=lambda line: abs(line - frame.line))
            return replace(frame, line=near)
        spans = self._functions.get(frame.function, ())
        if len(spans) == 1 and not spans[0].first <= frame.line <= spans[0].last:
            return replace(frame, line=spans[0].first)
        return frame

    @cached_property
    def _lines(self) -> list[str]:
        return [_plain(line) for line in _LINE_END.split(self._text)]

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, line in enumerate(self._lines, 1):
            same = found.setdefault(line, [])
            if len(same) < _MOST:
                same.append(number)
        return found

    @cached_property
    def _functions(self) -> dict[str, list[_Function]]:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(self._text if len(self._text) <= _LARGEST_PARSED else "")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return {}
        found: dict[str, list[_Function]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
                same = found.setdefault(node.name, [])
                if len(same) < _MOST:
                    same.append(_Function(first, node.end_lineno or first))
        return found


def _plain(line: str) -> str:
    return _SPACE.sub(" ", line).strip()
