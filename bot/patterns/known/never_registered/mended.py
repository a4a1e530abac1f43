bl_info = {"name": "Sizes", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Scene"}

import bpy


class SizeItem(bpy.types.PropertyGroup):
    size: bpy.props.FloatProperty(default=1.0)


class SizeList(bpy.types.PropertyGroup):
    active: bpy.props.IntProperty()


CLASSES = (SizeItem, SizeList)


def register():
    for cls in CLASSES:
        bpy.utils.register_class(cls)
    bpy.types.Scene.sizes = bpy.props.PointerProperty(type=SizeList)


def unregister():
    del bpy.types.Scene.sizes
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)
