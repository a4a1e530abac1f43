"""Whether somebody already took care of an old name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.release import Release
from bot.rules.base import Context
from bot.rules.guards import is_guarded
from bot.rules.renaming.facts import Facts
from bot.rules.source import Source

_MARKERS: Final[Mapping[Release, frozenset[str]]] = MappingProxyType(
    {
        Release(2, 80): frozenset(
            (
                "collection", "collections", "display_type", "evaluated_depsgraph_get", "evaluated_get", "lights",
                "preferences", "register_class", "register_module", "select", "select_get", "select_set",
                "user_preferences", "users_collection", "view_layer", "view_layers",
            )
        ),
    }
)  # fmt: skip
"""Names add-ons ask for to tell on which side of a release they are."""


def guarded(facts: Facts, source: Source, context: Context, node: cst.CSTNode, fault: Fault | None) -> bool:
    """Whether the code at a node is reached only where its name is right; see `guards.is_guarded`."""
    names = set(_MARKERS.get(facts.since, ()))
    for member in facts.members:
        names |= {*member.old.split("."), *member.new.split(".")}
    names |= {word for one in facts.types for word in (one.old, one.new)}
    names |= {word.split(".")[1] for one in facts.operators for word in (one.old, one.new)}
    releases = [r for r in context.targets if r >= facts.since and (facts.until is None or r < facts.until)]
    return is_guarded(source, node, releases, names - {""}, seen=fault is not None)
