"""A small add-on as texts: an operator, and functions it leads to."""

from __future__ import annotations

OPERATORS = """\
import bpy

from . import work
from .props import Settings


class OBJECT_OT_go(bpy.types.Operator):
    bl_idname = "object.go"
    size: bpy.props.FloatProperty()

    @classmethod
    def poll(cls, context):
        return True

    label: bpy.props.StringProperty()

    def execute(self, context):
        values = {}
        values.get("x")
        group = context.scene.go_settings
        return work.start(self, group)


def register():
    bpy.types.Scene.go_settings = bpy.props.PointerProperty(type=Settings)
"""
WORK = """\
def start(operator, group):
    return finish(group)


def finish(group):
    def inner():
        return 1
    return group.amount / inner()


def get(key):
    return key
"""
