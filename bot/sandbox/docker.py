"""Docker, or Podman: the same programs and libraries of this machine, in a container without network.

The image holds no program at all, only empty folders and the links that make `/bin` and `/lib` part of
`/usr`: what runs is this machine's own `/usr`, shown read-only, so that the same Blender starts as
anywhere else. It is made here, from nothing, on first use; nothing is fetched.

The engine bounds memory and processes. The work folder is a plain folder shared with the container:
its size is watched, not bounded (bubblewrap's is).
"""

from __future__ import annotations

import csv
import io
import os
import secrets
import shutil
import signal
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.errors import MissingError
from bot.sandbox.base import Command, Finished, Limits
from bot.sandbox.files import contents, give, names_in, take
from bot.sandbox.process import supervise
from bot.sandbox.scope import MEMORY
from bot.sandbox.tree import Tree

IMAGE = "bcrag-sandbox:1"
"""The image there must be; `Docker.find` makes it. By hand: an archive of the folders and links of `skeleton`,
given to `docker import - bcrag-sandbox:1`."""
ENGINES = ("docker", "podman")
ABSENT = "Neither docker nor podman is installed."
NO_ANSWER = "{engine}, the sandbox, does not answer: {said}."
NO_IMAGE = "{engine} cannot make the sandbox's image {image}: {said}."
NOT_WORKING = "{engine}, the sandbox, does not work here: {said}."
CURE = "Install bubblewrap instead (Debian, Ubuntu: apt-get install bubblewrap)"
START = "Start it (systemctl start docker) and see that this user may use it (docker info)"

_NOBODY = 65534
_ASK_SECONDS = 20.0
_ENGINE_FAILED = 125
_SHELVES = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
_ETC = ("alternatives", "fonts", "glvnd", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "drirc")
_MEMORY_FOLDER_BYTES = 512 * 1024**2
_OPEN_FILES = 4096
_MADE = ("usr", "etc", "tmp", "proc", "dev", "sys", "run")


@dataclass(frozen=True)
class Docker:
    """An engine that was seen working; made by `find`."""

    executable: str
    name = "docker"

    @classmethod
    def find(cls) -> Docker:
        """The first engine of this machine that answers, with the sandbox's image in it.

        Raises:
            MissingError: there is none, it does not answer, or it cannot show this machine's files (an engine on
                another machine).
        """
        found = [path for name in ENGINES if (path := shutil.which(name)) is not None]
        if not found:
            raise MissingError(ABSENT, f"{CURE}.")
        failures: list[MissingError] = []
        for executable in found:
            try:
                return cls(executable)._checked()
            except MissingError as error:
                failures.append(error)
        raise failures[0]

    def run(self, command: Command) -> Finished:
        """Run to the end, or to a limit; the container is removed with everything in it.

        Raises:
            MissingError: the engine could not start it.
        """
        name = f"bcrag-{secrets.token_hex(8)}"
        owner = _NOBODY if os.geteuid() == 0 else None
        with tempfile.TemporaryDirectory(prefix="bcrag-") as parent:
            shared = Path(parent) / "work"  # what is above it is closed to everybody else
            shared.mkdir()
            give(command.writable, shared, owner)
            given = contents(shared)
            finished = supervise(
                [self.executable, *arguments(self._engine, command, name, shared)],
                command=command,
                environment=_own_environment(),
                enter=lambda process: _Container(self, name, Tree(process, shared, given)),
            )
            ran = finished.status != _ENGINE_FAILED or self._state(name, "Status") == "exited"
            full = finished.status == 128 + signal.SIGKILL and self._state(name, "OOMKilled") == "true"
            self._ask("rm", "--force", name)
            folder = os.open(shared, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                for wanted in names_in(command):
                    take(folder, wanted, command.writable / wanted, limit=command.limits.file_bytes)
            finally:
                os.close(folder)
        if not ran:
            said = finished.output.strip()[-300:] or "it said nothing"
            raise MissingError(NOT_WORKING.format(engine=self._engine, said=said), f"{START}.")
        if full:
            return replace(
                finished, status=-signal.SIGKILL, stopped=MEMORY, output=f"{finished.output}\n[stopped: {MEMORY}]\n"
            )
        if finished.status is not None and 128 < finished.status <= 128 + 64:
            return replace(finished, status=128 - finished.status)
        return finished

    @property
    def _engine(self) -> str:
        return Path(self.executable).name

    def _checked(self) -> Docker:
        ended = self._ask("version", "--format", "{{.Server.Version}}" if self._engine == "docker" else "{{.Version}}")
        if ended.returncode != 0:
            raise MissingError(NO_ANSWER.format(engine=self._engine, said=_last(ended)), f"{START}; or: {CURE}.")
        if self._ask("image", "inspect", IMAGE).returncode != 0:
            made = self._ask("import", "-", IMAGE, given=skeleton())
            if made.returncode != 0:
                message = NO_IMAGE.format(engine=self._engine, image=IMAGE, said=_last(made))
                raise MissingError(message, f"{CURE}.")
        with tempfile.TemporaryDirectory(prefix="bcrag-") as folder:
            (Path(folder) / "seen").write_text("seen")
            trial = Command(["/bin/cat", "seen"], Path(folder), limits=Limits(seconds=_ASK_SECONDS))
            finished = self.run(trial)
        if finished.output != "seen":
            said = finished.output.strip()[-200:] or "it does not see the files of this machine"
            raise MissingError(NOT_WORKING.format(engine=self._engine, said=said), f"{CURE}.")
        return self

    def _state(self, name: str, what: str) -> str:
        """What the engine says of a container that is over; a status of the command's own proves nothing."""
        return self._ask("inspect", "--format", f"{{{{.State.{what}}}}}", name).stdout.decode(errors="replace").strip()

    def _ask(self, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """One short question; an engine that does not answer in time is an answer too."""
        argv = [self.executable, *arguments]
        try:
            return subprocess.run(
                argv, input=given, capture_output=True, check=False, timeout=_ASK_SECONDS, env=_own_environment()
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return subprocess.CompletedProcess(argv, _ENGINE_FAILED, b"", str(error).encode())

    def _kill(self, name: str) -> None:
        self._ask("kill", name)


@dataclass
class _Container:
    """The scope of a container: the engine holds its processes, the folder is watched from outside."""

    engine: Docker
    name: str
    tree: Tree

    def excess(self, limits: Limits) -> str:
        """Which limit is exceeded; see `Scope`. Memory and processes are the engine's to bound."""
        return self.tree.excess(limits)

    def end(self) -> None:
        """Kill the container, and the client with it."""
        if self.tree.process.poll() is None:
            self.engine._kill(self.name)
        self.tree.end()

    def verdict(self) -> str:
        """What the engine says is asked once it is over."""
        return ""


def arguments(engine: str, command: Command, name: str, shared: Path) -> Iterator[str]:
    """What follows the name of the engine on its command line; `shared` is shown as the work folder."""
    limits = command.limits
    yield from ("run", "--name", name, "--pull", "never", "--log-driver", "none", "--hostname", "sandbox", "--init")
    yield from ("--network", "none", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges")
    yield from ("--pids-limit", str(limits.processes), "--memory", str(limits.memory_bytes))
    yield from ("--memory-swap", str(limits.memory_bytes), "--shm-size", str(_MEMORY_FOLDER_BYTES))
    cores = os.cpu_count() or 1
    bounds = {
        "core": 1,
        "fsize": limits.file_bytes,
        "nofile": _OPEN_FILES,
        "cpu": int(limits.seconds * cores) + 5,
    }
    for what, most in bounds.items():
        yield from ("--ulimit", f"{what}={most}:{most}")
    user = (_NOBODY, _NOBODY) if os.geteuid() == 0 else (os.getuid(), os.getgid())
    yield from ("--user", f"{user[0]}:{user[1]}")
    if engine == "podman" and os.geteuid() != 0:
        yield from ("--userns", "keep-id")
    yield from ("--tmpfs", f"/tmp:rw,nosuid,nodev,mode=1777,size={_MEMORY_FOLDER_BYTES}")  # noqa: S108
    for path in dict.fromkeys(_shown(command.readable)):
        yield from ("--mount", _fields(f"source={path}", f"target={path}", "readonly"))
    work = command.writable.absolute()
    yield from ("--mount", _fields(f"source={shared}", f"target={work}"), "--workdir", str(work))
    if command.input:
        yield "--interactive"
    # The image sets no PATH; `env -i` takes away what the engine adds.
    given = [f"{key}={value}" for key, value in command.environment.items()]
    yield from (IMAGE, "/usr/bin/env", "-i", *given, *command.argv)


def _fields(*fields: str) -> str:
    """One mount, as a line of comma-separated values: a path may hold commas and quotes."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(["type=bind", *fields])  # fields with either are quoted
    return line.getvalue().removesuffix("\r\n")


def skeleton() -> bytes:
    """The image as an archive: empty folders, and links into `/usr` as this machine has them."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name in _MADE:
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode = tarfile.DIRTYPE, 0o755
            archive.addfile(folder)
        for name in _SHELVES:
            shelf = Path("/") / name
            entry = tarfile.TarInfo(name)
            entry.mode = 0o755
            if shelf.is_symlink():
                entry.type, entry.linkname = tarfile.SYMTYPE, str(shelf.readlink())
            elif shelf.is_dir():
                entry.type = tarfile.DIRTYPE
            else:
                continue
            archive.addfile(entry)
        for path, text in (
            ("etc/passwd", f"nobody:x:{_NOBODY}:{_NOBODY}:nobody:/nonexistent:/usr/sbin/nologin\n"),
            ("etc/group", f"nogroup:x:{_NOBODY}:\n"),
        ):
            file = tarfile.TarInfo(path)
            file.size, file.mode = len(text), 0o644
            archive.addfile(file, io.BytesIO(text.encode()))
    return packed.getvalue()


def _shown(readable: Sequence[Path]) -> Iterator[str]:
    """What of this machine the container sees, read-only."""
    yield "/usr"
    for name in _SHELVES:
        shelf = Path("/") / name
        if shelf.is_dir() and not shelf.is_symlink():
            yield str(shelf)
    for name in _ETC:
        if (Path("/etc") / name).exists():
            yield f"/etc/{name}"
    for path in readable:
        if path.exists() and not path.is_relative_to("/usr"):
            yield str(path.absolute())


def _own_environment() -> dict[str, str]:
    """What the engine's client needs of ours to find its engine; the container sees none of it."""
    names = ("PATH", "HOME", "XDG_RUNTIME_DIR", "DOCKER_HOST", "DOCKER_CONTEXT", "CONTAINER_HOST")
    return {name: os.environ[name] for name in names if name in os.environ}


def _last(ended: subprocess.CompletedProcess[bytes]) -> str:
    lines = (ended.stderr or ended.stdout).decode(errors="replace").strip().splitlines()
    return (lines or ["it said nothing"])[-1][:300].rstrip(".?")
