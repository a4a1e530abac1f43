"""Bubblewrap: own user, process, network, IPC, host name and mount namespaces, nothing else in sight.

Whatever user bcrag runs as, the command ends up as an unprivileged user in a user namespace of its
own, without capabilities and unable to make further namespaces. Root mounts first (so that a Python
below root's closed home can be shown) and then becomes that user for good: limits on processes mean
nothing to root.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Self

from bot.errors import MissingError
from bot.sandbox import seccomp
from bot.sandbox.base import Command, Finished, Limits
from bot.sandbox.cgroup import Leaf
from bot.sandbox.files import Contents, contents, names_in
from bot.sandbox.limits import limited, without_core
from bot.sandbox.namespace import Namespace
from bot.sandbox.process import supervise
from bot.sandbox.scope import Scope
from bot.sandbox.tree import Tree

NOBODY = 65534

_SYSTEM_PATH = "/usr/bin:/bin:/usr/sbin:/sbin"
_SHELVES = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
"""Beside /usr, where programs and libraries lie; links into /usr on most systems."""
_ETC = ("alternatives", "fonts", "glvnd", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "drirc")
"""What of /etc programs need to start and to draw; nothing that tells about the machine."""
_PASSWD = b"nobody:x:%d:%d:nobody:/nonexistent:/usr/sbin/nologin\n" % (NOBODY, NOBODY)
_GROUP = b"nogroup:x:%d:\n" % NOBODY
_MEMORY_FOLDER_BYTES = 512 * 1024**2
_MEMORY_FOLDERS = ("/dev/shm", "/tmp")  # noqa: S108
"""Folders in memory besides the work folder, and how much each holds."""

INSTALL = "Install bubblewrap (Debian, Ubuntu: apt-get install bubblewrap)"
OWN_CODE = "for your own checkout only, run without it: --sandbox none"

IN_A_CONTAINER = (
    "Allow unprivileged user namespaces (in a container: --security-opt seccomp=unconfined --cap-add SYS_ADMIN)"
)
KERNEL = Path("/proc/sys")
SWITCHES = (
    # what the kernel shows, what it shows when namespaces are forbidden, and the command that allows them
    (
        "kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    ),
    ("kernel/unprivileged_userns_clone", "0", "sudo sysctl -w kernel.unprivileged_userns_clone=1"),
    ("user/max_user_namespaces", "0", "sudo sysctl -w user.max_user_namespaces=15000"),
)
"""Ubuntu 24.04, old Debian, and hardened systems."""


class _Way(Enum):
    """How the command becomes unprivileged: (mounted by root, user namespace locked)."""

    ROOT_LOCKED = (True, True)
    ROOT = (True, False)
    USER_LOCKED = (False, True)
    USER = (False, False)

    @property
    def as_root(self) -> bool:
        return self.value[0]

    @property
    def locked(self) -> bool:
        return self.value[1]


@dataclass(frozen=True)
class Bubblewrap:
    """A `bwrap` that was seen working; made by `find`."""

    executable: str
    way: _Way
    name = "bubblewrap"

    @classmethod
    def find(cls) -> Bubblewrap:
        """The bubblewrap of this machine, in the strictest way that works here.

        Raises:
            MissingError: it is not installed, or may not make namespaces here.
        """
        executable = shutil.which("bwrap") or shutil.which("bwrap", path=_SYSTEM_PATH)
        if executable is None:
            raise MissingError("Bubblewrap, the sandbox, is not installed.", f"{INSTALL}; or, {OWN_CODE}.")
        ways = [way for way in _Way if way.as_root == (os.geteuid() == 0)]
        said = ""
        with tempfile.TemporaryDirectory(prefix="bcrag-") as folder:
            for way in ways:
                found = cls(executable, way)
                finished = found._finish(Command(argv=["/bin/true"], writable=Path(folder), limits=_TRIAL))
                if finished.status == 0:
                    return found
                said = said or finished.output.strip()[-300:]
        raise MissingError(
            f"Bubblewrap, the sandbox, does not work here: {said or 'it ended without a word'}.",
            f"{_forbidden() or IN_A_CONTAINER}; or, {OWN_CODE}.",
        )

    def run(self, command: Command) -> Finished:
        """Run to the end, or to a limit; every process in the sandbox ends with it.

        The work folder is a copy in memory, of a size the kernel keeps to.

        Raises:
            MissingError: bubblewrap could not set the sandbox up.
        """
        finished = self._finish(command)
        if finished.status is None or finished.status != _SET_UP_FAILED:
            return finished
        raise MissingError(
            f"The sandbox could not be set up: {finished.output.strip()[-300:]}.",
            "Run `bot doctor` to see what is missing.",
        )

    def _finish(self, command: Command) -> Finished:
        refused = seccomp.program()
        with _Talk() as talk, _texts((_PASSWD, _GROUP, *((refused,) if refused else ()))) as texts:
            entered: list[Namespace] = []

            def enter(process: subprocess.Popen[bytes]) -> Scope:
                talk.started()
                pid = talk.first_process()
                if pid is None or (found := self._enter(pid, command)) is None:
                    return Tree(process, command.writable, Contents())  # it never got that far
                entered.append(found)
                talk.open_gate()
                return found

            try:
                finished = supervise(
                    without_core([*self._outside(command, talk, texts), "--", *self._inside(command, texts[2:])]),
                    command=command,
                    environment={},
                    enter=enter,
                    pass_fds=(talk.report, talk.gate, *texts),
                )
                for scope in entered:
                    scope.take(names_in(command), command.writable, command.limits.file_bytes)
            finally:
                for scope in entered:
                    scope.close()
            code = talk.exit_code()
        if finished.stopped or finished.status == 0:
            return finished
        return replace(finished, status=_SET_UP_FAILED if code is None else _signal(code))

    def _enter(self, pid: int, command: Command) -> Namespace | None:
        found = Namespace.enter(pid, command.writable, [Path(name) for name in _MEMORY_FOLDERS])
        if found is None:
            return None
        try:
            found.leaf = Leaf.make(command.limits, pid)
            found.give(command.writable, NOBODY if self.way.as_root else None)
        except OSError:
            found.close()
            raise
        return found

    def _outside(self, command: Command, talk: _Talk, texts: Sequence[int]) -> Iterator[str]:
        """The namespaces and what can be seen in them."""
        yield self.executable
        yield from ("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try")
        yield from ("--new-session", "--die-with-parent", "--hostname", "sandbox", "--clearenv")
        yield from ("--cap-drop", "ALL")
        if self.way.as_root:
            for capability in ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"):  # given up by `_become`
                yield from ("--cap-add", capability)
        else:
            yield from _user_namespace(locked=self.way.locked)
        yield from ("--json-status-fd", str(talk.report), "--block-fd", str(talk.gate))
        passwd, group, *refused = texts
        if not self._twice:
            yield from _filter(refused)
        yield from _system()
        for descriptor, path in ((passwd, "/etc/passwd"), (group, "/etc/group")):
            yield from ("--perms", "0644", "--ro-bind-data", str(descriptor), path)
        yield from ("--proc", "/proc", "--dev", "/dev")
        for folder in _MEMORY_FOLDERS:
            yield from ("--size", str(_MEMORY_FOLDER_BYTES), "--perms", "1777", "--tmpfs", folder)
        yield from ("--remount-ro", "/dev")
        readable = list(dict.fromkeys(_existing(command.readable)))
        writable = str(command.writable.absolute())
        yield from _open_parents((*readable, writable))
        for path in readable:
            yield from ("--ro-bind", path, path)
        size = command.limits.folder_bytes + contents(command.writable).bytes
        yield from ("--size", str(size), "--perms", "0700", "--tmpfs", writable, "--remount-ro", "/")
        for name, value in command.environment.items():
            yield from ("--setenv", name, value)

    @property
    def _twice(self) -> bool:
        """Whether a second bubblewrap makes the user namespace, once root has been given up."""
        return self.way.as_root and self.way.locked

    def _inside(self, command: Command, refused: Sequence[int]) -> list[str]:
        """The command behind its limits, and for root behind the change of user."""
        argv = [*_here(command.writable), *limited(command.argv, command.limits, processes=True)]
        if not self.way.as_root:
            return argv
        if self._twice:
            namespace = _user_namespace(locked=True)
            argv = [
                self.executable,
                "--die-with-parent",
                *namespace,
                *_filter(refused),
                "--cap-drop",
                "ALL",
                "--dev-bind",
                "/",
                "/",
                *argv,
            ]
        return [*_become(), *argv]


_SET_UP_FAILED = 1_000
"""No exit status a process can have."""
_SET_UP_SECONDS = 30.0
_TRIAL = Limits(seconds=10)


def _user_namespace(*, locked: bool) -> list[str]:
    options = ["--unshare-user", "--uid", str(NOBODY), "--gid", str(NOBODY)]
    return [*options, "--disable-userns"] if locked else options


def _here(folder: Path) -> list[str]:
    """Enter the work folder, as the user it belongs to; bubblewrap leaves a PWD behind."""
    env = shutil.which("env", path=_SYSTEM_PATH) or "/usr/bin/env"
    return [env, "--unset=PWD", f"--chdir={folder.absolute()}"]


def _become() -> list[str]:
    """Give up being root, for good."""
    setpriv = shutil.which("setpriv", path=_SYSTEM_PATH) or "/usr/bin/setpriv"
    identity = ("--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups", "--no-new-privs")
    return [setpriv, *identity, "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all"]


def _system() -> Iterator[str]:
    """Programs, libraries and the little of /etc they read, as they lie on this machine."""
    yield from ("--ro-bind", "/usr", "/usr", "--perms", "0755", "--dir", "/etc")
    for name in _SHELVES:
        shelf = Path("/") / name
        if shelf.is_symlink():
            yield from ("--symlink", str(shelf.readlink()), str(shelf))
        elif shelf.is_dir():
            yield from ("--ro-bind", str(shelf), str(shelf))
    yield from ("--symlink", "/proc/self/mounts", "/etc/mtab")
    for name in _ETC:
        yield from ("--ro-bind-try", f"/etc/{name}", f"/etc/{name}")


def _existing(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        if path.exists() and not path.is_relative_to("/usr"):
            yield str(path.absolute())


def _open_parents(paths: Iterable[str]) -> Iterator[str]:
    """Make the folders above what is shown; left to itself bubblewrap closes them to all but root."""
    parents = {parent for path in paths for parent in Path(path).parents if parent.parent != parent}
    for parent in sorted(parents - {Path("/tmp")}):  # noqa: S108  (it is there already)
        yield from ("--perms", "0555", "--dir", str(parent))  # below /tmp they could be written to otherwise


def _forbidden() -> str:
    """The command that allows namespaces, where a switch of the kernel forbids them."""
    for name, closed, command in SWITCHES:
        with contextlib.suppress(OSError):
            if (KERNEL / name).read_text().strip() == closed:
                return f"Allow it: {command}"
    return ""


def _filter(refused: Sequence[int]) -> Iterator[str]:
    for descriptor in refused:
        yield from ("--seccomp", str(descriptor))


def _signal(code: int) -> int:
    """Bubblewrap tells a death by signal as a shell does, 128 and the signal."""
    return 128 - code if 128 < code <= 128 + 64 else code


@contextmanager
def _texts(texts: Sequence[bytes]) -> Iterator[list[int]]:
    """Descriptors to read short texts from."""
    descriptors: list[int] = []
    try:
        for text in texts:
            reading, writing = os.pipe()
            descriptors.append(reading)
            os.write(writing, text)  # far less than a pipe holds
            os.close(writing)
        yield descriptors
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


class _Talk:
    """What is said with bubblewrap: it tells its first process and the exit status, and waits at a gate."""

    def __init__(self) -> None:
        self._told, self.report = os.pipe()
        self.gate, self._key = os.pipe()
        self._open = [self._told, self.report, self.gate, self._key]
        self._text = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for descriptor in self._open:
            os.close(descriptor)

    def started(self) -> None:
        """Let go of the other side's ends: from now on its death is the end of what it tells."""
        for descriptor in (self.report, self.gate):
            self._open.remove(descriptor)
            os.close(descriptor)

    def open_gate(self) -> None:
        """Let it go on."""
        with contextlib.suppress(BrokenPipeError):  # it is gone
            os.write(self._key, b"1")

    def first_process(self) -> int | None:
        """The first process of the sandbox, in our own numbers; null when bubblewrap ended before."""
        while b"\n" not in self._text and self._more(_SET_UP_SECONDS):
            pass
        return self._said("child-pid")

    def exit_code(self) -> int | None:
        """The exit status of the command; null when it never ran. Once all is over."""
        while self._more(0):
            pass
        return self._said("exit-code")

    def _more(self, seconds: float) -> bool:
        poll = select.poll()
        poll.register(self._told, select.POLLIN)
        chunk = os.read(self._told, 4096) if poll.poll(seconds * 1000) else b""
        self._text += chunk
        return bool(chunk)

    def _said(self, key: str) -> int | None:
        for line in self._text.splitlines():
            try:
                said = json.loads(line)
            except ValueError:
                continue
            if isinstance(said, dict) and isinstance(said.get(key), int):
                return int(said[key])
        return None
