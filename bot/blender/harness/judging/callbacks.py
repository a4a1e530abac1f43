"""Why what Blender only prints, of a callback it made by itself, is not held against the add-on.

Nobody catches what an update, a handler, a timer, a node or a list raises: Blender prints it and goes on. A healthy
add-on raises nothing where its user would be; what a scene of ours, an editor that is not there, or a value nobody
would choose brings about is no proof.
"""

from __future__ import annotations

from bot.blender.harness.bench import Bench
from bot.blender.harness.judging.excuse_words import FROM_OUTSIDE, NEEDS_MORE, OWN_MODULES
from bot.blender.harness.judging.excuses import (
    by_data,
    named_by_user,
    needs_editor,
    other_kind,
    raised_by_operator,
)
from bot.blender.harness.judging.reading import failing_line, gathered_while_running, ordinary_none
from bot.blender.harness.scene.situations import CUBE


def excuse_callback(bench: Bench, error: BaseException, situation: str = CUBE, *, forced: bool = False) -> str:
    """Why an exception is not held against the add-on; empty: it is a fault.

    `forced` says that a value was set nobody may ever choose: what data raises then is no proof.
    """
    origin = bench.describer.origin(error)
    message = bench.describer.message(origin)
    if not bench.inside(error):
        return f"failed outside the add-on: {message}"
    if bench.at_a_place(error):
        return ""
    if type(origin) is Exception or bench.addon.owns(type(origin).__module__):
        return f"it said: {type(origin).__name__}: {message}"
    if isinstance(origin, FROM_OUTSIDE) or any(words in message for words in NEEDS_MORE):
        return f"needs what is not there: {message}"
    if isinstance(origin, ModuleNotFoundError) and (origin.name or "").partition(".")[0] not in OWN_MODULES:
        return "" if bench.addon.owns(origin.name) else f"needs a module of others: {message}"
    if isinstance(origin, RuntimeError) and raised_by_operator(origin):
        return f"an operator it calls said no: {message}"
    if not by_data(bench, origin):
        return needs_editor(origin, message) or other_kind(bench, origin, message)
    return _of_data(bench, origin, message, situation, forced=forced)


def _of_data(bench: Bench, origin: BaseException, message: str, situation: str, *, forced: bool) -> str:
    if situation != CUBE:
        return f"needs another scene: {message}"
    if forced:
        return f"needs another value: {message}"
    if failing_line(bench, origin)[2].lstrip().startswith("raise "):
        return f"it said: {type(origin).__name__}: {message}"
    if isinstance(origin, TypeError):  # of what is None until a user has chosen it
        return f"needs data: {message}"
    if isinstance(origin, AttributeError) and ordinary_none(bench, origin):
        return f"needs data: {message}"
    if isinstance(origin, KeyError) and (named_by_user(bench, origin, str(origin)) or message == "''"):
        return f"needs data of that name: {message}"
    if isinstance(origin, KeyError) and gathered_while_running(bench, origin):
        return f"needs what the add-on finds out while it runs: {message}"
    return ""
