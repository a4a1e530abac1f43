# ruff: noqa
"""Nodes, sockets and a tree of their own: one as it should be, others with one fault each."""

bl_info = {"name": "Noded", "blender": (2, 80, 0), "category": "Node"}

import bpy


class NodedTree(bpy.types.NodeTree):
    bl_idname = "NodedTree"
    bl_label = "Noded"
    bl_icon = "NODETREE"

    def update(self):
        for node in self.nodes:
            print("in the tree", node.name)


class NodedBase:
    @classmethod
    def poll(cls, tree):
        return tree.bl_idname == "NodedTree"

    def init(self, context):
        self.inputs.new("NodeSocketFloat", "in")
        self.outputs.new("NodeSocketFloat", "out")


class NodedSocket(bpy.types.NodeSocket):
    bl_idname = "NodedSocket"
    bl_label = "Socket"

    value: bpy.props.FloatProperty()

    def draw(self, context, layout, node, text):
        layout.prop(self, "value", text=text)

    def draw_color(self, context, node):
        return (1.0, 0.5, 0.0, 1.0)

    @classmethod
    def draw_color_simple(cls):
        return (1.0, 0.5, 0.0, 1.0)


class NodedSocketColour(bpy.types.NodeSocket):
    """Colours have four parts."""

    bl_idname = "NodedSocketColour"
    bl_label = "Colour"

    def draw(self, context, layout, node, text):
        layout.label(text=text)

    def draw_color(self, context, node):
        return (1.0, 0.5, 0.0)


class NodedWell(NodedBase, bpy.types.Node):
    bl_idname = "NodedWell"
    bl_label = "Well"

    def init(self, context):
        self.inputs.new("NodedSocket", "in")
        self.outputs.new("NodedSocket", "out")

    def draw_buttons(self, context, layout):
        layout.label(text="shown in " + context.space_data.edit_tree.name)

    def draw_buttons_ext(self, context, layout):
        layout.prop(self, "label")

    def draw_label(self):
        return "well"

    def insert_link(self, link):
        print("linked", link.from_node.name)

    def update(self):
        print("updated", self.name)

    def copy(self, node):
        self.label = "copied from " + node.name

    def free(self):
        print("freed", self.name)


class NodedInit(NodedBase, bpy.types.Node):
    bl_idname = "NodedInit"
    bl_label = "Init"

    def init(self, context):
        self.no_such_init


class NodedDraw(NodedBase, bpy.types.Node):
    bl_idname = "NodedDraw"
    bl_label = "Draw"

    def draw_buttons(self, context, layout):
        layout.prop(self, "no_such_button")


class NodedDetails(NodedBase, bpy.types.Node):
    bl_idname = "NodedDetails"
    bl_label = "Details"

    def draw_buttons_ext(self, context, layout):
        layout.label(text="Details", icon="ZOOMIN")


class NodedLabel(NodedBase, bpy.types.Node):
    bl_idname = "NodedLabel"
    bl_label = "Label"

    def draw_label(self):
        return None


class NodedUpdate(NodedBase, bpy.types.Node):
    bl_idname = "NodedUpdate"
    bl_label = "Update"

    def update(self):
        if self.inputs and self.inputs[0].is_linked:
            self.inputs[0].links[0].no_such_update


class NodedInsert(NodedBase, bpy.types.Node):
    bl_idname = "NodedInsert"
    bl_label = "Insert"

    def insert_link(self, link):
        link.no_such_insert


class NodedCopy(NodedBase, bpy.types.Node):
    bl_idname = "NodedCopy"
    bl_label = "Copy"

    def copy(self, node):
        node.no_such_copy


class NodedFree(NodedBase, bpy.types.Node):
    bl_idname = "NodedFree"
    bl_label = "Free"

    def free(self):
        bpy.data.no_such_free


class NodedNowhere(bpy.types.Node):
    """Of a tree that another add-on has."""

    bl_idname = "NodedNowhere"
    bl_label = "Nowhere"

    @classmethod
    def poll(cls, tree):
        return tree.bl_idname == "TreeOfOthers"


class NodedShader(bpy.types.ShaderNodeCustomGroup):
    """Blender's own trees take it; the same fault as in `NodedDraw`."""

    bl_idname = "NodedShader"
    bl_label = "Shader"

    def init(self, context):
        self.node_tree = bpy.data.node_groups.new("Inside", "ShaderNodeTree")

    def draw_buttons(self, context, layout):
        layout.prop(self, "no_such_shade")


CLASSES = (
    NodedTree,
    NodedSocket,
    NodedSocketColour,
    NodedWell,
    NodedInit,
    NodedDraw,
    NodedDetails,
    NodedLabel,
    NodedUpdate,
    NodedInsert,
    NodedCopy,
    NodedFree,
    NodedNowhere,
    NodedShader,
)


def register():
    for cls in CLASSES:
        bpy.utils.register_class(cls)


def unregister():
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)
