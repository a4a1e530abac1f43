"""Unified diffs as models write them: with or without `a/ b/`, line numbers, counts, even file headers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.edits.hunks import HEADER, hunks, joined, sides
from bot.edits.paths import MAX_LINE, looks_like_path, repository_path
from bot.edits.unclear import Unclear
from bot.models.proposal import Change, NewFile

NO_FILE = (
    "A diff does not say which file it is about: begin it with `--- a/PATH` and `+++ b/PATH`. Its first line is "
    "{first!r}."
)
DELETED = "{path}: deleting a file is not possible. Change what it holds instead."
RENAMED = "{old} to {new}: renaming or copying a file is not possible. Change the file where it is."
MODE = "{path}: changing a file's mode, and adding links or executables, is not possible."
BINARY = "{path}: changing binary files is not possible."
ONLY_ADDS = "{path} is added by the diff, which also has lines that are not added; write each line with `+`."

_GIT = re.compile(r"^diff (?:--git|-\S+)\s+(?P<old>\S+)\s+(?P<new>\S+)\s*$")
_OLD = re.compile(r"^---\s+(\S.*)$")
_NEW = re.compile(r"^\+\+\+\s+(\S.*)$")
_ENVELOPE = re.compile(r"^(?:index [0-9a-f]+\.\.|similarity index|dissimilarity index|rename |copy |old mode|new mode|"
                       r"new file mode|deleted file mode|Binary files |GIT binary patch)")  # fmt: skip
_TAIL = re.compile(r"\t.*$|\s+\((?:original|modified|old|new|before|after|updated)\)\s*$|\s+\d{4}-\d\d-\d\d .*$")
_PAIRS = (("a/", "b/"), ("old/", "new/"), ("original/", "modified/"), ("before/", "after/"), ("orig/", "new/"))
_NOWHERE = "/dev/null"


@dataclass
class _File:
    """What a diff says of one file."""

    old: str | None = None
    new: str | None = None
    envelope: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)


def looks_like_diff(lines: Sequence[str]) -> bool:
    """Whether these lines are a unified diff, whatever the block says it is."""
    starts = any(_is_header(lines, at) or _GIT.match(line) for at, line in enumerate(lines))
    changes = any(line[:1] in ("+", "-") for line in lines)
    return starts or (changes and any(HEADER.match(line) for line in lines))


def starts_diff(lines: Sequence[str], at: int) -> bool:
    """Whether a diff begins at this line of prose."""
    return bool(_GIT.match(lines[at])) or _is_header(lines, at)


def changes(lines: Sequence[str], announced: str | None) -> Iterator[Change]:
    """The changes of a diff; `announced` is the path the answer named before it, for one without headers.

    Raises:
        Unclear: it names no file, asks for what is not possible, or cannot be read.
    """
    for file in _files(lines):
        if file.body or file.envelope or file.old or file.new:
            yield from _changes(file, announced)


def _files(lines: Sequence[str]) -> Iterator[_File]:
    current = _File()
    heading = True  # what git writes between `diff --git` and the first hunk is no code
    at = 0
    while at < len(lines):
        line = lines[at]
        if git := _GIT.match(line):
            yield current
            current, heading = _File(old=git["old"], new=git["new"]), True
        elif _is_header(lines, at):
            if not heading or current.body:
                yield current
                current = _File()
            current.old, current.new = _clean(lines[at], _OLD), _clean(lines[at + 1], _NEW)
            heading = False
            at += 1
        elif heading and _ENVELOPE.match(line):
            current.envelope.append(line)
        elif line or current.body:
            heading = heading and not HEADER.match(line)
            current.body.append(line)
        at += 1
    yield current


def _is_header(lines: Sequence[str], at: int) -> bool:
    """Whether `---` and `+++` begin a file here: a removed `-- x` and an added `++ y` look the same."""
    if at + 1 >= len(lines) or not _OLD.match(lines[at]) or not _NEW.match(lines[at + 1]):
        return False
    old, new = _clean(lines[at], _OLD), _clean(lines[at + 1], _NEW)
    follows = next((line for line in lines[at + 2 : at + 5] if line.strip()), "")
    paths = _NOWHERE in (old, new) or looks_like_path(old) or looks_like_path(new)
    return bool(HEADER.match(follows)) or (paths and " " not in old.strip())


def _clean(line: str, pattern: re.Pattern[str]) -> str:
    match = pattern.match(line[:MAX_LINE])
    name = _TAIL.sub("", match[1] if match else "").strip()
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] and name[0] in "\"'`" else name


def _changes(file: _File, announced: str | None) -> Iterator[Change]:
    path = _path(file, announced)
    _possible(file, path)
    if file.old == _NOWHERE:
        old, new = sides([line for line in file.body if not HEADER.match(line)])
        if any(line.strip() for line in old):
            raise Unclear(ONLY_ADDS.format(path=path))
        yield NewFile(path=path, text=joined(new))
    else:
        yield from hunks(path, file.body)


def _path(file: _File, announced: str | None) -> str:
    """The file a diff is about, without the `a/` and `b/` of its headers."""
    old, new = file.old, file.new
    if old is None or new is None:
        if announced is None:
            first = next((line for line in file.body if line.strip()), "")
            raise Unclear(NO_FILE.format(first=first[:80]))
        return repository_path(announced)
    if new == _NOWHERE:
        raise Unclear(DELETED.format(path=repository_path(old.removeprefix("a/"))))
    if old == _NOWHERE:
        return repository_path(new.removeprefix("b/"))
    for before, after in _PAIRS:
        if old.startswith(before) and new.startswith(after):
            old, new = old.removeprefix(before), new.removeprefix(after)
            break
    else:
        if old != new and old.removeprefix("a/") == new.removeprefix("b/"):
            old, new = old.removeprefix("a/"), new.removeprefix("b/")
    if (path := repository_path(old)) != (other := repository_path(new)):
        raise Unclear(RENAMED.format(old=path, new=other))
    return path


def _possible(file: _File, path: str) -> None:
    for line in file.envelope:
        if line.startswith("deleted file"):
            raise Unclear(DELETED.format(path=path))
        if line.startswith(("rename ", "copy ", "similarity")):
            raise Unclear(RENAMED.format(old=path, new=line.split(" ", 2)[-1][:200]))
        if line.startswith(("old mode", "new mode")) or (line.startswith("new file mode") and "100644" not in line):
            raise Unclear(MODE.format(path=path))
        if line.startswith("new file mode"):
            file.old = _NOWHERE
        if line.startswith(("Binary", "GIT binary")):
            raise Unclear(BINARY.format(path=path))
