"""Why an exception is not held against the add-on."""

from __future__ import annotations

import os
import re
import traceback
from dataclasses import dataclass
from typing import Any

import bpy

from bot.blender.harness.bench import Bench
from bot.blender.harness.code.belongings import types_of_blender
from bot.blender.harness.code.classes import operator_name, properties_of
from bot.blender.harness.interface.buttons import is_drawn, operator_exists
from bot.blender.harness.interface.misfits import UnknownProperty
from bot.blender.harness.judging.excuse_words import (
    API_WORDS,
    DATA_DEPENDENT,
    EDITOR_MEMBERS,
    FAMILIES,
    FROM_OUTSIDE,
    LOOKED_UP,
    NEEDS_MORE,
    OBJECT_DATA,
    OWN_MODULES,
)
from bot.blender.harness.judging.reading import (
    failing_line,
    gathered_while_running,
    interactive_state,
    invoke_prepares,
    names_in_frames,
    ordinary_none,
    registered_later,
)
from bot.blender.harness.scene.situations import BARE, CUBE, is_ordinary
from bot.blender.harness.seeing.describing import is_harness

_KEY = re.compile(r"\[((?:\w+\.)+\w+)\]")
_BPY_OPS = os.sep + os.path.join("bpy", "ops.py")

_POLL_FAILED = re.compile(r"Operator bpy\.ops\.(\w+)\.\w+\.poll\(\)")

_ITEM_KEY = re.compile(r'bpy_prop_collection\[key\]: key "(\w+\.\w+)" not found')

_OTHER_TYPE = re.compile(r"expected '(\w+)' type found '(\w+)' instead")

_STRUCT_KEY = re.compile(r'bpy_struct\[key\]: key "([^"]*)" not found')


@dataclass(frozen=True)
class Tried:
    """How an operator was tried."""

    given: frozenset[str] = frozenset()
    """The properties that were filled in."""
    clicked: bool = False
    """It was started as a person starts it."""
    chosen: bool = False
    """With other settings than by default: a person may have to put up with what they rule out."""
    texts: frozenset[str] = frozenset()
    """What was typed in."""
    certain: bool = True
    """What it was given to read, if anything, is a file that whoever reads its format can read."""
    writes: bool = False
    """It writes a file of what is in the scene."""


def excuse(
    bench: Bench, cls: type, error: BaseException, situation: str, chosen: bool, tried: Tried | None = None
) -> str:
    """Why a failing operator is not faulty; empty: it may be.

    `chosen` says that the operator's own poll refused the plain cube and accepted this scene.
    Harmless add-ons must come back clean: an exception that may be due to what was not set up is
    no proof.
    """
    origin = bench.describer.origin(error)
    if not bench.inside(error):
        return "failed before the add-on's code was reached"
    if bench.at_a_place(error):
        return ""
    tried = tried or Tried()
    message = str(origin)
    if type(origin) is Exception or bench.addon.owns(type(origin).__module__):
        return f"it said: {type(origin).__name__}: {message}"
    if isinstance(origin, FROM_OUTSIDE) or any(words in message for words in NEEDS_MORE):
        return f"needs what is not there: {message}"
    if any(text in message for text in tried.texts):
        return f"needs something that is called so: {message}"
    if not tried.certain and not _of_the_api(bench, origin):
        return f"may need another file: {message}"
    if not tried.clicked and isinstance(origin, AttributeError) and interactive_state(bench, cls, origin):
        return f"needs to be started by a person: {message}"
    if isinstance(origin, SyntaxError) and not bench.addon.relative(origin.filename):
        return f"was to run a text: {message}"
    if isinstance(origin, ModuleNotFoundError) and (origin.name or "").partition(".")[0] not in OWN_MODULES:
        return "" if bench.addon.owns(origin.name) else f"needs a module of others: {message}"
    if not by_data(bench, origin):
        return needs_editor(origin, message) or other_kind(bench, origin, message)
    if not is_ordinary(situation) and not chosen and not (tried.writes and situation == "assortment"):
        return f"needs another scene: {message}"
    if isinstance(origin, RuntimeError):
        failed_poll = _POLL_FAILED.search(message)
        if failed_poll:
            expected = situation == CUBE and not tried.chosen and failed_poll[1] == "object"
            return "" if expected else f"needs an editor or a mode: {message}"
        if raised_by_operator(origin):
            return f"an operator it calls said no: {message}"
    if isinstance(origin, KeyError) and (message == "''" or named_by_user(bench, origin, message)):
        return f"needs data of that name: {message}"
    if isinstance(origin, KeyError) and gathered_while_running(bench, origin):
        return f"needs what the add-on finds out while it runs: {message}"
    names = names_in_frames(bench, origin)
    empty = [name for name in empty_texts(cls) if name in names and name not in tried.given]
    if empty:
        return f"needs a value for {', '.join(empty)}: {message}"
    exported = tried.writes and situation == BARE  # what writes a cube has to put up with one that has less
    if isinstance(origin, AttributeError) and not exported and ordinary_none(bench, origin):
        return f"needs data: {message}"
    if not tried.clicked and invoke_prepares(bench, cls):
        return f"needs to be started by a person: {message}"
    if "INTERNAL" in getattr(cls, "bl_options", ()) and not is_drawn(operator_name(cls)):  # only the add-on calls it
        return f"needs what its caller prepares: {message}"
    return ""


def _of_the_api(bench: Bench, error: BaseException) -> bool:
    """Whether Blender or Python did not take what was asked of them, whatever was read."""
    refused = isinstance(error, RuntimeError) and str(error).startswith("Error: ")
    return refused or (isinstance(error, (AttributeError, TypeError, NameError)) and not by_data(bench, error))


def by_data(bench: Bench, error: BaseException) -> bool:
    """Whether what the scene holds, and not the API, may be why it was raised."""
    message = str(error)
    if isinstance(error, (AttributeError, TypeError)):
        return "'None" in message  # 'NoneType' of Python, 'None' of Blender's own functions
    return isinstance(error, DATA_DEPENDENT) and not any(word in message for word in API_WORDS)


def needs_editor(error: BaseException, message: str) -> str:
    """The excuse for a context that lacks what only some editors have; empty: none."""
    match = re.search(r"'Context' object has no attribute '(\w+)'", message)
    if isinstance(error, AttributeError) and match and match[1] in EDITOR_MEMBERS:
        return f"needs an editor: {message}"
    return ""


def other_kind(bench: Bench, error: BaseException, message: str) -> str:
    """The excuse for data of another kind than expected, or that the add-on sets up later; empty: none."""
    mistaken = _OTHER_TYPE.search(message)
    if isinstance(error, TypeError) and mistaken and all(_is_object_data(name) for name in mistaken.groups()):
        return f"needs another kind of object: {message}"
    lacking = _lacking(error, message)
    owner, member = getattr(bpy.types, lacking[0], None), lacking[1]
    if not isinstance(owner, type):
        return ""
    for family in FAMILIES:
        base = getattr(bpy.types, family, None)
        if (
            base is not None
            and issubclass(owner, base)
            and any(member in cls.bl_rna.properties or member in cls.bl_rna.functions for cls in kinds_of(base))
        ):
            return f"needs another kind of {family}: {message}"
    holders = [getattr(bpy.types, name) for name in OBJECT_DATA if hasattr(bpy.types, name)]
    if issubclass(owner, tuple(holders)):
        kinds = [kind.bl_rna for kind in kinds_of(bpy.types.ID) if issubclass(kind, tuple(holders))]
        if any(member in kind.properties or member in kind.functions for kind in kinds):
            return f"needs another kind of object: {message}"
    if member in registered_later(bench):
        return f"needs what the add-on registers later: {message}"
    return ""


def _lacking(error: BaseException, message: str) -> tuple[str, str]:
    """The type that lacks a member, and the member; empty where that is not what is wrong."""
    if isinstance(error, UnknownProperty):
        return error.owner, error.member
    match = re.match(r"'(\w+)' object has no attribute '(\w+)'", message)
    return (match[1], match[2]) if isinstance(error, AttributeError) and match else ("", "")


def _is_object_data(name: str) -> bool:
    cls = getattr(bpy.types, name, None)
    holders = tuple(getattr(bpy.types, one) for one in OBJECT_DATA if hasattr(bpy.types, one))
    return isinstance(cls, type) and issubclass(cls, holders)


def kinds_of(base: type) -> list[Any]:
    """The types of Blender that derive from one of them."""
    return [cls for cls in types_of_blender() if issubclass(cls, base)]


def named_by_user(bench: Bench, error: KeyError, message: str) -> bool:
    """Whether the missing key is the name of somebody's data, not a name Blender gave."""
    asked = _ITEM_KEY.search(message)
    if asked and operator_exists(asked[1]):  # keymap items, which Blender merges only where there is a window
        return True
    match = _STRUCT_KEY.search(message)
    if match:  # custom properties; registered ones could be had by key before 5.0
        types = ("Scene", "Object", "Material", "Mesh", "WindowManager", "Armature", "PoseBone", "Collection")
        return not any(match[1] in getattr(bpy.types, name).bl_rna.properties for name in types)
    line = failing_line(bench, error)[2]
    keys = {name for key in _KEY.findall(line) for name in key.split(".")}
    if keys & registered_later(bench):  # `nodes[scene.source]`: something else of the add-on's puts a name there
        return True
    holders = set(re.findall(r"\.(\w+)\[", line))
    return bool(holders & LOOKED_UP) and not holders & {"inputs", "outputs"}


def raised_by_operator(error: BaseException) -> bool:
    """Whether the exception comes from a call of `bpy.ops`."""
    codes = [frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__)]
    others = [code.co_filename for code in codes if not is_harness(code)]
    return bool(others) and others[-1].endswith(_BPY_OPS)


def empty_texts(cls: Any) -> list[str]:
    """The operator's properties that hold no text until somebody fills them in."""
    return [
        prop.identifier
        for prop in properties_of(cls)
        if prop.identifier != "rna_type"
        and prop.type in {"STRING", "ENUM"}
        and not getattr(prop, "is_enum_flag", False)
        and not prop.default
    ]
