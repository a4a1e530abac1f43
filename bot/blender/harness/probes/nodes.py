"""Nodes, sockets and kinds of trees: made, linked, drawn, copied and taken away again, as in an editor."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import bpy

from bot.blender.harness.bench import quiet
from bot.blender.harness.code.classes import defines, registered_name
from bot.blender.harness.course import Attempt, Course
from bot.blender.harness.interface.returned import check_floats, check_text
from bot.blender.harness.judging.callbacks import excuse_callback
from bot.blender.harness.judging.drawn import DRAWN_AS_FOR_A_USER, excuse_drawing
from bot.blender.harness.probes.playing import Excuse, Play
from bot.blender.harness.scene.situations import CUBE
from bot.blender.harness.values import POLL_SAYS_NO, REFUSED, SKIPPED, Json, probe

KIND = "node"
EDITOR = ("NODE_EDITOR", "WINDOW")
OVER = f'view("{EDITOR[0]}", "{EDITOR[1]}")'
TREES = ("ShaderNodeTree", "GeometryNodeTree", "CompositorNodeTree", "TextureNodeTree")
"""Blender's own kinds, tried where none of the add-on's takes a node."""

TREE = "tree = bpy.data.node_groups.new('Nodes', {tree!r})"
SHOW = "space = bpy.context.space_data\nspace.tree_type = tree.bl_idname\nspace.node_tree = tree"
NODES = "node, other = tree.nodes.new({node!r}), tree.nodes.new({node!r})"
SOCKET = "socket = node.inputs.new({socket!r}, 'Socket')"
INPUT_OF_TREE = (
    "tree.interface.new_socket('Socket', in_out='INPUT', socket_type={socket!r})"
    if hasattr(bpy.types, "NodeTreeInterface")
    else "tree.inputs.new({socket!r}, 'Socket')"
)
SOCKET_OF_TREE = "node = tree.nodes.new('NodeGroupInput')\nsocket = node.outputs[0]"
LINK = """\
for output in node.outputs:
    for input in other.inputs:
        if output.bl_idname == input.bl_idname and not input.is_linked:
            tree.links.new(input, output)
if not tree.links:
    tree.links.new(other.inputs[0], node.outputs[0])"""
INSERT = "for one in (node, other):\n    type(one).insert_link(one, tree.links[0])"
VALUE = "type(node).socket_value_update(node, bpy.context)"
COPY = "copied = tree.copy()"
FREE = ("tree.nodes.remove(other)", "bpy.data.node_groups.remove(tree)")
DRAW = {
    "draw_buttons": "type(node).draw_buttons(node, bpy.context, Layout())",
    "draw_buttons_ext": "type(node).draw_buttons_ext(node, bpy.context, Layout())",
    "draw_label": "check_text(type(node).draw_label, type(node).draw_label(node))",
}
DRAW_SOCKET = {
    "draw": "type(socket).draw(socket, bpy.context, Layout(), node, socket.name)",
    "draw_color": "check_floats(type(socket).draw_color, type(socket).draw_color(socket, bpy.context, node), 4)",
    "draw_color_simple": "check_floats(type(socket).draw_color_simple, type(socket).draw_color_simple(), 4)",
}
"""By callback, how Blender uses it: the class's own function, for Blender hides that of some classes behind its own."""

Steps = Iterator[tuple[str, Excuse]]


def attempts(course: Course) -> Iterator[Attempt]:
    """Each kind of tree, each node, each socket."""
    for base, result in ((bpy.types.NodeTree, _tree), (bpy.types.Node, _node), (bpy.types.NodeSocket, _socket)):
        for cls in course.classes:
            if issubclass(cls, base):
                yield Attempt(KIND, cls.__name__, partial(_tried, _Editor(course), cls, result))


def _tried(editor: _Editor, cls: Any, result: Any) -> Json:
    bench = editor.course.bench
    if not bench.stage.enter(CUBE):
        return probe(KIND, cls.__name__, SKIPPED, f"the scene {CUBE} cannot be made")
    with bench.stage.view(*EDITOR), quiet():
        found: Json = result(editor, cls)
        return found


class _Editor:
    """Plays lines over a node editor that shows a tree."""

    def __init__(self, course: Course) -> None:
        self.course = course
        bench = course.bench
        self.calling: Excuse = partial(excuse_callback, bench)
        space = min(DRAWN_AS_FOR_A_USER)  # the editor shows the tree, as it does for a user
        self.drawing: Excuse = partial(excuse_drawing, bench, space=space, situation=CUBE)

    def play(self, subject: str) -> Play:
        """An empty one."""
        play = Play(self.course.bench, KIND, subject, CUBE, OVER)
        play.names |= {"check_text": check_text, "check_floats": check_floats}
        return play

    def defines(self, cls: type, name: str) -> bool:
        """Whether the add-on says itself what happens there."""
        return defines(self.course.bench.addon, cls, name)

    def trees(self) -> tuple[str, ...]:
        """The kinds of trees there are: the add-on's first."""
        own = [registered_name(one) for one in self.course.classes if issubclass(one, bpy.types.NodeTree)]
        return (*own, *TREES)

    def made(self, subject: str, *lines: str) -> Play | None:
        """In the first tree that takes it, what these lines make; in the last line `tree` is shown already."""
        for tree in self.trees():
            play = self.play(subject)
            steps = (TREE.format(tree=tree), SHOW, *lines)
            if all(play.step(line, self.calling) and play.failing is None for line in steps) or play.failing:
                return play
        return None

    def drawn(self, cls: type, ways: dict[str, str]) -> Steps:
        """Each way this is drawn."""
        return ((line, self.drawing) for name, line in ways.items() if self.defines(cls, name))

    def sockets_drawn(self, play: Play) -> Steps:
        """The sockets of the node, each kind of the add-on's once."""
        node = play.names["node"]
        seen: set[type] = set()
        for side in ("inputs", "outputs"):
            for index, socket in enumerate(getattr(node, side)):
                if type(socket) in seen:
                    continue
                seen.add(type(socket))
                for line, excuse in self.drawn(type(socket), DRAW_SOCKET):
                    yield f"socket = node.{side}[{index}]\n{line}", excuse


def _tree(editor: _Editor, cls: Any) -> Json:
    """A tree, with a node in it that every tree takes."""
    lines = [TREE.format(tree=registered_name(cls)), SHOW, "tree.nodes.new('NodeFrame')"]
    lines += ["type(tree).poll(bpy.context)"] if editor.defines(cls, "poll") else []
    if editor.defines(cls, "get_from_context"):
        lines.append("shown, owner, origin = type(tree).get_from_context(bpy.context)")
    lines += [COPY, FREE[-1]]
    return editor.play(cls.__name__).played((line, editor.calling) for line in lines)


def _node(editor: _Editor, cls: Any) -> Json:
    """Two of them, in a tree that takes them."""
    play = editor.made(cls.__name__, NODES.format(node=registered_name(cls)))
    if play is None:
        return probe(KIND, cls.__name__, REFUSED, f"{POLL_SAYS_NO}, to every kind of tree", CUBE)
    return play.failing or play.played(_life(editor, play, cls))


def _life(editor: _Editor, play: Play, cls: type) -> Steps:
    """What happens to a node that was added, and how what it raises is judged."""
    yield from editor.drawn(cls, DRAW)
    yield from editor.sockets_drawn(play)
    if len(play.names["node"].outputs) and len(play.names["other"].inputs):
        yield LINK, editor.calling
        if editor.defines(cls, "insert_link") and len(play.names["tree"].links):
            yield INSERT, editor.calling
        yield from editor.drawn(cls, DRAW)
        yield from editor.sockets_drawn(play)
    if editor.defines(cls, "socket_value_update"):
        yield VALUE, editor.calling
    for line in (COPY, *FREE):
        yield line, editor.calling


def _socket(editor: _Editor, cls: Any) -> Json:
    """A socket on a node of the add-on's, or as an input of a tree."""
    play = _socket_made(editor, cls)
    if play is None:
        return probe(KIND, cls.__name__, SKIPPED, "nothing was found to make it on", CUBE)
    play.refused = None  # what its node did is told of its node
    return play.played((*editor.drawn(cls, DRAW_SOCKET), (FREE[-1], editor.calling)))


def _socket_made(editor: _Editor, cls: Any) -> Play | None:
    """The lines that make one."""
    name = registered_name(cls)
    owners = [registered_name(one) for one in editor.course.classes if issubclass(one, bpy.types.Node)]
    ways = [(NODES.format(node=owner), SOCKET.format(socket=name)) for owner in owners]
    for lines in (*ways, (INPUT_OF_TREE.format(socket=name), SOCKET_OF_TREE)):
        play = editor.made(cls.__name__, *lines)
        if play is not None and play.failing is None:
            return play
    return None


def makings(course: Course, cls: Any) -> tuple[tuple[str, ...], str]:
    """The lines that make a tree, a node or a socket, and what it is called then; no lines where nothing takes it."""
    editor, name = _Editor(course), registered_name(cls)
    if issubclass(cls, bpy.types.NodeTree):
        return (TREE.format(tree=name), SHOW), "tree"
    if issubclass(cls, bpy.types.NodeSocket):
        made, called = _socket_made(editor, cls), "socket"
    else:
        made, called = editor.made(name, NODES.format(node=name)), "node"
    return (tuple(made.lines), called) if made is not None and made.failing is None else ((), "")
