"""Where the harness puts down what it found, for the scribe to sign.

The harness runs in one process with the add-on, which can walk the stack, read every frame below its
own and change whatever it finds there. So nothing here is a secret: whoever reaches `hand_over` can
call it, and the scribe looks at the stack it was called from before it signs.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType
from typing import Any

from bot.blender.harness.channel.integrity import Original
from bot.blender.harness.values import Json

Encoder = Callable[[Any, int], tuple[str, ...]]


def open_desk(
    put: Callable[[FrameType], None],
    wait: Callable[[bool, float], Any],
    frame: Callable[[], FrameType],
    encode: Encoder,
    originals: tuple[Original, ...],
    missing: object,
) -> Callable[[Json], None]:
    """The function by which the harness says something; it returns once that is written.

    What was exchanged in the harness or in the modules it uses is put back first, and said so. All it
    needs is in its closure, where the scribe compares it with what it was given itself.
    """

    def hand_over(line: Json) -> None:
        restored = []
        for names, owner, name, value, label in originals:
            if names.get(name, missing) is not value:
                restored.append(label)
                try:
                    if value is missing:  # there was none of that name
                        delattr(owner, name)
                    else:
                        setattr(owner, name, value)
                except Exception:
                    pass
        if restored:
            line = {**line, "restored": restored[:50]}
        text = "".join(encode(line, 0))  # noqa: F841  (the scribe reads this variable)
        put(frame())
        wait(True, 5.0)  # seconds; a thread of the add-on that pushes in may take the answer meant for this one

    return hand_over
