"""One thing of the API as the text of a chunk: what it is called with, what it is, what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from indexer.blender_api.described import ApiSymbol, EnumItem, Parameter
from indexer.blender_api.words import ui_name
from indexer.chunking.base import MAX_CHARACTERS

_SENTENCE = re.compile(r"(?<=[.!?])\s|\n")
_MAX_SENTENCE = 160
_MAX_DESCRIPTION = 700
_MAX_SIGNATURE = 300
_MAX_PARAMETER = 120
_MAX_ITEM = 90
_MAX_ITEMS = 450
_MAX_MEMBERS = 400
_MAX_CHANGES = 3
_LEAST_FOR_PARAMETERS = 500
_MANY_ITEMS = 60
"""A parameter with more items than this (icons, say) takes just about anything: they name nothing."""


def text_of(symbol: ApiSymbol, members: Sequence[str] = ()) -> str:
    """The text, at most `MAX_CHARACTERS` long; `members` are a class's or module's, best known first."""
    head = [_head(symbol), _description(symbol), _state(symbol)]
    tail = [_clipped("Returns ", symbol.returns, 200), *_changes(symbol)]
    if symbol.enum and len(symbol.enum) <= _MANY_ITEMS:
        head.append("Items: " + _items(symbol.enum, _MAX_ITEMS))
    if symbol.see_also:
        tail.append("See also: " + ", ".join(symbol.see_also))
    if members:
        tail.append(_listed("Members: ", members, _MAX_MEMBERS))
    tail += [f"Example:\n{example}" for example in symbol.examples[:1]]
    # Parameters may be many; what follows them is worth more than the last of them.
    room = MAX_CHARACTERS - sum(len(section) + 1 for section in (*head, *tail))
    parameters = _within([_parameters(symbol.parameters)], max(room, _LEAST_FOR_PARAMETERS))
    return _within(filter(None, (*head, parameters, *tail)), MAX_CHARACTERS)


def context_of(owner: ApiSymbol | None, name: str) -> str:
    """What must be known of a member's owner: its name and what it is."""
    about = first_sentence(owner.text) if owner is not None else ""
    return f"{name}: {about}" if about else name


def terms_of(symbol: ApiSymbol) -> str:
    """Further words it is found by: what the user interface shows, enum items, what it is like."""
    found = [ui_name(symbol)]
    items = list(symbol.enum) if len(symbol.enum) <= _MANY_ITEMS else []
    for parameter in symbol.parameters:
        items += parameter.enum if len(parameter.enum) <= _MANY_ITEMS else ()
    for item in items[:_MANY_ITEMS]:
        found += [item.identifier, item.name]
    found += [name.rpartition(".")[2] for name in symbol.see_also]
    return " ".join(dict.fromkeys(filter(None, found)))


def first_sentence(text: str) -> str:
    """The first sentence of a description, cut where it is endless."""
    sentence = _SENTENCE.split(text, maxsplit=1)[0].strip()
    return sentence if len(sentence) <= _MAX_SENTENCE else sentence[: _MAX_SENTENCE - 1] + "…"


def _head(symbol: ApiSymbol) -> str:
    if symbol.kind in ("function", "method", "operator") or symbol.signature:
        calls = [f"{symbol.symbol}({line})" for line in symbol.signature.split("\n")[:4]]
        head = "\n".join(call if len(call) <= _MAX_SIGNATURE else call[: _MAX_SIGNATURE - 1] + "…" for call in calls)
        return f"class {head}" if symbol.kind == "class" else head
    if symbol.kind == "class":
        bases = ", ".join(base.removeprefix("bpy.types.") for base in symbol.bases)
        of = f", a collection of {symbol.type}" if symbol.type else ""
        return f"class {symbol.symbol}({bases}){of}" if bases else f"class {symbol.symbol}{of}"
    if symbol.kind == "module":
        return f"module {symbol.symbol}"
    head = f"{symbol.symbol}: {symbol.type}" if symbol.type else symbol.symbol
    return head if symbol.default is None else f"{head} = {symbol.default[:80]}"


def _description(symbol: ApiSymbol) -> str:
    """What the user interface calls it, and what it does."""
    text = _clipped("", symbol.text, _MAX_DESCRIPTION)
    if symbol.kind in ("module", "function", "value") or (text and symbol.kind in ("class", "method")):
        return text
    name = ui_name(symbol)
    if not text or text.lower().startswith(name.lower()):
        return text or name
    return f"{name}. {text}"


def _state(symbol: ApiSymbol) -> str:
    said = []
    if symbol.readonly and symbol.kind == "readonly":
        said.append("Read-only.")
    if limits := _range(symbol.minimum, symbol.maximum):
        said.append(f"Range {limits}.")
    if symbol.since:
        said.append(f"Since Blender {symbol.since}.")
    if symbol.deprecated and symbol.deprecated not in symbol.text:
        said.append(f"Deprecated: {symbol.deprecated}" if len(symbol.deprecated) > 12 else "Deprecated.")
    if symbol.removed:
        said.append(f"Removed in Blender {symbol.removed}.")
    return " ".join(said)


def _changes(symbol: ApiSymbol) -> list[str]:
    return [_clipped("Changed in Blender ", line, 200) for line in symbol.changed[:_MAX_CHANGES]]


def _range(minimum: float | None, maximum: float | None) -> str:
    if minimum is None and maximum is None:
        return ""
    low = "" if minimum is None else f"{minimum:g}"
    high = "" if maximum is None else f"{maximum:g}"
    return f"{low} to {high}" if low and high else f"from {low}" if low else f"up to {high}"


def _items(items: Iterable[EnumItem], limit: int) -> str:
    return _listed("", [_item(item) for item in items], limit, "; ")


def _item(item: EnumItem) -> str:
    about = ": ".join(filter(None, (item.name, item.text)))
    text = f"{item.identifier} ({about})" if about else item.identifier
    return text if len(text) <= _MAX_ITEM else text[: _MAX_ITEM - 1] + "…"


def _parameters(parameters: Sequence[Parameter]) -> str:
    lines = []
    for parameter in parameters:
        about = [parameter.type, parameter.text]
        if limits := _range(parameter.minimum, parameter.maximum):
            about.append(limits)
        line = f"- {parameter.name}: " + ", ".join(filter(None, about))
        line = line if len(line) <= _MAX_PARAMETER else line[: _MAX_PARAMETER - 1] + "…"
        if parameter.enum and len(parameter.enum) <= _MANY_ITEMS:
            line += " " + _listed("{", [item.identifier for item in parameter.enum], 120) + "}"
        lines.append(line.rstrip(": "))
    return "\n".join(lines)


def _listed(head: str, names: Sequence[str], limit: int, between: str = ", ") -> str:
    text = head
    for index, name in enumerate(names):
        joined = f"{text}{between if index else ''}{name}"
        if len(joined) > limit and index:
            return f"{text}{between}…"
        text = joined
    return text


def _clipped(head: str, text: str, limit: int) -> str:
    if not text:
        return ""
    return head + (text if len(text) <= limit else text[: limit - 1] + "…")


def _within(sections: Iterable[str], limit: int) -> str:
    """As many sections as fit; of the first that does not, as many lines."""
    lines: list[str] = []
    left = limit
    for section in sections:
        for line in section.split("\n"):
            if len(line) + 1 > left:
                return "\n".join(lines) if lines else _clipped("", line, limit)
            lines.append(line)
            left -= len(line) + 1
    return "\n".join(lines)
