"""The context's preferences are called `preferences`

## What it does

Rewrites `context.user_preferences` to `context.preferences`.

## Why it breaks

Blender 2.80 renamed the member; using the old name raises an `AttributeError`.

## Example

```python
import bpy


def speed(context):
    preferences = context.user_preferences.addons[__name__].preferences
    return preferences.speed * bpy.context.user_preferences.view.smooth_view
```

Use instead:

```python
import bpy


def speed(context):
    preferences = context.preferences.addons[__name__].preferences
    return preferences.speed * bpy.context.preferences.view.smooth_view
```

## Left alone

```python
import bpy


def speed(context, shop):
    if hasattr(context, "user_preferences"):
        return context.user_preferences
    shop.user_preferences.speed = 3
    return context.preferences
```

## Fix safety

Safe: it is the same value under another name.

## References

- https://docs.blender.org/api/current/bpy.types.Context.html#bpy.types.Context.preferences
- https://developer.blender.org/docs/release_notes/2.80/python_api/preferences_api/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Repair, Requirement
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.base import Context, Rule
from bot.rules.building import every, repair
from bot.rules.guards import is_guarded
from bot.rules.inference import types_of
from bot.rules.places import fault_at
from bot.rules.source import Source

CONTEXT: Final = "bpy.types.Context"
ERROR: Final = r"'Context' object has no attribute 'user_preferences'"


class UserPreferences(Rule):
    """`context.user_preferences` becomes `context.preferences`."""

    code = "UI104"
    name = "user-preferences"
    family = "interface"
    since = Release(2, 80)
    triggers = ("user_preferences",)

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """The member of a context, by its type or by the fault seen there."""
        types = types_of(source)
        for node in every(source, cst.Attribute):
            if node.attr.value != "user_preferences":
                continue
            fault = fault_at(source, node, context, ERROR)
            known = types.of(node.value)
            if (known != CONTEXT and (known is not None or fault is None)) or is_guarded(
                source, node, seen=fault is not None
            ):
                continue
            yield repair(
                self,
                source,
                node,
                "Context has no user_preferences since Blender 2.80",
                "use preferences",
                edits=(source.replace(node.attr, "preferences"),),
                question=Question(kind=QuestionKind.MEMBER, owner=CONTEXT, name="user_preferences"),
                requires=(Requirement(question=Question(kind=QuestionKind.MEMBER, owner=CONTEXT, name="preferences")),),
                owner="Context",
                member="user_preferences",
                fault=fault,
            )

    def answers(self, fault: Fault) -> bool:
        """`'Context' object has no attribute 'user_preferences'`."""
        return fault.member == "user_preferences"
