"""Unified diffs: what they change, and the patch value made of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchSet

from bot.models.patch import Patch, Repair


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
        files=tuple(file.path for file in parsed),
        added=parsed.added,
        removed=parsed.removed,
        repairs=tuple(repairs),
        changed_lines={
            file.path: tuple(
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


def to_bytes(patch: Patch) -> bytes:
    """The diff byte for byte as git wrote it."""
    return patch.diff.encode(patch.encoding)


def _decoded(diff: bytes) -> tuple[str, Literal["utf-8", "latin-1"]]:
    try:
        return diff.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return diff.decode("latin-1"), "latin-1"
