from __future__ import annotations

from typing import Any

import pytest

from bot.models.patch import Decision
from bot.rules.animation.action_fcurves import ActionFcurves

RAISED = "AttributeError: 'Action' object has no attribute 'fcurves'"


def test_the_function_is_brought_once(looking: Any, seen: Any) -> None:
    text = "import bpy\r\n\r\ndef f(a):\r\n\tfor c in a.fcurves:\r\n\t\tpass\r\n\treturn len(a.fcurves)\r\n"
    rule = looking(ActionFcurves(), "4.2-5.0")
    assert rule.repairs(text) == []
    result = rule.repaired(text, [seen(4, RAISED)])
    assert result.count("def action_fcurves(action):\r\n\t") == 1
    assert result.endswith("\r\n\tfor c in action_fcurves(a):\r\n\t\tpass\r\n\treturn len(action_fcurves(a))\r\n")
    assert "\n" not in result.replace("\r\n", "")
    again = rule.repaired(
        result + "def g(x):\r\n\treturn bool(x.fcurves)\r\n", [seen(len(result.splitlines()) + 2, RAISED)]
    )
    assert again.count("def action_fcurves(") == 1


@pytest.mark.parametrize("use", ["a.fcurves.new('location')", "a.fcurves.remove(c)", "x = a.fcurves", "f(a.fcurves)"])
def test_what_needs_a_slot_is_explained(looking: Any, use: str) -> None:
    (repair,) = looking(ActionFcurves(), "4.2-5.0").repairs(f"import bpy\na = bpy.data.actions['A']\n{use}\n")
    assert repair.decision is Decision.EXPLAIN
    assert repair.reason


def test_without_bpy_the_function_imports_it(looking: Any) -> None:
    text = "import os\n\n\nfor c in ob.animation_data.action.fcurves:\n    pass\n"
    assert '"""\n    import bpy\n\n    if bpy.app.version < (5, 0, 0):' in looking(ActionFcurves(), "4.2-5.0").repaired(
        text
    )
