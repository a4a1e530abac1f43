"""What the sandbox is said to keep a command from, each proved by trying it.

Nothing here knows how a sandbox is made: commands are run in it that do what a hostile add-on would,
and what comes of them is looked at.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.base import Command, Finished, Limits, Sandbox
from bot.sandbox.scope import DISK, MEMORY

_MEBIBYTE = 1024**2
_MEMORY = 300 * _MEBIBYTE
_FOLDER = 30 * _MEBIBYTE
_PROCESSES = 40
_SECONDS = 0.5
_PATIENCE = 20.0
"""Seconds for a trial that is to end by itself."""


@dataclass(frozen=True)
class Claim:
    """One thing a sandbox promises; `seen` is what was seen, in words."""

    name: str
    holds: bool
    seen: str


def prove(sandbox: Sandbox, *, limits: bool = True) -> tuple[Claim, ...]:
    """Every claim, tried in this sandbox; takes about a second.

    Without `limits` only what takes a look: nothing is filled up, for a sandbox known to have none.

    Raises:
        MissingError: the sandbox cannot be set up.
    """
    with tempfile.TemporaryDirectory(prefix="bcrag-") as folder, ThreadPoolExecutor(max_workers=2) as pool:
        Path(folder).chmod(0o755)
        trials = [pool.submit(trial, _Bench(sandbox, Path(folder))) for trial in (_TRIALS if limits else _TRIALS[:1])]
        return tuple(claim for trial in trials for claim in trial.result())


@dataclass(frozen=True)
class _Bench:
    """Where trials are made."""

    sandbox: Sandbox
    folder: Path

    def run(self, code: str, *arguments: str, limits: Limits | None = None) -> Finished:
        work = Path(tempfile.mkdtemp(dir=self.folder))
        work.chmod(0o755)
        return self.sandbox.run(
            Command(
                argv=[os.path.realpath(sys.executable), "-I", "-S", "-c", code, *arguments],
                writable=work,
                readable=[Path(sys.base_prefix)],
                environment={"TOKEN": "given"},
                limits=limits or Limits(seconds=_PATIENCE),
                answers=True,
            )
        )


_LOOK = """
import errno, json, os, socket, sys
aims = json.loads(sys.argv[1])
seen = {}

def attempt(name, work):
    try:
        seen[name] = work()
    except OSError as error:
        seen[name] = "refused: " + errno.errorcode.get(error.errno, str(error))

def connect(family, address):
    with socket.socket(family) as one:
        one.settimeout(2)
        one.connect(address)
    return "reached"

def write(path):
    with open(path, "w") as stream:
        stream.write("x")
    return path

status = dict(line.split(":\\t", 1) for line in open("/proc/self/status").read().splitlines() if ":\\t" in line)
seen["user"] = os.getuid()
seen["capabilities"] = int(status["CapEff"], 16) | int(status["CapBnd"], 16)
seen["filtered"] = status.get("Seccomp", "0").strip() == "2"
seen["environment"] = sorted(set(os.environ) - {"TOKEN", "LC_CTYPE"})
attempt("tcp", lambda: connect(socket.AF_INET, ("127.0.0.1", aims["tcp"])))
attempt("abstract", lambda: connect(socket.AF_UNIX, "\\0" + aims["abstract"]))
attempt("host", lambda: "reached" if socket.socket(40).close() is None else "")
attempt("home", lambda: sorted(set(os.listdir(aims["home"])) - set(aims["shown"]))[:3] or "nothing")
attempt("canary", lambda: write(aims["canary"]))
seen["wrote"] = []
for folder in aims["folders"]:
    try:
        path = os.path.join(folder, aims["name"])
        write(path)
        os.unlink(path)
        seen["wrote"].append(folder)
    except OSError:
        pass
seen["processes"] = [n for n in os.listdir("/proc") if n == aims["process"]]
try:
    seen["processes"] = seen["processes"] and aims["word"] in open("/proc/" + aims["process"] + "/cmdline").read()
except OSError:
    seen["processes"] = False
print(json.dumps(seen))
"""


def _look(bench: _Bench) -> list[Claim]:
    """What takes nothing but a look."""
    home = Path.home()
    canary = bench.folder / "canary"
    canary.touch()
    canary.chmod(0o666)
    name = f"bcrag-{secrets.token_hex(6)}"
    with ExitStack() as opened:
        tcp = opened.enter_context(socket.create_server(("127.0.0.1", 0)))
        unix = opened.enter_context(socket.socket(socket.AF_UNIX))
        unix.bind("\0" + name)
        unix.listen()
        aims = {
            "tcp": tcp.getsockname()[1],
            "abstract": name,
            "home": str(home),
            # A Python, a Blender or a work folder may lie in it: the way there is shown, nothing else.
            "shown": [part for path in (Path(sys.base_prefix), bench.folder) for part in path.parts],
            "canary": str(canary),
            "folders": [str(home), "/", "/usr", "/etc", "/var", "/var/tmp"],  # noqa: S108
            "name": name,
            "process": str(os.getpid()),
            "word": Path("/proc/self/cmdline").read_text(errors="replace").partition("\0")[0],
        }
        finished = bench.run(_LOOK, json.dumps(aims))
    spoilt = [str(canary)] if canary.stat().st_size else []  # what it takes for the file may be its own
    try:
        seen = json.loads(finished.answer)
    except ValueError:
        said = (finished.output.strip().splitlines() or ["it said nothing"])[-1][:200]
        return [Claim("it can be looked into", holds=False, seen=said)]
    return _seen(seen, spoilt)


def _seen(seen: Mapping[str, object], spoilt: Sequence[str]) -> list[Claim]:
    ways = {"loopback": seen["tcp"], "Unix sockets": seen["abstract"], "the host of a virtual machine": seen["host"]}
    reached = [name for name, how in ways.items() if how == "reached"]
    wrote = [*map(str, _list(seen["wrote"])), *spoilt]
    home = seen["home"]
    left = _list(seen["environment"])
    return [
        _claim("no network", not reached, "nothing outside can be reached", f"reached {', '.join(reached)}"),
        _claim("empty environment", not left, "holds what is given", f"holds {', '.join(map(str, left[:3]))}"),
        _claim(
            "home out of sight", not isinstance(home, list), "is not there", f"shows {', '.join(map(str, _list(home)))}"
        ),
        _claim("writes outside refused", not wrote, "nothing can be written", f"wrote to {', '.join(wrote)}"),
        _claim("other processes out of sight", not seen["processes"], "sees its own alone", "sees this one"),
        _claim(
            "unprivileged user",
            bool(seen["user"]) and not seen["capabilities"],
            f"user {seen['user']}, no capabilities",
            f"user {seen['user']}, capabilities {seen['capabilities']:#x}",
        ),
        _claim("dangerous system calls refused", bool(seen["filtered"]), "filtered", "not filtered"),
    ]


def _time(bench: _Bench) -> list[Claim]:
    code = "import signal, time\nfor n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\ntime.sleep(60)"
    finished = bench.run(code, limits=Limits(seconds=_SECONDS))
    return [
        _claim("time limit", finished.timed_out, f"stopped after {finished.seconds:.1f} s", _ended(finished)),
    ]


def _memory(bench: _Bench) -> list[Claim]:
    code = (
        "import mmap\nkept = []\nwhile True:\n"
        "    one = mmap.mmap(-1, 1 << 24); one.write(bytes(1 << 24)); kept.append(one)"
    )
    finished = bench.run(code, limits=Limits(seconds=_PATIENCE, memory_bytes=_MEMORY))
    stopped = f"stopped at {_MEMORY // _MEBIBYTE} MB"
    return [_claim("memory limit", finished.stopped == MEMORY, stopped, _ended(finished))]


def _disk(bench: _Bench) -> list[Claim]:
    code = (
        "n = 0\nwhile n < 200:\n    n += 1\n    with open(str(n), 'wb', 0) as one: one.write(b'x' * (1 << 20))\n"
        "import time; time.sleep(2)"
    )
    finished = bench.run(code, limits=Limits(seconds=_PATIENCE, folder_bytes=_FOLDER))
    held = finished.stopped == DISK or "No space left" in finished.output
    return [_claim("disk limit", held, f"stopped at {_FOLDER // _MEBIBYTE} MB", _ended(finished))]


def _processes(bench: _Bench) -> list[Claim]:
    code = (
        "import os, time\nmade = 0\ntry:\n    while made < 400:\n        if os.fork() == 0:\n"
        "            time.sleep(60); os._exit(0)\n        made += 1\nexcept OSError: pass\nprint(made, flush=True)"
    )
    finished = bench.run(code, limits=Limits(seconds=_PATIENCE, processes=_PROCESSES))
    made = int(finished.answer) if finished.answer.strip().isdigit() else None
    held = made is not None and made <= _PROCESSES
    return [_claim("process limit", held, f"refused after {made}", f"made {made}" if made else _ended(finished))]


def _daemon(bench: _Bench) -> list[Claim]:
    word = f"bcrag-{secrets.token_hex(6)}"
    code = (
        "import os, signal, sys, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        "        signal.signal(15, signal.SIG_IGN); os.closerange(0, 3); time.sleep(60)\n    os._exit(0)\n"
        "time.sleep(0.2)"
    )
    finished = bench.run(code, word)
    left = [path.parent.name for path in Path("/proc").glob("[0-9]*/cmdline") if word in _text(path)]
    return [
        _claim(
            "nothing outlives a run",
            not left and finished.status == 0,
            "a daemon ended with it",
            f"process {', '.join(left)} is left" if left else _ended(finished),
        )
    ]


_TRIALS: tuple[Callable[[_Bench], list[Claim]], ...] = (_look, _time, _memory, _disk, _processes, _daemon)


def _claim(name: str, holds: bool, good: str, bad: str) -> Claim:
    return Claim(name, holds, good if holds else bad)


def _ended(finished: Finished) -> str:
    said = (finished.output.strip().splitlines() or ["without a word"])[-1][:200]
    return f"it ended with status {finished.status}: {said}"


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
