"""Puts something else in the place of the channel, before it goes for the key."""

import gc
import os
import stat


def attack():
    pipes = []
    for descriptor in range(3, 1024):
        try:
            if stat.S_ISFIFO(os.fstat(descriptor).st_mode):
                pipes.append((descriptor, os.dup(descriptor)))
        except OSError:
            pass
    read, write = os.pipe()
    for descriptor, _ in pipes:
        os.dup2(write, descriptor)
    try:
        gc.get_objects()
    except RuntimeError:
        os.write(pipes[-1][1], b"refused, of course\n")
    os._exit(0)
