"""A patch applied to the files of a commit, in memory: never by git, never in a checkout.

It fits exactly or not at all: every line it keeps or takes away stands where it says, byte for byte, and git's ids of
each file, before and after, are those it names.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from unidiff.patch import Hunk, PatchedFile

from bot.disguises import disguises_in
from bot.host.values import Entry
from bot.models.patch import Patch
from bot.patches import parse, path_of
from bot.publishing.form import misformed
from bot.publishing.refusals import Refusal

MISFIT = "The patch does not fit the commit it was made for."
MISFIT_CURE = "Ask again: `/bcrag retry`. It starts from the code as it is now."
STRANGE = "The patch is none of the kind the bot makes."
STRANGE_CURE = "Nobody but the bot should write bundles: see what else runs in that workflow."

NO_DIFF = "its line {line} is none that git would write there"
TWICE = "{path}: there twice"
REMOVED = "{path}: it would be removed or renamed"
BAD_PATH = "{path!r} is no path of a repository"
NOT_THERE = "{path}: no such file at the commit"
NOT_PLAIN = "{path}: no plain file at the commit (mode {mode})"
TOO_LARGE = "{path}: the file has more than {limit} bytes"
THERE = "{path}: there is one already"
IN_THE_WAY = "{path}: a file is where a folder would be, or a folder where the file would be"
SAME_BUT_CASE = "{path}: {other} is there, and many systems take the two for one"
OTHER_LINES = "{path}: other lines stand at line {line}"
OVERLAP = "{path}: its parts overlap at line {line}"
BAD_HUNK = "{path}: the part at line {line} is none git would write"
OTHER_FILE = "{path}: it was made from another file than the commit's"
OTHER_RESULT = "{path}: something else comes of it than it says"

MAX_FILE = 8 * 1024 * 1024
"""Bytes of a file that may be changed."""

PLAIN, EXECUTABLE = "100644", "100755"
_DEV_NULL = "/dev/null"
_IDS = re.compile(r"^index ([0-9a-f]{40})\.\.([0-9a-f]{40})", re.MULTILINE)
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f\\:*?"<>|]|[. ]$', re.ASCII)
"""What the name of a new file, or of a folder it makes, may not hold: somewhere it means something."""


@dataclass(frozen=True)
class Placed:
    """What a file holds with the patch, and its mode, which is what it was."""

    data: bytes
    mode: str


class _Misfit(Exception):  # noqa: N818  (an outcome)
    def __init__(self, reason: str, strange: bool = False) -> None:
        super().__init__(reason)
        self.strange = strange


def placed(patch: Patch, tree: Mapping[str, Entry], read: Callable[[str], bytes]) -> dict[str, Placed] | Refusal:
    """The files a patch changes or adds, as they are with it.

    `tree` is everything in the commit the patch was made for, by path; `read` gives the bytes of a blob by its id.
    """
    try:
        return _placed(patch, tree, read)
    except _Misfit as misfit:
        if misfit.strange:
            return Refusal(STRANGE, STRANGE_CURE, str(misfit))
        return Refusal(MISFIT, MISFIT_CURE, str(misfit))


def blob_id(data: bytes) -> str:
    """Git's id of a file's bytes."""
    return hashlib.sha1(b"blob %d\0%s" % (len(data), data), usedforsecurity=False).hexdigest()


def _placed(patch: Patch, tree: Mapping[str, Entry], read: Callable[[str], bytes]) -> dict[str, Placed]:
    if line := misformed(patch.diff):
        raise _Misfit(NO_DIFF.format(line=line), strange=True)
    try:
        files = parse(patch.diff)
    except ValueError as error:
        raise _Misfit(str(error), strange=True) from error
    made: dict[str, Placed] = {}
    folded = {path.casefold(): path for path in tree}
    for file in files:
        path = _path(file, patch.encoding)
        if path in made:
            raise _Misfit(TWICE.format(path=path), strange=True)
        entry = None if file.source_file == _DEV_NULL else _entry(path, tree)
        if entry is None:
            _see_free(path, tree, folded)
            folded.update({part.casefold(): part for part in (path, *_parents(path))})
        before = b"" if entry is None else read(entry.sha)
        if len(before) > MAX_FILE:
            raise _Misfit(TOO_LARGE.format(path=path, limit=MAX_FILE))
        after = _applied(path, file, before, patch.encoding)
        if len(after) > MAX_FILE:
            raise _Misfit(TOO_LARGE.format(path=path, limit=MAX_FILE))
        _compare(path, file, entry, after)
        made[path] = Placed(after, PLAIN if entry is None else entry.mode)
    new = [path for path in made if path not in tree]
    for path in new:  # two new files can be in each other's way
        if not set(new).isdisjoint(_parents(path)):
            raise _Misfit(IN_THE_WAY.format(path=path))
    return made


def _path(file: PatchedFile, encoding: str) -> str:
    """Where a file of the diff lies; both of its sides must say so."""
    path = path_of(file, encoding)
    if file.target_file == _DEV_NULL or file.is_binary_file:
        raise _Misfit(REMOVED.format(path=path), strange=True)
    if file.source_file != _DEV_NULL:
        sides = [name.removesuffix("\t").strip('"') for name in (file.source_file, file.target_file)]
        if sides[0][:2] != "a/" or sides[1][:2] != "b/" or sides[0][2:] != sides[1][2:]:
            raise _Misfit(REMOVED.format(path=path), strange=True)
    elif not file.target_file.strip('"').startswith("b/"):
        raise _Misfit(BAD_PATH.format(path=path), strange=True)
    parts = path.split("/")
    if any(part in ("", ".", "..") or part.casefold() == ".git" for part in parts) or "\0" in path:
        raise _Misfit(BAD_PATH.format(path=path), strange=True)
    try:
        path.encode()
    except UnicodeEncodeError as error:
        raise _Misfit(BAD_PATH.format(path=path), strange=True) from error
    return path


def _entry(path: str, tree: Mapping[str, Entry]) -> Entry:
    """The plain file of this path."""
    entry = tree.get(path)
    if entry is None:
        raise _Misfit(NOT_THERE.format(path=path))
    if entry.type != "blob" or entry.mode not in (PLAIN, EXECUTABLE):
        raise _Misfit(NOT_PLAIN.format(path=path, mode=entry.mode))
    if (entry.size or 0) > MAX_FILE:
        raise _Misfit(TOO_LARGE.format(path=path, limit=MAX_FILE))
    return entry


def _see_free(path: str, tree: Mapping[str, Entry], folded: Mapping[str, str]) -> None:
    """See that a new file can be there, on every system people check out on."""
    if any(_FORBIDDEN.search(part) for part in path.split("/")) or disguises_in(path):
        raise _Misfit(BAD_PATH.format(path=path))
    if path in tree:
        raise _Misfit((THERE if tree[path].type != "tree" else IN_THE_WAY).format(path=path))
    for step in (path, *_parents(path)):
        if step != path and step in tree and tree[step].type != "tree":
            raise _Misfit(IN_THE_WAY.format(path=path))
        other = folded.get(step.casefold(), step)
        if other != step:
            raise _Misfit(SAME_BUT_CASE.format(path=path, other=other))


def _parents(path: str) -> list[str]:
    """The folders a path lies in, the innermost first."""
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(len(parts) - 1, 0, -1)]


def _applied(path: str, file: PatchedFile, before: bytes, encoding: str) -> bytes:
    """The bytes of a file with its hunks."""
    lines = _lines(before)
    made: list[bytes] = []
    at = 0
    for hunk in file:
        old, new = _sides(path, hunk, encoding)
        start = hunk.source_start - 1 if old else hunk.source_start
        if start < at:
            raise _Misfit(OVERLAP.format(path=path, line=hunk.source_start))
        if lines[start : start + len(old)] != old or start > len(lines):
            raise _Misfit(OTHER_LINES.format(path=path, line=hunk.source_start))
        made += lines[at:start]
        if (hunk.target_start - 1 if new else hunk.target_start) != len(made):
            raise _Misfit(BAD_HUNK.format(path=path, line=hunk.source_start), strange=True)
        made += new
        at = start + len(old)
    made += lines[at:]
    if any(not line.endswith(b"\n") for line in made[:-1]):
        raise _Misfit(BAD_HUNK.format(path=path, line=len(made)), strange=True)
    return b"".join(made)


def _lines(data: bytes) -> list[bytes]:
    """The lines of a file with their ends, as git sees them: `\\n` alone ends one."""
    lines = data.split(b"\n")
    whole = [line + b"\n" for line in lines[:-1]]
    return [*whole, lines[-1]] if lines[-1] else whole


def _sides(path: str, hunk: Hunk, encoding: str) -> tuple[list[bytes], list[bytes]]:
    """The lines a hunk is about, before and after."""
    old: list[bytes] = []
    new: list[bytes] = []
    last: list[list[bytes]] = []
    for line in hunk:
        if line.line_type == "\\":
            if not last:
                raise _Misfit(BAD_HUNK.format(path=path, line=hunk.source_start), strange=True)
            for side in last:
                side[-1] = side[-1].removesuffix(b"\n")
            last = []
            continue
        last = {" ": [old, new], "-": [old], "+": [new]}.get(line.line_type, [])
        if not last:
            raise _Misfit(BAD_HUNK.format(path=path, line=hunk.source_start), strange=True)
        for side in last:
            side.append(line.value.encode(encoding))
    if (len(old), len(new)) != (hunk.source_length, hunk.target_length):
        raise _Misfit(BAD_HUNK.format(path=path, line=hunk.source_start), strange=True)
    return old, new


def _compare(path: str, file: PatchedFile, entry: Entry | None, after: bytes) -> None:
    """Hold what git wrote down of a file, before and after, against what there is."""
    found = _IDS.search(str(file.patch_info or ""))
    if found is None or found[1] != ("0" * 40 if entry is None else entry.sha):
        raise _Misfit(OTHER_FILE.format(path=path))
    if found[2] != blob_id(after):
        raise _Misfit(OTHER_RESULT.format(path=path), strange=True)
