"""Keywords that are spelled anew, in calls and in what macros hand on."""

from __future__ import annotations

from typing import Any

import pytest

from bot.models.patch import Decision
from bot.rules.mesh.bmesh_radius import BmeshRadius
from bot.rules.operators.transform_orientation import TransformOrientation


def test_all_keywords_of_a_call_share_one_guard(looking: Any) -> None:
    text = "import bpy, bmesh\nif x: f(bmesh.ops.create_cone(bm, diameter1=a, diameter2=b))\n"
    assert looking(BmeshRadius(), "2.83-4.5").repaired(text) == text.replace(
        "bmesh.ops.create_cone(bm, diameter1=a, diameter2=b)",
        "(bmesh.ops.create_cone(bm, radius1=a, radius2=b) if bpy.app.version >= (3, 0, 0)"
        " else bmesh.ops.create_cone(bm, diameter1=a, diameter2=b))",
    )


@pytest.mark.parametrize(
    "text",
    [
        "import bmesh\nf = bmesh.ops.create_circle\nf(b, diameter=1)\n",
        "from bmesh.ops import create_circle as f\nif NEW:\n    f(m, radius=1)\nelse:\n    f(m, diameter=1)\n",
        "import bmesh\ntry:\n    bmesh.ops.create_circle(b, diameter=1)\nexcept TypeError:\n    pass\n",
        "import bmesh\nbmesh.ops.create_cone(bm, diameter=2)\n",
        "import bmesh\nbmesh.ops.create_circle(**{'diameter': 2})\n",
    ],
)
def test_what_is_chosen_already_or_means_something_else_is_left(looking: Any, text: str) -> None:
    assert looking(BmeshRadius(), "2.83-4.5").repairs(text) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("proportional = 'PROJECTED'", "use_proportional_edit = True, use_proportional_projected=True"),
        ("proportional=tool.proportional, snap=False",
         ("use_proportional_edit=tool.proportional != \"DISABLED\","
         " use_proportional_connected=tool.proportional == \"CONNECTED\","
         " use_proportional_projected=tool.proportional == \"PROJECTED\", snap=False")),
        ("**rest, constraint_orientation=x", "**rest, orient_type=x"),
    ],
)  # fmt: skip
def test_values_change_with_their_keywords(looking: Any, before: str, after: str) -> None:
    text = "import bpy\nbpy.ops.transform.resize({})\n"
    assert looking(TransformOrientation(), "2.83-4.5").repaired(text.format(before)) == text.format(after)


def test_what_a_macro_hands_on_is_changed_too(looking: Any) -> None:
    text = (
        "import bpy\nbpy.ops.mesh.extrude_region_move(MESH_OT_extrude_region={'mirror': False},"
        " TRANSFORM_OT_translate={'constraint_orientation': 'NORMAL', 'proportional': 'CONNECTED', 'snap': True})\n"
    )
    after = text.replace("constraint_orientation", "orient_type").replace(
        "'proportional': 'CONNECTED'", "'use_proportional_edit': True, 'use_proportional_connected': True"
    )
    assert looking(TransformOrientation(), "2.83-4.5").repaired(text) == after


def test_a_keyword_without_a_successor_leaves_the_call_to_a_person(looking: Any) -> None:
    text = "import bpy\nbpy.ops.transform.rotate(value=1, axis=(1, 0, 0), constraint_orientation='GLOBAL')\n"
    (repair,) = looking(TransformOrientation(), "2.83-4.5").repairs(text)
    assert repair.decision is Decision.EXPLAIN
    assert repair.reason and not repair.edits
