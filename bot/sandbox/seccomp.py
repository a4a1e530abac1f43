"""The system calls a sandboxed command is refused, as a filter program for the kernel (seccomp, classic BPF).

Namespaces and missing privileges already refuse most of these. The filter is there for what they leave
open: parts of the kernel no add-on needs and attacks often begin with (io_uring, bpf, userfaultfd, perf),
sockets no network namespace holds (vsock reaches the host of a virtual machine), memory nobody can
count (memfd, System V), further namespaces where bubblewrap cannot forbid them, and a crash handed to
the machine's crash reporter.

Assembled here in a page of code: libseccomp would do it, but its Python binding has had no release for
years. The program is a straight list; every decision is made where the call's number matches.
"""

from __future__ import annotations

import errno
import platform
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

Instruction = tuple[int, int, int, int]
"""Code, how far to jump when true, when false, and a constant; as the kernel has it."""

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
"""Where they stand in what the filter is shown; arguments have eight bytes each, the low half first."""
_X32 = 0x40000000
"""From here on the numbers of x32 programs, a second name for every call."""

_ABSENT = errno.ENOSYS
"""Said where programs know another way."""
_REFUSED = errno.EPERM

_CLONE_NAMESPACES = 0x7E020000
"""CLONE_NEW{NS,CGROUP,UTS,IPC,USER,PID,NET}."""
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_RLIMIT_CORE = 4
_FAMILIES = (1, 2, 10, 16)
"""Unix, IPv4, IPv6, netlink."""
_PERSONALITIES = (0, 0xFFFFFFFF)
"""Linux as it is; a question what it is."""

REFUSED: Mapping[str, tuple[int, int | None, int | None]] = {
    # name: what is said, the number on x86_64, the number on aarch64
    "io_uring_setup": (_ABSENT, 425, 425),
    "io_uring_enter": (_ABSENT, 426, 426),
    "io_uring_register": (_ABSENT, 427, 427),
    "clone3": (_ABSENT, 435, 435),  # its flags lie in memory, where a filter cannot look
    "memfd_create": (_ABSENT, 319, 279),
    "memfd_secret": (_ABSENT, 447, 447),
    "shmget": (_ABSENT, 29, 194),
    "semget": (_ABSENT, 64, 190),
    "msgget": (_ABSENT, 68, 186),
    "bpf": (_REFUSED, 321, 280),
    "userfaultfd": (_REFUSED, 323, 282),
    "perf_event_open": (_REFUSED, 298, 241),
    "ptrace": (_REFUSED, 101, 117),
    "process_vm_readv": (_REFUSED, 310, 270),
    "process_vm_writev": (_REFUSED, 311, 271),
    "process_madvise": (_REFUSED, 440, 440),
    "pidfd_getfd": (_REFUSED, 438, 438),
    "kcmp": (_REFUSED, 312, 272),
    "add_key": (_REFUSED, 248, 217),
    "request_key": (_REFUSED, 249, 218),
    "keyctl": (_REFUSED, 250, 219),
    "unshare": (_REFUSED, 272, 97),
    "setns": (_REFUSED, 308, 268),
    "mount": (_REFUSED, 165, 40),
    "umount2": (_REFUSED, 166, 39),
    "pivot_root": (_REFUSED, 155, 41),
    "chroot": (_REFUSED, 161, 51),
    "open_tree": (_REFUSED, 428, 428),
    "move_mount": (_REFUSED, 429, 429),
    "fsopen": (_REFUSED, 430, 430),
    "fsconfig": (_REFUSED, 431, 431),
    "fsmount": (_REFUSED, 432, 432),
    "fspick": (_REFUSED, 433, 433),
    "mount_setattr": (_REFUSED, 442, 442),
    "name_to_handle_at": (_REFUSED, 303, 264),
    "open_by_handle_at": (_REFUSED, 304, 265),
    "fanotify_init": (_REFUSED, 300, 262),
    "quotactl": (_REFUSED, 179, 60),
    "quotactl_fd": (_REFUSED, 443, 443),
    "swapon": (_REFUSED, 167, 224),
    "swapoff": (_REFUSED, 168, 225),
    "acct": (_REFUSED, 163, 89),
    "syslog": (_REFUSED, 103, 116),
    "reboot": (_REFUSED, 169, 142),
    "kexec_load": (_REFUSED, 246, 104),
    "kexec_file_load": (_REFUSED, 320, 294),
    "init_module": (_REFUSED, 175, 105),
    "finit_module": (_REFUSED, 313, 273),
    "delete_module": (_REFUSED, 176, 106),
    "iopl": (_REFUSED, 172, None),
    "ioperm": (_REFUSED, 173, None),
    "modify_ldt": (_REFUSED, 154, None),
    "uselib": (_REFUSED, 134, None),
    "vhangup": (_REFUSED, 153, 58),
    "lookup_dcookie": (_REFUSED, 212, 18),
}
"""Calls refused whatever they ask for."""


@dataclass(frozen=True)
class _Machine:
    """A processor architecture: the kernel's name for it, and the calls refused for what they ask."""

    audit: int
    column: int
    socket: int
    socketpair: int
    clone: int
    ioctl: int
    personality: int
    setrlimit: int
    prlimit64: int
    x32: bool = False


_MACHINES: Mapping[str, _Machine] = {
    "x86_64": _Machine(0xC000003E, 1, 41, 53, 56, 16, 135, 160, 302, x32=True),
    "aarch64": _Machine(0xC00000B7, 2, 198, 199, 220, 29, 92, 164, 261),
}


def program(machine: str | None = None) -> bytes | None:
    """The filter for this machine (or one named), as `bwrap --seccomp` reads it; null for one not known here."""
    known = _MACHINES.get(platform.machine() if machine is None else machine)
    if known is None:
        return None
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in _instructions(known))


def _instructions(machine: _Machine) -> Iterator[Instruction]:
    yield (_LOAD, 0, 0, _ARCHITECTURE)
    yield from ((_EQUAL, 1, 0, machine.audit), _say(_ABSENT))
    yield (_LOAD, 0, 0, _NUMBER)
    if machine.x32:
        yield from ((_AT_LEAST, 0, 1, _X32), _say(_ABSENT))
    for told in REFUSED.values():
        number = told[machine.column]
        if number is not None:
            yield from ((_EQUAL, 0, 1, number), _say(told[0]))
    for number, body in _asked(machine):
        # What follows a match decides by itself: the number is not loaded any more.
        yield (_EQUAL, 0, len(body) + 1, number)
        yield from (*body, _allow())
    yield _allow()


def _asked(machine: _Machine) -> Iterator[tuple[int, Sequence[Instruction]]]:
    """The calls refused for what they ask, and how that is seen; what the body does not refuse is allowed."""
    for number in (machine.socket, machine.socketpair):
        yield number, (_argument(0), *_unless(_FAMILIES, errno.EAFNOSUPPORT))
    yield machine.clone, (_argument(0), (_ANY_BIT, 0, 1, _CLONE_NAMESPACES), _say(_REFUSED))
    yield machine.ioctl, (_argument(1), *_if((_TIOCSTI, _TIOCLINUX), _REFUSED))
    yield machine.personality, (_argument(0), *_unless(_PERSONALITIES, _REFUSED))
    # A limit of 1 on core files, set by us, keeps the crash reporter out; 0 would not.
    yield machine.setrlimit, (_argument(0), *_if((_RLIMIT_CORE,), _REFUSED))
    asks = ((_EQUAL, 0, 5, _RLIMIT_CORE), _argument(2), (_EQUAL, 0, 2, 0), _argument(2, high=True))
    yield machine.prlimit64, (_argument(1), *asks, (_EQUAL, 1, 0, 0), _say(_REFUSED))


def _argument(index: int, *, high: bool = False) -> Instruction:
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * index + (4 if high else 0))


def _if(values: Iterable[int], said: int) -> Iterator[Instruction]:
    for value in values:
        yield from ((_EQUAL, 0, 1, value), _say(said))


def _unless(values: Sequence[int], said: int) -> Iterator[Instruction]:
    for index, value in enumerate(values):
        yield (_EQUAL, len(values) - index, 0, value)
    yield _say(said)


def _say(number: int) -> Instruction:
    return (_RETURN, 0, 0, _ERRNO | number)


def _allow() -> Instruction:
    return (_RETURN, 0, 0, _ALLOW)
