"""Input sockets of the Principled BSDF node.

## What it does
Asks the node for its inputs by their new names, where the node is known to be a Principled BSDF.

## Why it breaks
Blender 4.0 renamed the sockets. Looking one up by its old name raises
`KeyError: 'bpy_prop_collection[key]: key "Specular" not found'`; `inputs.get` returns `None`.

## Example
```python
import bpy


def shine(material):
    node = material.node_tree.nodes["Principled BSDF"]
    node.inputs["Specular"].default_value = 0.2
    for other in material.node_tree.nodes:
        if other.type == "BSDF_PRINCIPLED":
            other.inputs["Sheen"].default_value = 0.5
```

Use instead:
```python
import bpy


def shine(material):
    node = material.node_tree.nodes["Principled BSDF"]
    node.inputs["Specular IOR Level"].default_value = 0.2
    for other in material.node_tree.nodes:
        if other.type == "BSDF_PRINCIPLED":
            other.inputs["Sheen Weight"].default_value = 0.5
```

Supporting 3.6 to 4.5:
```python
import bpy


def shine(material):
    node = material.node_tree.nodes["Principled BSDF"]
    node.inputs["Specular IOR Level" if bpy.app.version >= (4, 0, 0) else "Specular"].default_value = 0.2
    for other in material.node_tree.nodes:
        if other.type == "BSDF_PRINCIPLED":
            other.inputs["Sheen Weight" if bpy.app.version >= (4, 0, 0) else "Sheen"].default_value = 0.5
```

## Left alone
Sockets of other nodes, and code that asks first.
```python
import bpy


def shine(material, group):
    group.inputs["Specular"].default_value = 0.2
    glossy = material.node_tree.nodes.new("ShaderNodeEeveeSpecular")
    glossy.inputs["Specular"].default_value = (1.0, 1.0, 1.0, 1.0)
    node = material.node_tree.nodes["Principled BSDF"]
    if "Specular" in node.inputs:
        node.inputs["Specular"].default_value = 0.2
```

## Fix safety
Safe: the renamed sockets take the same values. Emission Strength begins at 0 instead of 1 since 4.0.

## References
- https://developer.blender.org/docs/release_notes/4.0/python_api/
- https://docs.blender.org/api/4.5/bpy.types.ShaderNodeBsdfPrincipled.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Decision, Edit, Repair, Requirement
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.base import Context, Rule, Safety
from bot.rules.building import every, repair
from bot.rules.guards import guarded_expression, is_guarded, needs_bpy
from bot.rules.inference import types_of
from bot.rules.nodes.origins import PRINCIPLED, is_principled, names_literal
from bot.rules.places import fault_at, text_of
from bot.rules.source import Source

GONE = "the socket is gone without a successor; decide what the value should become"

RENAMED: Mapping[str, str] = MappingProxyType(
    {
        "Clearcoat": "Coat Weight",
        "Clearcoat Normal": "Coat Normal",
        "Clearcoat Roughness": "Coat Roughness",
        "Emission": "Emission Color",
        "Sheen": "Sheen Weight",
        "Specular": "Specular IOR Level",
        "Subsurface": "Subsurface Weight",
        "Transmission": "Transmission Weight",
    }
)
_GONE: Final = frozenset({"Subsurface Color", "Transmission Roughness"})
_RAISED: Final = r'key "{name}" not found'


class PrincipledSockets(Rule):
    """NOD101."""

    code = "NOD101"
    name = "principled-sockets"
    family = "nodes"
    since = Release(4, 0)
    safety = Safety.SAFE
    triggers = ("inputs",)

    def answers(self, fault: Fault) -> bool:
        """The error a socket's old name raises."""
        match = re.search(r'key "([^"]+)" not found', fault.message)
        return fault.exception == "KeyError" and match is not None and match[1] in {*RENAMED, *_GONE}

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every `node.inputs["…"]` and `node.inputs.get("…")` by an old name."""
        releases = [release for release in context.targets if release >= self.since]
        for key in every(source, cst.SimpleString):
            name = text_of(key)
            node = _node(source, key) if name in RENAMED or name in _GONE else None
            if name is None or node is None:
                continue
            fault = fault_at(source, key, context, _RAISED.format(name=re.escape(name)))
            if fault is not None and not _can_be(source, node):
                fault = None
            if fault is None and not is_principled(source, node):
                continue
            new = RENAMED.get(name)
            if is_guarded(source, key, releases, names=("?",), seen=fault is not None):
                continue
            if names_literal(source, key, frozenset({name, *((new,) if new else ())})):
                continue
            yield self._repair(source, context, key, name, new, fault)

    def _repair(
        self, source: Source, context: Context, key: cst.SimpleString, name: str, new: str | None, fault: Fault | None
    ) -> Repair:
        edits: tuple[Edit, ...] = ()
        requires: tuple[Requirement, ...] = ()
        covered = context.covers(self.since)
        if new is not None:
            written = key.quote + new + key.quote
            text = written if covered else _chosen(source, key, written, self.since)
            bpy = None if covered else needs_bpy(source)
            edits = (source.replace(key, text), *((bpy,) if bpy else ()))
            requires = (Requirement(question=_question(new), since=None if covered else self.since),)
        return repair(
            self,
            source,
            key,
            f"the Principled BSDF has no input {name}",
            f"use the input {new}" if new else "choose another input",
            decision=Decision.REPAIR if new else Decision.EXPLAIN,
            reason="" if new else GONE,
            edits=edits,
            question=_question(name),
            requires=requires,
            owner=PRINCIPLED,
            member=name,
            fault=fault,
        )


def _question(name: str) -> Question:
    return Question(kind=QuestionKind.SOCKET, owner=PRINCIPLED, name=name)


def _chosen(source: Source, key: cst.SimpleString, new: str, since: Release) -> str:
    """The key by release; nothing binds closer than the brackets around it."""
    return guarded_expression(new, source.code(key), since, parentheses=False)


def _node(source: Source, key: cst.SimpleString) -> cst.BaseExpression | None:
    """`x` of `x.inputs["…"]` and `x.inputs.get("…")`."""
    parent = source.parent(key)
    if isinstance(parent, cst.Index):
        element = source.parent(parent)
        subscript = source.parent(element) if element is not None else None
        held = subscript.value if isinstance(subscript, cst.Subscript) and len(subscript.slice) == 1 else None
    elif isinstance(parent, cst.Arg):
        call = source.parent(parent)
        get = call.func if isinstance(call, cst.Call) and call.args[0] is parent else None
        held = get.value if isinstance(get, cst.Attribute) and get.attr.value == "get" else None
    else:
        return None
    return held.value if isinstance(held, cst.Attribute) and held.attr.value == "inputs" else None


def _can_be(source: Source, node: cst.BaseExpression) -> bool:
    """Whether nothing known of the node speaks against its being a Principled BSDF."""
    return types_of(source).of(node) in (None, "bpy.types.Node", "bpy.types.ShaderNode", f"bpy.types.{PRINCIPLED}")
