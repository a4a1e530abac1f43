from __future__ import annotations

from typing import Any

from bot.models.patch import Decision
from bot.rules.render.light_falloff import LightFalloff

LIGHT = "import bpy\nl = bpy.data.lights.new('L', 'SPOT')\n"


def test_an_error_tells_of_a_light_nothing_is_known_of(looking: Any, seen: Any) -> None:
    text = "def f(x):\n    x.distance = 2\n"
    rule = looking(LightFalloff(), "4.2-5.0")
    assert rule.repairs(text) == []
    fault = seen(2, "AttributeError: 'SpotLight' object has no attribute 'distance'")
    assert rule.repaired(text, [fault]) == "def f(x):\n    pass\n"


def test_a_value_that_is_read_from_a_stream_stays(looking: Any) -> None:
    (repair,) = looking(LightFalloff(), "4.2-5.0").repairs(f"{LIGHT}l.distance = file.read_float()\n")
    assert repair.decision is Decision.EXPLAIN
    assert repair.reason
