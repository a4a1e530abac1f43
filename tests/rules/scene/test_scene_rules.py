"""Objects of scenes: written in the shapes people write them."""

from __future__ import annotations

import pytest

from bot.models.release import Release, SupportRange
from bot.rules.base import Rule
from bot.rules.examples import PATH, look, repaired
from bot.rules.scene.object_select import COMBINED, ObjectSelect
from bot.rules.scene.objects_active import SceneObjectsActive
from bot.rules.scene.objects_link import RESULT_USED, UNCLEAR_UNLINK, SceneObjectsLink
from bot.rules.source import Source

SUPPORT = SupportRange(oldest=Release(2, 80), newest=Release(4, 5))
HEAD = "import bpy\n\n\ndef run(context, scene, thing):\n    ob = context.object\n"


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (ObjectSelect(), "ob.select = (True)", "ob.select_set((True))"),
        (ObjectSelect(), "ob.select=True", "ob.select_set(True)"),
        (ObjectSelect(), "ob.select = \\\n        True", "ob.select_set( \\\n        True)"),
        (ObjectSelect(), "ob.select = a = 1", "ob.select = a = 1"),
        (ObjectSelect(), "ob.select = ob.parent.select  # as", "ob.select_set(ob.parent.select_get())  # as"),
        (ObjectSelect(), "[o for o in scene.objects if o.select]", "[o for o in scene.objects if o.select_get()]"),
        (ObjectSelect(), "if not ob.select: ob.select = True", "if not ob.select_get(): ob.select_set(True)"),
        (ObjectSelect(), "ob.select ^= True", "ob.select ^= True"),
        (ObjectSelect(), "thing.select = True", "thing.select = True"),
        (SceneObjectsActive(), "scene.objects.active = ob", "scene.view_layers[0].objects.active = ob"),
        (SceneObjectsActive(), "x = context.scene.objects.active", "x = context.view_layer.objects.active"),
        (SceneObjectsLink(), "scene.objects.link(ob); x = 1", "scene.collection.objects.link(ob); x = 1"),
        (SceneObjectsLink(), "if x: context.scene.objects.link(ob)", "if x: context.collection.objects.link(ob)"),
        (
            SceneObjectsLink(),
            "scene.objects.unlink(ob)  # away",
            "for collection in ob.users_collection:\n        collection.objects.unlink(ob)  # away",
        ),
        (SceneObjectsLink(), "thing.objects.unlink(ob)", "thing.objects.unlink(ob)"),
    ],
)  # fmt: skip
def test_shapes(rule: Rule, before: str, after: str) -> None:
    assert repaired(rule, f"{HEAD}    {before}\n", SUPPORT) == f"{HEAD}    {after}\n"


@pytest.mark.parametrize(
    ("rule", "line", "reason"),
    [
        (ObjectSelect(), "ob.select |= True", COMBINED),
        (ObjectSelect(), "ob.select, x = True, 1", COMBINED),
        (SceneObjectsLink(), "base = scene.objects.link(ob)", RESULT_USED),
        (SceneObjectsLink(), "scene.objects.unlink(find())", UNCLEAR_UNLINK),
        (SceneObjectsLink(), "if x: scene.objects.unlink(ob)", UNCLEAR_UNLINK),
    ],
)
def test_what_a_person_must_decide(rule: Rule, line: str, reason: str) -> None:
    selection = look(rule, Source(PATH, f"{HEAD}    {line}\n", "utf-8"), SUPPORT)
    assert not selection.chosen
    assert [repair.reason for repair in selection.explained] == [reason]


def test_the_loop_variable_is_new() -> None:
    text = f"{HEAD}    collection = 1\n    scene.objects.unlink(ob)\n    print(collection)\n"
    assert "for users_collection in ob.users_collection:" in repaired(SceneObjectsLink(), text, SUPPORT)
