"""How much of a recipe a script holds: the shortest that may do is tried first. Pure."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
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

    Raises:
        UnmakeableError: they are no Python, or would be others in a function.
    """
    recipe = shape.recipe
    lines = ["enable()"]
    if shape.around and recipe.scene:
        lines += ["clear()", f"with view():\n    {recipe.scene}()"]
    steps = ["run(SCRIPT)"] if text else list(recipe.lines)
    if shape.around and recipe.over and steps:
        lines.append(f"with {recipe.over}:\n" + "\n".join(textwrap.indent(step, "    ") for step in steps))
    else:
        lines += steps
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
