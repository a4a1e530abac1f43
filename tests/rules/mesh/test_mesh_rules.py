from __future__ import annotations

from typing import Any

import pytest

from bot.models.patch import Decision
from bot.rules.mesh.auto_smooth import AutoSmooth
from bot.rules.mesh.auto_smooth_dropped import AutoSmoothDropped
from bot.rules.mesh.calc_normals_split import CalcNormalsSplit


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("m.use_auto_smooth = True\n", "m.set_sharp_from_angle(angle=0.523599)\n"),
        ("m.use_auto_smooth = 1\nm.auto_smooth_angle = a\n", "m.set_sharp_from_angle(angle=a)\n"),
        ("m.auto_smooth_angle = a\nm.use_auto_smooth = True\n", "m.set_sharp_from_angle(angle=a)\n"),
        (
            "o.data.use_auto_smooth = self.smooth\no.data.auto_smooth_angle = pi / 6\n",
            "if self.smooth:\n    o.data.set_sharp_from_angle(angle=pi / 6)\n",
        ),
        (
            "m.use_auto_smooth = True\nshow(m)\nm.auto_smooth_angle = radians(self.angle)\n",
            "m.set_sharp_from_angle(angle=radians(self.angle))\nshow(m)\nm.auto_smooth_angle = radians(self.angle)\n",
        ),
        ("m.use_auto_smooth = True\nn.auto_smooth_angle = 1.0\n", None),
    ],
)
def test_the_angle_beside_the_switch_is_used(looking: Any, before: str, after: str | None) -> None:
    result = looking(AutoSmooth(), "4.2-4.5").repaired(before)
    assert result == (after or "m.set_sharp_from_angle(angle=0.523599)\nn.auto_smooth_angle = 1.0\n")


def test_an_angle_without_a_switch_is_explained(looking: Any) -> None:
    (repair,) = looking(AutoSmooth(), "4.2-4.5").repairs("m.auto_smooth_angle = 1.0\n")
    assert repair.decision is Decision.EXPLAIN
    assert repair.reason


def test_an_angle_goes_where_the_edges_are_marked_already(looking: Any) -> None:
    text = "m.set_sharp_from_angle(angle=1.0)\nm.auto_smooth_angle = 1.0  # old\nm.update()\n"
    assert looking(AutoSmoothDropped(), "4.2-4.5").repaired(text) == ("m.set_sharp_from_angle(angle=1.0)\nm.update()\n")


def test_edges_the_function_marks_itself_are_not_marked_anew(looking: Any) -> None:
    text = "def f(m):\n    m.edges[0].use_edge_sharp = True\n    m.use_auto_smooth = True\n"
    assert looking(AutoSmooth(), "4.2-4.5").repairs(text) == []
    assert "auto_smooth" not in looking(AutoSmoothDropped(), "4.2-4.5").repaired(text)


def test_the_two_rules_never_want_the_same_line(looking: Any) -> None:
    text = (
        "def f(m):\n    m.use_auto_smooth = True\n    m.normals_split_custom_set(n)\n"
        "def g(m):\n    m.use_auto_smooth = False\n    m.auto_smooth_angle = 1.0\n"
        "def h(m):\n    m.use_auto_smooth = x\n"
    )
    lines = [
        {repair.line for repair in looking(rule, "4.2-4.5").repairs(text)}
        for rule in (AutoSmooth(), AutoSmoothDropped())
    ]
    assert lines == [{8}, {2, 5, 6}]


def test_a_property_another_file_defines_is_left(looking: Any) -> None:
    text = "class S:\n    use_auto_smooth = BoolProperty()\ndef f(s):\n    s.use_auto_smooth = False\n"
    assert looking(AutoSmoothDropped(), "4.2-4.5").repairs(text) == []


def test_what_a_person_saw_break_is_repaired_whatever_the_names(looking: Any, seen: Any) -> None:
    fault = seen(3, "AttributeError: 'Mesh' object has no attribute 'use_auto_smooth'")
    text = "class S:\n    use_auto_smooth = BoolProperty()\ns.use_auto_smooth = False\n"
    (repair,) = looking(AutoSmoothDropped(), "4.2-4.5").repairs(text, [fault])
    assert repair.fault == fault


@pytest.mark.parametrize("text", ["x = m.calc_normals_split()\n", "if a: m.calc_normals_split()\n"])
def test_a_call_that_cannot_be_left_out_is_explained(looking: Any, text: str) -> None:
    (repair,) = looking(CalcNormalsSplit(), "4.2-4.5").repairs(text)
    assert repair.decision is Decision.LEAVE
    assert repair.reason


def test_a_block_that_loses_its_only_line_keeps_a_body(looking: Any) -> None:
    text = "import bpy\r\nif a:\r\n\tm.calc_normals_split()  # now\r\n"
    assert looking(CalcNormalsSplit(), "4.2-4.5").repaired(text) == "import bpy\r\nif a:\r\n\tpass  # now\r\n"
