bl_info = {"name": "Start Frame", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Interface"}

import bpy


class VIEW3D_PT_start_frame(bpy.types.Panel):
    bl_label = "Start Frame"
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "Item"

    def draw(self, context):
        scene = context.scene
        if scene.frame_start < 10:
            scene.frame_start = 10
        self.layout.prop(scene, "frame_start")


def register():
    bpy.utils.register_class(VIEW3D_PT_start_frame)


def unregister():
    bpy.utils.unregister_class(VIEW3D_PT_start_frame)
