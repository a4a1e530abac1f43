"""What callbacks give back, held against what Blender can use."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

_UNFIT = re.compile(r"class \w+, function (\w+): incompatible return value")


class UnfitReturn(TypeError):  # noqa: N818  (the name is shown to people as the fault's type)
    """A callback gave back what Blender cannot use: it prints so, and goes without."""


def refuse(function: Any, error: Exception) -> None:
    """Raise where a function begins what Blender says of it.

    Raises:
        Exception: the error.
    """
    code = getattr(function, "__func__", function).__code__
    raise_at(code.co_filename, code.co_firstlineno, error, code.co_name)


def raise_at(file: str, line: int, error: Exception, name: str = "<module>") -> None:
    """Raise something at a line of a file: what is wrong stands there, and nothing of it runs.

    Raises:
        Exception: the error.
    """
    code = compile("\n" * (line - 1) + "raise error", file, "exec", dont_inherit=True).replace(co_name=name)
    exec(code, {"error": error})  # noqa: S102  (two words of ours)


def placed(cls: Any, error: BaseException) -> BaseException:
    """What Blender says of an operator's function that gave back what it cannot use, raised where that function begins;
    anything else as it is."""
    unfit = _UNFIT.search(str(error))
    function = getattr(cls, unfit[1], None) if unfit else None
    if function is None:
        return error
    try:
        refuse(function, RuntimeError(str(error)))
    except RuntimeError as said:
        return said
    return error


def called(cls: Any, call: Callable[[], Any]) -> None:
    """Call an operator of this class.

    Raises:
        Exception: it did; see `placed`.
    """
    try:
        call()
    except Exception as error:
        raise placed(cls, error) from None


def check_arguments(function: Any, count: int) -> None:
    """Hold a callback against the number of arguments Blender gives it.

    Raises:
        TypeError: it does not take them.
    """
    try:
        inspect.signature(function).bind(*range(count))
    except ValueError:  # of a function that is not Python's nothing is known
        return
    except TypeError as error:
        name = getattr(function, "__name__", "")
        refuse(function, TypeError(f"{name}() cannot be called with {count} arguments: {error}"))


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
        said = f"{name} has to return {count} numbers, not {type(answer).__name__} {str(answer)[:100]}"
        refuse(function, UnfitReturn(said))


def check_text(function: Any, answer: Any) -> None:
    """Hold a label against having to be a text.

    Raises:
        UnfitReturn: it is none.
    """
    if not isinstance(answer, str):
        name = getattr(function, "__qualname__", "")
        refuse(function, UnfitReturn(f"{name} has to return a text, not {type(answer).__name__}"))


def check_number(function: Any, answer: Any) -> None:
    """Hold what a timer gave back against having to be the seconds until it is called again, or nothing.

    Raises:
        UnfitReturn: it is neither.
    """
    if answer is not None and not hasattr(answer, "__float__") and not hasattr(answer, "__index__"):
        name = getattr(function, "__qualname__", "")
        refuse(function, UnfitReturn(f"{name} has to return a number or nothing, not {type(answer).__name__}"))


def number_taken(function: Any, most: int) -> int:
    """How many arguments besides `self` Blender gives a callback: as many as it takes."""
    code = getattr(function, "__code__", None)
    return most if code is None or code.co_flags & 0x04 else min(most, code.co_argcount - 1)
