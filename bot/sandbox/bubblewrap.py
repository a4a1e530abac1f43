"""Bubblewrap: own user, process, network, IPC, host name and mount namespaces, nothing else in sight.

Whatever user bcrag runs as, the command ends up as an unprivileged user in a user namespace of its
own, without capabilities and unable to make further namespaces. Root mounts first (so that a Python
below root's closed home can be shown) and then becomes that user for good: limits on processes mean
nothing to root.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from bot.errors import MissingError
from bot.sandbox.base import Command, Finished, Limits
from bot.sandbox.limits import limited
from bot.sandbox.process import supervise

NOBODY = 65534

_SYSTEM_PATH = "/usr/bin:/bin:/usr/sbin:/sbin"
_SHELVES = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
"""Beside /usr, where programs and libraries lie; links into /usr on most systems."""
_ETC = ("alternatives", "fonts", "glvnd", "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "drirc")
"""What of /etc programs need to start and to draw; nothing that tells about the machine."""
_PASSWD = f"nobody:x:{NOBODY}:{NOBODY}:nobody:/nonexistent:/usr/sbin/nologin\n"
_GROUP = f"nogroup:x:{NOBODY}:\n"
_MEMORY_FOLDER_BYTES = 512 * 1024**2
"""How much /tmp and /dev/shm hold, in memory."""

INSTALL = "Install bubblewrap (Debian, Ubuntu: apt-get install bubblewrap)"
OWN_CODE = "for your own checkout only, run without it: --sandbox none"


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
            "Allow unprivileged user namespaces (in a container: --security-opt seccomp=unconfined "
            f"--cap-add SYS_ADMIN); or, {OWN_CODE}.",
        )

    def run(self, command: Command) -> Finished:
        """Run to the end, or to a limit; every process in the sandbox ends with it.

        For root, `writable` and what lies in it are given to the unprivileged user.

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
        if self.way.as_root:
            _give(command.writable)
        with _report() as (report, read), _texts((_PASSWD, _GROUP)) as (passwd, group):
            finished = supervise(
                [*self._outside(command, report, passwd, group), "--", *self._inside(command)],
                command=command,
                environment={},
                pass_fds=(report, passwd, group),
            )
            code = read()
        status = finished.status
        if status is not None and status > 0:
            status = _SET_UP_FAILED if code is None else _signal(code)
        return replace(finished, status=status)

    def _outside(self, command: Command, report: int, passwd: int, group: int) -> Iterator[str]:
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
        yield from ("--json-status-fd", str(report))
        yield from _system()
        for descriptor, path in ((passwd, "/etc/passwd"), (group, "/etc/group")):
            yield from ("--perms", "0644", "--ro-bind-data", str(descriptor), path)
        yield from ("--proc", "/proc", "--dev", "/dev")
        yield from (*_IN_MEMORY, "/dev/shm", "--remount-ro", "/dev", *_IN_MEMORY, "/tmp")  # noqa: S108
        readable = list(dict.fromkeys(_existing(command.readable)))
        writable = str(command.writable.absolute())
        yield from _open_parents((*readable, writable))
        for path in readable:
            yield from ("--ro-bind", path, path)
        yield from ("--bind", writable, writable, "--remount-ro", "/")
        for name, value in command.environment.items():
            yield from ("--setenv", name, value)

    def _inside(self, command: Command) -> list[str]:
        """The command behind its limits, and for root behind the change of user."""
        argv = [*_here(command.writable), *limited(command.argv, command.limits, processes=True)]
        if not self.way.as_root:
            return argv
        if self.way.locked:
            namespace = _user_namespace(locked=True)
            argv = [
                self.executable,
                "--die-with-parent",
                *namespace,
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
_TRIAL = Limits(seconds=10)
_Read = Callable[[], int | None]
_IN_MEMORY = ("--size", str(_MEMORY_FOLDER_BYTES), "--perms", "1777", "--tmpfs")


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
        yield from ("--perms", "0755", "--dir", str(parent))


def _give(folder: Path) -> None:
    """Make the unprivileged user the owner of a folder and of all in it, links themselves included."""
    os.chown(folder, NOBODY, NOBODY, follow_symlinks=False)
    for _, folders, files, descriptor in os.fwalk(folder, follow_symlinks=False):
        for name in (*folders, *files):
            os.chown(name, NOBODY, NOBODY, dir_fd=descriptor, follow_symlinks=False)


def _signal(code: int) -> int:
    """Bubblewrap tells a death by signal as a shell does, 128 and the signal."""
    return 128 - code if 128 < code <= 128 + 64 else code


@contextmanager
def _texts(texts: Sequence[str]) -> Iterator[list[int]]:
    """Descriptors to read short texts from."""
    descriptors: list[int] = []
    try:
        for text in texts:
            reading, writing = os.pipe()
            descriptors.append(reading)
            os.write(writing, text.encode())  # far less than a pipe holds
            os.close(writing)
        yield descriptors
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


@contextmanager
def _report() -> Iterator[tuple[int, _Read]]:
    """Where bubblewrap tells the exit status of the command; silent where it never got that far."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)

    def read() -> int | None:
        try:
            text = os.read(reading, 4096).decode(errors="replace")
        except BlockingIOError:
            return None
        for line in text.splitlines():
            try:
                said = json.loads(line)
            except ValueError:
                continue
            if isinstance(said, dict) and isinstance(said.get("exit-code"), int):
                return int(said["exit-code"])
        return None

    try:
        yield writing, read
    finally:
        os.close(reading)
        os.close(writing)
