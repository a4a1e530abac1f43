"""A person, or any chat window, as the model: prompts are files, and so are the replies."""

from __future__ import annotations

import json
import os
import re
import stat
import tempfile
import threading
import time
from pathlib import Path

from bot.llm import answers, tokens
from bot.llm.base import Say
from bot.llm.wording import plain
from bot.models.exchange import Call, Failure, FailureKind, Reply

NAME = "manual"
HEAD = """\
Answer this prompt, and put the answer, and nothing else, into the file {reply} beside this one.
It is for the {role} ({prompt}{sample}).
"""
SHAPE = "What the answer must look like: {shape}\n"
SCHEMA = "The answer is one JSON object that matches this schema:\n\n```json\n{schema}\n```\n"
TURN = "\n<!-- ======== {number} of {total}: {speaker} ======== -->\n\n# {speaker}\n\n{text}\n"
SAMPLE = ", answer {number} of several"
SPEAKERS = {"system": "Instructions", "user": "Question", "assistant": "Answer so far"}

WAITING = "waiting for {path}"
NOBODY = "Nobody wrote {path} in time."
NO_FILE = "{path} is no regular file; replies are read from nothing else."
TOO_LONG = "{path} has more than {limit} MB; that is no reply."
UNWRITABLE = "The prompt cannot be written to {folder}: {why}."
UNREADABLE = "{path} cannot be read: {why}."

MAX_BYTES = 2_000_000
PATIENCE = 8 * 3600.0
"""Seconds a person is given unless told otherwise: a working day."""

_POLL = 0.5
_NUMBERED = re.compile(r"(\d{3,6})\.md", re.ASCII)


class Manual:
    """See the module. `folder` is made when the first prompt is written; `poll` are seconds between looks."""

    name = NAME

    def __init__(self, folder: Path, *, poll: float = _POLL) -> None:
        self._folder = folder
        self._poll = poll
        self._lock = threading.Lock()
        self._asked: set[int] = set()
        """Numbers this one has used: a reply that was no good is not read again."""

    def complete(self, call: Call, seconds: float, say: Say) -> Reply | Failure:
        """See `Provider`."""
        began = time.monotonic()
        try:
            reply = self._written(call)
        except OSError as error:
            message = UNWRITABLE.format(folder=self._folder, why=error.strerror or error)
            return Failure(kind=FailureKind.REFUSED, provider=NAME, message=message)
        said = self._awaited(reply, began + seconds, say)
        text = said if isinstance(said, Failure) else answers.settled(call, said, NAME)
        if isinstance(text, Failure):
            return text
        sent, received = tokens.conversation(call.messages), tokens.count(text)
        took = time.monotonic() - began
        return Reply(text=text, provider=NAME, input_tokens=sent, output_tokens=received, seconds=took)

    def _written(self, call: Call) -> Path:
        """Write the prompt under the next free number, or find it where an interrupted run left it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._folder.is_symlink():
            raise NotADirectoryError(20, "it is a link")
        taken = sorted(int(found[1]) for path in self._folder.iterdir() if (found := _NUMBERED.fullmatch(path.name)))
        with self._lock:
            for number in taken:
                prompt, reply = self._paths(number)
                if number not in self._asked and _holds(prompt, rendered(call, reply.name)):
                    self._asked.add(number)
                    return reply
            number = taken[-1] if taken else 0
            while True:
                number += 1
                prompt, reply = self._paths(number)
                if _created(prompt, rendered(call, reply.name)):
                    self._asked.add(number)
                    return reply

    def _paths(self, number: int) -> tuple[Path, Path]:
        return self._folder / f"{number:03}.md", self._folder / f"{number:03}.reply.md"

    def _awaited(self, path: Path, deadline: float, say: Say) -> str | Failure:
        """The reply, once it is there and has stopped growing: whoever writes it may take their time."""
        say(WAITING.format(path=path))
        before: tuple[int, int] | None = None
        while True:
            try:
                found = path.lstat()
            except OSError:
                now = None
            else:
                if not stat.S_ISREG(found.st_mode):
                    return Failure(kind=FailureKind.REFUSED, provider=NAME, message=NO_FILE.format(path=path))
                now = (found.st_size, found.st_mtime_ns)
                if now == before and found.st_size:
                    return _read(path)
            left = deadline - time.monotonic()
            if left <= 0:
                return Failure(kind=FailureKind.TIMED_OUT, provider=NAME, message=NOBODY.format(path=path))
            before = now
            time.sleep(min(self._poll, left))


def rendered(call: Call, reply: str) -> str:
    """A prompt file: first what is wanted and where to put it, then the conversation."""
    sample = SAMPLE.format(number=call.sample + 1) if call.sample else ""
    parts = [HEAD.format(reply=reply, role=call.role, prompt=call.prompt, sample=sample)]
    if call.shape:
        parts.append(SHAPE.format(shape=call.shape))
    if call.schema_ is not None:
        parts.append(SCHEMA.format(schema=json.dumps(call.schema_, indent=1, ensure_ascii=False)))
    total = len(call.messages)
    parts += [
        TURN.format(number=number, total=total, speaker=SPEAKERS[message.speaker], text=message.text)
        for number, message in enumerate(call.messages, 1)
    ]
    return plain("".join(parts))


def _created(path: Path, text: str) -> bool:
    """Write a file that was not there, whole or not at all; whether it was not there."""
    handle, name = tempfile.mkstemp(prefix=".prompt-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
        temporary.chmod(0o644)
        path.hardlink_to(temporary)
    except FileExistsError:
        return False
    finally:
        temporary.unlink(missing_ok=True)
    return True


def _holds(path: Path, text: str) -> bool:
    """Whether a file holds just that text."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            wanted = text.encode("utf-8")
            return file.read(len(wanted) + 1) == wanted
    except OSError:
        return False


def _read(path: Path) -> str | Failure:
    """A reply file, as people's editors and chat windows save it: any line ends, with or without a mark before."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return Failure(kind=FailureKind.REFUSED, provider=NAME, message=NO_FILE.format(path=path))
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        message = UNREADABLE.format(path=path, why=error.strerror or error)
        return Failure(kind=FailureKind.REFUSED, provider=NAME, message=message)
    if len(data) > MAX_BYTES:
        message = TOO_LONG.format(path=path, limit=MAX_BYTES // 1_000_000)
        return Failure(kind=FailureKind.MALFORMED, provider=NAME, message=message)
    return data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
