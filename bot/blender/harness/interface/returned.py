"""What callbacks give back, held against what Blender can use."""

from __future__ import annotations

from typing import Any


class UnfitReturn(TypeError):  # noqa: N818  (the name is shown to people as the fault's type)
    """A callback gave back what Blender cannot use: it prints so, and goes without."""


def refuse(function: Any, message: str) -> None:
    """Raise where a function begins what Blender says of what it gave back.

    Raises:
        UnfitReturn: always.
    """
    code = getattr(function, "__func__", function).__code__
    lines = "\n" * (code.co_firstlineno - 1) + "raise error"
    where = compile(lines, code.co_filename, "exec", dont_inherit=True).replace(co_name=code.co_name)
    exec(where, {"error": UnfitReturn(message)})  # noqa: S102  (two words of ours, under the add-on's line)


def check_floats(function: Any, answer: Any, count: int) -> None:
    """Hold a colour or a vector against the number of floats it has to be.

    Raises:
        UnfitReturn: it is another.
    """
    try:
        fits = len(answer) == count and all(isinstance(float(one), float) for one in answer)
    except (TypeError, ValueError):
        fits = False
    if not fits:
        name = getattr(function, "__qualname__", "")
        refuse(function, f"{name} has to return {count} numbers, not {type(answer).__name__} {str(answer)[:100]}")


def check_text(function: Any, answer: Any) -> None:
    """Hold a label against having to be a text.

    Raises:
        UnfitReturn: it is none.
    """
    if not isinstance(answer, str):
        name = getattr(function, "__qualname__", "")
        refuse(function, f"{name} has to return a text, not {type(answer).__name__}")


def number_taken(function: Any, most: int) -> int:
    """How many arguments besides `self` Blender gives a callback: as many as it takes."""
    code = getattr(function, "__code__", None)
    return most if code is None or code.co_flags & 0x04 else min(most, code.co_argcount - 1)
