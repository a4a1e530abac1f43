"""Behaviours taken away."""

from __future__ import annotations

from bot.validators.mutants import mutants
from small_addon import OPERATORS, WORK

TEXTS = {"a/__init__.py": OPERATORS, "a/work.py": WORK}


def test_a_function_a_test_names_does_nothing_in_its_mutant() -> None:
    (made,) = mutants("def test_x():\n    from a import work\n    assert work.finish(1) == 1\n", TEXTS)
    assert (made.path, made.symbol) == ("a/work.py", "finish")
    space: dict[str, object] = {}
    exec(made.text, space)
    assert space["finish"](None) is None  # type: ignore[operator]
    assert space["get"](3) == 3  # type: ignore[operator]


def test_an_operator_that_is_called_finishes_without_doing_anything() -> None:
    (made,) = mutants("def test_x():\n    bpy.ops.object.go()\n", TEXTS)
    assert made.symbol == "OBJECT_OT_go.execute"
    assert 'return {"FINISHED"}' in made.text and "work.start" not in made.text
    compile(made.text, "a", "exec")


def test_what_is_not_named_is_left_alone() -> None:
    assert mutants("def test_x():\n    assert True\n", TEXTS) == ()


def test_a_function_on_one_line_is_emptied_too() -> None:
    (made,) = mutants("def test_x():\n    f()\n", {"a.py": "def f(): return 3\nx = 1\n"})
    assert made.text == "def f(): return None\nx = 1\n"
