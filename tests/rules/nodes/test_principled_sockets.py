from __future__ import annotations

from typing import Any

import pytest

from bot.models.patch import Decision
from bot.rules.nodes.principled_sockets import PrincipledSockets

KNOWN = [
    "n = nodes.new('ShaderNodeBsdfPrincipled')\n{}",
    "n = nodes.new(type='ShaderNodeBsdfPrincipled')\n{}",
    "n = mat.node_tree.nodes.get('Principled BSDF')\n{}",
    "n = nodes.get('Principled BSDF') or nodes.new('ShaderNodeBsdfPrincipled')\n{}",
    "n = None\nn = next((x for x in nodes if x.type == 'BSDF_PRINCIPLED'), None)\n{}",
    "for n in nodes:\n    if n.select and n.type == 'BSDF_PRINCIPLED':\n        {}",
    "for n in nodes:\n    if n.type != 'BSDF_PRINCIPLED':\n        continue\n    {}",
    "if isinstance(n, bpy.types.ShaderNodeBsdfPrincipled):\n    {}",
]


@pytest.mark.parametrize("text", KNOWN)
def test_a_node_is_known_by_what_made_it_or_by_a_test(looking: Any, text: str) -> None:
    before = "import bpy\n" + text.format("n.inputs['Clearcoat'].default_value = 1\n")
    assert looking(PrincipledSockets(), "4.2-5.0").repaired(before) == before.replace("'Clearcoat'", "'Coat Weight'")


UNKNOWN = [
    "def f(n):\n    {}",
    "n = nodes.new('ShaderNodeBsdfGlossy')\n{}",
    "n = nodes.new('ShaderNodeBsdfPrincipled')\nn = nodes.active\n{}",
    "if n.type == 'GROUP':\n    {}",
    "n = nodes['Principled BSDF']\nif 'Coat Weight' in n.inputs:\n    pass\nelse:\n    {}",
    "n = nodes['Principled BSDF']\nif bpy.app.version < (4, 0, 0):\n    {}",
]


@pytest.mark.parametrize("text", UNKNOWN)
def test_any_other_node_is_left(looking: Any, text: str) -> None:
    text = "import bpy\n" + text.format("n.inputs['Clearcoat'].default_value = 1\n")
    assert looking(PrincipledSockets(), "4.2-5.0").repairs(text) == []


def test_an_error_tells_of_an_unknown_node(looking: Any, seen: Any) -> None:
    text = "def f(n):\n    return n.inputs.get('X') or n.inputs['Sheen']\n"
    fault = seen(2, "KeyError: 'bpy_prop_collection[key]: key \"Sheen\" not found'")
    assert looking(PrincipledSockets(), "4.2-5.0").repaired(text, [fault]) == text.replace("'Sheen'", "'Sheen Weight'")


def test_a_socket_without_a_successor_is_explained(looking: Any) -> None:
    (repair,) = looking(PrincipledSockets(), "4.2-5.0").repairs(
        "nodes['Principled BSDF'].inputs['Subsurface Color'].default_value = c\n"
    )
    assert repair.decision is Decision.EXPLAIN
    assert repair.reason
