"""Python tracebacks in the lines of any log, mapped to the files of the add-on.

Understood are those Python prints, whatever stands before each line; those rich frames; those wrapped
by a narrow console; those pasted without their indentation; and the stacks a crash leaves
(`# Python backtrace`, "most recent call first"). One pass with a few lines of looking ahead.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from bot.models.release import Release
from bot.triggers.files import Files
from bot.triggers.lines import HEADER
from bot.triggers.messages import split

HANDLING = "During handling of the above exception"
CAUSE = "was the direct cause of the following exception"
CRASHED = "Blender crashed while this ran"
FATAL = "Fatal Python error:"

MOST_FRAMES = 1_000
LONGEST_MESSAGE = 2_000
LONGEST_TEXT = 20_000

_FRAME = re.compile(
    r'(?:File "(?P<path>[^"]{1,1000})", line (?P<line>\d{1,7})(?:,? in (?P<function>.{1,300}))?)'
    r"|(?:^\s{0,20}[│|] (?P<boxed>[^\s:│|][^:│|]{0,500}\.py):(?P<boxed_line>\d{1,7}) in (?P<boxed_function>\w{1,200}))"
)
_WRAPPED = re.compile(r'File "[^"]{0,1000}$|File "[^"]{1,1000}",?(?: (?:l|li|lin|line)?)?$|^[^"]{0,20}\bFil?$')
_CUT = re.compile(r"\s{0,3}(?P<rest>\d{0,6},? ?in [\w<]\S{0,200}|\d{1,6}(?:, in \S{1,200})?)$")
_NESTED = re.compile(r"(?:Error|Python|Exception): *$")
_DIGITS = re.compile(r"\d")
_SCRIPTS = re.compile(r"[/\\](\d\.\d{1,2})[/\\]scripts[/\\]")
_CARETS = re.compile(r"[\s^~│|]*")
_BACKTRACE = re.compile(r"# Python backtrace|\(most recent call first\):")
_BOXED_CODE = re.compile(r"^[│|] {1,4}❱ {0,6}\d{0,7} {0,3}[│|]?|[│|]\s*$")
_LONGEST_CODE = 500
_POINTED = "❱"
_BOX = "│╭╰❱|"
_AHEAD = 4
_MOST_JOINED = 4


@dataclass(frozen=True)
class LogFrame:
    """A traceback frame inside the add-on; `path` is relative to the repository root.

    `code` is the line of code the traceback quotes, empty where it quotes none.
    """

    path: str
    line: int
    function: str = ""
    code: str = ""


@dataclass(frozen=True)
class Told:
    """One traceback: its add-on frames, outermost first, the exception it ends in, and its text."""

    frames: tuple[LogFrame, ...]
    exception: str | None
    message: str
    text: str
    release: Release | None
    link: str = ""
    """How it is chained to the one before it: `HANDLING`, `CAUSE`, or not at all."""
    crashed: bool = False
    """It is where Blender died, not an exception."""


class _Lines:
    """Lines one can look ahead in."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._next: deque[str] = deque()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        return self._next.popleft() if self._next else next(self._lines)

    def ahead(self, count: int) -> list[str]:
        """The next lines, without taking them."""
        self._next.extend(islice(self._lines, max(count - len(self._next), 0)))
        return list(islice(self._next, count))


@dataclass
class _Open:
    """A traceback being read. `prefix` is what the log puts before each of its lines."""

    header: int | None = None
    """The column its header stands in, where nothing but white space is before it."""
    prefix: str = ""
    flat: bool = False
    """The indentation is lost: code stands where exceptions do."""
    first: bool = False
    """Innermost frame first, as crash reports list them."""
    width: int = 0
    """Where the console wraps its lines, once one was."""
    frames: list[LogFrame] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    seen: int = 0
    size: int = 0
    blank: int = 0
    code: bool = True
    """The last frame's line of code has been read."""
    ours: bool = False
    """The last frame is one of the add-on's."""
    release: Release | None = None

    def keep(self, content: str) -> None:
        """Remember a line of its text, within bounds."""
        if self.size < LONGEST_TEXT:
            self.lines.append(content)
            self.size += len(content) + 1

    def quote(self, content: str) -> None:
        """Take a line as the code of the last frame, if it is the first after it."""
        boxed = content[0] in _BOX
        code = _BOXED_CODE.sub("", content).strip() if boxed else content.strip()
        # in a box the lines around it stand there, too
        if self.code or _CARETS.fullmatch(code) or (boxed and _POINTED not in content):
            return
        self.code = True
        if self.ours and self.frames:
            self.frames[-1] = replace(self.frames[-1], code=code[:_LONGEST_CODE])

    def content(self, line: str) -> str:
        """The line without the log's prefix; timestamps count as equal."""
        start = line[: len(self.prefix)]
        if start == self.prefix or _DIGITS.sub("0", start) == _DIGITS.sub("0", self.prefix):
            return line[len(self.prefix) :]
        # a blank line may have lost the white space at the end of its prefix
        return "" if line.strip() == self.prefix.strip() else line

    def close(self, exception: str | None, message: str, link: str) -> Told:
        """The traceback as it was read."""
        frames = tuple(reversed(self.frames) if self.first else self.frames)
        text = "\n".join(self.lines)[:LONGEST_TEXT]
        return Told(frames, exception, message[:LONGEST_MESSAGE], text, self.release, link, crashed=self.first)


def tracebacks(lines: Iterator[str], files: Files) -> Iterator[Told]:
    """Every traceback of a log, in its order; `lines` are plain ones."""
    reading = _Lines(lines)
    current: _Open | None = None
    link = fatal = ""
    for line in reading:
        header = line.find(HEADER)
        if header >= 0 and "call first" not in line:
            # an operator's own traceback stands inside the RuntimeError of whoever called it: one story
            nested = current is not None and current.seen and not current.first and _NESTED.search(line[:header])
            if not nested:
                if current is not None and current.seen:
                    yield _stop(current, fatal, link)
                    link = ""
                current = _Open()
            if current is not None:
                current.header = None if nested or line[:header].strip() else header
                current.keep(line[header:])
            continue
        if _BACKTRACE.search(line):
            if current is not None and current.seen:
                yield _stop(current, fatal, link)
            current, link = _Open(header=None, first=True), ""
            continue
        if FATAL in line:
            fatal = line[line.find(FATAL) :].strip()
        line, joined = _whole(line, reading)
        if frame := _FRAME.search(line):
            if current is None:
                current = _Open()
            _begin(current, line, frame.start(), joined)
            _add(current, frame, files)
            continue
        if current is None or not current.seen:
            if HANDLING in line or CAUSE in line:
                link = HANDLING if HANDLING in line else CAUSE
            continue
        content = current.content(line)
        if not content.strip():
            current.blank += 1
            if current.blank > 2 or current.first:
                yield _stop(current, fatal, link)
                current, link, fatal = None, "", ""
        elif content[0] in " \t[" or content[0] in _BOX or _is_code(content, current, reading):
            current.quote(content)
            current.keep(content)
        elif current.first:
            yield _stop(current, fatal, link)
            current, link, fatal = None, "", ""
        else:
            content = _unwrapped(content, line, current, reading)
            current.keep(content)
            exception, message = _exception(content)
            yield current.close(exception, message, link)
            current, link = None, ""
    if current is not None and current.seen:
        yield _stop(current, fatal, link)


def _stop(current: _Open, fatal: str, link: str) -> Told:
    """A traceback that ends without an exception."""
    message = (fatal.removeprefix(FATAL).strip() or CRASHED) if current.first else ""
    return current.close(None, message, link)


def _whole(line: str, reading: _Lines) -> tuple[str, int]:
    """A frame that a narrow console wrapped, in one line again, and the width it was wrapped at (0: it was not)."""
    width = len(line)
    if "File" in line[:200] and _WRAPPED.search(line):
        made = line
        for count, more in enumerate(reading.ahead(_MOST_JOINED), 1):
            if '"' in more and "File" in more:
                break
            made += more
            if (found := _FRAME.search(made)) and found["path"]:
                for _ in range(count):
                    next(reading)
                line = made
                break
        else:
            return line, 0
        if made is not line:
            return line, 0
    else:
        width = 0
    # the number itself, or what follows it, may stand on the next line
    if (
        (found := _FRAME.search(line))
        and found["path"]
        and found["function"] is None
        and not line[found.end() :].strip(" ,")
        and (ahead := reading.ahead(1))
        and (cut := _CUT.fullmatch(ahead[0]))
        and (width or len(line) >= 40)
        and " in " in f" {cut['rest']}"
    ):
        width = width or len(line)
        line += ahead[0] if line.endswith(" ") or cut["rest"][0] in ",0123456789" else f" {cut['rest']}"
        next(reading)
    return line, width


def _begin(current: _Open, line: str, start: int, width: int) -> None:
    """Note where a frame's line stands."""
    if not current.seen:
        # Python indents its frames by two, from wherever the header stands
        current.flat = line[max(start - 2, 0) : start] != "  " or start == current.header
    current.prefix = line[:start] if current.flat else line[: max(start - 2, 0)]
    current.width = width or current.width
    current.blank = 0
    current.seen += 1
    current.code = False
    current.keep(line[len(current.prefix) :])


def _add(current: _Open, frame: re.Match[str], files: Files) -> None:
    name = frame["path"] or frame["boxed"]
    if current.release is None and (release := _SCRIPTS.search(name)):
        current.release = Release.parse(release[1])
    path = files.find(name)
    current.ours = path is not None
    if path is not None:
        function = (frame["function"] or frame["boxed_function"] or "").strip().strip("`*")
        # past the bound only the deepest frame is still news: in a crash report it is the first
        if current.first and len(current.frames) >= MOST_FRAMES:
            return
        del current.frames[MOST_FRAMES - 1 :]
        current.frames.append(LogFrame(path, int(frame["line"] or frame["boxed_line"]), function))


def _is_code(content: str, current: _Open, reading: _Lines) -> bool:
    """Whether an unindented line is still of the traceback: code or carets that lost their indentation."""
    if _CARETS.fullmatch(content):
        return True
    if not current.flat or current.first or current.code:
        return False
    following = [more for more in reading.ahead(_AHEAD) if not _CARETS.fullmatch(current.content(more))]
    if not following:
        return False
    after = current.content(following[0])
    if split(content)[0] is not None and not _FRAME.search(after):
        return False
    return _FRAME.search(after) is not None or split(after)[0] is not None or HEADER in after


def _unwrapped(content: str, line: str, current: _Open, reading: _Lines) -> str:
    """The last line of a traceback, in one again where the console wrapped it."""
    width = len(line)
    for _ in range(_MOST_JOINED):
        if not current.width or width != current.width or not (ahead := reading.ahead(1)) or not ahead[0].strip():
            break
        content += ahead[0]
        width = len(next(reading))
    return content


def _exception(content: str) -> tuple[str | None, str]:
    """The exception and the message of a traceback's last line; one of the add-on's own too (`Refused: why`)."""
    bare = content.strip().strip("`*").replace("**:", ":") if content.lstrip()[:1] in "`*" else content
    exception, message = split(bare)
    if exception is None and _looks_like_exception(bare):
        exception, _, message = bare.partition(":")
    return exception, message.strip() if exception else ""


def _looks_like_exception(content: str) -> bool:
    name = content.partition(":")[0]
    return len(name) <= 200 and name.replace(".", "").isidentifier()
