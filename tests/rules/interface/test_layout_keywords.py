"""Calls on layouts whose owner is known, and on those Blender refused."""

from __future__ import annotations

import pytest

from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.release import Release, SupportRange
from bot.rules.base import Context
from bot.rules.engine import apply, select, survey
from bot.rules.examples import PATH, repaired
from bot.rules.interface.layout_keywords import LayoutKeywords
from bot.rules.source import Source

RULE = LayoutKeywords()
SUPPORT = SupportRange(oldest=Release(2, 80), newest=Release(4, 5))
DRAW = "import bpy\n\n\ndef draw(self, context):\n    layout = self.layout\n    "


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('layout.prop(a, "b", "T", "", True)', 'layout.prop(a, "b", text="T", text_ctxt="", translate=True)'),
        ('layout.operator("a.b", "T", icon="X").c = 1', 'layout.operator("a.b", text="T", icon="X").c = 1'),
        ('layout.label( ("T") )', 'layout.label( text=("T") )'),
        ("layout.split(.3).row(True).label('T')", "layout.split(factor=.3).row(align=True).label(text='T')"),
        ("layout.split(align=True, percentage=0.2)", "layout.split(align=True, factor=0.2)"),
        ("anything.split(percentage=0.2)", "anything.split(factor=0.2)"),
        ("layout.template_preview(a, False, None)", "layout.template_preview(a, show_buttons=False, parent=None)"),
    ],
)  # fmt: skip
def test_values_keep_their_parameters(before: str, after: str) -> None:
    assert repaired(RULE, f"{DRAW}{before}\n", SUPPORT) == f"{DRAW}{after}\n"


@pytest.mark.parametrize(
    "line",
    ['label("T")', 'thing.label("T")', 'thing.row(True)', '"a b".split(" ", 1)', "layout.label(*parts)"],
)  # fmt: skip
def test_what_is_no_layout_or_no_fault_stays(line: str) -> None:
    assert repaired(RULE, f"{DRAW}{line}\n", SUPPORT) == f"{DRAW}{line}\n"


def test_a_call_blender_refused_is_repaired_though_its_owner_is_unknown() -> None:
    source = Source(PATH, "import bpy\n\n\ndef helper(area):\n    area.label('T')\n    area.label('U')\n", "utf-8")
    seen = Fault(
        kind=FaultKind.PANEL,
        path=PATH,
        line=5,
        message='UILayout.label(): required parameter "text" to be a keyword argument!',
        exception="TypeError",
        source=FaultSource.RUNTIME,
        proof=Proof.REPRODUCED,
    )
    found = survey([source], Context(SUPPORT, [Release(4, 5)], [seen], [source]), [RULE]).repairs
    made = apply([source], select(found, [seen]).chosen).files[PATH].decode()
    assert made == source.text.replace("label('T')", "label(text='T')")
