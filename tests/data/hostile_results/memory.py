"""Reads the process's memory, by ctypes and through /proc."""

import os


def attack():
    for path in ("/proc/self/mem", "/proc/self/maps", f"/proc/{os.getpid()}/environ", "/proc/self/../self/mem"):
        try:
            with open(path, "rb") as file:
                print("memory", file.read(16))
        except OSError as error:
            print(error)
    import ctypes

    ctypes.string_at(id(object), 16)
    ctypes.CDLL(None).getpid()
