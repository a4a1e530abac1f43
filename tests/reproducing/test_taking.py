"""What a script names is taken over from the files that define it, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.reproducing.reading import names_in, part_of
from bot.reproducing.sources import DEFINED, FILES, LAYOUTS, TINY
from bot.reproducing.taking import import_lines, take

ONE = '''
import os
from math import pi, tau

LIMIT = 3
"""How many."""


def used(count: int) -> float:
    """Something."""
    light = count * pi
    return helper(light) + LIMIT


def helper(value: float) -> float:
    return value + len(os.sep)


def light() -> float:
    return tau
'''
OTHER = "def used() -> None:\n    pass\n"


def part(folder: Path, text: str, name: str = "one.py") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_what_a_name_leads_to_is_taken_and_what_it_needs_comes_first(tmp_path: Path) -> None:
    taken = take({"used"}, [part(tmp_path, ONE)], frozenset())
    assert [text.split("\n")[0] for text in taken.definitions] == [
        "LIMIT = 3",
        "def helper(value: float) -> float:",
        "def used(count: int) -> float:",
    ]
    assert taken.definitions[0].endswith('"""How many."""')
    assert import_lines(taken.imports) == ["import os", "from math import pi"]


def test_a_variable_is_not_the_function_of_the_same_name(tmp_path: Path) -> None:
    piece = part_of(part(tmp_path, ONE)).pieces["used"]
    assert "light" not in piece.needs and "helper" in piece.needs


def test_what_is_given_is_left_to_the_script(tmp_path: Path) -> None:
    taken = take({"used"}, [part(tmp_path, ONE)], frozenset({"LIMIT", "helper"}))
    assert [text.split("(")[0] for text in taken.definitions] == ["def used"]


def test_a_name_can_be_taken_from_another_file(tmp_path: Path) -> None:
    other = part(tmp_path, OTHER, "other.py")
    assert take({"used"}, [part(tmp_path, ONE)], frozenset(), {"used": other}).definitions == (OTHER.rstrip(),)


def test_our_own_files_are_followed_where_they_import_from_each_other() -> None:
    taken = take({"pose"}, FILES, DEFINED, {"Layout": LAYOUTS[TINY]})
    assert {"pose", "armature", "link", "collection"} <= taken.names
    assert not {"rich_cube", "curve"} & taken.names
    assert not any(module.startswith("bot") for module, _ in taken.imports)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_everything_a_recipe_may_name_can_be_taken(layout: str) -> None:
    """With all it needs: no two files that one name leads to define another one differently."""
    for name in {name for file in FILES for name in part_of(file).pieces}:
        assert name in take({name}, FILES, DEFINED, {"Layout": LAYOUTS[layout]}).names


def test_names_of_a_nested_function_are_its_own() -> None:
    import ast

    code = "def outer(a):\n    def inner(b):\n        return a + b + c\n    return [inner(d) for d in e]\n"
    assert names_in(ast.parse(code).body[0]) == {"c", "e"}
