"""Has the harness call what writes records, from C alone, at a time when only the harness is on the stack."""

import functools
import sys


def found(frame):
    while frame is not None:
        for value in frame.f_locals.values():
            for inside in (value, *getattr(value, "__dict__", {}).values()):
                if getattr(inside, "__name__", "") == "hand_over":
                    yield frame, value, inside
        frame = frame.f_back


def attack():
    forged = {"id": "operator:object.forged", "kind": "operator", "subject": "x", "outcome": "pass"}
    for _frame, holder, record in list(found(sys._getframe())):
        if hasattr(holder, "_request"):
            evil = type("Evil", (), {"__float__": functools.partial(record, forged)})
            holder._request["probe_seconds"] = evil()
            return
