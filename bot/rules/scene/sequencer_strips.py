"""Strips of the video sequencer.

## What it does
Asks for `strips` where `sequences` were asked for: of the editor, of a meta strip and of the context.

## Why it breaks
Blender 4.4 gave them the name the interface uses, and 5.0 removed the old one:
`AttributeError: 'SequenceEditor' object has no attribute 'sequences'`.

## Example
```python
import bpy


def loud(context):
    editor = context.scene.sequence_editor_create()
    for strip in context.scene.sequence_editor.sequences_all:
        strip.mute = False
    return [strip.name for strip in editor.sequences_all]


loud(bpy.context)
```

Use instead:
```python
import bpy


def loud(context):
    editor = context.scene.sequence_editor_create()
    for strip in context.scene.sequence_editor.strips_all:
        strip.mute = False
    return [strip.name for strip in editor.strips_all]


loud(bpy.context)
```

## Left alone
Sequences of anything else, and code that asks first.
```python
import bpy


def loud(animation, context):
    for sequence in animation.sequences:
        sequence.play()
    editor = context.scene.sequence_editor
    return editor.strips if hasattr(editor, "strips") else editor.sequences
```

## Fix safety
Safe: the same strips.

## References
- https://developer.blender.org/docs/release_notes/4.4/python_api/
- https://docs.blender.org/api/5.0/change_log.html
- https://docs.blender.org/api/5.0/bpy.types.SequenceEditor.html#bpy.types.SequenceEditor.strips
- https://github.com/JacquesLucke/animation_nodes/blob/e2c208acae6a6649644d52853549dfebd5ac478e/animation_nodes/utils/sequence_editor.py#L10
"""

from __future__ import annotations

from typing import Final

from bot.models.release import Release
from bot.rules.base import Safety
from bot.rules.renames import Member, Renames

_EDITOR: Final = "bpy.types.SequenceEditor"
_CONTEXT: Final = "bpy.types.Context"


class SequencerStrips(Renames):
    """SCN120."""

    code = "SCN120"
    name = "sequencer-strips"
    family = "scene"
    since = Release(5, 0)
    safety = Safety.SAFE
    triggers = ("sequences", "active_sequence_strip")
    runs_in_blender = True
    members = (
        Member(_EDITOR, "sequences_all", "strips_all", unique=True),
        Member(_EDITOR, "sequences", "strips"),
        Member(_CONTEXT, "selected_sequences", "selected_strips"),
        Member(_CONTEXT, "selected_editable_sequences", "selected_editable_strips"),
        Member(_CONTEXT, "active_sequence_strip", "active_strip"),
        Member(_CONTEXT, "sequences", "strips"),
    )
