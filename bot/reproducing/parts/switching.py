"""Switching the add-on on and off, as the preferences do."""

from __future__ import annotations

import sys
from typing import Any

import addon_utils

from bot.reproducing.parts.names import MODULE


def enable() -> None:
    """Switch the add-on on, as the preferences do; what stops it is raised."""
    errors: list[BaseException] = []

    def collect(*given: Any) -> None:
        error = given[0] if given and isinstance(given[0], BaseException) else sys.exc_info()[1]
        errors.extend([error] if error is not None else [])

    module = addon_utils.enable(MODULE, default_set=True, handle_error=collect)
    if errors:
        raise errors[0]
    if module is None:
        raise ImportError("Blender does not take the add-on, and does not say why")


def disable() -> None:
    """Switch it off again, as the preferences do; what stops that is raised."""
    errors: list[BaseException] = []

    def collect(*given: Any) -> None:
        error = given[0] if given and isinstance(given[0], BaseException) else sys.exc_info()[1]
        errors.extend([error] if error is not None else [])

    addon_utils.disable(MODULE, default_set=True, handle_error=collect)
    if errors:
        raise errors[0]
