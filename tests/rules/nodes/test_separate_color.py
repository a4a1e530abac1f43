from __future__ import annotations

from typing import Any

import pytest

from bot.models.patch import Decision
from bot.rules.nodes.separate_color import SeparateColor

GUARD = "bpy.app.version >= (3, 3, 0)"


def test_older_releases_keep_the_older_node(looking: Any) -> None:
    text = "import bpy\nself.n = tree.nodes.new('ShaderNodeSeparateHSV')  # apart\nuse(self.n.outputs['H'])\n"
    assert looking(SeparateColor(), "2.93-5.0").repaired(text) == (
        f"import bpy\nself.n = tree.nodes.new('ShaderNodeSeparateColor' if {GUARD} else 'ShaderNodeSeparateHSV')"
        "  # apart\n"
        f'if {GUARD}:\n    self.n.mode = "HSV"\n'
        f"use(self.n.outputs['Red' if {GUARD} else 'H'])\n"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("new('CompositorNodeSepRGBA')\nn.outputs['A']", "new('CompositorNodeSeparateColor')\nn.outputs['Alpha']"),
        ("new('CompositorNodeSepRGBA')\nn.inputs['Image']", "new('CompositorNodeSeparateColor')\nn.inputs['Image']"),
        ("new('ShaderNodeCombineRGB')\nn.outputs['Image']", "new('ShaderNodeCombineColor')\nn.outputs['Color']"),
        (
            "make_node(tree, 'ShaderNodeCombineRGB')\nn.inputs[0]",
            "make_node(tree, 'ShaderNodeCombineColor')\nn.inputs[0]",
        ),
    ],
)
def test_sockets_go_by_the_names_of_the_successor(looking: Any, before: str, after: str) -> None:
    assert looking(SeparateColor(), "4.2-5.0").repaired(f"n = {before}\n") == f"n = {after}\n"


def test_geometry_nodes_have_a_node_of_their_own(looking: Any) -> None:
    text = (
        "import bpy\ntree = bpy.data.node_groups.new('G', 'GeometryNodeTree')\n"
        "n = tree.nodes.new('ShaderNodeCombineRGB')\nn.inputs['G']\n"
    )
    after = text.replace("ShaderNodeCombineRGB", "FunctionNodeCombineColor").replace("['G']", "['Green']")
    assert looking(SeparateColor(), "4.2-5.0").repaired(text) == after


@pytest.mark.parametrize(
    "text",
    [
        "make(nodes.new('ShaderNodeSeparateHSV'))\n",
        "if node.bl_idname == 'ShaderNodeSeparateRGB': pass\n",
        "import bpy\nok = isinstance(node, bpy.types.ShaderNodeSeparateRGB)\n",
    ],
)
def test_what_needs_a_decision_is_explained(looking: Any, text: str) -> None:
    (repair,) = looking(SeparateColor(), "4.2-5.0").repairs(text)
    assert repair.decision is Decision.EXPLAIN
    assert repair.reason and not repair.edits


@pytest.mark.parametrize(
    "text",
    [
        "from __future__ import annotations\nimport bpy\ndef f(n: bpy.types.ShaderNodeSeparateRGB): ...\n",
        "if n.bl_idname in ('ShaderNodeSeparateRGB', 'ShaderNodeSeparateColor'): pass\n",
        "n = nodes.new('ShaderNodeMath')\nn.outputs['R']\nNAMES = {'ShaderNodeSeparateRGB': 1}\n",
        "if hasattr(types, 'ShaderNodeSeparateColor'):\n    pass\nelse:\n    n = nodes.new('ShaderNodeSeparateRGB')\n",
    ],
)
def test_what_is_not_broken_is_left(looking: Any, text: str) -> None:
    assert looking(SeparateColor(), "3.6-5.0").repairs(text) == []
