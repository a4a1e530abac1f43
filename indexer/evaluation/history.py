"""Questions a repository answers itself: a fix commit's message against its parent tree.

The answer is what the commit changed: its code files, and the innermost functions, methods and
classes whose lines it touched. Merges, reverts, typos, formatting, version bumps, translations,
documentation and commits too large to be one repair are left out by rule, and so are messages
too short to ask anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import Any

from indexer.chunking.python import symbols
from indexer.evaluation.commits import Change, Commit, History, Hunk
from indexer.models import Symbol

MAX_FILES = 5
"""A commit that touches more code files is more than one repair."""

MIN_WORDS = 3
"""A message with fewer telling words asks nothing: "Fix crash in last commit" fits every file."""

MAX_QUERY = 600
MAX_BODY_LINES = 5

CODE_SUFFIXES = frozenset(
    {".py", ".glsl", ".vert", ".frag", ".geom", ".osl", ".c", ".h", ".cpp", ".hpp", ".cc", ".js", ".pyx"}
)

_REPAIRS = re.compile(
    r"\b(fix(e[sd]|ing|up)?|bug(s|fix\w*)?|crash\w*|error\w*|exceptions?|traceback|broken?|breaks?|regress\w*|wrong\w*|"
    r"incorrect\w*|fail(s|ed|ing|ure\w*)?|prevent\w*|avoid\w*|repair\w*|correct(ed|ly|s)?|handle missing|not working|"
    r"do(es)?n[o']?t work|workaround|compatib\w*|issue|problem\w*)\b|(?:^|\s)#\d+",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(
    r"^\s*(revert|merge|squash|release|bump|docs?|style|test|tests|ci|build|chore|i18n|l10n|refactor)\b[\s(:!\"'/-]|"
    r"\b(typos?|misspell\w*|spelling|grammar|grammatical|wording|changelog|readme|docstrings?|documentation|comments?|"
    r"pep-?8|autopep8|black|flake8|ruff|pylint|lint\w*|isort|formatting|reformat\w*|whitespaces?|indentation|"
    r"translat(e|ed|ion|ions)|locali[sz]ation|version (bump|number|up)|bump(ed)? version|version bump|"
    r"mypy|pyright|type hints?|typing|workflows?|github actions?|travis|codespell|pre-commit|release (flow|pipeline)|"
    r"unit ?tests?|cleanup|clean up)\b",
    re.IGNORECASE,
)
_TRAILER = re.compile(
    r"^\s*((signed-off|co-authored|reviewed|acked|tested|reported|suggested)-by|change-id|git-svn-id|"
    r"differential revision|pull request|reviewers?|cherry picked|\(cherry picked)\b.*$",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://\S+")
_WORD = re.compile(r"(?<!\w)(?![0-9a-f]{7,40}(?!\w))[^\W\d_]{2,}")
_EMPTY_WORDS = frozenset(
    """
    fix fixes fixed fixing fixup bug bugs bugfix bugfixes bugfixing hotfix error errors issue issues
    problem problems crash crashes wrong broken regression correct correctly corrected incorrect small
    minor some more various several few couple last previous commit commits pull request code potential
    possible partial partially attempt another other same still again also now should be is was were are
    not no the an of to in on at by for from with and or it its this that when if as do does did doesn
    don work works working case github closes close see
    """.split()  # noqa: SIM905  (a list of words reads better without its quotes)
)
_NOT_CODE = frozenset({
    "test", "tests", "testing", "doc", "docs", "vendor", "vendored", "third_party", "site-packages", "node_modules",
    "external", "extern", "locale", "locales", "i18n", ".github", "ci",
})  # fmt: skip
_VERSION = re.compile(r"\bversion\w*\b.*\d|^\s*[\"']?v?\d+(\.\d+)+[\"']?,?\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Target:
    """A symbol that had to be found, and the lines that are its own: a class's are those outside its methods."""

    path: str
    name: str
    lines: tuple[tuple[int, int], ...]

    def overlaps(self, start: int, end: int) -> bool:
        """Whether lines `start` to `end` hold one of its own."""
        return any(first <= end and start <= last for first, last in self.lines)


@dataclass(frozen=True)
class Case:
    """One question: what was asked, of which tree, and what would have been right."""

    repository: str
    commit: str
    parent: str
    query: str
    files: tuple[str, ...]
    targets: tuple[Target, ...]

    @property
    def id(self) -> str:
        """Short and stable."""
        return f"{self.repository}@{self.commit[:12]}"

    def as_json(self) -> dict[str, Any]:
        """For a file."""
        return asdict(self)


def mine(
    history: History, name: str, wanted: int = 100, head: str = "HEAD", seen: Callable[[int], None] | None = None
) -> list[Case]:
    """The newest cases of a repository, newest first, at most `wanted`; `seen` hears how many there are so far."""
    found: list[Case] = []
    asked: set[str] = set()
    for commit in history.commits(history.resolve(head)):
        if len(found) >= wanted:
            break
        query = question(commit.message)
        if query is None or query.casefold() in asked:
            continue  # a repair that was brought to several branches is one case
        if (case := _case(history, name, commit, query)) is not None:
            asked.add(query.casefold())
            found.append(case)
            if seen is not None:
                seen(len(found))
    return found


def question(message: str) -> str | None:
    """What a fix commit's message asks: its subject and the first lines of its body; null if it is no repair."""
    lines = [_URL.sub("", line).strip() for line in message.splitlines() if not _TRAILER.match(line)]
    subject = lines[0] if lines else ""
    if not _REPAIRS.search(subject) or _OTHERWISE.search(subject):
        return None
    body = [line for line in lines[1:] if line][:MAX_BODY_LINES]
    query = "\n".join([subject, *body])[:MAX_QUERY].strip()
    return query if len({word.lower() for word in _WORD.findall(query)} - _EMPTY_WORDS) >= MIN_WORDS else None


def is_code(path: str) -> bool:
    """Whether a file is code that a repair is made in: no tests, no documentation, nobody else's."""
    pure = PurePosixPath(path)
    if pure.suffix.lower() not in CODE_SUFFIXES or _NOT_CODE & {part.lower() for part in pure.parts[:-1]}:
        return False
    stem = pure.stem.lower()
    return not (
        stem.startswith("test_") or stem.endswith("_test") or stem in {"conftest", "setup", "version", "_version"}
    )


def changed_symbols(found: Sequence[Symbol], hunks: Sequence[Hunk]) -> list[Symbol]:
    """The innermost symbols whose lines the hunks touch, in the order of the file."""
    touched: dict[tuple[str, int], Symbol] = {}
    for hunk in hunks:
        lines = range(hunk.start, hunk.start + len(hunk.old)) if hunk.old else (hunk.start,)
        for line in lines:
            if hunk.old and not hunk.old[line - hunk.start].strip():
                continue
            around = [s for s in found if s.encloses(line) and (hunk.old or _inside(s, hunk))]
            if around:
                inner = min(around, key=lambda symbol: symbol.end - symbol.start)
                touched[inner.name, inner.start] = inner
    return sorted(touched.values(), key=lambda symbol: symbol.start)


def own_lines(symbol: Symbol, found: Sequence[Symbol]) -> tuple[tuple[int, int], ...]:
    """The lines of a symbol; of a class those that are no method's or inner class's."""
    if symbol.kind != "class":
        return ((symbol.start, symbol.end),)
    inner = [s for s in found if symbol.start < s.start <= symbol.end and s is not symbol]
    taken = {line for s in inner for line in range(s.start, s.end + 1)}
    spans: list[tuple[int, int]] = []
    for line in range(symbol.start, symbol.end + 1):
        if line in taken:
            continue
        if spans and spans[-1][1] == line - 1:
            spans[-1] = (spans[-1][0], line)
        else:
            spans.append((line, line))
    return tuple(spans)


def _case(history: History, name: str, commit: Commit, query: str) -> Case | None:
    changes = [change for change in history.changes(commit) if is_code(change.old_path) or is_code(change.new_path)]
    if not 1 <= len(changes) <= MAX_FILES:
        return None
    files: list[str] = []
    targets: list[Target] = []
    for change in changes:
        if change.status not in {"M", "R"} or not is_code(change.old_path):
            continue
        hunks = [hunk for hunk in history.hunks(change) if _says_something(hunk)]
        if not hunks:
            continue
        files.append(change.old_path)
        targets += _targets(history, change, hunks)
    if not targets:
        return None
    return Case(name, commit.id, commit.parent, query, tuple(files), tuple(targets))


def _targets(history: History, change: Change, hunks: Sequence[Hunk]) -> Iterator[Target]:
    if not change.old_path.endswith(".py"):
        return
    found = symbols(change.old_path, next(history.read([change.old_blob]), b""))
    for symbol in changed_symbols(found, hunks):
        yield Target(change.old_path, symbol.name, own_lines(symbol, found))


def _inside(symbol: Symbol, hunk: Hunk) -> bool:
    # Lines put behind a symbol's last one are its own only if they are indented like a body.
    if hunk.start < symbol.end:
        return True
    first = next((line for line in hunk.new if line.strip()), "")
    depth = symbol.name.count(".")
    return len(first.expandtabs(4)) - len(first.expandtabs(4).lstrip()) > 4 * depth


def _says_something(hunk: Hunk) -> bool:
    lines = [line.strip() for line in (*hunk.old, *hunk.new) if line.strip()]
    if not lines or all(line.startswith("#") for line in lines):
        return False
    return not all(_VERSION.search(line) for line in lines)
