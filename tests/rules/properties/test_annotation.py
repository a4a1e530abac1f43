"""Properties of classes, through files and mixins."""

from __future__ import annotations

import pytest

from bot.models.release import Release, SupportRange
from bot.rules.examples import PATH, look, repaired
from bot.rules.properties.annotation import DORMANT, SHARED, TEXT_ONLY, USED, PropertyAnnotation
from bot.rules.source import Source

RULE = PropertyAnnotation()
SUPPORT = SupportRange(oldest=Release(2, 80), newest=Release(4, 5))
HEAD = "import bpy\nfrom bpy.props import IntProperty\n\n\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    x = IntProperty()", "    x: IntProperty()"),
        ("    x=IntProperty()", "    x: IntProperty()"),
        ("    x    =  IntProperty(  default = 1 ,)", "    x:  IntProperty(  default = 1 ,)"),
        ("    x = IntProperty(\n        min=1,  # one\n    )", "    x: IntProperty(\n        min=1,  # one\n    )"),
        ("    x = (IntProperty())", "    x: (IntProperty())"),
        ("    x = \\\n        IntProperty()", "    x: \\\n        IntProperty()"),
        ("    x = IntProperty(); y = IntProperty()", "    x: IntProperty(); y: IntProperty()"),
        ("    if 1:\n        x = IntProperty()", "    if 1:\n        x: IntProperty()"),
    ],
)  # fmt: skip
def test_only_the_equals_sign_changes(before: str, after: str) -> None:
    start = f"{HEAD}class A(bpy.types.Operator):\n"
    assert repaired(RULE, f"{start}{before}\n", SUPPORT) == f"{start}{after}\n"


def test_a_mixin_of_another_file_is_annotated() -> None:
    mixin = Source("pkg/mixin.py", f"{HEAD}class Sized:\n    x = IntProperty()\n", "utf-8")
    user = Source(
        "pkg/__init__.py",
        "import bpy\nfrom .mixin import Sized\n\n\nclass A(Sized, bpy.types.Operator): pass\n",
        "utf-8",
    )
    assert look(RULE, mixin, SUPPORT, [user]).chosen
    stranger = Source("pkg/__init__.py", "import bpy\nfrom elsewhere import Sized\n", "utf-8")
    assert not look(RULE, mixin, SUPPORT, [stranger]).chosen


@pytest.mark.parametrize(
    ("body", "head", "reason"),
    [
        ("    x = y = IntProperty()", HEAD, SHARED),
        ("    x = IntProperty()\n    names = [x]", HEAD, USED),
        ("    x = IntProperty()", f"from __future__ import annotations\n{HEAD}", TEXT_ONLY),
    ],
)
def test_what_an_annotation_would_change_is_left_to_a_person(body: str, head: str, reason: str) -> None:
    text = f"{head}class A(bpy.types.Operator):\n{body}\n"
    selection = look(RULE, Source(PATH, text, "utf-8"), SUPPORT)
    assert not selection.chosen
    assert [repair.reason for repair in selection.explained] == [reason]


FORGOTTEN = f"{HEAD}class A(bpy.types.Operator):\n    done: IntProperty()\n    left = IntProperty()\n"


def test_a_property_nothing_uses_beside_annotated_ones_is_left_to_a_person() -> None:
    selection = look(RULE, Source(PATH, FORGOTTEN, "utf-8"), SUPPORT)
    assert not selection.chosen
    assert [found.reason for found in selection.explained] == [DORMANT]


@pytest.mark.parametrize("use", ["print(self.left)", "layout.prop(self, 'left')"])
def test_a_property_something_uses_is_annotated_whatever_its_neighbours_are(use: str) -> None:
    code = f"{FORGOTTEN}\n    def draw(self, context):\n        {use}\n"
    assert "    left: IntProperty()\n" in repaired(RULE, code, SUPPORT)
