"""The changes an answer's pieces ask for, in whichever form each is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from bot.edits import announced, blocks, envelopes, unified
from bot.edits.hunks import HEADER
from bot.edits.markdown import Block, Piece, Prose
from bot.edits.paths import named
from bot.edits.unclear import Unclear
from bot.models.proposal import Change

_DIFFS = frozenset({"diff", "patch", "udiff", "git"})
_UNREAD = frozenset({"query", "rests"})
"""Sections whose blocks are no changes."""
_LINE_OF_DIFF = re.compile(r"[ +\-@\\]|diff |index [0-9a-f]|(?:new|deleted) file|(?:old|new) mode|rename |similarity ")
_SURE_LINE_OF_DIFF = re.compile(r"[+-](?![ +-])\S|[+-]\s{2,}\S|@@|--- \S|\+\+\+ \S|diff --git ")
_LINES_BACK = 6


def changes_of(found: Sequence[Piece]) -> Iterator[Change]:
    """Every change, in order. Where there is a section for the patch, blocks elsewhere are not read.

    Raises:
        Unclear: something that is meant as a change cannot be read.
    """
    patched = any(piece.section == "patch" for piece in found)
    read = [piece for piece in found if piece.section == "patch" or (not patched and piece.section not in _UNREAD)]
    before: list[str] = []
    last_path: str | None = None
    remark: Unclear | None = None
    any_change = False
    at = 0
    while at < len(read):
        piece = read[at]
        count = 1
        changes: Iterator[Change] = iter(())
        if isinstance(piece, Block):
            last_path = _nearest(before) or last_path
            path = named(piece.info.replace(":", " ").replace("=", " ")) or last_path
            form = _form(piece)
            if form is not None:
                changes = form(piece.lines, path)
            else:
                try:
                    said = [*before, piece.info] if named(piece.info) else before
                    change = announced.change(piece.lines, said, last_path)
                    changes = iter((change,) if change else ())
                except Unclear as error:
                    if patched:
                        raise
                    remark = remark or error  # code that is only quoted, as long as there is a change elsewhere
            before = []
        elif (bare := _bare(read, at)) is not None:
            count, form = bare
            last_path = _nearest(before) or last_path
            changes = form([line.line for line in read[at : at + count] if isinstance(line, Prose)], last_path)
            before = []
        else:
            before.append(piece.line)
        for change in changes:
            any_change = True
            last_path = change.path
            yield change
        at += count
    if remark is not None and not any_change:
        raise remark


Form = Callable[[Sequence[str], str | None], Iterator[Change]]


def _form(block: Block) -> Form | None:
    """How a block is to be read; None where its announcement alone says what it is."""
    if blocks.looks_like_blocks(block.lines):
        return blocks.changes
    if envelopes.looks_like_envelope(block.lines):
        return _envelope
    language = re.split(r"[\s:]", block.info.lower(), maxsplit=1)[0]
    return unified.changes if language in _DIFFS or unified.looks_like_diff(block.lines) else None


def _envelope(lines: Sequence[str], _path: str | None) -> Iterator[Change]:
    return envelopes.changes(lines)


def _nearest(before: Sequence[str]) -> str | None:
    """The path the nearest of the lines before a block names."""
    said = islice((line for line in reversed(before) if line.strip()), _LINES_BACK)
    return next((path for line in said if (path := named(line))), None)


def _bare(read: Sequence[Piece], at: int) -> tuple[int, Form] | None:
    """How many pieces from here on are a change that stands outside of blocks, and how it is read."""
    ahead = [piece.line for piece in read[at : at + 6] if isinstance(piece, Prose)]
    first = ahead[0]
    envelope, block = envelopes.starts_envelope(first), blocks.starts_block(first)
    if not (envelope or block or HEADER.match(first) or unified.starts_diff(ahead, 0)):
        return None
    lines: list[str] = []
    for piece in read[at:]:
        if not isinstance(piece, Prose):
            break
        lines.append(piece.line)
        if (envelope and envelopes.ends_envelope(piece.line)) or (block and blocks.ends_block(piece.line)):
            break
    if envelope:
        return len(lines), _envelope
    return (len(lines), blocks.changes) if block else (_end_of_diff(lines), unified.changes)


def _end_of_diff(lines: Sequence[str]) -> int:
    """Where prose begins again after a diff that stands outside of blocks."""
    last = max(number for number, line in enumerate(lines) if not number or _SURE_LINE_OF_DIFF.match(line))
    for number in range(last, len(lines) - 1):
        if not lines[number].strip() and not _LINE_OF_DIFF.match(lines[number + 1]):
            return number
    return len(lines)
