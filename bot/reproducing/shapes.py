"""How much of a recipe a script holds: the shortest that may do is tried first. Pure."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.models.fault import Fault
from bot.models.recipe import Recipe
from bot.reproducing.sources import CHECKING, PLAIN, TINY
from bot.reproducing.wanted import UnmakeableError

UNWRITTEN = "what was tried cannot be written down"
_DRAWS = re.compile(r"\b(?:draw\w*|Layout)\(")
_LAYOUTS_OWN = re.compile(
    r"""^UILayout\b|^rna_uiItemR|['"]UILayout['"]|\bunknown operator\b|\bFunction\.|string enum"""
)
"""Messages of a layout that checks what it is asked for."""


@dataclass(frozen=True)
class Shape:
    """A recipe, and what of it a script holds."""

    recipe: Recipe
    around: bool
    """With the scene and the context it was seen in; else in those Blender begins with."""
    layout: str = TINY


def shapes(recipe: Recipe, fault: Fault) -> Iterator[Shape]:
    """The shapes of a script that may do, the shortest first."""
    draws = any(_DRAWS.search(line) for line in recipe.lines)
    wanted = [PLAIN, CHECKING] if _LAYOUTS_OWN.search(fault.message) else [TINY, PLAIN, CHECKING]
    layouts = wanted if draws else [TINY]
    yield Shape(recipe, around=False, layout=layouts[0])
    around = bool(recipe.scene or recipe.over)
    yield from (Shape(recipe, around, layout) for layout in layouts[0 if around else 1 :])


def body(shape: Shape, text: str = "") -> str:
    """The steps of a script in this shape, as the body of a function; `text` is that of a script of somebody's.

    Where the scene is made anew, the hook is, too: the add-on may have put one of its own in the way.

    Raises:
        UnmakeableError: as `checked`.
    """
    lines = ["enable()", *(["sys.excepthook = witness"] if shape.around else []), *steps(shape, text)]
    return checked(lines)


def steps(shape: Shape, text: str = "") -> list[str]:
    """What is done once the add-on is enabled; `text` is that of a script of somebody's."""
    recipe, lines = shape.recipe, list[str]()
    if shape.around and recipe.scene:
        lines += ["clear()", f"with view():\n    {recipe.scene}()"]
    done = ["run(SCRIPT)"] if text else list(recipe.lines)
    if shape.around and recipe.over and done:
        lines.append(f"with {recipe.over}:\n" + "\n".join(textwrap.indent(step, "    ") for step in done))
    else:
        lines += done
    return lines


def checked(lines: Sequence[str]) -> str:
    """Lines as the body of a function.

    Raises:
        UnmakeableError: they are no Python, or would be others in a function.
    """
    indented = textwrap.indent("\n".join(lines), "    ")
    try:
        for line in lines:
            compile(line, "recipe", "exec", dont_inherit=True)
        apart = [one for line in lines for one in ast.parse(line).body]
        (inside,) = ast.parse(f"def reproduce():\n{indented}").body
    except (SyntaxError, ValueError, RecursionError) as error:
        raise UnmakeableError(UNWRITTEN) from error
    if not isinstance(inside, ast.FunctionDef) or _dumped(inside.body) != _dumped(apart):
        raise UnmakeableError(UNWRITTEN)
    return indented


def _dumped(statements: list[ast.stmt]) -> str:
    return ast.dump(ast.Module(statements, []))
