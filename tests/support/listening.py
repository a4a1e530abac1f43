"""What a server says while it starts, read until it is ready."""

from __future__ import annotations

import os
import re
import select
import subprocess


def said_until(server: subprocess.Popen[bytes], pattern: re.Pattern[bytes], seconds: float) -> bytes:
    """What it said up to the pattern; no more than it said where it was silent for that long, or ended.

    `select.poll`, because `select.select` knows no file beyond the thousandth, and tests run in one process.
    """
    assert server.stdout is not None
    said = b""
    ready = select.poll()
    ready.register(server.stdout, select.POLLIN)
    while not pattern.search(said):
        block = os.read(server.stdout.fileno(), 65536) if ready.poll(seconds * 1000) else b""
        if not block:
            break
        said += block
    return said
