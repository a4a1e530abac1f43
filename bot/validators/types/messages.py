"""What a checker's message states, as values. Pure; messages are a stranger's text in part, and bounded."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.validators.types.base import Finding


@dataclass(frozen=True)
class NoAttribute:
    """None of the types has the attribute. `omitted`: the message left some of them out."""

    types: tuple[str, ...]
    name: str
    omitted: bool = False


@dataclass(frozen=True)
class NoModuleMember:
    """The module has no such member."""

    module: str
    name: str


@dataclass(frozen=True)
class NoModule:
    """There is no such module."""

    module: str


@dataclass(frozen=True)
class NoKeyword:
    """The function takes no such keyword; `function` as the message names it (`UILayout.prop`, `bevel.__new__`)."""

    function: str
    name: str


@dataclass(frozen=True)
class TooManyArguments:
    """The function was given `given` positional arguments, `self` not counted."""

    function: str
    given: int


@dataclass(frozen=True)
class TooFewArguments:
    """The function was not given the parameter."""

    function: str
    name: str


@dataclass(frozen=True)
class WrongText:
    """The function was given a text that is none of those its parameter takes."""

    function: str
    text: str


@dataclass(frozen=True)
class WrongArgument:
    """The function was given something of another type; `wanted` and `given` as the message spells them."""

    function: str
    wanted: str
    given: str


@dataclass(frozen=True)
class WrongValue:
    """The attribute was assigned a text that is none of those it takes."""

    name: str
    text: str


@dataclass(frozen=True)
class NotAssignable:
    """The attribute cannot be assigned on every type of a union: some lack it, or it takes no such value.

    Checkers say so wherever one of the types is `None`, so this alone is no news. `text` is what was
    assigned, if it was a plain text.
    """

    types: tuple[str, ...]
    name: str
    omitted: bool = False
    text: str = ""


Statement = (
    NotAssignable
    | NoAttribute
    | NoModuleMember
    | NoModule
    | NoKeyword
    | TooManyArguments
    | TooFewArguments
    | WrongText
    | WrongArgument
    | WrongValue
)

_KIND = r"(?P<kind>bound method|function|constructor|)\s?"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("attribute", r"(?:Object of type|Class) `(?P<type>.+)` has no attribute `(?P<name>\w+)`"),
        ("attribute", r"Unresolved attribute `(?P<name>\w+)` on (?:type|class) `(?P<type>.+)`"),
        ("member", r"Module `(?P<type>[\w.]+)` has no member `(?P<name>\w+)`"),
        ("module", r"Cannot resolve imported module `(?P<type>[\w.]+)`"),
        (
            "union",
            r"Attribute `(?P<name>\w+)` is not defined on (?P<type>`.+`) in union `(?P<union>.+)`",
        ),
        ("keyword", rf"Argument `(?P<name>\w+)` does not match any known parameter of {_KIND}`(?P<type>[\w.]+)`"),
        (
            "many",
            rf"Too many positional arguments to {_KIND}`(?P<type>[\w.]+)`: expected \d{{1,4}}, got (?P<name>\d{{1,4}})",
        ),
        ("few", rf"No argument provided for required parameter `(?P<name>\w+)` of {_KIND}`(?P<type>[\w.]+)`"),
        (
            "text",
            (
                rf"Argument to {_KIND}`(?P<type>[\w.]+)` is incorrect: "
                r'Expected `(?P<wanted>.+)`, found `Literal\["(?P<name>[^"\\]{1,200})"\]`'
            ),
        ),
        (
            "argument",
            rf"Argument to {_KIND}`(?P<type>[\w.]+)` is incorrect: Expected `(?P<wanted>.+)`, found `(?P<name>.+)`",
        ),
        (
            "value",
            (
                r'Object of type `Literal\["(?P<text>[^"\\]{1,200})"\]` is not assignable to attribute '
                r"`(?P<name>\w+)` of type `(?P<type>.+)`"
            ),
        ),
        (
            "assignment",
            (
                r"Object of type `(?P<text>.+)` is not assignable to attribute `(?P<name>\w+)` "
                r"on type `(?P<type>.+ \| .+)`"
            ),
        ),
    )
)
_OMITTED = re.compile(r"\.\.\. omitted \d+ union elements?")
_LOOSE = re.compile(r" & ~?[\w.@\[\]]+")
_TEXT = re.compile(r'Literal\["([^"\\]{1,200})"\]')
_TEXTS = re.compile(r'(?:Literal\["|\w+Items\b)')


def statement_of(finding: Finding) -> Statement | None:
    """What a finding states about an API, or null where it speaks of something else."""
    for name, pattern in _PATTERNS:
        match = pattern.match(finding.message)
        if match is not None:
            return _statement(name, match.groupdict())
    return None


def _statement(name: str, found: dict[str, str]) -> Statement | None:
    kind, subject, word = found.get("kind") or "", found["type"], found.get("name") or ""
    match name:
        case "attribute":
            return NoAttribute(type_names(subject), word, _OMITTED.search(subject) is not None)
        case "union":
            rest = {*type_names(found["union"])} - {*type_names(subject.replace("`", ""))}
            lacking = tuple(one for one in type_names(subject.replace("`", "")) if one != "None")
            return NoAttribute(lacking, word) if lacking and not rest - {"None", "Unknown", "Any"} else None
        case "member":
            return NoModuleMember(subject, word)
        case "module":
            return NoModule(subject)
        case "keyword":
            return NoKeyword(subject, word)
        case "many":
            return TooManyArguments(subject, int(word) - (1 if kind in ("bound method", "constructor") else 0))
        case "few":
            return TooFewArguments(subject, word)
        case "text":
            return WrongText(subject, word) if _TEXTS.search(found["wanted"]) else None
        case "argument":
            return WrongArgument(subject, found["wanted"], word)
        case "assignment":
            text = _TEXT.fullmatch(found["text"])
            return NotAssignable(
                type_names(subject), word, _OMITTED.search(subject) is not None, text[1] if text else ""
            )
        case "value":
            return WrongValue(word, found["text"]) if _TEXTS.search(subject) else None
    return None


def type_names(text: str) -> tuple[str, ...]:
    """The types a message lists: `(Material & ~AlwaysFalsy) | None` is Material and None; brackets of generics go."""
    plain = _LOOSE.sub("", _without_brackets(_OMITTED.sub("", text))).replace("(", "").replace(")", "")
    names = (part.strip() for part in plain.split("|"))
    return tuple(dict.fromkeys(name for name in names if name))


def _without_brackets(text: str) -> str:
    """`bpy_prop_collection[Object]` is a bpy_prop_collection; `type[Mesh]` and `<class 'Mesh'>` are Mesh."""
    text = re.sub(r"<class '([\w.]+)'>", r"\1", text)
    text = re.sub(r"\btype\[([\w.]+)\]", r"\1", text)
    kept: list[str] = []
    depth = 0
    for character in text:
        depth += character == "["
        if depth == 0:
            kept.append(character)
        depth -= character == "]" and depth > 0
    return "".join(kept)
