"""What most rules share: every node of a kind, and a repair with its place filled in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final, TypedDict, TypeVar, Unpack, cast

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Decision, Edit, Repair, Requirement
from bot.models.question import Question
from bot.rules.base import Rule
from bot.rules.places import walk
from bot.rules.source import Source

_KEPT_AS: Final = "_nodes_by_type"
Node = TypeVar("Node", bound=cst.CSTNode)


class Details(TypedDict, total=False):
    """What a repair holds besides its place and its words; see `Repair`."""

    decision: Decision
    reason: str
    edits: Sequence[Edit]
    question: Question | None
    requires: Sequence[Requirement]
    owner: str | None
    member: str | None
    fault: Fault | None
    cleared_by: str | None


def every(source: Source, kind: type[Node]) -> Sequence[Node]:
    """All nodes of exactly this type, in the order of the text. The file is walked once for all rules."""
    kept: dict[str, object] = vars(source)
    if _KEPT_AS not in kept:
        by_type: dict[type, list[cst.CSTNode]] = defaultdict(list)
        for node in walk(source.module):
            by_type[type(node)].append(node)
        kept[_KEPT_AS] = dict(by_type)
    table = cast("dict[type, list[Node]]", kept[_KEPT_AS])
    return table.get(kind, [])


def repair(
    rule: Rule, source: Source, node: cst.CSTNode, message: str, title: str, **details: Unpack[Details]
) -> Repair:
    """A repair of `rule` at `node`; `message` names the fault, `title` the cure.

    One that a person must decide (`decision`, with a `reason`) holds no edits.
    """
    return Repair.model_validate(
        {
            "rule": rule.code,
            "path": source.path,
            "line": source.line(node),
            "end_line": source.end_line(node),
            "message": message,
            "title": title,
            **details,
        }
    )


def plain_arguments(call: cst.Call) -> bool:
    """Whether a call is written without `*` and `**`, so that every argument's place is known."""
    return not any(argument.star for argument in call.args)


def as_test(source: Source, node: cst.BaseExpression) -> str:
    """An expression as it can stand between `if` and `else` of another one."""
    text = source.code(node)
    return f"({text})" if isinstance(node, cst.IfExp | cst.Lambda) and not node.lpar else text
