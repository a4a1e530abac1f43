"""Whole definitions: where a function, method or class stands, and what replaces it."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from rapidfuzz import process

from bot.edits.compiling import Broken, tree
from bot.edits.definitions import Definition, Span
from bot.edits.elisions import elided
from bot.edits.indents import indent, shift
from bot.edits.placing import ELIDED, Already, Placed, Unplaced
from bot.edits.splices import differing, splices
from bot.edits.texts import BLANKS, Lines

UNREADABLE = (
    "{symbol} cannot be found, because the file does not compile as it is (line {line}: {message}). Write a ```diff "
    "block instead."
)
UNKNOWN = "there is no {symbol} in the file. {nearest}"
NEAREST = "Its definitions with names like that: {names}."
NONE_LIKE_IT = "No definition in it has a name like that."
TWICE = "{symbol} is defined {count} times (at lines {lines}). Write a ```diff block for the one that is meant."
NO_CODE = "the new definition of {symbol} is no Python: line {line} of it: {message}."
NOT_ONE = (
    "the block for {symbol} must hold the definition of `{name}` and nothing else; it holds {found}. Write other "
    "changes as blocks of their own."
)
DECORATED = (
    "{symbol} is decorated ({decorators}) and the new definition has no decorator: write them, too. To take them away, "
    "write a ```diff block."
)

_SHOWN = 5


def replace_symbol(symbol: str, text: str, file: Lines) -> Placed | Already | Unplaced:
    """What becomes of which lines, when a whole definition is replaced by that of `text`."""
    span = _span(symbol, file)
    if isinstance(span, Unplaced):
        return span
    new = Lines.of(text.strip("\n\r"))
    there = {line.strip(BLANKS) for line in file.raw[span.start : span.end]}
    if line := elided(new.raw, there):
        return Unplaced(ELIDED.format(line=line[:120]))
    found = _definition(symbol, span, new)
    if isinstance(found, Unplaced):
        return found
    lines, node = found
    if span.node.decorator_list and not node.decorator_list:
        written = (file.raw[decorator.lineno - 1].strip()[:60] for decorator in span.node.decorator_list[:_SHOWN])
        shown = ", ".join(written)
        return Unplaced(DECORATED.format(symbol=span.name, decorators=shown))
    start = _with_comments(span, file) if lines[0].lstrip(BLANKS).startswith("#") else span.start
    return _placed(start, span, lines, node, file)


def _placed(start: int, span: Span, lines: Sequence[str], node: Definition, file: Lines) -> Placed | Already | Unplaced:
    old = file.raw[start : span.end]
    pair = (indent(lines[node.lineno - 1]), indent(file.raw[span.node.lineno - 1]))
    move = shift([pair], lines, file.indents)
    if move is None:
        return Unplaced(NO_CODE.format(symbol=span.name, line=1, message="its indentation cannot be told"))
    stay = _verbatim(node, lines, old)
    moved = [line if number in stay else move(line) for number, line in enumerate(lines)]
    ranges = differing([line.rstrip(BLANKS) for line in old], [line.rstrip(BLANKS) for line in moved])
    made = splices(ranges, moved, lambda index: start + index, str)
    return Placed(made, span.node.lineno) if made else Already(span.node.lineno)


def _span(symbol: str, file: Lines) -> Span | Unplaced:
    """The one definition a symbol means: by its full name, or by the end of it."""
    module = file.tree
    if isinstance(module, Broken):
        return Unplaced(UNREADABLE.format(symbol=symbol[:120], line=module.line, message=module.message))
    spans = file.definitions
    found = [span for span in spans if span.name == symbol]
    found = found or [span for span in spans if span.name.endswith("." + symbol)]
    if not found:
        names = [name for name, _, _ in process.extract(symbol, {span.name: span.name for span in spans}, limit=_SHOWN)]
        nearest = NEAREST.format(names=", ".join(names)) if names else NONE_LIKE_IT
        return Unplaced(UNKNOWN.format(symbol=symbol[:120], nearest=nearest))
    if len(found) > 1:
        lines = ", ".join(str(span.node.lineno) for span in found[:_SHOWN])
        return Unplaced(TWICE.format(symbol=symbol[:120], count=len(found), lines=lines))
    return found[0]


def _definition(symbol: str, span: Span, new: Lines) -> tuple[list[str], Definition] | Unplaced:
    """The lines of the new definition, and its tree with line numbers in them."""
    lines = list(new.raw)
    begins = indent(next((line for line in lines if line.strip() and not line.lstrip().startswith("#")), ""))
    # Under a condition, so that a definition may stand as far in as it does in the file.
    module = tree("\n".join(["if 1:", *lines]) if begins else "\n".join(["", *lines]))
    if isinstance(module, Broken):
        return Unplaced(NO_CODE.format(symbol=symbol[:120], line=max(0, module.line - 1), message=module.message))
    body: list[ast.stmt] = module.body
    if begins and len(body) == 1 and isinstance(body[0], ast.If):
        body = body[0].body
    name = span.name.rpartition(".")[2]
    node = body[0] if len(body) == 1 else None
    if isinstance(node, ast.ClassDef) and span.name.endswith(f"{node.name}.{name}") and len(node.body) == 1:
        node = node.body[0]  # the class is written around it to show where it belongs
    if not isinstance(node, Definition) or node.name != name:
        found = ", ".join(_called(statement, lines) for statement in body[:_SHOWN]) or "nothing"
        return Unplaced(NOT_ONE.format(symbol=symbol[:120], name=name, found=found))
    ast.increment_lineno(node, -1)
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]) - 1
    while first and lines[first - 1].lstrip(BLANKS).startswith("#"):
        first -= 1
    ast.increment_lineno(node, -first)
    return lines[first:], node


def _called(statement: ast.stmt, lines: Sequence[str]) -> str:
    """A statement's first line; its line number counts one more before `lines`."""
    return f"`{lines[statement.lineno - 2].strip()[:60]}`"


def _with_comments(span: Span, file: Lines) -> int:
    """Where a definition begins with the comments right above it."""
    begins = indent(file.raw[span.start])
    start = span.start
    while start and file.raw[start - 1].startswith(begins + "#"):
        start -= 1
    return start


def _verbatim(node: Definition, lines: Sequence[str], old: Sequence[str]) -> set[int]:
    """The lines inside of texts over several lines that the file has exactly so: to move them would change the text."""
    stay: set[int] = set()
    there = set(old)
    for child in ast.walk(node):
        if isinstance(child, ast.Constant | ast.JoinedStr) and child.end_lineno and child.end_lineno > child.lineno:
            inner = range(child.lineno, child.end_lineno)
            if all(lines[number] in there for number in inner):
                stay.update(inner)
    return stay
