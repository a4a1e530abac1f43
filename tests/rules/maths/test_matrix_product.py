from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.models.fault import Fault
from bot.models.patch import Decision
from bot.rules.maths.matrix_product import MatrixProduct

RAISED = "TypeError: Element-wise multiplication: not supported between 'Matrix' and 'Vector' types"


@pytest.fixture
def rule(looking: Any) -> Any:
    return looking(MatrixProduct(), "2.80-4.5")


def test_only_the_sign_changes(rule: Any) -> None:
    text = (
        "import bpy\r\ndef f(context):\r\n"
        "\tx = (context.object.matrix_world*  # world\r\n\t\tcontext.object.location)\r\n"
    )
    assert rule.repaired(text) == text.replace("world*  #", "world@  #")


def test_an_error_points_at_the_one_product_it_can_be(rule: Any, seen: Callable[[int, str], Fault]) -> None:
    text = "def f(m, v):\n    return 2.0 * (m * v) * -1\n"
    assert rule.repairs(text) == []
    (repair,) = rule.repairs(text, [seen(2, RAISED)])
    assert repair.fault is not None
    assert rule.repaired(text, [seen(2, RAISED)]) == "def f(m, v):\n    return 2.0 * (m @ v) * -1\n"


def test_of_several_unknown_products_none_is_chosen(rule: Any, seen: Callable[[int, str], Fault]) -> None:
    text = "def f(m, v, s):\n    return m * v + v * s\n"
    (repair,) = rule.repairs(text, [seen(2, RAISED)])
    assert repair.decision is Decision.EXPLAIN
    assert repair.reason


def test_an_error_about_other_types_is_not_ours(rule: Any, seen: Callable[[int, str], Fault]) -> None:
    other = RAISED.replace("'Vector'", "'Euler'")
    assert rule.repairs("def f(m, v):\n    return m * v\n", [seen(2, other)]) == []


def test_a_vector_multiplied_in_place_is_explained(rule: Any) -> None:
    text = "from mathutils import *\nv = Vector((1, 2, 3))\nv *= Matrix.Rotation(1, 4, 'X')\n"
    (repair,) = rule.repairs(text)
    assert repair.decision is Decision.EXPLAIN


def test_a_file_that_writes_both_forms_is_left(rule: Any) -> None:
    text = (
        "import bpy\ndef f(context, v):\n    m = context.object.matrix_world\n"
        "    if bpy.app.version < (2, 80, 0):\n        return m * context.object.location\n"
        "    return m @ context.object.location\n"
    )
    assert rule.repairs(text) == []
