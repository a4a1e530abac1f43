bl_info = {"name": "Denoise", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Compositing"}

import bpy


class SCENE_OT_add_denoise(bpy.types.Operator):
    bl_idname = "scene.add_denoise"
    bl_label = "Add Denoise"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context):
        context.scene.node_tree.nodes.new("CompositorNodeDenoise")
        return {"FINISHED"}


def register():
    bpy.utils.register_class(SCENE_OT_add_denoise)


def unregister():
    bpy.utils.unregister_class(SCENE_OT_add_denoise)
