"""What a name in a question stands for."""

from __future__ import annotations

import importlib.util
from typing import Any

import bpy


def resolve(owner: str) -> Any:
    """What a dotted name stands for: a type, a module, an object.

    Raises:
        LookupError: there is no such thing.
    """
    parts = owner.split(".")
    for split in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:split]))
        except Exception:
            continue
        try:
            for part in parts[split:]:
                found = getattr(found, part)
        except AttributeError:
            break
        return found
    raise LookupError(f"there is no {owner}")


def rna_type(owner: str) -> Any:
    """The RNA of a type by its documented name, or None."""
    name = owner.rpartition(".")[2]
    if owner not in {name, f"bpy.types.{name}"}:
        return None
    return getattr(getattr(bpy.types, name, None), "bl_rna", None)


def rna_function(owner: str) -> Any:
    """The RNA function `bpy.types.UILayout.label`, or None."""
    holder, _, function = owner.rpartition(".")
    rna = rna_type(holder)
    return rna.functions.get(function) if rna is not None else None
