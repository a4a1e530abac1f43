"""Where the name of a member stands: in attributes, and in the texts functions take."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import libcst as cst

from bot.models.patch import Edit
from bot.rules.building import every
from bot.rules.literals import respelled
from bot.rules.places import text_of
from bot.rules.renaming.facts import Member
from bot.rules.renaming.meant import Found
from bot.rules.source import Source


def in_attributes(source: Source, table: Sequence[Member]) -> Iterator[Found]:
    """Every attribute whose end is spelled like one of the members."""
    for member in table:
        *path, last = member.old.split(".")
        for node in every(source, cst.Attribute):
            if node.attr.value != last:
                continue
            holder = _before(node.value, path)
            if holder is None:
                continue
            first = _step(node, len(path))
            edit = Edit(start=source.start(first.attr), end=source.end(node.attr), text=member.new)
            yield Found(member, holder, node, (edit,))


def _before(node: cst.BaseExpression, path: Sequence[str]) -> cst.BaseExpression | None:
    """What stands before `.a.b` at the end of an expression; null where it ends otherwise."""
    for name in reversed(path):
        if not isinstance(node, cst.Attribute) or node.attr.value != name:
            return None
        node = node.value
    return node


def _step(node: cst.Attribute, down: int) -> cst.Attribute:
    for _ in range(down):
        assert isinstance(node.value, cst.Attribute)  # noqa: S101  (see _before)
        node = node.value
    return node


_PROPERTY_OF: Final[Mapping[str, tuple[int, ...]]] = MappingProxyType(
    {
        "prop": (0,),
        "prop_decorator": (0,),
        "prop_enum": (0,),
        "prop_menu_enum": (0,),
        "prop_search": (0, 2),
        "prop_tabs_enum": (0,),
        "prop_with_menu": (0,),
        "prop_with_popover": (0,),
        "props_enum": (0,),
        "template_ID": (0,),
        "template_ID_preview": (0,),
        "template_any_ID": (0,),
        "template_color_ramp": (0,),
        "template_icon_view": (0,),
        "template_image": (0,),
        "template_layers": (0,),
        "template_list": (2, 4),
    }
)
"""Functions of layouts, and where they take an owner that the name of its property follows."""

_PATH_OF: Final = frozenset(
    (
        "driver_add", "driver_remove", "is_property_hidden", "is_property_readonly", "is_property_set",
        "keyframe_delete", "keyframe_insert", "path_from_id", "path_resolve", "property_unset",
    )
)  # fmt: skip
"""Methods of all types that take a path as their first argument."""


def in_strings(source: Source, table: Sequence[Member]) -> Iterator[Found]:
    """Every text one of the members is named by, with the owner it is handed over with."""
    olds = {member.old.split(".")[-1] for member in table}
    for call in every(source, cst.Call):
        for holder, argument, path in _named(call):
            text = text_of(argument)
            if text is None or not isinstance(argument, cst.SimpleString):
                continue
            word, rest = _first_word(text) if path else (text, "")
            for member in table if word in olds else ():
                *before, last = member.old.split(".")
                begin = _before(holder, before)
                if last != word or begin is None or ("." in member.new and not path):
                    continue
                edits: tuple[Edit, ...] = (respelled(source, argument, member.new + rest),)
                if before:
                    edits = (*edits, Edit(start=source.end(begin), end=source.end(holder), text=""))
                node = call if before else argument
                yield Found(member, begin, node, edits)


def _named(call: cst.Call) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression, bool]]:
    """What a call names by text: the owner, the argument that names it, and whether that is a path."""
    function = call.func
    given = [argument.value for argument in call.args if argument.keyword is None and not argument.star]
    if isinstance(function, cst.Name):
        wanted = {"getattr": 2, "setattr": 3, "delattr": 2}.get(function.value)
        if wanted == len(call.args) == len(given):
            yield given[0], given[1], False
    elif isinstance(function, cst.Attribute):
        if function.attr.value in _PATH_OF:
            path = given[0] if given else keyword(call, "data_path")
            if path is not None:
                yield function.value, path, True
        for at in _PROPERTY_OF.get(function.attr.value, ()):
            if len(given) > at + 1:
                yield given[at], given[at + 1], False
        owner, name = keyword(call, "data"), keyword(call, "property")
        if function.attr.value in _PROPERTY_OF and owner is not None and name is not None:
            yield owner, name, False


def keyword(call: cst.Call, name: str) -> cst.BaseExpression | None:
    """What a call is given by a keyword, or null."""
    return next((one.value for one in call.args if one.keyword is not None and one.keyword.value == name), None)


def _first_word(path: str) -> tuple[str, str]:
    end = re.match(r"\w*", path)
    word = end[0] if end else ""
    return word, path[len(word) :]
