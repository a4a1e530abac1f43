# ruff: noqa
"""An add-on that uses all there is: memory, disk, processes."""

bl_info = {"name": "Fills", "blender": (2, 80, 0), "version": (1, 0, 0), "category": "Object"}

import array
import ctypes
import mmap
import os
import socket
import tempfile
import threading
import time

import bpy

from .operators import operators

MEGABYTE = 1024 * 1024
PIECE = b"x" * (16 * MEGABYTE)
KEPT = []


def one_file():
    """One file without end."""
    written = 0
    with open("endless", "wb", buffering=0) as stream:
        try:
            while True:
                written += stream.write(PIECE)
        except OSError as error:
            stream.truncate(0)
            return f"refused after {written // MEGABYTE} MB: {error.strerror}"


def sparse():
    """A terabyte that takes no room until somebody copies it."""
    with open("sparse", "wb") as stream:
        stream.truncate(1024 * 1024 * MEGABYTE)
    return "done"


def shared_folders():
    """The two other folders it may write to, which are memory."""
    told = []
    for folder in ("/tmp", "/dev/shm"):
        path = os.path.join(folder, "full")
        with open(path, "wb", buffering=0) as stream:
            written = 0
            try:
                while written < 2048 * MEGABYTE:
                    written += stream.write(PIECE)
            except OSError:
                pass
        os.unlink(path)
        told.append(written // MEGABYTE)
    return f"refused after {told} MB" if max(told) < 1024 else f"done: {told} MB"


def nameless_memory():
    """Memory that is a file without a name, in no process and on no disk."""
    KEPT.append(os.memfd_create("hidden"))
    return "done"


def old_shared_memory():
    """System V: it outlives whoever made it."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.shmget(0, 64 * MEGABYTE, 0o1600) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return "done"


def fork_without_end():
    """A bomb: every child lives on and forks again."""
    before = time.monotonic()
    made = 0
    reading, writing = os.pipe()
    while time.monotonic() - before < 20:
        try:
            pid = os.fork()
        except OSError as error:
            os.close(reading)
            return f"refused after {made} processes: {error.strerror}"
        if pid == 0:
            os.close(reading)
            time.sleep(60)
            os._exit(0)
        made += 1
    return f"done: {made}"


def threads_without_end():
    """The same with threads."""
    made = 0
    end = threading.Event()
    try:
        while made < 20_000:
            threading.Thread(target=end.wait, daemon=True).start()
            made += 1
    except RuntimeError as error:
        return f"refused after {made} threads: {error}"
    finally:
        end.set()
    return f"done: {made}"


def descriptors_without_end():
    """Open files, until nobody can open any."""
    opened = []
    try:
        while len(opened) < 200_000:
            opened.append(os.open("/dev/null", os.O_RDONLY))
    except OSError as error:
        return f"refused after {len(opened)} files: {error.strerror}"
    finally:
        for descriptor in opened:
            os.close(descriptor)
    return f"done: {len(opened)}"


def private_memory():
    """Simply memory."""
    while True:
        KEPT.append(bytearray(PIECE))


def shared_memory():
    """Memory that children share counts as nobody's own."""
    while True:
        shared = mmap.mmap(-1, 16 * MEGABYTE)
        shared.write(PIECE)
        KEPT.append(shared)


def memory_of_children():
    """Each child takes little, and there are many."""
    while True:
        try:
            pid = os.fork()
        except OSError:
            time.sleep(0.05)
            continue
        if pid == 0:
            taken = bytearray(PIECE)
            time.sleep(60)
            os._exit(len(taken) & 0)


def many_files():
    """Small ones, each within its limit."""
    number = 0
    while True:
        with open(f"small-{number}", "wb") as stream:
            stream.write(PIECE)
        number += 1


def countless_files():
    """Empty ones: not the room, the number of them."""
    number = 0
    while True:
        os.close(os.open(f"empty-{number}", os.O_CREAT | os.O_WRONLY))
        number += 1


def deep_folders():
    """A folder in a folder in a folder: what walks through it by path or by recursion falls."""
    while True:
        os.mkdir("d" * 100)
        os.chdir("d" * 100)


def files_in_flight():
    """Deleted at once, and held by nobody but a socket: in no folder, and in no process' list of files."""
    while True:
        sender, receiver = socket.socketpair()
        stream = tempfile.TemporaryFile(dir=".", buffering=0)
        stream.write(PIECE)
        sender.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [stream.fileno()]))])
        stream.close()
        KEPT.append((sender, receiver))


ATTACKS = (
    one_file, sparse, shared_folders, nameless_memory, old_shared_memory, threads_without_end,
    descriptors_without_end, fork_without_end, private_memory, shared_memory, memory_of_children, many_files,
    countless_files, deep_folders, files_in_flight,
)  # fmt: skip

CLASSES = operators("fills", ATTACKS, before=lambda: os.chdir(os.environ["TMPDIR"]))


def register():
    for cls in CLASSES:
        bpy.utils.register_class(cls)


def unregister():
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)
