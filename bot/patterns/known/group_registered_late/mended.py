bl_info = {"name": "Grid Settings", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Scene"}

import bpy


class GridSettings(bpy.types.PropertyGroup):
    size: bpy.props.FloatProperty(default=1.0)


def register():
    bpy.utils.register_class(GridSettings)
    bpy.types.Scene.grid_settings = bpy.props.PointerProperty(type=GridSettings)


def unregister():
    del bpy.types.Scene.grid_settings
    bpy.utils.unregister_class(GridSettings)
