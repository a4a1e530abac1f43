"""Sockets of node groups.

## What it does
Makes, finds and removes the sockets of a node group through `tree.interface`, where the tree is known
to be one, or where Blender raised the error.

## Why it breaks
Blender 4.0 replaced `NodeTree.inputs` and `NodeTree.outputs` by `NodeTree.interface`:
`AttributeError: 'ShaderNodeTree' object has no attribute 'inputs'`.

## Example
```python
import bpy


def build(name):
    tree = bpy.data.node_groups.new(name, "ShaderNodeTree")
    factor = tree.inputs.new("NodeSocketFloatFactor", "Factor")
    factor.min_value = 0.0
    if "Shader" not in tree.outputs:
        tree.outputs.new(type="NodeSocketShader", name="Shader")
    tree.inputs["Factor"].hide_value = True
    return tree
```

Use instead:
```python
import bpy


def build(name):
    tree = bpy.data.node_groups.new(name, "ShaderNodeTree")
    factor = tree.interface.new_socket(name="Factor", in_out="INPUT", socket_type="NodeSocketFloat")
    factor.subtype = "FACTOR"
    factor.min_value = 0.0
    if "Shader" not in {s.name: s for s in tree.interface.items_tree if getattr(s, "in_out", "") == "OUTPUT"}:
        tree.interface.new_socket(name="Shader", in_out="OUTPUT", socket_type="NodeSocketShader")
    {s.name: s for s in tree.interface.items_tree if getattr(s, "in_out", "") == "INPUT"}["Factor"].hide_value = True
    return tree
```

Supporting 3.6 to 4.5:
```python
import bpy


def build(name):
    tree = bpy.data.node_groups.new(name, "ShaderNodeTree")
    if bpy.app.version >= (4, 0, 0):
        factor = tree.interface.new_socket(name="Factor", in_out="INPUT", socket_type="NodeSocketFloat")
        factor.subtype = "FACTOR"
    else:
        factor = tree.inputs.new("NodeSocketFloatFactor", "Factor")
    factor.min_value = 0.0
    if "Shader" not in (
        {s.name: s for s in tree.interface.items_tree if getattr(s, "in_out", "") == "OUTPUT"}
        if bpy.app.version >= (4, 0, 0)
        else tree.outputs
    ):
        if bpy.app.version >= (4, 0, 0):
            tree.interface.new_socket(name="Shader", in_out="OUTPUT", socket_type="NodeSocketShader")
        else:
            tree.outputs.new(type="NodeSocketShader", name="Shader")
    (
        {s.name: s for s in tree.interface.items_tree if getattr(s, "in_out", "") == "INPUT"}
        if bpy.app.version >= (4, 0, 0)
        else tree.inputs
    )["Factor"].hide_value = True
    return tree
```

## Left alone
Sockets of nodes, which are made as before, and code that is guarded.
```python
import bpy


class MyNode(bpy.types.Node):
    def init(self, context):
        self.inputs.new("NodeSocketFloat", "Factor")


def build(name):
    tree = bpy.data.node_groups.new(name, "ShaderNodeTree")
    if bpy.app.version < (4, 0, 0):
        tree.inputs.new("NodeSocketFloat", "Factor")
    tree.nodes.new("ShaderNodeMath").inputs[0].default_value = 1.0
```

## Fix safety
Safe: the same sockets are made, found and removed.

## References
- https://developer.blender.org/docs/release_notes/4.0/python_api/
- https://docs.blender.org/api/4.5/bpy.types.NodeTreeInterface.html#bpy.types.NodeTreeInterface.new_socket
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Decision, Edit, Repair, Requirement
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.api_types import NODE_TREES
from bot.rules.base import Context, Rule, Safety
from bot.rules.building import every, plain_arguments, repair
from bot.rules.guards import guarded_statement, is_guarded, needs_bpy, statement_text, version_test, whole_line
from bot.rules.inference import types_of
from bot.rules.nodes.origins import is_node_tree
from bot.rules.places import fault_at, scope_of
from bot.rules.source import Source

LEFT = "sockets of a node group are used here in a way that has no plain successor; use tree.interface"

_SINCE: Final = Release(4, 0)
_SIDES: Final = {"inputs": "INPUT", "outputs": "OUTPUT"}
_RAISED: Final = r"'\w*NodeTree' object has no attribute '{name}'"
_SUBTYPE: Final = re.compile(r"NodeSocket(Float|Int|Vector)([A-Z]\w+)")
_SUBTYPES: Final = {
    "Unsigned": "",
    "Percentage": "PERCENTAGE",
    "Factor": "FACTOR",
    "Angle": "ANGLE",
    "Time": "TIME",
    "TimeAbsolute": "TIME_ABSOLUTE",
    "Distance": "DISTANCE",
    "Translation": "TRANSLATION",
    "Direction": "DIRECTION",
    "Velocity": "VELOCITY",
    "Acceleration": "ACCELERATION",
    "Euler": "EULER",
    "XYZ": "XYZ",
}
_COUNTED: Final = frozenset({"len", "enumerate", "list", "tuple", "reversed", "zip", "sorted", "set"})


class _Change(NamedTuple):
    """What a node becomes; `lines` is what its whole line becomes instead, where it has one."""

    node: cst.BaseExpression
    text: str
    lines: tuple[str, ...] = ()


class GroupSockets(Rule):
    """NOD102."""

    code = "NOD102"
    name = "node-group-sockets"
    family = "nodes"
    since = _SINCE
    safety = Safety.SAFE
    triggers = (".inputs", ".outputs")

    def answers(self, fault: Fault) -> bool:
        """The error the missing members raise."""
        return re.search(r"'\w*NodeTree' object has no attribute '(in|out)puts'", fault.message) is not None

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every `tree.inputs` and `tree.outputs`."""
        members = [node for node in every(source, cst.Attribute) if node.attr.value in _SIDES]
        blamed = _blamed(source, context, members)
        releases = [release for release in context.targets if release >= self.since]
        for member in members:
            fault = fault_at(source, member, context, _RAISED.format(name=member.attr.value))
            fault = fault if _can_be_tree(source, member.value) else None
            fault = fault or blamed.get((scope_of(source, member), source.code(member.value)))
            if fault is None and not is_node_tree(source, member.value):
                continue
            if is_guarded(source, member, releases, names=("interface", *_SIDES), seen=fault is not None):
                continue
            yield self._repair(source, context, member, fault)

    def _repair(self, source: Source, context: Context, member: cst.Attribute, fault: Fault | None) -> Repair:
        side = member.attr.value
        covered = context.covers(self.since)
        change = _change(source, member)
        edits: tuple[Edit, ...] = ()
        if change is not None:
            bpy = None if covered else needs_bpy(source)
            edits = (_edit(source, change, covered=covered), *((bpy,) if bpy else ()))
        known = types_of(source).of(member.value)
        owner = known if known in NODE_TREES else "bpy.types.NodeTree"
        interface = Question(kind=QuestionKind.MEMBER, owner="bpy.types.NodeTree", name="interface")
        return repair(
            self,
            source,
            member,
            f"a node tree has no {side}",
            "use the node group's interface",
            decision=Decision.REPAIR if edits else Decision.LEAVE,
            reason="" if edits else LEFT,
            edits=edits,
            question=Question(kind=QuestionKind.MEMBER, owner=owner, name=side),
            requires=(Requirement(question=interface, since=None if covered else self.since),) if edits else (),
            owner=owner.removeprefix("bpy.types."),
            member=side,
            fault=fault,
        )


def _blamed(source: Source, context: Context, members: Sequence[cst.Attribute]) -> dict[tuple[cst.CSTNode, str], Fault]:
    """Names an error showed to be node trees, by function: what one line proves holds for the others."""
    found: dict[tuple[cst.CSTNode, str], Fault] = {}
    for member in members:
        fault = fault_at(source, member, context, _RAISED.format(name=member.attr.value))
        if fault is not None and isinstance(member.value, cst.Name) and _can_be_tree(source, member.value):
            found[(scope_of(source, member), member.value.value)] = fault
    return found


def _can_be_tree(source: Source, node: cst.BaseExpression) -> bool:
    return types_of(source).of(node) in (None, *NODE_TREES) and source.code(node) != "self"


def _edit(source: Source, change: _Change, *, covered: bool) -> Edit:
    line = whole_line(source, change.node)
    if line is not None and change.lines:
        new = statement_text(source, change.lines, line)
        if covered:
            return Edit(start=source.start(line), end=source.end(line), text=new)
        return guarded_statement(source, line, new, source.code(line), _SINCE)
    if covered:
        return source.replace(change.node, change.text)
    return source.replace(change.node, _guarded(source, change))


def _guarded(source: Source, change: _Change) -> str:
    """The choice by release, on three lines of its own: the new form is long."""
    outer = source.indent(change.node)
    inner = f"{source.newline}{outer}{source.indent_unit}"
    test = version_test(_SINCE)
    old = source.code(change.node)
    return f"({inner}{change.text}{inner}if {test}{inner}else {old}{source.newline}{outer})"


def _change(source: Source, member: cst.Attribute) -> _Change | None:
    """What the place becomes, or null where that is not certain."""
    if any(isinstance(parent, cst.BaseFormattedStringContent) for parent in source.ancestors(member)):
        return None  # the new form holds quotes and line breaks
    tree, side = source.code(member.value), _SIDES[member.attr.value]
    parent = source.parent(member)
    if isinstance(parent, cst.Attribute) and parent.value is member:
        call = source.parent(parent)
        if isinstance(call, cst.Call) and call.func is parent and plain_arguments(call):
            return _called(source, call, parent.attr.value, tree, side)
        return None
    items = _items(tree, side)
    named, listed = f"{{s.name: s {items}}}", f"[s {items}]"
    if isinstance(parent, cst.Subscript) and parent.value is member:
        element = parent.slice[0].slice if len(parent.slice) == 1 else None
        if not isinstance(element, cst.Index):
            return None
        if isinstance(element.value, cst.Integer | cst.UnaryOperation) or _counts(element.value):
            return _Change(member, listed)
        return _Change(member, named) if isinstance(element.value, cst.BaseString) else None
    if isinstance(parent, cst.ComparisonTarget) and isinstance(parent.operator, cst.In | cst.NotIn):
        return _Change(member, named)
    if isinstance(parent, cst.For | cst.CompFor) and parent.iter is member:
        return _Change(member, listed)
    if isinstance(parent, cst.Arg):
        call = source.parent(parent)
        if isinstance(call, cst.Call) and isinstance(call.func, cst.Name) and call.func.value in _COUNTED:
            return _Change(member, listed)
    return None


def _counts(node: cst.BaseExpression) -> bool:
    """Whether a name says that it holds a number."""
    return isinstance(node, cst.Name) and re.fullmatch(r"i|idx|index|\w+_(?:idx|index)", node.value) is not None


def _items(tree: str, side: str) -> str:
    """The end of a comprehension over the sockets of one side; panels among the items have no `in_out`."""
    return f'for s in {tree}.interface.items_tree if getattr(s, "in_out", "") == "{side}"'


def _called(source: Source, call: cst.Call, method: str, tree: str, side: str) -> _Change | None:
    line = whole_line(source, call)
    alone = line is not None and isinstance(line.body[0], cst.Expr) and line.body[0].value is call
    if method == "new":
        return _new(source, call, tree, side)
    if method == "remove" and len(call.args) == 1:
        text = f"{tree}.interface.remove({source.code(call.args[0].value)})"
        return _Change(call, text, (text,) if alone else ())
    if method == "clear" and not call.args and alone:
        lines = (f"for socket in [s {_items(tree, side)}]:", f"{source.indent_unit}{tree}.interface.remove(socket)")
        return _Change(call, "", lines)
    if method in ("get", "keys", "values", "items"):
        text = (
            f"{{s.name: s {_items(tree, side)}}}" + source.code(call)[len(source.code(call.func)) - len(method) - 1 :]
        )
        return _Change(call, text)
    return None


def _new(source: Source, call: cst.Call, tree: str, side: str) -> _Change | None:
    """`new(type, name)` as `new_socket`; a socket type with a subtype is its plain type and the subtype."""
    values = dict(zip(("type", "name"), (a.value for a in call.args if a.keyword is None), strict=False))
    values.update({argument.keyword.value: argument.value for argument in call.args if argument.keyword})
    if set(values) != {"type", "name"}:
        return None
    kind, subtype = source.code(values["type"]), ""
    match = _SUBTYPE.fullmatch(kind[1:-1]) if isinstance(values["type"], cst.SimpleString) else None
    if match and match[2] in _SUBTYPES:
        kind, subtype = f"{kind[0]}NodeSocket{match[1]}{kind[0]}", _SUBTYPES[match[2]]
    text = f'{tree}.interface.new_socket(name={source.code(values["name"])}, in_out="{side}", socket_type={kind})'
    line = whole_line(source, call)
    statement = line.body[0] if line is not None else None
    if isinstance(statement, cst.Expr) and statement.value is call:
        return _Change(call, text, (f'{text}.subtype = "{subtype}"',) if subtype else (text,))
    if isinstance(statement, cst.Assign) and statement.value is call and len(statement.targets) == 1:
        target = source.code(statement.targets[0].target)
        written = source.text[source.start(statement) : source.start(call)]
        lines = (written + text, *((f'{target}.subtype = "{subtype}"',) if subtype else ()))
        return _Change(call, text, lines)
    return _Change(call, text)
