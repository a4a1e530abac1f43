from __future__ import annotations

from typing import Any

import pytest

from bot.models.patch import Decision
from bot.rules.gpu.bgl_state import BglState
from bot.rules.gpu.blf_size import BlfSize


def test_gpu_is_imported_once_and_a_block_keeps_a_body(looking: Any) -> None:
    text = "import gpu\nimport bgl\nif smooth:\n    bgl.glEnable(bgl.GL_LINE_SMOOTH)\nbgl.glPointSize(2 * x)\n"
    assert looking(BglState(), "3.6-5.0").repaired(text) == (
        "import gpu\nif smooth:\n    pass\ngpu.state.point_size_set(2 * x)\n"
    )


@pytest.mark.parametrize(
    "use",
    [
        "bgl.glBegin(bgl.GL_QUADS)",
        "x = bgl.Buffer(bgl.GL_FLOAT, 4)",
        "f(bgl)",
        "bgl.glEnable(mode)",
        "a(); bgl.glPointSize(1)",
    ],
)
def test_a_file_that_uses_more_than_the_state_is_explained(looking: Any, use: str) -> None:
    (repair,) = looking(BglState(), "3.6-5.0").repairs(f"import bgl\nbgl.glLineWidth(1)\n{use}\n")
    assert repair.decision is Decision.EXPLAIN
    assert repair.reason
    assert not repair.edits


def test_the_size_keeps_its_meaning(looking: Any) -> None:
    rule = looking(BlfSize(), "3.6-4.5")
    assert rule.repaired("from blf import size as s\ns(0, a.b, ui.dpi)\n") == (
        "from blf import size as s\ns(0, a.b * ui.dpi / 72)\n"
    )
    assert rule.repaired("import blf\nif x: blf.size(0, a or b, 72)\n") == "import blf\nif x: blf.size(0, a or b)\n"


def test_a_call_that_needs_a_guard_and_shares_its_line_is_left(looking: Any) -> None:
    (repair,) = looking(BlfSize(), "2.83-4.5").repairs("import blf\nif x: blf.size(0, 12, 72)\n")
    assert repair.decision is Decision.LEAVE
    assert repair.reason
