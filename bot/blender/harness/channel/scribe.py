"""Signs what the harness found, in a thread of its own, and writes it to a descriptor nobody else was told.

Python keeps no secret from whoever can reach the object that holds it. So the key lies in one place
alone, the local variables of a function that never returns, in a thread that never runs anybody
else's code:

- no frame of another thread leads here, and this module is in no dictionary that can be got at;
- what would find it all the same (`sys._current_frames`, `gc.get_objects`, native code) raises an
  audit event first, which `watch` writes down, or refuses, before it happens;
- the collector is off while a record is signed, so that no finalizer runs on top of this function;
- each record is signed with a key made from the one before, which is forgotten: a key that is found
  later signs nothing that was said earlier.

What comes over the desk is the frame that waits there. It is signed when the function in it, its
callers down to the very first, and what they work with are the harness's own; anything else is
reported in its place.
"""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

FORGED = b"!desk\n"
"""Somebody else put something on the desk."""


def serve(
    key: bytes,
    descriptor: int,
    take: Callable[[], Any],
    done: Callable[[], None],
    desk: CodeType,
    closure: tuple[tuple[str, object], ...],
    callers: dict[int, frozenset[int]],
    codes: tuple[CodeType, ...],
    bottom: FrameType,
    tools: tuple[Any, ...],
) -> None:
    """Sign and write, one record after the other, until the process ends.

    `desk` is the code of `hand_over`, `closure` what it must still refer to; `callers` are the ids of
    the code it may be called from, and at which lines; `codes` all of the harness's, `bottom` its first frame. `tools`:
    blake2b, write, exit, collector on?, collector on, collector off, FrameType.
    """
    blake2b, write, leave, collecting, collect, rest, frame_type = tools
    ours = frozenset([id(code) for code in codes])
    number = 0
    while True:
        frame = take()
        was = collecting()
        rest()
        try:
            text = None
            if type(frame) is frame_type and frame.f_code is desk:
                names = frame.f_locals
                sound = all(names.get(name) is value for name, value in closure)
                above = frame.f_back
                sound = sound and above is not None and above.f_lineno in callers.get(id(above.f_code), ())
                while sound and above is not bottom:
                    sound = above is not None and id(above.f_code) in ours
                    above = above.f_back if sound else None
                if sound and type(names.get("text")) is str:
                    text = names["text"]
            if text is None:
                data = FORGED
            else:
                signed = b"%d %b" % (number, text.encode("ascii"))
                mac = blake2b(signed, key=key, digest_size=32).hexdigest()
                key = blake2b(b"next", key=key, digest_size=32).digest()
                number += 1
                data = b"%b %b\n" % (mac.encode("ascii"), signed)
            while data:
                data = data[write(descriptor, data) :]
            frame = names = above = text = None
        except BaseException:
            leave(70)
        if was:
            collect()
        try:
            done()
        except RuntimeError:  # nobody waits: what leaves this function would show its variables
            pass
