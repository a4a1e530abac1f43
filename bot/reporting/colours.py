"""Code as HTML with its syntax coloured: the changed files of a diff, ready to be shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape
from pygments.lexer import Lexer
from pygments.lexers.python import PythonLexer
from pygments.lexers.special import TextLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType

from bot.reporting import diff as diffs
from bot.reporting.text import block, line

MOST_DIFF_LINES = 3_000
OPEN_DIFF_LINES = 400
"""Files beyond so many lines are folded."""
LONGEST_LINE = 400
MOST_HIGHLIGHTED = 200_000
"""Characters of a file's changes that are coloured; a larger change is shown in one colour."""

_CLASSES: Mapping[_TokenType, str] = {
    Comment: "c",
    String: "s",
    Number: "m",
    Keyword: "k",
    Operator.Word: "k",
    Name.Function: "f",
    Name.Class: "f",
    Name.Decorator: "f",
}


@dataclass(frozen=True)
class Row:
    """One line of a diff; `anchor` is its id on the page."""

    kind: str
    old: int | None
    new: int | None
    code: Markup
    anchor: str = ""


@dataclass(frozen=True)
class File:
    """The changes of one file; `open` says whether they are shown unasked."""

    path: str
    added: int
    removed: int
    rows: tuple[Row, ...]
    open: bool


def files(diff: str) -> tuple[tuple[File, ...], bool]:
    """The files of a diff, and whether some of it was left out."""
    shown: list[File] = []
    left = MOST_DIFF_LINES
    for number, file in enumerate(diffs.read(diff)):
        if left <= 0:
            return tuple(shown), True
        rows = tuple(_rows(file.path, file.lines[:left], f"f{number}"))
        unasked = not shown or MOST_DIFF_LINES - left + len(rows) <= OPEN_DIFF_LINES
        shown.append(File(file.path, file.added, file.removed, rows, unasked))
        left -= len(file.lines)
    return tuple(shown), left < 0


def python(code: str) -> Markup:
    """Python of a stranger's as lines of HTML."""
    text = block(code)
    lexer = PythonLexer(stripnl=False) if len(code) <= MOST_HIGHLIGHTED else TextLexer(stripnl=False)
    return Markup("\n").join(_highlighted(lexer, text.rstrip("\n").split("\n")))


def _rows(path: str, lines: Sequence[diffs.DiffLine], prefix: str) -> Iterator[Row]:
    python = path.endswith((".py", ".pyi")) and sum(len(each.text) for each in lines) <= MOST_HIGHLIGHTED
    lexer = PythonLexer(stripnl=False) if python else TextLexer(stripnl=False)
    old = iter(_highlighted(lexer, [each.text for each in lines if each.kind in ("context", "removed")]))
    new = iter(_highlighted(lexer, [each.text for each in lines if each.kind in ("context", "added")]))
    for each in lines:
        if each.kind == "hunk":
            yield Row("hunk", None, None, escape(line(each.text, 200)))
            continue
        before = next(old) if each.kind != "added" else Markup()
        after = next(new) if each.kind != "removed" else before
        anchor = f"{prefix}-{each.old}" if each.old is not None else f"{prefix}-n{each.new}"
        yield Row(each.kind, each.old, each.new, after, anchor)


def _highlighted(lexer: Lexer, lines: Sequence[str]) -> list[Markup]:
    """Lines of code as HTML, one each; lexed together so that strings over several lines are seen."""
    text = "\n".join(block(each, LONGEST_LINE).replace("\n", " ") for each in lines)
    done = [""]
    for kind, value in lexer.get_tokens(text):
        shade = _shade(kind)
        for number, piece in enumerate(value.split("\n")):
            if number:
                done.append("")
            if piece:
                done[-1] += f'<span class="{shade}">{escape(piece)}</span>' if shade else str(escape(piece))
    parts = [Markup(each) for each in done]  # noqa: S704  (escaped piece by piece above)
    return [*parts, *([Markup()] * len(lines))][: len(lines)]


def _shade(kind: _TokenType | None) -> str:
    while kind is not None:
        if kind in _CLASSES:
            return _CLASSES[kind]
        kind = kind.parent
    return ""
