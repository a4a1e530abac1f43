# SPDX-License-Identifier: GPL-3.0-or-later

bl_info = {
    "name": "Turntable Studio",
    "author": "bcrag contributors",
    "version": (2, 0, 1),
    "blender": (3, 6, 0),
    "location": "3D View > Sidebar > Studio",
    "description": "A glazed vase, a studio around it and a turntable to film it on",
    "category": "Object",
}

if "bpy" in locals():
    import importlib

    importlib.reload(materials)
    importlib.reload(operators)
    importlib.reload(panels)
else:
    from . import materials, operators, panels

import bpy

classes = (
    operators.STUDIO_OT_add_vase,
    operators.STUDIO_OT_turntable,
    panels.STUDIO_PT_main,
)


def register():
    for cls in classes:
        bpy.utils.register_class(cls)


def unregister():
    for cls in reversed(classes):
        bpy.utils.unregister_class(cls)
