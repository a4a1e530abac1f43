"""Unified diffs: what they change, and the patch value made of one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchedFile, PatchSet

from bot.models.patch import Patch, Repair

_ESCAPED = re.compile(r"((?:\\[0-7]{3})+)|\\(.)")
_CONTROLS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def to_patch(diff: bytes, repairs: Sequence[Repair] = ()) -> Patch:
    """Take a unified diff made by git apart.

    Raises:
        ValueError: it is no unified diff.
    """
    text, encoding = _decoded(diff)
    parsed = parse(text)
    return Patch(
        diff=text,
        encoding=encoding,
        files=tuple(path_of(file, encoding) for file in parsed),
        added=parsed.added,
        removed=parsed.removed,
        repairs=tuple(repairs),
        changed_lines={
            path_of(file, encoding): tuple(
                line.target_line_no for hunk in file for line in hunk if line.is_added and line.target_line_no
            )
            for file in parsed
        },
    )


def parse(text: str) -> PatchSet:
    """Parse a unified diff; lines end at `\\n` alone, so that a `\\r` in the code stays what it is.

    Raises:
        ValueError: it is no unified diff.
    """
    try:
        return PatchSet(line + "\n" for line in text.split("\n")[:-1])
    except UnidiffParseError as error:
        raise ValueError(f"this is no unified diff: {error}") from error


def path_of(file: PatchedFile, encoding: str = "utf-8") -> str:
    """The path a file of a diff has, which git writes in quotes where it holds quotes or control characters.

    `encoding` is what the diff as a whole was decoded with; paths are UTF-8 whatever the files are.
    """
    name = (file.target_file if file.source_file == "/dev/null" else file.source_file).removesuffix("\t")
    if encoding != "utf-8":
        name = name.encode(encoding).decode("utf-8", "surrogateescape")
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = _ESCAPED.sub(_character, name[1:-1])
    return name[2:] if name[:2] in ("a/", "b/") else name


def _character(escaped: re.Match[str]) -> str:
    if escaped[1]:
        raw = bytes(int(octal, 8) & 255 for octal in escaped[1].split("\\")[1:])
        return raw.decode("utf-8", "surrogateescape")
    return _CONTROLS.get(escaped[2], escaped[2])


def to_bytes(patch: Patch) -> bytes:
    """The diff byte for byte as git wrote it."""
    return patch.diff.encode(patch.encoding)


def line_before(patch: Patch, path: str, line: int) -> int:
    """The line of the file without the patch that stands where a line (from 1) stands with it."""
    return _across(patch, path, line, back=True)


def line_after(patch: Patch, path: str, line: int) -> int:
    """The line of the file with the patch that stands where a line (from 1) stands without it."""
    return _across(patch, path, line, back=False)


def _across(patch: Patch, path: str, line: int, *, back: bool) -> int:
    """A line's place on the other side; of one that is not there, the place of the line before it."""
    shift = 0
    for file in parse(patch.diff):
        if path_of(file, patch.encoding) != path:
            continue
        for hunk in file:
            ours = (hunk.target_start, hunk.target_length) if back else (hunk.source_start, hunk.source_length)
            theirs = (hunk.source_start, hunk.source_length) if back else (hunk.target_start, hunk.target_length)
            if line >= ours[0] + ours[1]:
                shift = theirs[0] + theirs[1] - ours[0] - ours[1]
                if not ours[1]:  # nothing on this side: it stands after the line it names
                    shift -= 1
                if not theirs[1]:
                    shift += 1
            elif line >= ours[0]:
                pairs = [(one.target_line_no, one.source_line_no) for one in hunk if one.is_context]
                known = {one if back else other: other if back else one for one, other in pairs}
                near = max((number for number in known if number and number <= line), default=0)
                return max((known.get(near) or theirs[0]) + (line - near if near == line else 0), 1)
    return max(line + shift, 1)


def _decoded(diff: bytes) -> tuple[str, Literal["utf-8", "latin-1"]]:
    try:
        return diff.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return diff.decode("latin-1"), "latin-1"
