"""Names NumPy had for Python's own types.

## What it does
Writes `np.bool`, `np.int`, `np.float`, `np.complex`, `np.object`, `np.str`, `np.long` and
`np.unicode` as the built-in types they stood for.

## Why it breaks
NumPy 1.24 removed the names, deprecated since 1.20; Blender comes with it since 4.1.

## Example
```python
import numpy as np

chosen = np.zeros(4, dtype=np.bool)
weights = np.ones(4, dtype=np.float).astype(np.int)
```

Use instead:
```python
import numpy as np

chosen = np.zeros(4, dtype=bool)
weights = np.ones(4, dtype=float).astype(int)
```

## Left alone
NumPy's own types, and files that use the built-in's name for something else.
```python
import numpy as np

chosen = np.zeros(4, dtype=np.bool_)
weights = np.ones(4, dtype=np.float64)
if hasattr(np, "int"):
    counts = np.ones(4, dtype=np.int)
```

## Fix safety
Safe: the names were the built-in types themselves.

## References
- https://numpy.org/devdocs/release/1.20.0-notes.html#deprecations
- https://numpy.org/devdocs/release/1.24.0-notes.html#expired-deprecations
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Decision, Repair
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.base import Context, Rule, Safety
from bot.rules.building import every, repair
from bot.rules.guards import is_guarded
from bot.rules.inference import qualified
from bot.rules.places import fault_at
from bot.rules.source import Source

SHADOWED = "the file uses the name `{name}` for something else; write `np.{name}_` or a type with a size"

_BUILTINS: Final = {
    "numpy.bool": "bool",
    "numpy.complex": "complex",
    "numpy.float": "float",
    "numpy.int": "int",
    "numpy.long": "int",
    "numpy.object": "object",
    "numpy.str": "str",
    "numpy.unicode": "str",
}
_RAISED: Final = r"module 'numpy' has no attribute '{name}'"


class NumpyAliases(Rule):
    """PYT101."""

    code = "PYT101"
    name = "numpy-aliases"
    family = "python"
    since = Release(4, 1)
    safety = Safety.SAFE
    triggers = ("numpy",)

    def answers(self, fault: Fault) -> bool:
        """The error NumPy raises for one of the names."""
        match = re.search(r"module 'numpy' has no attribute '(\w+)'", fault.message)
        return match is not None and f"numpy.{match[1]}" in _BUILTINS

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every use of such a name."""
        releases = [release for release in context.targets if release >= self.since]
        for node in every(source, cst.Attribute):
            name = node.attr.value
            builtin = _BUILTINS.get(f"numpy.{name}")
            if builtin is None or qualified(source, node) != f"numpy.{name}":
                continue
            fault = fault_at(source, node, context, _RAISED.format(name=name))
            if is_guarded(source, node, releases, names=(name,), seen=fault is not None):
                continue
            shadowed = _is_bound(source, builtin)
            yield repair(
                self,
                source,
                node,
                f"numpy has no {name}",
                f"use the built-in {builtin}",
                decision=Decision.EXPLAIN if shadowed else Decision.REPAIR,
                reason=SHADOWED.format(name=builtin) if shadowed else "",
                edits=() if shadowed else (source.replace(node, builtin),),
                question=Question(kind=QuestionKind.MEMBER, owner="numpy", name=name),
                owner="numpy",
                member=name,
                fault=fault,
            )


def _is_bound(source: Source, name: str) -> bool:
    """Whether the file gives the name another meaning anywhere."""
    for node in every(source, cst.Name):
        parent = source.parent(node)
        if node.value != name:
            continue
        if isinstance(parent, cst.AssignTarget | cst.Param | cst.FunctionDef | cst.ClassDef | cst.AsName):
            return True
        if isinstance(parent, cst.ImportAlias | cst.NameItem):
            return True
        if isinstance(parent, cst.For | cst.CompFor | cst.AnnAssign | cst.NamedExpr) and parent.target is node:
            return True
        if isinstance(parent, cst.Element) and isinstance(
            _holder(source, parent), cst.AssignTarget | cst.For | cst.CompFor
        ):
            return True
    return False


def _holder(source: Source, element: cst.CSTNode) -> cst.CSTNode | None:
    display = source.parent(element)
    holder = source.parent(display) if display is not None else None
    if isinstance(holder, cst.For | cst.CompFor) and holder.target is not display:
        return None
    return holder
