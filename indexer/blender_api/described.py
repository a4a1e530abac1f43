"""What is known of one thing of Blender's API, from whichever source: stubs, a real Blender, a web page.

Sources know different things: stubs have descriptions and types, a real Blender has enum items,
ranges and flags. `merge` puts two of them together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from indexer.blender_api.table import EntryKind

Source = Literal["stubs", "introspection", "sphinx", "written", "merged"]

MAX_TEXT = 2_000
"""How many characters of a description are kept."""


@dataclass(frozen=True, slots=True)
class EnumItem:
    """One choice: what code writes, what the user interface shows, and what it means."""

    identifier: str
    name: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function or operator. `default` is as Python writes it, null where there is none."""

    name: str
    type: str = ""
    default: str | None = None
    text: str = ""
    keyword_only: bool = False
    positional_only: bool = False
    enum: tuple[EnumItem, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class ApiSymbol:
    """One thing of the API, under the full name its documentation has; inherited members are their class's.

    `signature` is what stands between the parentheses (overloads in lines of their own), without
    `self`; `type` is a property's, of a class that is a collection that of its items; `returns` is a
    function's (`type: what it is`). `text` is the
    description, at most `MAX_TEXT` characters. `default` is as Python writes it. `since`, `removed`
    are releases (`4.1`); `deprecated` says what to use instead, or just that it is. `ui_name` is what
    the user interface shows. `bases`, `see_also` are full names; `examples` is Python. `url` is the
    documentation's page, where the source knows better than `documentation_url`. `changed` tells of
    parameters and items that came or went, a line each (`4.2: …`).
    """

    symbol: str
    kind: EntryKind
    signature: str = ""
    text: str = ""
    type: str = ""
    default: str | None = None
    parameters: tuple[Parameter, ...] = ()
    returns: str = ""
    enum: tuple[EnumItem, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    readonly: bool | None = None
    deprecated: str = ""
    since: str = ""
    removed: str = ""
    ui_name: str = ""
    bases: tuple[str, ...] = ()
    see_also: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    url: str = ""
    source: Source = "stubs"
    changed: tuple[str, ...] = ()


def merge(base: Mapping[str, ApiSymbol], more: Mapping[str, ApiSymbol]) -> dict[str, ApiSymbol]:
    """Put two sources together, symbol by symbol and field by field: the first that knows wins.

    Enum items, ranges, and the read-only and deprecated flags are a real Blender's where it was asked.
    """
    merged = dict(base)
    for name, symbol in more.items():
        known = merged.get(name)
        merged[name] = symbol if known is None else _merged(known, symbol)
    return merged


def _merged(base: ApiSymbol, more: ApiSymbol) -> ApiSymbol:
    first, second = (more, base) if more.source == "introspection" else (base, more)
    minimum, maximum = _range(first, second)
    readonly = first.readonly if first.readonly is not None else second.readonly
    kind = base.kind
    if kind in ("property", "readonly") and readonly is not None:
        kind = "readonly" if readonly else "property"
    return replace(
        base,
        kind=kind,
        signature=base.signature or more.signature,
        text=base.text or more.text,
        type=base.type or more.type,
        default=base.default if base.default is not None else more.default,
        parameters=_parameters(base.parameters, more.parameters, more.source == "introspection"),
        returns=base.returns or more.returns,
        enum=_items(first.enum, second.enum),
        minimum=minimum,
        maximum=maximum,
        readonly=readonly,
        deprecated=first.deprecated or second.deprecated,
        since=base.since or more.since,
        removed=base.removed or more.removed,
        ui_name=base.ui_name or more.ui_name,
        bases=base.bases or more.bases,
        see_also=base.see_also or more.see_also,
        examples=base.examples or more.examples,
        url=base.url or more.url,
        changed=base.changed or more.changed,
        source=base.source if base.source == more.source else "merged",
    )


def _range(first: ApiSymbol | Parameter, second: ApiSymbol | Parameter) -> tuple[float | None, float | None]:
    """The whole range of the first that has one: ends of two sources do not belong together."""
    chosen = first if first.minimum is not None or first.maximum is not None else second
    return chosen.minimum, chosen.maximum


def _items(first: tuple[EnumItem, ...], second: tuple[EnumItem, ...]) -> tuple[EnumItem, ...]:
    if not first or not second:
        return first or second
    others = {item.identifier: item for item in second}
    return tuple(
        EnumItem(item.identifier, item.name or other.name, item.text or other.text)
        if (other := others.get(item.identifier)) is not None
        else item
        for item in first
    )


def _parameters(base: tuple[Parameter, ...], more: tuple[Parameter, ...], prefer_more: bool) -> tuple[Parameter, ...]:
    if not base or not more:
        return base or more
    others = {parameter.name: parameter for parameter in more}
    found = [
        _parameter(parameter, other, prefer_more) if (other := others.pop(parameter.name, None)) else parameter
        for parameter in base
    ]
    return (*found, *others.values())


def _parameter(base: Parameter, more: Parameter, prefer_more: bool) -> Parameter:
    first, second = (more, base) if prefer_more else (base, more)
    minimum, maximum = _range(first, second)
    return replace(
        base,
        type=base.type or more.type,
        default=base.default if base.default is not None else more.default,
        text=base.text or more.text,
        enum=_items(first.enum, second.enum),
        minimum=minimum,
        maximum=maximum,
    )
