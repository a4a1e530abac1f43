"""Rules that are tables of renamed things: which places they mean, and how both spellings stand side by side."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent

import pytest

from bot.models.fault import Fault
from bot.models.patch import Decision, Repair
from bot.models.release import Release, SupportRange
from bot.rules.base import Context
from bot.rules.renames import Keyword, Member, Operator, Renames
from bot.rules.render.lamps import Lamps
from bot.rules.render.ray_visibility import RayVisibility
from bot.rules.scene.display_names import DisplayNames
from bot.rules.scene.groups import Groups
from bot.rules.scene.instancing import Instancing
from bot.rules.source import Source, apply_edits

HEAD = "import bpy\n\n"


class Looked:
    """What one rule makes of a text, and why it leaves what it leaves to a person."""

    def __init__(self, rule: Renames, support: str, *others: str) -> None:
        oldest, newest = (Release.parse(part) for part in support.split("-"))
        self._rule, self._others = rule, others
        self._support = SupportRange(oldest=oldest, newest=newest)

    def repairs(self, body: str, faults: tuple[Fault, ...] = ()) -> list[Repair]:
        sources = [Source("a.py", HEAD + dedent(body), "utf-8")]
        sources += [Source(f"b{n}.py", text, "utf-8") for n, text in enumerate(self._others)]
        context = Context(self._support, [self._support.newest], faults, sources)
        return list(self._rule.find(sources[0], context))

    def __call__(self, body: str, faults: tuple[Fault, ...] = ()) -> str:
        text = HEAD + dedent(body)
        made = [one for one in self.repairs(body, faults) if one.decision is Decision.REPAIR]
        result = apply_edits(text, {edit for one in made for edit in one.edits})
        compile(result, "a.py", "exec")
        again = Looked(self._rule, f"{self._support.oldest}-{self._support.newest}", *self._others)
        assert not [one for one in again.repairs(result.removeprefix(HEAD)) if one.decision is Decision.REPAIR]
        return result.removeprefix(HEAD)


def modern(rule: Renames, *others: str) -> Looked:
    return Looked(rule, "2.80-4.5", *others)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def f(x):\n    x.draw_type = 'WIRE'\n", "def f(x):\n    x.display_type = 'WIRE'\n"),
        ("print(bpy.context.object.draw_type)\n", "print(bpy.context.object.display_type)\n"),
        ("def f(ob):\n    setattr(ob, 'show_x_ray', True)\n", "def f(ob):\n    setattr(ob, 'show_in_front', True)\n"),
        ("def f(ob):\n    del ob.draw_type\n", "def f(ob):\n    del ob.display_type\n"),
        (
            "def f(layout, ob):\n    layout.prop(ob, 'empty_draw_size', text='Size')\n",
            "def f(layout, ob):\n    layout.prop(ob, 'empty_display_size', text='Size')\n",
        ),
        (
            "def f(layout, ob):\n    layout.prop(data=ob, property='draw_type')\n",
            "def f(layout, ob):\n    layout.prop(data=ob, property='display_type')\n",
        ),
        (
            "def f(ob):\n    ob.keyframe_insert(data_path='empty_draw_size', frame=1)\n",
            "def f(ob):\n    ob.keyframe_insert(data_path='empty_display_size', frame=1)\n",
        ),
        (
            "def f(ob):\n    return ob.driver_add('show_x_ray')\n",
            "def f(ob):\n    return ob.driver_add('show_in_front')\n",
        ),
    ],
)
def test_a_name_only_blender_has_is_found_wherever_it_is_written(before: str, after: str) -> None:
    assert modern(DisplayNames())(before) == after


@pytest.mark.parametrize(
    "text",
    [
        "class P(bpy.types.Menu):\n    draw_type: bpy.props.StringProperty()\ndef f(x):\n    x.draw_type = 'A'\n",
        "class P:\n    def __init__(self):\n        self.draw_type = 1\ndef f(x):\n    return x.draw_type\n",
        "bpy.types.Object.draw_type = bpy.props.StringProperty()\nprint(bpy.context.object.draw_type)\n",
        "class P:\n    def f(self):\n        return self.draw_type\n",
        "def f(ob):\n    return getattr(ob, 'draw_type', 'WIRE')\n",
        "def f(ob):\n    if hasattr(ob, 'draw_type'):\n        ob.draw_type = 'WIRE'\n",
        "def f(x):\n    if hasattr(x, 'display_type'):\n        print(x)\n    else:\n        x.draw_type = 1\n",
        "def f(ob):\n    if not hasattr(ob, 'select_set'):\n        ob.draw_type = 'A'\n",
        "def f(ob):\n    try:\n        ob.display_type = 'A'\n    except AttributeError:\n        ob.draw_type = 'A'\n",
        "def f(context):\n    context.scene.draw_type = 'A'\n",
        "def f(camera):\n    camera.draw_size = 2\n",
        "def f(ob, word):\n    print('draw_type', word == 'show_x_ray')\n",
    ],
)
def test_what_may_be_the_addons_own_or_is_guarded_is_left_alone(text: str) -> None:
    assert modern(DisplayNames())(text) == text


def test_a_name_another_file_defines_is_the_addons() -> None:
    text = "def f(x):\n    x.draw_type = 'A'\n"
    own = "import bpy\nclass P(bpy.types.PropertyGroup):\n    draw_type = bpy.props.StringProperty()\n"
    assert modern(DisplayNames(), own)(text) == text
    assert modern(DisplayNames(), own + "print 'no Python of today'\n")(text) == text
    assert modern(DisplayNames(), "def f(ob):\n    draw_type = ob.draw_type\n")(text) != text
    assert modern(DisplayNames(), "print 'draw_type'\n")(text) != text


def test_what_nothing_is_known_of_is_renamed_where_blender_raised_the_fault(seen: Callable[[int, str], Fault]) -> None:
    text = "def f(camera):\n    camera.draw_size = 2\n"
    error = "AttributeError: 'Camera' object has no attribute 'draw_size'"
    assert modern(DisplayNames())(text, (seen(4, error),)) == text.replace("draw_size", "display_size")
    assert modern(DisplayNames())(text, (seen(3, error),)) == text
    two = "def f(a, b):\n    a.draw_size = b.draw_size\n"
    assert modern(DisplayNames())(two, (seen(4, error),)) == two


def test_the_lists_of_a_library_follow_but_not_others() -> None:
    before = """\
        def f(path, action):
            with bpy.data.libraries.load(path) as (data_from, data_to):
                data_to.groups = [name for name in data_from.groups]
            return data_to.groups, action.groups
        """
    after = before.replace("data_to.groups", "data_to.collections").replace("data_from.groups", "data_from.collections")
    assert modern(Groups())(before) == dedent(after)


def test_a_list_named_to_a_layout_is_the_one_of_its_owner() -> None:
    before = """\
        def draw(self, context):
            layout = self.layout
            layout.prop_search(self, "groups", bpy.data, "groups")
            layout.template_list("UI", "", bpy.data, "groups", context.scene, "groups")
        """
    after = before.replace('bpy.data, "groups"', 'bpy.data, "collections"')
    assert modern(Groups())(before) == dedent(after)


def test_operators_are_renamed_where_they_are_called_and_where_they_are_named() -> None:
    before = """\
        def draw(self, context):
            self.layout.operator("object.lamp_add", text="object.lamp_add").type = "SUN"
            print("object.lamp_add")


        def keys(keymap):
            keymap.keymap_items.new("object.lamp_add", "L", "PRESS")
            bpy.ops.object.lamp_add("INVOKE_DEFAULT", type="AREA")
        """
    after = (
        before.replace('operator("object.lamp_add"', 'operator("object.light_add"')
        .replace('new("object.lamp_add"', 'new("object.light_add"')
        .replace("bpy.ops.object.lamp_add", "bpy.ops.object.light_add")
    )
    assert modern(Lamps())(before) == dedent(after)


def test_what_has_no_successor_is_explained() -> None:
    assert modern(Lamps())("bpy.ops.object.lamp_add(type='HEMI')\n") == "bpy.ops.object.lamp_add(type='HEMI')\n"
    assert modern(Lamps())("bpy.data.lamps.new('Sky', 'HEMI')\n") == "bpy.data.lamps.new('Sky', 'HEMI')\n"
    found = modern(Instancing()).repairs("def f(ob):\n    ob.dupli_type = 'FRAMES'\n    return ob.dupli_list\n")
    assert [(one.decision, bool(one.reason), one.edits) for one in found] == [(Decision.EXPLAIN, True, ())] * 2


def test_items_follow_their_member_and_only_theirs() -> None:
    before = "def f(ob):\n    if ob.dupli_type in {'GROUP', 'NONE'} or ob.name == 'GROUP':\n        return 'GROUP'\n"
    after = before.replace("ob.dupli_type in {'GROUP'", "ob.instance_type in {'COLLECTION'")
    assert modern(Instancing())(before) == after


def test_types_are_renamed_in_imports_and_in_full() -> None:
    before = "from bpy.types import Object, Lamp, SunLamp as Sun\nprint(Lamp, Sun, bpy.types.AreaLamp)\n"
    after = "from bpy.types import Object, Light as Lamp, SunLight as Sun\nprint(Lamp, Sun, bpy.types.AreaLight)\n"
    assert modern(Lamps())(before) == after


class TestWithOlderReleases:
    """Since 3.0, in an add-on that supports 2.83 too."""

    look = staticmethod(Looked(RayVisibility(), "2.83-4.5"))

    def test_lines_that_follow_each_other_share_a_guard_and_comments_part_them(self) -> None:
        before = """\
            def f(ob):
                ob.cycles_visibility.camera = False
                ob.cycles_visibility.shadow = False
                # not seen in mirrors
                ob.cycles_visibility.glossy = False  # nor in glass
            """
        assert self.look(before) == dedent(
            """\
            def f(ob):
                if bpy.app.version >= (3, 0, 0):
                    ob.visible_camera = False
                    ob.visible_shadow = False
                else:
                    ob.cycles_visibility.camera = False
                    ob.cycles_visibility.shadow = False
                # not seen in mirrors
                if bpy.app.version >= (3, 0, 0):
                    ob.visible_glossy = False
                else:
                    ob.cycles_visibility.glossy = False  # nor in glass
            """
        )

    def test_a_value_is_chosen_where_it_is_used(self) -> None:
        before = "def f(ob):\n    while not ob.cycles_visibility.camera:\n        pass\n"
        assert "while not (ob.visible_camera if bpy.app.version >= (3, 0, 0) else ob.cycles_visibility.camera):" in (
            self.look(before)
        )

    def test_several_on_a_line_make_one_guard(self) -> None:
        before = "def f(a, b):\n    a.cycles_visibility.camera = b.cycles_visibility.camera\n"
        assert self.look(before) == dedent(
            """\
            def f(a, b):
                if bpy.app.version >= (3, 0, 0):
                    a.visible_camera = b.visible_camera
                else:
                    a.cycles_visibility.camera = b.cycles_visibility.camera
            """
        )

    def test_an_owner_and_a_text_change_together(self) -> None:
        before = "def f(row, ob):\n    row.prop(ob.cycles_visibility, 'camera', text='Camera')\n"
        assert self.look(before) == dedent(
            """\
            def f(row, ob):
                if bpy.app.version >= (3, 0, 0):
                    row.prop(ob, 'visible_camera', text='Camera')
                else:
                    row.prop(ob.cycles_visibility, 'camera', text='Camera')
            """
        )

    def test_a_place_without_room_for_both_is_explained(self) -> None:
        text = "def f(ob): ob.cycles_visibility.camera = False\n"
        assert self.look(text) == text
        assert [bool(one.reason) for one in Looked(RayVisibility(), "2.83-4.5").repairs(text)] == [True]

    def test_what_the_new_code_needs_is_asked_only_since_its_guard(self) -> None:
        (found,) = Looked(RayVisibility(), "2.83-4.5").repairs("def f(ob):\n    ob.cycles_visibility.camera = False\n")
        (needed,) = found.requires
        assert not needed.applies_to(Release(2, 93)) and needed.applies_to(Release(3, 0))


def test_keywords_of_a_table_are_guarded_too() -> None:
    class Bevel(Renames):
        code, name, family, since, triggers = "X", "x", "x", Release(2, 90), ("vertex_only",)
        keywords = (Keyword("mesh.bevel", "vertex_only", "affect_vertices"),)
        operators = (Operator("mesh.old_name", "mesh.new_name"),)
        members = (Member("bpy.types.Scene", "a", "b.c"),)

    before = "bpy.ops.mesh.bevel(vertex_only=True, offset=1)\n"
    assert modern(Bevel())(before) == (
        "if bpy.app.version >= (2, 90, 0):\n    bpy.ops.mesh.bevel(affect_vertices=True, offset=1)\n"
        "else:\n    bpy.ops.mesh.bevel(vertex_only=True, offset=1)\n"
    )
    assert Looked(Bevel(), "2.90-4.5")("def f(scene):\n    return scene.a\n") == "def f(scene):\n    return scene.b.c\n"
