from __future__ import annotations

from typing import Any

import pytest

from bot.models.patch import Decision
from bot.rules.animation.bone_select import BoneSelect


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a.data.bones.get(n).select", "a.pose.bones.get(n).select"),
        ("context.object.data.bones[ 'B' ].select", "context.object.pose.bones[ 'B' ].select"),
        ("a.data.bones.active.select", "a.pose.bones[a.data.bones.active.name].select"),
        ("[b for b in a.data.bones if not b.select]", "[b for b in a.data.bones if not a.pose.bones[b.name].select]"),
        ("b = a.data.bones[0]\nb.select = 1", "b = a.data.bones[0]\na.pose.bones[b.name].select = 1"),
        ("all(pb.bone.select for pb in chain)", "all(pb.select for pb in chain)"),
        ("x, pb.bone.select = 1, True", "x, pb.select = 1, True"),
    ],
)
def test_the_pose_bone_is_asked(looking: Any, before: str, after: str) -> None:
    assert looking(BoneSelect(), "5.0-5.1").repaired(f"import bpy\n{before}\n") == f"import bpy\n{after}\n"


def test_ends_are_left_out_where_they_are_set(looking: Any) -> None:
    text = "for b in ob.data.bones:\n    b.select = True\n    b.select_head = True\n    b.select_tail = False\n"
    assert looking(BoneSelect(), "5.0-5.1").repaired(text) == (
        "for b in ob.data.bones:\n    ob.pose.bones[b.name].select = True\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "import bpy\nbpy.data.armatures['A'].bones['B'].select = True\n",
        "if ob.data.bones['B'].select_head: pass\n",
    ],
)
def test_what_no_object_is_known_of_is_explained(looking: Any, text: str) -> None:
    (repair,) = looking(BoneSelect(), "5.0-5.1").repairs(text)
    assert repair.decision is Decision.EXPLAIN
    assert repair.reason and not repair.edits


@pytest.mark.parametrize(
    "text",
    [
        "for b in ob.data.edit_bones:\n    b.select = True\n",
        "for b in ob.data.bones:\n    b = other(b)\n    b.select = True\n",
        "class Item:\n    def __init__(self):\n        self.bone = None\nitem.bone.select = True\n",
        "b = x.data.bones[0]\nb = y\nb.select = True\n",
        "v.select = vert.select\nself.bone.select(True)\n",
        "pb.select if bpy.app.version >= (5, 0, 0) else pb.bone.select\n",
    ],
)
def test_what_is_no_bone_of_a_pose_is_left(looking: Any, text: str) -> None:
    assert looking(BoneSelect(), "4.2-5.0").repairs(text) == []
