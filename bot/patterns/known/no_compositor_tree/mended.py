bl_info = {"name": "Denoise", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Compositing"}

import bpy


class SCENE_OT_add_denoise(bpy.types.Operator):
    bl_idname = "scene.add_denoise"
    bl_label = "Add Denoise"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context):
        scene = context.scene
        if hasattr(scene, "compositing_node_group"):
            if scene.compositing_node_group is None:
                scene.compositing_node_group = bpy.data.node_groups.new("Compositing", "CompositorNodeTree")
            tree = scene.compositing_node_group
        else:
            scene.use_nodes = True
            tree = scene.node_tree
        tree.nodes.new("CompositorNodeDenoise")
        return {"FINISHED"}


def register():
    bpy.utils.register_class(SCENE_OT_add_denoise)


def unregister():
    bpy.utils.unregister_class(SCENE_OT_add_denoise)
