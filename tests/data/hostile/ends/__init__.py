# ruff: noqa
"""An add-on that ends what runs it, or does not let it end."""

bl_info = {"name": "Ends", "blender": (2, 80, 0), "version": (1, 0, 0), "category": "Object"}

import ctypes
import os
import signal
import subprocess
import sys
import time

import bpy

WORD = "bcrag-hostile-daemon"


def exit_at_once():
    """As if all were well."""
    os._exit(0)


def abort():
    """SIGABRT."""
    os.abort()


def crash():
    """A null pointer."""
    ctypes.string_at(0)


def kill_the_parent():
    """Whoever started it."""
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(5)


def kill_everybody():
    """Every process it may send a signal to, itself included."""
    os.kill(-1, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


def close_everything():
    """Every open file, those of whoever runs it too, and then on as if nothing were."""
    os.closerange(0, 4096)


def take_the_streams():
    """Standard output is its own now."""
    null = os.open("/dev/null", os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)


def flood():
    """Output without end."""
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        os.write(1, b"\x1b]0;owned\x07{}\n" * 10_000)
        os.write(2, b"flood\n" * 10_000)


def stay():
    """No signal one can be deaf to is heard, and it does not end."""
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            continue
    while True:
        time.sleep(1)


def leave_a_daemon():
    """Twice forked, a session of its own, deaf, its files closed: it would be there tomorrow."""
    script = "import os, signal, time\n[signal.signal(n, signal.SIG_IGN) for n in (1, 2, 3, 15)]\ntime.sleep(600)"
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            subprocess.Popen([sys.executable, "-I", "-c", script, WORD], close_fds=True, start_new_session=True)
        os._exit(0)
    time.sleep(0.5)
    listed = 0
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as stream:
                listed += WORD.encode() in stream.read()
        except OSError:
            continue
    raise RuntimeError(f"tried leave_a_daemon: {listed} left running")


def leave_a_daemon_and_exit():
    """The same, and then it dies without a word."""
    try:
        leave_a_daemon()
    finally:
        os._exit(3)


ATTACKS = (
    exit_at_once, abort, crash, kill_the_parent, kill_everybody, close_everything, take_the_streams, flood, stay,
    leave_a_daemon, leave_a_daemon_and_exit,
)  # fmt: skip


def _operator(attack):
    def execute(self, context):
        attack()
        return {"FINISHED"}

    members = {"bl_idname": f"ends.{attack.__name__}", "bl_label": attack.__name__, "execute": execute}
    return type(f"ENDS_OT_{attack.__name__}", (bpy.types.Operator,), members)


CLASSES = [_operator(attack) for attack in ATTACKS]


def register():
    for cls in CLASSES:
        bpy.utils.register_class(cls)


def unregister():
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)
