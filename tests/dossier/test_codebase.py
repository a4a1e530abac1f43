"""What is known of an add-on's files: ways in, names, property groups."""

from __future__ import annotations

from bot.dossier.codebase import Codebase
from small_addon import OPERATORS, WORK

PROPS = """\
import bpy


class Settings(bpy.types.PropertyGroup):
    amount: bpy.props.FloatProperty()
"""
BASE = Codebase({"a/__init__.py": OPERATORS, "a/work.py": WORK, "a/props.py": PROPS, "a/broken.py": "def ("})


def symbol(path: str, name: str):  # type: ignore[no-untyped-def]
    return next(one for one in BASE.symbols[path] if one.name == name)


def test_the_way_to_a_function_ends_at_what_blender_calls() -> None:
    way = BASE.way_in(symbol("a/work.py", "finish"))
    assert [(one.name, line) for one, line in way] == [("start", 2), ("OBJECT_OT_go.execute", 21)]
    assert BASE.way_in(symbol("a/__init__.py", "OBJECT_OT_go.execute")) == ()


def test_a_function_is_shown_with_those_nested_in_it() -> None:
    around = BASE.function_around("a/work.py", 7)
    assert around is not None and around.name == "finish"


def test_names_are_those_used_nearest_first_without_containers_methods() -> None:
    names = BASE.names_in(symbol("a/__init__.py", "OBJECT_OT_go.execute"), 21)
    assert names[0] == "start" and "get" not in names
    assert "Settings" in names  # the group behind `context.scene.go_settings`


def test_a_class_without_its_methods_has_the_properties_between_them() -> None:
    lines = BASE.own_lines(symbol("a/__init__.py", "OBJECT_OT_go"))
    text = "\n".join(BASE.span("a/__init__.py", line, line) for line in lines)
    assert "bl_idname" in text and "label:" in text and "return True" not in text


def test_a_file_that_does_not_parse_costs_itself_alone() -> None:
    assert "a/broken.py" not in BASE.trees and "a/work.py" in BASE.trees
    assert BASE.imported("a/__init__.py") == ("Settings",)
