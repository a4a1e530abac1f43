"""Repaired faults become tests as the repository's own are written."""

from __future__ import annotations

import ast

import pytest

from bot.models.addon import Addon, AddonKind
from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.recipe import Recipe
from bot.models.release import Release
from bot.reproducing.proposing import Case, file_of_tests, names
from bot.reproducing.shapes import Shape
from bot.reproducing.styles import Style, Way, style_of

R45 = Release(4, 5)
ADDON = Addon(
    path="bend", module="bend", kind=AddonKind.LEGACY, single_file=False, name="Bend", declared_minimum=None,
    files=("bend/__init__.py",),
)  # fmt: skip
CASES = """\
import os
import sys
import unittest

import bpy
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.dirname(HERE))

import bend


class BendTests(unittest.TestCase):
    def setUp(self):
        bend.register()

    def tearDown(self):
        bend.unregister()

    def test_name(self):
        self.assertTrue(np.all(bend.bl_info["name"]))
"""
FUNCTIONS = "import bpy\nfrom addons import bend as ours\n\n\ndef test_name() -> None:\n    assert ours.bl_info\n"
SHARED = "from .base import AddonCase\n\n\nclass Bends(AddonCase):\n    def test_it(self):\n        pass\n"


def style(text: str, path: str = "tests/test_bend.py", *, given: bool = False) -> Style:
    found = style_of({path: text}, "bend", given=given)
    assert found is not None
    return found


def case(subject: str = "mesh.bend", line: str = "bpy.ops.mesh.bend()", **given: object) -> Case:
    known = {
        "kind": FaultKind.OPERATOR, "path": "bend/__init__.py", "line": 3, "exception": "KeyError", "message": "'x'",
        "source": FaultSource.RUNTIME, "proof": Proof.REPRODUCED, "release": R45, "subject": subject, "traceback": "T",
    }  # fmt: skip
    recipe = Recipe(lines=(line,) if line else (), scene="pose", over='view("VIEW_3D")')
    around = bool(given.pop("around", False))
    return Case(Fault.model_validate({**known, **given}), Shape(recipe, around))


def written(of: Style, *cases: Case, way: Way | None = None) -> str:
    text = file_of_tests(cases or [case()], of, way or of.ways[0], ADDON, R45)
    compile(text, "test", "exec")
    return text


def test_a_class_where_theirs_are_classes_with_their_imports_and_their_way_in() -> None:
    found = style(CASES)
    text = written(found)
    assert (found.kind, found.ways[0]) == ("unittest", Way.REGISTERED)
    tree = ast.parse(text)
    (cls,) = (node for node in tree.body if isinstance(node, ast.ClassDef))
    assert ast.unparse(cls.bases[0]) == "unittest.TestCase"
    assert [node.name for node in cls.body if isinstance(node, ast.FunctionDef)] == [
        "setUpClass", "tearDownClass", "test_mesh_bend",
    ]  # fmt: skip
    assert "bend.register()" in text and "bend.unregister()" in text and "bpy.ops.mesh.bend()" in text
    assert text.index("sys.path.append") < text.index("import bend")
    assert "numpy" not in text, "what no test here needs"
    assert "->" not in text, "theirs have no annotations"


def test_functions_where_theirs_are_functions() -> None:
    text = written(style(FUNCTIONS), way=Way.REGISTERED)
    assert [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)] == [
        "setup_module", "teardown_module", "test_mesh_bend",
    ]  # fmt: skip
    assert "from addons import bend as ours" in text and "ours.register()" in text
    assert "def test_mesh_bend() -> None:" in text


def test_their_own_base_class_is_theirs() -> None:
    text = written(style(SHARED))
    assert "class TestRepaired(AddonCase):" in text and "from .base import AddonCase" in text


def test_where_others_enable_the_add_on_a_test_does_not() -> None:
    found = style(FUNCTIONS, given=True)
    assert found.ways == (Way.GIVEN,)
    text = written(found, case("enable", "", kind=FaultKind.LOAD))
    assert "addon_utils" not in text and "register" not in text
    assert 'MODULE = "bend"' in text and "assert MODULE in bpy.context.preferences.addons" in text
    assert not case("disable", "disable()", kind=FaultKind.DISABLE).fits(Way.GIVEN)


def test_otherwise_it_is_enabled_as_the_preferences_do_it() -> None:
    text = written(style(FUNCTIONS), case("enable", "", kind=FaultKind.LOAD), way=Way.ENABLED)
    tree = ast.parse(text)
    (test,) = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "test_enable")
    assert [ast.unparse(step) for step in test.body[1:]] == ["disable()", "enable()"]
    assert "addon_utils.enable(MODULE" in text


def test_what_blender_only_prints_fails_the_test() -> None:
    printed = case("mesh.bend", "bpy.ops.mesh.bend.poll()")
    printed = Case(printed.fault, Shape(printed.shape.recipe.model_copy(update={"printed": True}), around=False))
    assert "with surfaced():\n        bpy.ops.mesh.bend.poll()" in written(style(FUNCTIONS), printed)


def test_the_scene_comes_along() -> None:
    text = written(style(FUNCTIONS), case(around=True))
    assert "def pose()" in text and "def curve()" not in text


def test_names_are_words_and_each_there_once() -> None:
    cases = [case(), case(), case("x-Y z"), case("class"), case("ü"), case()]
    found = names(cases)
    assert found == ("test_mesh_bend", "test_mesh_bend_2", "test_x_y_z", "test_class", "test_fault", "test_mesh_bend_3")
    assert len(set(found)) == len(cases) and all(name.isidentifier() for name in found)


@pytest.mark.parametrize(
    ("files", "path"),
    [
        (("tests/test_a.py",), "tests/test_repaired.py"),
        (("tests/a_test.py", "tests/b_test.py"), "tests/repaired_test.py"),
        (("test_a.py",), "test_repaired.py"),
        (("tests/deep/test_a.py", "tests/deep/test_b.py", "tests/test_c.py"), "tests/deep/test_repaired.py"),
    ],
)
def test_a_file_lies_where_theirs_do_and_is_called_like_them(files: tuple[str, ...], path: str) -> None:
    found = style_of(dict.fromkeys(files, FUNCTIONS), "bend", given=False)
    assert found is not None and found.path("repaired", frozenset(files)) == path
    assert found.path("repaired", frozenset({path})) != path


def test_tests_that_cannot_be_read_have_no_style() -> None:
    assert style_of({"tests/test_a.py": "def ("}, "bend", given=False) is None
    assert style_of({}, "bend", given=False) is None
