"""Which mapping a curve belongs to, and where that cannot be told."""

from __future__ import annotations

import pytest

from bot.models.release import Release, SupportRange
from bot.rules.examples import PATH, look, repaired
from bot.rules.maths.curve_evaluate import CurveEvaluate
from bot.rules.source import Source

RULE = CurveEvaluate()
SUPPORT = SupportRange(oldest=Release(2, 90), newest=Release(4, 5))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "curve = mapping.curves[0]\n    return curve.evaluate(x)",
            "curve = mapping.curves[0]\n    return mapping.evaluate(curve, x)",
        ),
        ("return brush.curve.curves[i].evaluate(1 - x)", "return brush.curve.evaluate(brush.curve.curves[i], 1 - x)"),
        (
            "return node.mapping.curves[0].evaluate(position=x)",
            "return node.mapping.evaluate(node.mapping.curves[0], position=x)",
        ),
        (
            "return node.mapping.curves[0].evaluate(\n        x,\n    )",
            "return node.mapping.evaluate(node.mapping.curves[0], x)",
        ),
    ],
)
def test_the_mapping_a_curve_was_taken_from_is_asked(before: str, after: str) -> None:
    head = "import bpy\n\n\ndef value(mapping, brush, node, i, x):\n    "
    assert repaired(RULE, f"{head}{before}\n", SUPPORT) == f"{head}{after}\n"


@pytest.mark.parametrize(
    "code",
    [
        "curve = a.curves[0]\n    curve = b.curves[0]\n    curve.evaluate(1)",
        "m = a.mapping\n    c = m.curves[0]\n    m = b.mapping\n    c.evaluate(1)",
        "bpy.data.curves[0].evaluate(1)",
        "find(a).curves[0].evaluate(1)",
        "a.curves[0].evaluate(1, 2)",
        "if hasattr(c, 'evaluate'):\n        a.curves[0].evaluate(1)",
        "for c in a.curves:\n        c.evaluate(1)",
    ],
)
def test_a_curve_whose_mapping_cannot_be_told_is_left_alone(code: str) -> None:
    text = f"import bpy\n\n\ndef value(a, b, c):\n    {code}\n"
    assert not look(RULE, Source(PATH, text, "utf-8"), SUPPORT).chosen
