"""Exchanges functions of the harness itself, reached from the stack, for ones that say all is well."""

import sys


def attack():
    frame = sys._getframe()
    while frame is not None:
        names = frame.f_globals
        if "probe_enable" in names and "FAIL" in names:
            names["FAIL"] = "pass"
            names["probe"] = lambda kind, subject, *rest, **more: {
                "id": f"{kind}:{subject}", "kind": kind, "subject": subject, "outcome": "pass",
                "detail": "", "situation": "", "raised": None, "seconds": 0.0,
            }  # fmt: skip
            names["operator_exists"] = lambda name: False
            names["isinstance"] = lambda *_: False
        frame = frame.f_back
