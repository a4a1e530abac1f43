"""The repository's own fixes: what was repaired here before, and how, as chunks that can be searched.

Read from git's history in at most three processes, however long it is: the messages, the diffs of
those commits whose message speaks of a repair, and the changed files, to name the functions the
diffs are in. Messages and diffs are a stranger's: bounded, cleaned of control characters, never run.
"""

from __future__ import annotations

import re
import subprocess
import threading
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from unidiff.errors import UnidiffParseError
from unidiff.patch import Hunk, PatchedFile, PatchSet

from indexer import git
from indexer.chunking.python import module_of
from indexer.chunking.source import clip, one_line
from indexer.models import Chunk, IndexedFile

PREFIX = "commit:"
"""What the path of a fix begins with; the commit's full hash follows."""

MAX_EXAMINED = 2_000
MAX_KEPT = 500
MAX_CHUNKS = 4
"""Chunks of one commit: what changes more at once is no example of a repair."""
MAX_TEXT = 1_500

_SECONDS = 60.0
_MAX_MESSAGE = 8_000
_MAX_DIFF = 200_000
_MAX_FILES = 20
_MAX_BLOB = 1024**2
_MAX_BODY = 400
_MAX_LINE = 200
_FILES = ("*.py", "*.pyx", "*.glsl", "*.vert", "*.frag", "*.toml")

_REPAIRS = re.compile(
    r"""\b(?:
        (?:hot|bug|quick)?[ -]?fix(?:e[sd]|ing|up)? | bugs? | crash(?:e[sd]|ing)? | regress(?:ion|ions|ed) | broken?
      | errors? | exceptions? | traceback | fail(?:s|ed|ing|ure|ures)? | repair(?:s|ed)? | wrong(?:ly)?
      | incorrect(?:ly)? | workaround | \w+Error | compat(?:ible|ibility)? | deprecat(?:ed|ion|ions)
      | no[ ]longer[ ]works?
      | (?:port(?:ed)?|updated?|migrate[sd]?|adapt(?:ed)?|upgraded?|changes?|support(?:s|ed)?)[ ](?:it[ ])?
        (?:(?:to|for|with)[ ])?(?:the[ ])?(?:new[ ])?(?:blender[ ]?)?(?:v?[2-9]\.\d+|api\b)
      | blender[ ]?v?[2-9]\.\d+(?:[ ]api|[ ]support)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_LINKED = re.compile(r"\b(?:fix(?:e[sd])?|close[sd]?|resolve[sd]?)[ :]+(?:issue )?(?:#|T|GH-)(\d+)", re.IGNORECASE)
_ISSUE = re.compile(r"(?<![\w#&])(?:#|T(?=\d{3})|GH-)(\d{1,7})\b")
_NO_REPAIRS = re.compile(
    r"""^(?:merge|revert|bump|release|cleanup|clean[ ]up|wip)\b
      | ^(?:docs?|chore|ci|style|tests?|build|refactor|i18n|l10n)(?:\([^)]*\))?!?:
      | \b(?:typos?|spelling|grammar|whitespaces?|indentation|pep-?8|flake8|pylint|lint(?:er|ing)?|ruff|black|mypy
        |pyright|readme|changelog|translations?|gitignore|workflows?|docstrings?|comments?)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_DEFINITION = re.compile(rb"^([ \t]*)(?:async[ \t]+)?(?:class|def)[ \t]+(\w+)", re.MULTILINE)
_HASH = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?\n?")


@dataclass(frozen=True)
class _Commit:
    hash: str
    subject: str
    body: str
    issues: tuple[str, ...]


def exemplars(
    root: Path, head: str = "HEAD", limit: int = MAX_KEPT, known: Collection[str] = frozenset()
) -> Iterator[IndexedFile]:
    """The newest commits that repaired something, newest first, each as a file of its own.

    `known` are full hashes that need not be given again. A commit that changed no code, or too much,
    comes without chunks, so that it is known from then on. Nothing without git, without
    commits, or where the history cannot be read; a shallow clone has what it has.
    """
    commits = [commit for commit in _repairs(root, head, limit) if commit.hash not in known]
    return _files(root, commits)


def is_repair(subject: str, body: str = "") -> bool:
    """Whether a commit's message says that something was repaired."""
    if _NO_REPAIRS.search(subject):
        return False
    return bool(_REPAIRS.search(subject) or _LINKED.search(body))


def _repairs(root: Path, head: str, limit: int) -> Iterator[_Commit]:
    found = 0
    arguments = ["log", "--no-merges", f"--max-count={MAX_EXAMINED}", "--no-show-signature", "--no-color",
                 "--no-decorate", "--no-notes", "--encoding=UTF-8", "-z", "--format=%H%n%s%n%b", "--end-of-options",
                 head, "--"]  # fmt: skip
    with _started(root, arguments) as output:
        if output is None:
            return
        for record in _records(output):
            commit = _parsed(record)
            if commit is not None and is_repair(commit.subject, commit.body):
                yield commit
                found += 1
                if found >= limit:
                    return


def _parsed(record: bytes) -> _Commit | None:
    name, _, message = record.decode("utf-8", "replace").lstrip("\n").partition("\n")
    subject, _, body = message.partition("\n")
    if not _HASH.fullmatch(name.encode("utf-8")):
        return None
    numbers = dict.fromkeys(match[1] for match in _ISSUE.finditer(f"{subject}\n{body}"))
    subject = one_line(_CONTROL.sub(" ", subject), _MAX_LINE)
    return _Commit(name, subject, _CONTROL.sub(" ", body), tuple(f"#{number}" for number in numbers)[:10])


def _files(root: Path, commits: Sequence[_Commit]) -> Iterator[IndexedFile]:
    if not commits:
        return
    patches = {name: patch for name, diff in _diffs(root, commits) if (patch := _patch(diff)) is not None}
    wanted = {blob: None for patch in patches.values() for file in patch[:_MAX_FILES] if (blob := _blob(file))}
    contents = zip(wanted, git.blobs(root, wanted), strict=False)
    outlines = {blob: _Outline.of(data) for blob, data in contents if data is not None}
    for commit in commits:
        chunks = tuple(_chunks(commit, patches[commit.hash], outlines)) if commit.hash in patches else ()
        size = sum(len(chunk.text) for chunk in chunks)
        yield IndexedFile(PREFIX + commit.hash, commit.hash, size, "python" if chunks else "", chunks)


def _diffs(root: Path, commits: Sequence[_Commit]) -> Iterator[tuple[str, str]]:
    """The diffs by commit; those too long to be examples are left out."""
    arguments = ["diff-tree", "--stdin", "-r", "-p", "--root", "--relative", "--unified=3", "--inter-hunk-context=0",
                 "--full-index", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color", "--src-prefix=a/",
                 "--dst-prefix=b/", "--ignore-submodules=all", "--", *_FILES]  # fmt: skip
    asked = "".join(f"{commit.hash}\n" for commit in commits).encode()
    with _started(root, arguments, asked) as output:
        if output is None:
            return
        name, lines, size = "", list[bytes](), 0
        # A line of a diff begins with a sign or a word, never with a bare hash.
        while line := output.readline(_MAX_DIFF):
            if _HASH.fullmatch(line):
                if name and size <= _MAX_DIFF:
                    yield name, b"".join(lines).decode("utf-8", "replace")
                name, lines, size = line.decode().strip(), [], 0
                continue
            size += len(line)
            if size <= _MAX_DIFF:
                lines.append(line)
        if name and size <= _MAX_DIFF:
            yield name, b"".join(lines).decode("utf-8", "replace")


def _patch(diff: str) -> PatchSet | None:
    try:
        patch = PatchSet.from_string(diff)
    except (UnidiffParseError, ValueError):
        return None
    return patch if len(patch) <= _MAX_FILES else None


def _blob(file: PatchedFile) -> str:
    """The id of a file's new contents; empty where it is gone, or no Python."""
    if file.is_removed_file or not file.path.endswith(".py"):
        return ""
    index = next((line for line in file.patch_info or () if line.startswith("index ")), "")
    found = re.match(r"index [0-9a-f]+\.\.([0-9a-f]{40,64})\b", index)
    return found[1] if found and found[1].strip("0") else ""


@dataclass(frozen=True)
class _Outline:
    """Where the definitions of a Python file begin: lines, indents and names, in the order of the lines.

    Read off the indentation, not parsed: hundreds of old files are only needed for a name.
    """

    lines: Sequence[int]
    names: Sequence[tuple[int, str]]

    @classmethod
    def of(cls, data: bytes) -> _Outline:
        lines: list[int] = []
        names: list[tuple[int, str]] = []
        line, seen = 1, 0
        for match in _DEFINITION.finditer(data[:_MAX_BLOB]):
            line += data.count(b"\n", seen, match.start(2))
            seen = match.start(2)
            lines.append(line)
            names.append((len(match[1].expandtabs()), match[2].decode("utf-8", "replace")))
        return cls(lines, names)

    def around(self, line: int, indent: int) -> str:
        """The qualified name of the innermost definition around a line with that indent; empty outside all."""
        index = bisect_right(self.lines, line) - 1
        found: list[str] = []
        if index >= 0 and self.lines[index] == line:
            indent = self.names[index][0] + 1
        while index >= 0 and indent > 0:
            column, name = self.names[index]
            if column < indent:
                found.append(name)
                indent = column
            index -= 1
        return ".".join(reversed(found))


def _chunks(commit: _Commit, patch: PatchSet, outlines: Mapping[str, _Outline]) -> Iterator[Chunk]:
    hunks: dict[tuple[str, str], list[Hunk]] = {}
    inner: dict[tuple[str, str], dict[str, None]] = {}
    for file in patch:
        outline = outlines.get(_blob(file))
        for hunk in file:
            names = _symbols(hunk, outline)
            place = (file.path, max(names, key=lambda name: names[name], default=""))
            hunks.setdefault(place, []).append(hunk)
            inner.setdefault(place, {}).update(dict.fromkeys(filter(None, names)))
    # Named places first: what changed outside all functions is mostly imports.
    order = sorted(hunks, key=lambda place: not place[1])
    body = clip("\n".join(clip(line.strip(), _MAX_LINE) for line in commit.body.splitlines()[:8]).strip(), _MAX_BODY)
    head = f"{commit.subject}\n{body}".strip()
    for path, name in order[:MAX_CHUNKS]:
        inside = hunks[path, name]
        module = module_of(path) if path.endswith(".py") else ""
        yield Chunk(
            kind="fix",
            role="commit",
            path=path,
            start=max(1, inside[0].target_start),
            end=max(1, inside[-1].target_start + inside[-1].target_length - 1),
            name=commit.subject,
            symbol=".".join(filter(None, (module, name))) or path,
            text=f"{head}\n{_diff(inside, MAX_TEXT - len(head))}",
            language="python" if path.endswith(".py") else "",
            terms=clip(" ".join([*commit.issues, *inner[path, name]]), 400),
            commit=commit.hash,
        )


def _symbols(hunk: Hunk, outline: _Outline | None) -> dict[str, int]:
    """The definitions a hunk changes, with how many lines of each."""
    names: dict[str, int] = {}
    position = hunk.target_start
    for line in hunk:
        if line.target_line_no is not None:
            position = line.target_line_no + 1
        if line.is_context or not line.value.strip():
            continue
        text = line.value.expandtabs()
        indent = len(text) - len(text.lstrip())
        name = outline.around(line.target_line_no or position - 1, indent) if outline else ""
        names[name] = names.get(name, 0) + 1
    return names


def _diff(hunks: Sequence[Hunk], room: int) -> str:
    """The lines of hunks, as many as there is room for; those that changed before those around them."""
    lines: list[tuple[bool, str]] = []
    for hunk in hunks:
        lines.append((True, f"@@ -{hunk.source_start} +{hunk.target_start} @@"))
        for line in hunk:
            text = clip(_CONTROL.sub(" ", line.value.rstrip("\n")), _MAX_LINE)
            if line.is_added or line.is_removed or line.is_context:
                lines.append((not line.is_context, f"{line.line_type}{text}"))
    if sum(len(text) + 1 for _, text in lines) > room:
        lines = [(changed, text) for changed, text in lines if changed]
    kept: list[str] = []
    for _, text in lines:
        room -= len(text) + 1
        if room < 2:
            kept.append("…")
            break
        kept.append(text)
    return "\n".join(kept)


def _records(output: IO[bytes]) -> Iterator[bytes]:
    """What stands between NUL bytes, the beginning of each: a message may be as long as its author likes."""
    kept, skipping = b"", False
    while piece := output.read(65_536):
        first, *rest = piece.split(b"\0")
        if not skipping:
            kept += first
        for following in rest:
            yield kept[:_MAX_MESSAGE]
            kept, skipping = following, False
        if len(kept) > _MAX_MESSAGE:
            kept, skipping = kept[:_MAX_MESSAGE], True
    if kept:
        yield kept[:_MAX_MESSAGE]


@contextmanager
def _started(root: Path, arguments: Sequence[str], asked: bytes = b"") -> Iterator[IO[bytes] | None]:
    """A git command's output while it runs; nothing where git is not there. Ended with the block, or in time."""
    try:
        process = subprocess.Popen(
            ["git", "-C", str(root), *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=git.environment(),
        )  # fmt: skip
    except OSError:
        yield None
        return
    late = threading.Timer(_SECONDS, process.kill)
    late.daemon = True
    late.start()
    try:
        if process.stdin is not None:
            with suppress(OSError):
                # At most 500 hashes: less than a pipe holds, so nobody waits for anybody.
                process.stdin.write(asked)
                process.stdin.close()
        yield process.stdout
    finally:
        late.cancel()
        process.kill()
        if process.stdout is not None:
            process.stdout.close()
        process.wait()
