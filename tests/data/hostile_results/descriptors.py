"""Writes records, and the end, to every descriptor there is, then leaves."""

import os

LINES = b"".join(
    b"0" * 64 + b" %d " % number + line + b"\n"
    for number in range(40)
    for line in (
        b'{"id": "operator:object.forged", "kind": "operator", "subject": "x", "outcome": "pass"}',
        b'{"end": {"executed": {}, "notes": []}}',
    )
)


def attack():
    for descriptor in range(3, 1024):
        try:
            os.write(descriptor, LINES)
        except OSError:
            pass
    os._exit(0)
