bl_info = {"name": "Material Preview", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "3D View"}

import bpy


class VIEW3D_OT_material_preview(bpy.types.Operator):
    bl_idname = "view3d.material_preview"
    bl_label = "Material Preview"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context):
        for window in context.window_manager.windows:
            for area in window.screen.areas:
                if area.type == "VIEW_3D":
                    area.spaces.active.shading.type = "MATERIAL"
        return {"FINISHED"}


def register():
    bpy.utils.register_class(VIEW3D_OT_material_preview)


def unregister():
    bpy.utils.unregister_class(VIEW3D_OT_material_preview)
