# ruff: noqa
"""Properties with callbacks: some as they should be, some whose callbacks raise, which Blender only prints."""

bl_info = {"name": "Settled", "blender": (2, 80, 0), "category": "Object"}

import bpy


def touched(self, context):
    print("the last frame is", context.scene.frame_end)


def turned(self, context):
    context.scene.no_such_turn


def choices(self, context):
    return [("FIRST", "First", ""), ("SECOND", "Second", "")]


def lost_choices(self, context):
    return [(thing.no_such_choice, thing.name, "") for thing in context.scene.objects]


def second(self, context):
    if self.second == "SECOND":
        context.scene.no_such_second


def far(self, context):
    print([1, 2, 3][self.far])


def read(self):
    return bpy.context.scene.no_such_reading


def stored(self):
    return self.get("stored_value", 0.0)


def store(self, value):
    self["stored_value"] = value


def three(self):
    return (1, 2, 3)


def store_three(self, value):
    self.no_such_store = bpy.context.no_such_store


def is_mesh(self, thing):
    return thing.no_such_kind == "MESH"


def searched(self, context, text):
    return [thing.no_such_search for thing in context.scene.objects]


def weighed(self, context):
    self.no_such_weight


def moded(self, context):
    context.preferences.no_such_mode


def of_a_bone(self, context):
    self.no_such_bone_part


class SETTLED_item(bpy.types.PropertyGroup):
    weight: bpy.props.FloatProperty(update=weighed)


class SETTLED_group(bpy.types.PropertyGroup):
    plain: bpy.props.IntProperty()
    well: bpy.props.BoolProperty(update=touched)
    turn: bpy.props.BoolProperty(update=turned)
    choice: bpy.props.EnumProperty(items=choices, update=touched)
    lost: bpy.props.EnumProperty(items=lost_choices)
    second: bpy.props.EnumProperty(items=choices, update=second)
    far: bpy.props.IntProperty(min=0, soft_max=10, update=far)
    read: bpy.props.FloatProperty(get=read)
    stored: bpy.props.FloatProperty(get=stored, set=store)
    three: bpy.props.IntVectorProperty(get=three, set=store_three)
    target: bpy.props.PointerProperty(type=bpy.types.Object, poll=is_mesh)
    items: bpy.props.CollectionProperty(type=SETTLED_item)
    if bpy.app.version >= (3, 3, 0):
        found: bpy.props.StringProperty(search=searched)


class SETTLED_nowhere(bpy.types.PropertyGroup):
    """Nothing leads to it."""

    value: bpy.props.IntProperty(update=turned)


class SETTLED_preferences(bpy.types.AddonPreferences):
    bl_idname = __name__

    mode: bpy.props.EnumProperty(items=[("A", "A", ""), ("B", "B", "")], update=moded)


CLASSES = (SETTLED_item, SETTLED_group, SETTLED_nowhere, SETTLED_preferences)


def register():
    for cls in CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Scene.settled = bpy.props.PointerProperty(type=SETTLED_group)
    bpy.types.PoseBone.settled_flag = bpy.props.BoolProperty(update=of_a_bone)
    bpy.types.Image.settled_choice = bpy.props.EnumProperty(items=choices, update=touched)


def unregister():
    del bpy.types.Scene.settled, bpy.types.PoseBone.settled_flag, bpy.types.Image.settled_choice
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)
