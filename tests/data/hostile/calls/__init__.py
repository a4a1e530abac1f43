# ruff: noqa
"""An add-on that calls home, by every kind of socket; `aims.json` says who is listening."""

bl_info = {"name": "Calls", "blender": (2, 80, 0), "version": (1, 0, 0), "category": "Object"}

import json
import os
import socket
import subprocess
import urllib.request

import bpy

from .operators import operators

with open(os.path.join(os.path.dirname(__file__), "aims.json"), encoding="utf-8") as stream:
    AIMS = json.load(stream)


def tcp():
    """The machine's own loopback."""
    with socket.create_connection(("127.0.0.1", AIMS["tcp"]), 2) as connection:
        connection.sendall(b"tcp")
    return "sent"


def udp():
    """No answer is needed for a datagram to have left."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"udp", ("127.0.0.1", AIMS["udp"]))
        sender.settimeout(0.5)
        return f"sent, answered {sender.recv(10)!r}"


def outside():
    """An address of the Internet."""
    with socket.create_connection(("192.0.2.1", 80), 2):
        return "sent"


def names():
    """DNS alone can carry secrets out."""
    return f"sent, answered {socket.gethostbyname('secret.example.org')}"


def web():
    """The way any script would."""
    return f"sent, answered {urllib.request.urlopen('http://127.0.0.1:%d/' % AIMS['tcp'], timeout=2).status}"


def command():
    """Somebody else's program does it."""
    script = f"exec 3<>/dev/tcp/127.0.0.1/{AIMS['tcp']} && echo shell >&3"
    ended = subprocess.run(["/bin/bash", "-c", script], capture_output=True, text=True, timeout=10)
    return f"sent {ended.returncode}" if ended.returncode == 0 else f"refused: {ended.stderr.strip()[-80:]}"


def abstract():
    """A Unix socket that has no place in the filesystem."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect("\0" + AIMS["abstract"])
        connection.sendall(b"abstract")
    return "sent"


def named():
    """A Unix socket that has one."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(AIMS["named"])
        connection.sendall(b"named")
    return "sent"


def hypervisor():
    """The host of a virtual machine: a kind of socket that no network namespace holds."""
    with socket.socket(40, socket.SOCK_STREAM):
        return "sent, or could have"


def raw():
    """Packets made by hand."""
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP):
        return "sent, or could have"


def crypto():
    """A way into corners of the kernel."""
    with socket.socket(38, socket.SOCK_SEQPACKET):
        return "sent, or could have"


ATTACKS = (tcp, udp, outside, names, web, command, abstract, named, hypervisor, raw, crypto)

CLASSES = operators("calls", ATTACKS)


def register():
    for cls in CLASSES:
        bpy.utils.register_class(cls)


def unregister():
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)
