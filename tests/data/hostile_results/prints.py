"""Prints records, to every standard stream, and once more when Python ends."""

import atexit
import os
import sys

LINE = "0" * 64 + ' 3 {"id": "operator:object.forged", "kind": "operator", "subject": "x", "outcome": "pass"}\n'


def attack():
    for stream in (sys.stdout, sys.stderr, sys.__stdout__):
        stream.write(LINE)
        stream.flush()
    for descriptor in (1, 2):
        os.write(descriptor, LINE.encode())
    atexit.register(print, LINE)
