"""What Blender forbids while it enables an add-on, forbidden where Blender is a module as well."""

from __future__ import annotations

import contextlib
import importlib
from typing import Any

import bpy

RESTRICTED = ("'_RestrictContext' object", "'_RestrictData' object")
"""What is said of the context and of data that are asked for while an add-on is imported or registers."""


def restrict_loading() -> None:
    """See that Blender takes the context and all data away from an add-on while it is enabled, as it does for a user.

    It replaces members of the module `bpy`, and where Blender is a module itself it knows another one by that name.
    """
    for name in ("bpy_restrict_state", "_bpy_restrict_state"):  # renamed in 5.0
        with contextlib.suppress(ImportError):
            module: Any = importlib.import_module(name)
            module._bpy = bpy


def restricted(error: BaseException) -> bool:
    """Whether it was raised for that alone."""
    return any(words in str(error) for words in RESTRICTED)
