from __future__ import annotations

from typing import Any

import pytest

from bot.models.patch import Decision
from bot.rules.nodes.group_sockets import GroupSockets

IN = 'for s in t.interface.items_tree if getattr(s, "in_out", "") == "INPUT"'
TREE = "import bpy\nt = bpy.data.node_groups['x']\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("t.inputs.clear()", f"for socket in [s {IN}]:\n    t.interface.remove(socket)"),
        ("t.inputs.remove(a)", "t.interface.remove(a)"),
        ("x = len(t.inputs)", f"x = len([s {IN}])"),
        ("x = t.inputs[0]", f"x = [s {IN}][0]"),
        ("x = t.inputs.get('A', None)", f"x = {{s.name: s {IN}}}.get('A', None)"),
        ("for a, b in zip(t.inputs, c): pass", f"for a, b in zip([s {IN}], c): pass"),
        (
            "t.inputs.new(name=n, type='NodeSocketIntUnsigned')",
            "t.interface.new_socket(name=n, in_out=\"INPUT\", socket_type='NodeSocketInt')",
        ),
        (
            "t.inputs.new('NodeSocketFloatAngle', n)",
            't.interface.new_socket(name=n, in_out="INPUT", socket_type=\'NodeSocketFloat\').subtype = "ANGLE"',
        ),
        (
            "f(t.inputs.new(kind, n))",
            'f(t.interface.new_socket(name=n, in_out="INPUT", socket_type=kind))',
        ),
    ],
)
def test_each_use_has_its_successor(looking: Any, before: str, after: str) -> None:
    assert looking(GroupSockets(), "4.2-5.0").repaired(f"{TREE}{before}\n") == f"{TREE}{after}\n"


@pytest.mark.parametrize("use", ["x = t.inputs", "t.inputs.move(0, 1)", "t.inputs.new('A')", "x = f'{len(t.inputs)}'"])
def test_other_uses_are_left_with_a_reason(looking: Any, use: str) -> None:
    (repair,) = looking(GroupSockets(), "4.2-5.0").repairs(f"{TREE}{use}\n")
    assert repair.decision is Decision.LEAVE
    assert repair.reason


def test_one_error_proves_the_name_for_its_function(looking: Any, seen: Any) -> None:
    text = "def f(t):\n    if 'A' in t.inputs:\n        t.outputs.remove(a)\ndef g(t):\n    t.inputs.remove(a)\n"
    rule = looking(GroupSockets(), "4.2-5.0")
    assert rule.repairs(text) == []
    fault = seen(2, "AttributeError: 'GeometryNodeTree' object has no attribute 'inputs'")
    assert [repair.line for repair in rule.repairs(text, [fault])] == [2, 3]


@pytest.mark.parametrize(
    "text",
    [
        "node.inputs.new('NodeSocketFloat', 'A')\n",
        "n = t.nodes.new('ShaderNodeMath')\nn.inputs[0].default_value = 1\n",
        "class N(bpy.types.Node):\n    def init(self, c):\n        self.inputs.new('NodeSocketFloat', 'A')\n",
        "if hasattr(t, 'interface'):\n    pass\nelse:\n    t.inputs.clear()\n",
        "try:\n    t.inputs.clear()\nexcept AttributeError:\n    t.interface.clear()\n",
    ],
)
def test_nodes_and_guarded_code_are_left(looking: Any, text: str) -> None:
    assert looking(GroupSockets(), "4.2-5.0").repairs(TREE + text) == []


def test_a_group_nodes_tree_is_a_tree(looking: Any) -> None:
    result = looking(GroupSockets(), "3.6-4.5").repaired("import bpy\nfor i in node.node_tree.outputs:\n    show(i)\n")
    assert result == (
        "import bpy\nfor i in (\n"
        '    [s for s in node.node_tree.interface.items_tree if getattr(s, "in_out", "") == "OUTPUT"]\n'
        "    if bpy.app.version >= (4, 0, 0)\n    else node.node_tree.outputs\n):\n    show(i)\n"
    )
