# SPDX-License-Identifier: GPL-3.0-or-later
"""Add hex bolts with a real thread."""

import bpy

from . import operators

_register_classes, _unregister_classes = bpy.utils.register_classes_factory(
    (operators.MESH_OT_hex_bolt_add, operators.OBJECT_PT_hex_bolt)
)


def _draw_menu(self, context):
    self.layout.operator(operators.MESH_OT_hex_bolt_add.bl_idname, icon="MOD_SCREW")


def register():
    _register_classes()
    bpy.types.VIEW3D_MT_mesh_add.append(_draw_menu)


def unregister():
    bpy.types.VIEW3D_MT_mesh_add.remove(_draw_menu)
    _unregister_classes()
