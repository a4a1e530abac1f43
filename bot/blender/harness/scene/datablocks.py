"""How much data there is in Blender."""

from __future__ import annotations

from collections.abc import Sequence

import bpy


def datablocks() -> dict[str, int]:
    """By collection of `bpy.data`, how many there are."""
    return {
        prop.identifier: len(getattr(bpy.data, prop.identifier))
        for prop in bpy.data.bl_rna.properties
        if prop.type == "COLLECTION"
    }


def growth(counts: Sequence[dict[str, int]]) -> dict[str, list[int]]:
    """By collection, its count each time it was counted; those that stayed as they were are left out."""
    together = {name: [count.get(name, 0) for count in counts] for name in counts[0]}
    return {name: numbers for name, numbers in together.items() if len(set(numbers)) > 1}
