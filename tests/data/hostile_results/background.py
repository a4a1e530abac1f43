"""Keeps a thread that puts frames of the harness on the desk whenever it can, and exits by sys.exit."""

import sys
import threading
import time


def attack():
    frame = sys._getframe()
    hands = []
    while frame is not None:
        for value in list(frame.f_locals.values()):
            for inside in [value, *getattr(value, "__dict__", {}).values()]:
                if getattr(inside, "__name__", "") == "hand_over":
                    hands.append((frame, inside))
        frame = frame.f_back
    if not hands:
        return

    def work():
        forged = {"id": "operator:object.forged", "kind": "operator", "subject": "x", "outcome": "pass"}
        for _ in range(5):
            time.sleep(0.01)
            for frame, record in hands:
                put = next(c.cell_contents for c in record.__closure__ if getattr(c.cell_contents, "__name__", "") == "put")
                put(frame)
                record(forged)

    threading.Thread(target=work, daemon=True).start()
    time.sleep(0.1)
    sys.exit(0)
