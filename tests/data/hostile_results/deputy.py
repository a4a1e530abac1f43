"""Gives the harness other functions to call, so that it looks for the key itself."""

import gc
import sys


def attack():
    frame = sys._getframe()
    while frame is not None:
        for value in list(frame.f_locals.values()):
            bench = getattr(value, "_bench", None)
            if bench is not None:
                object.__setattr__(bench.addon, "files", gc.get_objects)
        frame = frame.f_back
