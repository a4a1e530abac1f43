"""What a context override holds: how the dictionary was made decides how it is handed on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

import libcst as cst

from bot.models.patch import Edit
from bot.rules.places import dotted, scope_of, text_of, walk
from bot.rules.source import Source

_NAMED = re.compile(r"over_?ride|ctx|contx|_context|context_|ctxt", re.IGNORECASE)


class Making(Enum):
    """How much is known of the dictionary."""

    MEMBERS = "members"
    """It holds only what was put into it."""
    COPY = "copy"
    """It began as a copy of the whole context."""
    LIKELY = "likely"
    """Made elsewhere, but named as an override is."""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Override:
    """How a dictionary was made, and the edits that let it begin empty instead of as a whole copy."""

    making: Making
    edits: tuple[Edit, ...] = ()


def is_context_copy(node: cst.BaseExpression) -> bool:
    """`context.copy()`, `bpy.context.copy()`, `C.copy()`, also inside `dict(…)`."""
    if not isinstance(node, cst.Call):
        return False
    called = dotted(node.func)
    if called == "dict" and len(node.args) == 1 and not node.args[0].star:
        return is_context_copy(node.args[0].value)
    if called is None or not called.endswith(".copy") or node.args:
        return False
    holder = called.removesuffix(".copy").split(".")[-1]
    return holder in ("context", "C", "ctx", "_context")


def is_members(node: cst.BaseExpression) -> bool:
    """`{…}`, or `dict(…)` of keywords only."""
    if isinstance(node, cst.Dict):
        return True
    return (
        isinstance(node, cst.Call)
        and dotted(node.func) == "dict"
        and all(argument.keyword is not None for argument in node.args)
    )


def made(source: Source, value: cst.BaseExpression, others: Sequence[Source]) -> Override:
    """How the dictionary `value` was made."""
    if is_members(value):
        return Override(Making.MEMBERS)
    if is_context_copy(value):
        return Override(Making.COPY)
    if isinstance(value, cst.Call):
        return Override(_called(value, (source, *others)))
    if isinstance(value, cst.Name):
        return _named(source, value, others)
    called = dotted(value)
    last = called.split(".")[-1] if called else ""
    return Override(Making.LIKELY if last != "context" and _NAMED.search(last) else Making.UNKNOWN)


def _named(source: Source, name: cst.Name, others: Sequence[Source]) -> Override:
    scope = scope_of(source, name)
    values = list(_assigned(scope, name.value))
    if not values:
        likely = name.value != "context" and _NAMED.search(name.value)
        return Override(Making.LIKELY if likely else Making.UNKNOWN)
    makings = {_making(source, value, others) for value in values}
    if makings == {Making.MEMBERS}:
        return Override(Making.MEMBERS)
    if makings <= {Making.MEMBERS, Making.COPY}:
        copies = tuple(source.replace(value, "{}") for value in values if is_context_copy(value))
        return Override(Making.MEMBERS, copies) if _only_filled(source, scope, name.value) else Override(Making.COPY)
    if Making.UNKNOWN in makings:
        return Override(Making.UNKNOWN)
    return Override(Making.COPY if Making.COPY in makings else Making.LIKELY)


def _making(source: Source, value: cst.BaseExpression, others: Sequence[Source]) -> Making:
    if is_members(value):
        return Making.MEMBERS
    if is_context_copy(value):
        return Making.COPY
    return _called(value, (source, *others)) if isinstance(value, cst.Call) else Making.UNKNOWN


def _called(call: cst.Call, sources: Sequence[Source]) -> Making:
    """What a helper returns, as far as one of its name can be read."""
    name = (dotted(call.func) or "").split(".")[-1]
    if not name:
        return Making.UNKNOWN
    for source in sources:
        if f"def {name}" not in source.text:
            continue
        for node in walk(source.module):
            if isinstance(node, cst.FunctionDef) and node.name.value == name:
                copies = any(isinstance(inner, cst.Call) and is_context_copy(inner) for inner in walk(node.body))
                if copies:
                    return Making.COPY
    return Making.LIKELY if _NAMED.search(name) else Making.UNKNOWN


def _assigned(scope: cst.CSTNode, name: str) -> Iterator[cst.BaseExpression]:
    for node in _own(scope):
        if isinstance(node, cst.Assign):
            targets: list[cst.BaseExpression] = [target.target for target in node.targets]
        elif isinstance(node, cst.AnnAssign):
            targets = [node.target]
        else:
            continue
        if node.value is not None and any(_is_name(target, name) for target in targets):
            yield node.value


def _own(scope: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """What is in a scope, without the functions and classes inside it."""
    stack = [scope]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(
            child
            for child in reversed(node.children)
            if not isinstance(child, cst.FunctionDef | cst.ClassDef | cst.Lambda)
        )


def _only_filled(source: Source, scope: cst.CSTNode, name: str) -> bool:
    """Whether the dictionary is only made, filled by key, read by keys it was filled with, and handed to operators."""
    filled: set[str] = set()
    read: set[str] = set()
    for node in walk(scope):
        parent = source.parent(node)
        if not _is_name(node, name) or isinstance(parent, cst.AssignTarget):
            continue
        if isinstance(parent, cst.Subscript) and parent.value is node:
            key = _key(parent)
            if key is None:
                return False
            (filled if isinstance(source.parent(parent), cst.AssignTarget) else read).add(key)
        elif isinstance(parent, cst.Attribute) and parent.value is node:
            if not _updated(source, parent):
                return False
        elif not (
            isinstance(parent, cst.Attribute) or (isinstance(parent, cst.Arg) and _harmless(source, parent, node))
        ):
            return False
    return read <= filled


def _updated(source: Source, method: cst.Attribute) -> bool:
    """`name.update(…)` with keywords or a dictionary display."""
    call = source.parent(method)
    return (
        method.attr.value == "update"
        and isinstance(call, cst.Call)
        and all(argument.keyword is not None or isinstance(argument.value, cst.Dict) for argument in call.args)
    )


def _harmless(source: Source, argument: cst.Arg, node: cst.CSTNode) -> bool:
    return argument.keyword is node or _to_operator(source, argument)


def _is_name(node: cst.CSTNode, name: str) -> bool:
    return isinstance(node, cst.Name) and node.value == name


def _key(subscript: cst.Subscript) -> str | None:
    element = subscript.slice[0].slice if len(subscript.slice) == 1 else None
    return text_of(element.value) if isinstance(element, cst.Index) else None


def _to_operator(source: Source, argument: cst.Arg) -> bool:
    """The first argument of an operator, or `**name` of `temp_override`."""
    call = source.parent(argument)
    if not isinstance(call, cst.Call):
        return False
    called = dotted(call.func) or ""
    if called.startswith("bpy.ops.") and call.args[0] is argument and not argument.star:
        return True
    return called.endswith(".temp_override") and argument.star == "**"
