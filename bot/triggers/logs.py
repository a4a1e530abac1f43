"""Tracebacks in any text, mapped to the files of the add-on.

A log is hostile text of any size and shape: this reads at most `LIMIT` characters, in one pass,
never fails, and believes nothing but file names, lines and the words of exceptions. Nothing found
here is more than `static`: somebody says that it happened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from bot.models.addon import Addon
from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.release import Release
from bot.triggers.messages import named_in, split

LIMIT = 5_000_000
"""Characters of a log that are read."""

MOST_FAULTS = 200
"""More are not returned."""

_MOST_NAMES = 5_000
_MOST_FRAMES = 1_000
_LONGEST_LINE = 4_000
_LONGEST_MESSAGE = 2_000
_LONGEST_TRACEBACK = 20_000

_ANSI = re.compile(r"\x1b(?:\[[0-?]{0,40}[ -/]{0,5}[@-~]|\][^\x07\x1b\n]{0,500}(?:\x07|\x1b\\)|[@-Z\\^_])")
_LINE_END = re.compile(r"\r\n|\r|\n")
_FRAME = re.compile(r'File "(?P<path>[^"]{1,1000})", line (?P<line>\d{1,7})(?:, in (?P<function>.{1,300}))?')
_HEADER = "Traceback (most recent call last)"
_NESTED = re.compile(r"(?:Error|Python|Exception): *$")
_DIGITS = re.compile(r"\d")
_HANDLING = "During handling of the above exception"
_CAUSE = "was the direct cause of the following exception"
_LONE = re.compile(r"(?<![\w.'\"])([A-Z]\w{0,80}(?:Error|Exception)): (\S.{0,2000})")
_SCRIPTS = re.compile(r"/(\d\.\d{1,2})/scripts/")
_INSTALLED = re.compile(r"/(?:addons|addons_core|addons_contrib|extensions/[^/]{1,200})/([^/]{1,200})")
_FOREIGN = re.compile(
    r"/scripts/(?:modules|startup)/|/lib/python\d|/site-packages/|/dist-packages/|/bpy/\d\.\d+/|^<(?!.*>/)"
)
_NAME = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class LogFrame:
    """A traceback frame inside the add-on; `path` is relative to the repository root."""

    path: str
    line: int
    function: str = ""


@dataclass(frozen=True)
class _Told:
    """One traceback: its add-on frames, the exception it ends in, and its text."""

    frames: tuple[LogFrame, ...]
    exception: str | None
    message: str
    text: str
    release: Release | None
    link: str


def faults_in(log: str, addon: Addon) -> tuple[Fault, ...]:
    """The faults a log tells of, in its order, each once.

    The place is the deepest frame inside the add-on. Of exceptions chained to each other one
    counts: the cause where there is one, else the last, unless only the earlier one names a member.
    Without any traceback, lines such as `AttributeError: …` count, without a place.
    """
    told: list[_Told] = []
    for one in _tracebacks(log, addon):
        if one.link and told:
            told[-1] = _telling(told[-1], one)
        else:
            told.append(one)
        if len(told) > MOST_FAULTS * 10:
            break
    faults = [_fault(one) for one in told if not (one.exception or "").endswith("ExceptionGroup")]
    if not told:
        faults = list(_lone(log))
    unique = {(fault.exception, fault.message, fault.path, fault.line): fault for fault in reversed(faults)}
    return tuple(reversed(unique.values()))[:MOST_FAULTS]


def frames_in(log: str, addon: Addon) -> tuple[LogFrame, ...]:
    """Every frame inside the add-on that a traceback of the log goes through, outermost first, each once."""
    frames = (frame for told in _tracebacks(log, addon) for frame in told.frames)
    return tuple(dict.fromkeys(frames))[: MOST_FAULTS * 10]


def _telling(earlier: _Told, later: _Told) -> _Told:
    if later.link == _CAUSE:
        return earlier if earlier.frames else later
    names_member = named_in(later.message).member is not None
    return later if names_member or named_in(earlier.message).member is None else earlier


def _fault(told: _Told) -> Fault:
    owner, member = named_in(told.message)
    place = told.frames[-1] if told.frames else LogFrame("", 0)
    return Fault(
        kind=FaultKind.LOG,
        owner=owner,
        member=member,
        path=place.path,
        line=place.line,
        end_line=place.line,
        message=told.message or told.exception or "the traceback ends without its exception",
        exception=told.exception,
        source=FaultSource.LOG,
        proof=Proof.STATIC,
        release=told.release,
        traceback=told.text or None,
    )


def _lone(log: str) -> Iterator[Fault]:
    for line in _lines(log):
        if match := _LONE.search(line):
            message = match[2].strip()
            yield _fault(_Told((), match[1], message, "", None, ""))


def _lines(log: str) -> Iterator[str]:
    # halves of surrogate pairs (bytes that were no UTF-8) have no place in a report
    text = _ANSI.sub("", log[:LIMIT].encode("utf-8", "replace").decode())
    start = 0
    for end in _LINE_END.finditer(text):
        yield text[start : min(end.start(), start + _LONGEST_LINE)]
        start = end.end()
    yield text[start : start + _LONGEST_LINE]


@dataclass
class _Open:
    """A traceback being read. `prefix` is what the log puts before each of its lines."""

    prefix: str = ""
    frames: list[LogFrame] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    seen: int = 0
    size: int = 0
    blank: int = 0
    release: Release | None = None

    def keep(self, content: str) -> None:
        """Remember a line of its text, within bounds."""
        if self.size < _LONGEST_TRACEBACK:
            self.lines.append(content)
            self.size += len(content) + 1

    def content(self, line: str) -> str:
        """The line without the log's prefix; timestamps count as equal."""
        start = line[: len(self.prefix)]
        if start == self.prefix or _DIGITS.sub("0", start) == _DIGITS.sub("0", self.prefix):
            return line[len(self.prefix) :]
        # a blank line may have lost the white space at the end of its prefix
        return "" if line.strip() == self.prefix.strip() else line

    def close(self, exception: str | None, message: str, link: str) -> _Told:
        """The traceback as it was read."""
        text = "\n".join(self.lines)[:_LONGEST_TRACEBACK]
        return _Told(tuple(self.frames), exception, message[:_LONGEST_MESSAGE], text, self.release, link)


def _tracebacks(log: str, addon: Addon) -> Iterator[_Told]:
    files = _Files(addon)
    current: _Open | None = None
    link = ""
    for line in _lines(log):
        header = line.find(_HEADER)
        if header >= 0:
            # an operator's own traceback stands inside the RuntimeError of whoever called it: one story
            nested = current is not None and current.seen and _NESTED.search(line[:header])
            if not nested:
                if current is not None and current.seen:
                    yield current.close(None, "", link)
                    link = ""
                current = _Open()
            if current is not None:
                current.keep(line[header:])
            continue
        if frame := _FRAME.search(line):
            if current is None:
                current = _Open()
            current.prefix = line[: max(frame.start() - 2, 0)]
            current.blank = 0
            current.seen += 1
            current.keep(line[len(current.prefix) :])
            _add(current, frame, files)
            continue
        if current is None or not current.seen:
            if _HANDLING in line or _CAUSE in line:
                link = _HANDLING if _HANDLING in line else _CAUSE
            continue
        content = current.content(line)
        if not content.strip():
            current.blank += 1
            if current.blank > 2:
                yield current.close(None, "", link)
                current, link = None, ""
        elif content[0] in " \t[":
            current.keep(content)
        else:
            exception, message = split(content)
            if exception is None and _looks_like_exception(content):
                exception, _, message = content.partition(":")
            current.keep(content)
            yield current.close(exception, message.strip() if exception else "", link)
            current, link = None, ""
    if current is not None and current.seen:
        yield current.close(None, "", link)


def _add(current: _Open, frame: re.Match[str], files: _Files) -> None:
    name = frame["path"].replace("\\", "/")
    if current.release is None and (release := _SCRIPTS.search(name)):
        current.release = Release.parse(release[1])
    path = files.find(name)
    if path is not None:
        function = (frame["function"] or "").strip()
        # past the bound only the deepest frame is still news
        del current.frames[_MOST_FRAMES - 1 :]
        current.frames.append(LogFrame(path, int(frame["line"]), function))


def _looks_like_exception(content: str) -> bool:
    """Whether a line that ends a traceback names an exception class of the add-on's own (`Refused: why`)."""
    name = content.partition(":")[0]
    return len(name) <= 200 and name.replace(".", "").isidentifier()


class _Files:
    """Finds the add-on's file a traceback means: installed folders may be named differently."""

    def __init__(self, addon: Addon) -> None:
        self._addon = addon
        self._known: dict[str, str | None] = {}
        self._by_name: dict[str, list[tuple[str, ...]]] = {}
        for file in addon.files:
            parts = PurePosixPath(file).parts
            self._by_name.setdefault(parts[-1], []).append(parts)
        folder = PurePosixPath(addon.path).name
        self._names = {_plain(name) for name in (addon.module, addon.name, folder, PurePosixPath(folder).stem) if name}
        self._below = 0 if addon.path == "." else len(PurePosixPath(addon.path).parts) - addon.single_file

    def find(self, name: str) -> str | None:
        """The repository path of the file, or null when it is none of the add-on's."""
        if name not in self._known:
            if len(self._known) >= _MOST_NAMES:
                return None
            self._known[name] = self._match(name)
        return self._known[name]

    def _match(self, name: str) -> str | None:
        parts = tuple(part for part in name.split("/") if part not in ("", "."))
        candidates = self._by_name.get(parts[-1], ()) if parts else ()
        if not candidates:
            return None
        # the last one: a folder further up may be called addons too
        installed = max(_INSTALLED.finditer(name), key=lambda found: found.start(), default=None)
        if installed is not None:
            ours = _plain(installed[1].removesuffix(".py")) in self._names
            below = tuple(part for part in name[installed.end() :].split("/") if part) or (parts[-1],)
            for file in candidates:
                if ours and file[self._below :] == below:
                    return "/".join(file)
        elif _FOREIGN.search(name):
            return None
        lengths = sorted(((_common_end(file, parts), file) for file in candidates), reverse=True)
        length, file = lengths[0]
        unique = len(lengths) == 1 or lengths[1][0] < length
        # `__init__.py` alone says nothing, nor does any lone name inside another add-on's folder
        alone = installed is None and parts[-1] != "__init__.py"
        return "/".join(file) if unique and (length >= 2 or alone or length == len(parts)) else None


def _common_end(first: Sequence[str], second: Sequence[str]) -> int:
    count = 0
    for one, other in zip(reversed(first), reversed(second), strict=False):
        if one != other:
            break
        count += 1
    return count


def _plain(name: str) -> str:
    return _NAME.sub("", name.lower())
