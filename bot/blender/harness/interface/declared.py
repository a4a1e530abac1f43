"""The callbacks of properties, as a class declares them: Blender keeps them to itself."""

from __future__ import annotations

import typing
from typing import Any


def declared(cls: type, name: str) -> dict[str, Any]:
    """What a class gave to the property of that name: `items`, `update`, `get`, ...; empty where it cannot be known."""
    for holder in cls.__mro__:
        value = vars(holder).get("__annotations__", {}).get(name)
        if isinstance(value, str):
            try:
                value = typing.get_type_hints(holder).get(name)
            except Exception:
                value = None
        if value is not None:
            given = getattr(value, "keywords", None) or (value[1] if isinstance(value, tuple) else {})
            return dict(given)
    return {}
