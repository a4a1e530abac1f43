"""Whether Python code compiles: its grammar alone, nothing is executed."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass

TOO_DEEP = "nested too deeply to be compiled"


@dataclass(frozen=True)
class Broken:
    """What keeps code from being compiled; `line` is from 1, 0 where it is not known."""

    line: int
    message: str


def broken(text: str) -> Broken | None:
    """What keeps a file from being compiled; None where it compiles."""
    result = _compiled(text, 0)
    return result if isinstance(result, Broken) else None


def tree(text: str) -> ast.Module | Broken:
    """The syntax tree of a file."""
    result = _compiled(text, ast.PyCF_ONLY_AST)
    return result if isinstance(result, ast.Module | Broken) else Broken(0, TOO_DEEP)


def _compiled(text: str, flags: int) -> object:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return compile(text, "<patch>", "exec", flags=flags, dont_inherit=True, optimize=0)
    except SyntaxError as error:
        return Broken(error.lineno or 0, f"{type(error).__name__}: {error.msg or 'invalid syntax'}")
    except (ValueError, UnicodeError) as error:  # a NUL character, or lone surrogates
        return Broken(0, f"SyntaxError: {error}")
    except (RecursionError, MemoryError, OverflowError):
        return Broken(0, TOO_DEEP)
