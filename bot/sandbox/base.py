"""Where code from strangers runs: a protocol small enough that a member is one function."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Limits:
    """What a sandboxed command may use. Seconds of wall clock, bytes of memory, file, folder and output.

    `memory_bytes` counts everything it keeps in memory, files there included; `folder_bytes` and
    `entries` are what the work folder may hold beside what was in it.
    """

    seconds: float = 120.0
    memory_bytes: int = 8 * 1024**3
    file_bytes: int = 1024**3
    folder_bytes: int = 1024**3
    entries: int = 50_000
    output_bytes: int = 4 * 1024**2
    answer_bytes: int = 32 * 1024**2
    processes: int = 512


@dataclass(frozen=True)
class Command:
    """What to run.

    `writable` is the one folder it may write to, and its working directory. What lies in it is given
    to the command as a copy; of what the command leaves there only the files named in `wanted` (below
    `writable`) come back, and only regular ones within `limits.file_bytes`: whatever else was at such
    a path is removed. `readable` are the further files and folders it sees, at their own paths.
    `environment` is its whole environment.
    `input` is handed over on standard input, which then ends. With `answers` standard output is kept
    apart from what it says: as bytes, from the beginning, up to `limits.answer_bytes`.
    """

    argv: Sequence[str]
    writable: Path
    readable: Sequence[Path] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = Limits()
    input: bytes = b""
    answers: bool = False
    wanted: Sequence[Path] = ()


@dataclass(frozen=True)
class Finished:
    """How it ended: `status` is the exit status, negative for a signal, null when it ran out of time.

    `output` is the end of what it printed, both streams together, decoded leniently, never parsed.
    `answer` is what it wrote to standard output where `Command.answers` asks for that; `output` is
    standard error alone then, and tells when the answer was cut. `stopped` says why it was stopped
    ("it used too much memory"); empty when it ended by itself. What is stopped for anything but time
    has the status of a kill.
    """

    status: int | None
    output: str
    seconds: float
    answer: bytes = b""
    stopped: str = ""

    @property
    def timed_out(self) -> bool:
        """Whether it was stopped at its time limit."""
        return self.status is None


class Sandbox(Protocol):
    """Runs one command apart from everything else. The same object may run several at once."""

    name: str

    def run(self, command: Command) -> Finished:
        """Run to the end, or to a limit; children never outlive the call.

        Raises:
            MissingError: the sandbox itself cannot be started.
        """
        ...
