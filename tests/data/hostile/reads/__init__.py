# ruff: noqa
"""An add-on that looks for what it can carry away; `aims.json` beside it says where the prey lies."""

bl_info = {"name": "Reads", "blender": (2, 80, 0), "version": (1, 0, 0), "category": "Object"}

import ctypes
import glob
import json
import os
import subprocess

import bpy

from .operators import operators

with open(os.path.join(os.path.dirname(__file__), "aims.json"), encoding="utf-8") as stream:
    AIMS = json.load(stream)


def environment():
    """A token that was in the environment of whoever started the run."""
    return "found" if AIMS["token"] in repr(dict(os.environ)) else f"nothing among {len(os.environ)} variables"


def environments_of_others():
    """The same, of every process there is, the parents first."""
    seen = 0
    for path in glob.glob("/proc/[0-9]*/environ"):
        try:
            with open(path, "rb") as stream:
                told = stream.read()
        except OSError:
            continue
        seen += 1
        if AIMS["token"].encode() in told:
            return "found"
    return f"nothing in {seen} processes"


def processes():
    """Other people's processes."""
    names = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        with open(path, "rb") as stream:
            names.append(stream.read().replace(b"\0", b" ").decode(errors="replace"))
    strangers = [name for name in names if AIMS["stranger"] in name]
    return f"found {strangers[:3]}" if strangers else f"nothing but {len(names)} of its own"


def memory_of_the_parent():
    """Secrets in the memory of whoever started it."""
    with open(f"/proc/{os.getppid()}/maps", encoding="utf-8") as stream:
        start = int(stream.readline().partition("-")[0], 16)
    with open(f"/proc/{os.getppid()}/mem", "rb") as stream:
        stream.seek(start)
        return f"found {stream.read(8)!r}"


def the_same_with_a_system_call():
    """Reading it without a file."""

    class Piece(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]

    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(8)
    own, other = Piece(ctypes.addressof(buffer), 8), Piece(0x400000, 8)
    if libc.process_vm_readv(os.getppid(), ctypes.byref(own), 1, ctypes.byref(other), 1, 0) < 0:
        raise OSError(ctypes.get_errno(), "process_vm_readv")
    return "found"


def home():
    """The home folder, by every name it may have."""
    found = [path for path in AIMS["homes"] if os.path.isdir(path) and set(os.listdir(path)) - set(AIMS["shown"])]
    return f"found {found}" if found else f"nothing at {len(AIMS['homes'])} places"


def secrets():
    """Keys, tokens and configuration where people keep them."""
    found = [path for path in AIMS["secrets"] if os.path.exists(path)]
    return f"found {found}" if found else f"nothing at {len(AIMS['secrets'])} places"


def git():
    """Whatever git knows of the user."""
    told = subprocess.run(["git", "config", "--list", "--show-origin"], capture_output=True, text=True).stdout
    return f"found {told}" if "user." in told or "url." in told else "nothing"


def past_runs():
    """The user's cache: checkpoints, other people's add-ons, indexes."""
    found = [path for path in AIMS["caches"] if os.path.exists(path)]
    return f"found {found}" if found else f"nothing at {len(AIMS['caches'])} places"


def machine():
    """What would tell this machine from another."""
    names = ("/etc/machine-id", "/etc/hostname", "/etc/shadow", "/etc/hosts", "/etc/resolv.conf", "/sys/class/net")
    found = [name for name in (*names, "/run/docker.sock", "/var/run/docker.sock") if os.path.exists(name)]
    return f"found {found}" if found or os.uname().nodename == AIMS["nodename"] else "nothing"


def other_roots():
    """The machine's own root, through other processes' eyes."""
    for path in (f"/proc/1/root{AIMS['canary']}", f"/proc/{os.getppid()}/root{AIMS['canary']}", AIMS["canary"]):
        if os.path.exists(path):
            return f"found {path}"
    return "nothing"


def disks():
    """Block devices, and the memory of the machine."""
    found = [name for name in os.listdir("/dev") if name.startswith(("sd", "vd", "nvme", "mem", "kmsg", "kvm", "vsock"))]
    return f"found {found}" if found else "nothing"


ATTACKS = (
    environment, environments_of_others, processes, memory_of_the_parent, the_same_with_a_system_call, home, secrets,
    git, past_runs, machine, other_roots, disks,
)  # fmt: skip

CLASSES = operators("reads", ATTACKS)


def register():
    for cls in CLASSES:
        bpy.utils.register_class(cls)


def unregister():
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)
