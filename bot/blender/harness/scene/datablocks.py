"""How much data there is in Blender."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import bpy

_BY_THEMSELVES = frozenset({"libraries", "scenes", "screens", "window_managers", "workspaces"})
"""Collections of `bpy.data` whose items need nothing to use them."""


def datablocks() -> dict[str, int]:
    """By collection of `bpy.data`, how many there are."""
    return {
        prop.identifier: len(getattr(bpy.data, prop.identifier))
        for prop in bpy.data.bl_rna.properties
        if prop.type == "COLLECTION"
    }


def unused() -> dict[str, int]:
    """By collection of `bpy.data`, how many nothing uses: they are not saved, and stay until then."""
    return {
        prop.identifier: sum(not item.users for item in getattr(bpy.data, prop.identifier))
        for prop in bpy.data.bl_rna.properties
        if prop.type == "COLLECTION" and prop.identifier not in _BY_THEMSELVES
    }


def unsteady(names: Sequence[str], counts: Sequence[dict[str, int]]) -> Iterator[str]:
    """Of what is counted by these names, what became more or fewer after the first run of a script, in sentences.

    The first of the counts was made before that run.
    """
    for name in names:
        numbers = [count.get(name) for count in counts[1:]]
        if None in numbers:
            yield f"nothing that is counted is called {name!r}"
        elif len(set(numbers)) > 1:
            yield f"there were {numbers[0]} {name} after the first run, and {numbers[-1]} after {len(numbers)} runs"


def growth(counts: Sequence[dict[str, int]]) -> dict[str, list[int]]:
    """By collection, its count each time it was counted; those that stayed as they were are left out."""
    together = {name: [count.get(name, 0) for count in counts] for name in counts[0]}
    return {name: numbers for name, numbers in together.items() if len(set(numbers)) > 1}
