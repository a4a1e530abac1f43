"""What the shipped embedding model is tuned on: descriptions, and what they describe.

From two packages that anybody can have: the API stubs of Blender 4.5 (`fake-bpy-module-4.5`), a
description with the symbol it belongs to; and Python's own library, the first paragraph of a docstring
with the code below it. No question in a user's words, and no add-on, is among them; but a question made out of
a description of Blender's API would be, and so measures nothing.
"""

from __future__ import annotations

import ast
import random
import re
import sysconfig
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import files
from pathlib import Path

Pair = tuple[str, str]
"""A description, and what it describes."""

STUBS = "fake-bpy-module-4.5"
PYTHON = ("*.py", *(f"{name}/**/*.py" for name in (
    "asyncio", "collections", "concurrent", "ctypes", "email", "http", "idlelib", "importlib", "json", "logging",
    "multiprocessing", "tkinter", "unittest", "urllib", "xml",
)))  # fmt: skip
SHORTEST, LONGEST = 12, 250
CODE = 1_500
MOST_EQUAL = 5
"""A description more symbols share says nothing about any of them."""


def api() -> list[Pair]:
    """Description and fully qualified symbol of everything the stubs describe."""
    found = []
    for file in files(STUBS) or []:
        path = Path(str(file.locate()))
        if path.suffix != ".pyi" or file.parts[0].startswith(("bl_", "aud")):
            continue
        module = [part.removesuffix("-stubs").removesuffix(".pyi") for part in file.parts]
        name = ".".join(part for part in module if part != "__init__")
        found += [
            pair
            for pair in _described(ast.parse(_older(path.read_text("utf-8"))).body, name)
            if "bl_rna" not in pair[1]
        ]
    count = Counter(text for text, _ in found)
    return sorted({pair for pair in found if count[pair[0]] <= MOST_EQUAL})


def python() -> list[Pair]:
    """Docstring and code of Python's own functions."""
    library = Path(sysconfig.get_path("stdlib"))
    found = []
    for path in sorted({path for pattern in PYTHON for path in library.glob(pattern)}):
        try:
            source = path.read_text("utf-8")
            tree = ast.parse(source)
        except (ValueError, SyntaxError):
            continue
        lines = source.splitlines()
        found += [
            pair for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for pair in _function(node, lines)
        ]
    return sorted(set(found))


def divided(pairs: list[Pair], held: int) -> tuple[list[Pair], list[Pair]]:
    """Those to learn from and those to measure with, which share neither description nor described."""
    shuffled = random.Random(7).sample(pairs, len(pairs))
    texts = Counter(text for text, _ in shuffled)
    kept = [pair for pair in shuffled if texts[pair[0]] == 1][:held]
    left_out = set(kept)
    return [pair for pair in shuffled if pair not in left_out], kept


def _described(body: list[ast.stmt], owner: str) -> Iterator[Pair]:
    before = ""
    for node in body:
        name, text = "", ""
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            name, text = f"{owner}.{node.name}", ast.get_docstring(node) or ""
            if isinstance(node, ast.ClassDef):
                yield from _described(node.body, name)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            name, text = before, node.value.value
        described = isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        before = f"{owner}.{node.target.id}" if described else ""  # type: ignore[union-attr]
        text = _line(re.split(r"\n?:(?:param|return|type|rtype)", text)[0])
        if name and len(text) >= SHORTEST:
            # Operators are classes to the stubs, described where they are called.
            yield text, name.removesuffix(".__call__").removesuffix(".__new__")


def _function(node: ast.FunctionDef, lines: list[str]) -> Iterator[Pair]:
    text = _line((ast.get_docstring(node) or "").partition("\n\n")[0])
    if SHORTEST < len(text) < LONGEST and ":param" not in text:
        below = lines[node.lineno - 1 : node.body[0].lineno - 1] + lines[node.body[0].end_lineno or 0 : node.end_lineno]
        if len(code := "\n".join(below)) > 60:
            yield text, code[:CODE]


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _older(source: str) -> str:
    """Type parameters (Python 3.12) taken off, so that older ones read the stubs."""
    source = re.sub(r"^(\s*(?:def|class) \w+)\[[^\]]*\](?=[(:])", r"\1", source, flags=re.MULTILINE)
    return re.sub(r"^type (\w+) = ", r"\1 = ", source, flags=re.MULTILINE)
