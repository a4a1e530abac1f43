bl_info = {"name": "Blur", "blender": (3, 4, 0), "version": (1, 0, 0), "category": "Compositing"}

import bpy


class NODE_OT_new_blur(bpy.types.Operator):
    bl_idname = "node.new_blur"
    bl_label = "New Blur"
    bl_options = {"REGISTER", "UNDO"}

    def execute(self, context):
        tree = bpy.data.node_groups.new("Blur", "CompositorNodeTree")
        image, blur = tree.nodes.new("CompositorNodeImage"), tree.nodes.new("CompositorNodeBlur")
        tree.links.new(image.outputs[0], blur.outputs[0])
        return {"FINISHED"}


def register():
    bpy.utils.register_class(NODE_OT_new_blur)


def unregister():
    bpy.utils.unregister_class(NODE_OT_new_blur)
