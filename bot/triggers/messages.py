"""What an error message of Blender or Python names: the type and the member that do not fit."""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.models.fault import Fault, FaultKind, FaultSource, Proof

LIMIT = 5_000
"""No more characters of a message are read."""


class Named(NamedTuple):
    """The owner and the member a message is about, as far as it names them."""

    owner: str | None = None
    member: str | None = None


_WORD = r"[\w.]{1,200}"
_OWNER = rf"(?P<owner>{_WORD})"
_MEMBER = r"(?P<member>\w{1,200})"

_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"module '{_OWNER}' has no attribute '{_MEMBER}'",
        rf"type object '{_OWNER}' has no attribute '{_MEMBER}'",
        rf"'{_OWNER}' object has no attribute '{_MEMBER}'",
        rf"\"{_OWNER}\" has no attribute \"{_MEMBER}\"",
        rf"'{_OWNER}' object attribute '{_MEMBER}' is read-only",
        rf"attribute \"{_MEMBER}\" from \"{_OWNER}\" is read-only",
        rf"property '{_MEMBER}' of {_OWNER} is assigned, not annotated",
        r"(?P<owner>bpy_prop_collection)\[key\]: key \"(?P<member>[^\"\n]{1,200})\" not found",
        r"enum \"(?P<member>[^\"\n]{0,200})\" not found in",
        # a product of two types: the member is the right-hand type, as in the question `product`
        rf"not supported between '{_OWNER}' and '(?P<member>{_WORD})' types",
        rf"unsupported operand type\(s\) for [^:\n]{{1,20}}: '{_OWNER}' and '(?P<member>{_WORD})'",
        r"(?P<owner>bpy\.ops)(?=.{0,200}execution context is supported)",
        rf"Calling operator \"(?P<owner>bpy\.ops(?:\.\w{{1,100}})?)\.{_MEMBER}\" error",
        rf"keyword \"{_MEMBER}\" unrecognized",
        rf"{_OWNER}\(\) got an unexpected keyword argument '{_MEMBER}'",
        rf"cannot import name '{_MEMBER}' from (?:partially initialized module )?'{_OWNER}'",
        rf"No module named '(?P<member>{_WORD})'",
        rf"property not found: {_OWNER}\.{_MEMBER}",
        rf"unknown operator '(?P<owner>\w{{1,100}})\.{_MEMBER}'",
        rf"already registered as a subclass '{_OWNER}'",
        rf"name '{_MEMBER}' is not defined",
        rf"cannot access local variable '{_MEMBER}'",
        rf"(?<![\w.])(?P<owner>[A-Za-z_]\w{{0,100}}(?:\.\w{{1,100}}){{0,4}})\.{_MEMBER}\(\)",
    )
)
"""Most telling first: the first that matches decides."""

_CONTEXT = re.compile(r"\b1-\d args execution context is supported")

_EXCEPTION = re.compile(r"(?P<type>[A-Za-z_]\w{0,100}(?:\.\w{1,100}){0,8})(?:: ?(?P<message>.*))?", re.DOTALL)
_EXCEPTION_NAME = re.compile(r"(?:[\w.]*(?:Error|Exception|Warning|Interrupt|Exit|Iteration)|[\w.]*\.[A-Z]\w*)")


def named_in(message: str) -> Named:
    """The owner and member a message names; both null where it names none."""
    message = message[:LIMIT]
    if _CONTEXT.search(message):
        return Named("bpy.ops")
    for pattern in _PATTERNS:
        if match := pattern.search(message):
            groups = match.groupdict()
            owner = groups.get("owner")
            if owner is None and message[match.start() :].startswith("No module named"):
                owner = "module"
            return Named(owner, groups.get("member"))
    return Named()


def split(text: str) -> tuple[str | None, str]:
    """`AttributeError: 'Mesh' …` as its exception and its message; the exception is null where there is none."""
    text = text[:LIMIT].strip()
    match = _EXCEPTION.fullmatch(text)
    if match and _EXCEPTION_NAME.fullmatch(match["type"]):
        return match["type"], (match["message"] or "").strip()
    return None, text


def fault_of(text: str) -> Fault:
    """The fault a person describes by an error message, with or without the exception before it.

    Of several lines the last one that begins with an exception counts, as in a traceback.
    """
    text = text[:LIMIT].encode("utf-8", "replace").decode()
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    chosen = next((line for line in reversed(lines) if split(line)[0]), " ".join(lines))
    exception, message = split(chosen)
    owner, member = named_in(message)
    return Fault(
        kind=FaultKind.LOG,
        owner=owner,
        member=member,
        message=message,
        exception=exception,
        source=FaultSource.LOG,
        proof=Proof.STATIC,
    )
