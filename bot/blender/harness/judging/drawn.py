"""Why what is raised or printed while something is drawn is not held against the add-on."""

from __future__ import annotations

import re

from bot.blender.harness.bench import Bench
from bot.blender.harness.judging.excuse_words import FROM_OUTSIDE, NEEDS_MORE
from bot.blender.harness.judging.excuses import by_data, named_by_user, needs_editor, other_kind
from bot.blender.harness.judging.reading import ordinary_none
from bot.blender.harness.scene.situations import CUBE

DRAWN_AS_FOR_A_USER = frozenset({"VIEW_3D", "PROPERTIES", "PREFERENCES"})
"""Editors that show here what they show a user who has just begun; any other shows nothing."""
_UNSET = re.compile(r"'\w+_OT_\w+' object has no attribute")
"""An operator's own attribute: `invoke` may set it."""


def excuse_drawing(bench: Bench, error: BaseException, space: str, situation: str) -> str:
    """Why an exception of a draw function is not held against the add-on; empty: it is a fault."""
    origin = bench.describer.origin(error)
    message = bench.describer.message(origin)
    if not bench.inside(error):
        return f"failed outside the add-on: {message}"
    if bench.at_a_place(error):
        return ""
    if isinstance(origin, AttributeError) and _UNSET.match(message):
        return f"needs to be started by a person: {message}"
    elsewhere = needs_editor(origin, message) or other_kind(bench, origin, message)
    if elsewhere:
        return elsewhere
    ordinary = isinstance(origin, AttributeError) and by_data(bench, origin) and ordinary_none(bench, origin)
    named = isinstance(origin, KeyError) and named_by_user(bench, origin, str(origin))
    if isinstance(origin, FROM_OUTSIDE) or ordinary or named or any(words in message for words in NEEDS_MORE):
        return f"needs what is not there: {message}"
    if by_data(bench, origin) and (space not in DRAWN_AS_FOR_A_USER or situation != CUBE):
        return f"needs another scene: {message}"
    return ""


def is_doubtful(bench: Bench, error: BaseException) -> bool:
    """Whether another scene may put it right."""
    return by_data(bench, bench.describer.origin(error)) and not bench.at_a_place(error)
