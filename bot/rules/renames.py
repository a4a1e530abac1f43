"""Rules that are a table: members, operators, keywords and types that got another name.

    class DisplayType(Renames):
        code, name, family, since = "SCN107", "display-type", "scene", Release(2, 80)
        triggers = ("draw_type",)
        members = (Member("bpy.types.Object", "draw_type", "display_type", unique=True),)

A place is meant where the type of what stands before the name is known, where the name is one that
no other type of Blender ever had and the add-on does not define, or where Blender raised the fault
at that very place. Everything else is left alone. The names are found in attributes (read, written,
deleted), in `getattr`, `setattr` and `delattr`, in the strings layouts, key frames and drivers take,
in calls of operators and in strings that name operators.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import ClassVar, Final

import libcst as cst

from bot.models.fault import Fault
from bot.models.patch import Decision, Edit, Repair, Requirement
from bot.models.question import Question, QuestionKind
from bot.models.release import Release
from bot.rules.base import Context, Rule
from bot.rules.building import every, repair
from bot.rules.guards import is_guarded, needs_bpy, whole_line
from bot.rules.inference import qualified, types_of
from bot.rules.literals import respelled, said, values_of
from bot.rules.own_names import defined_by_addon, extends_blender
from bot.rules.places import dotted, fault_at, scope_of, text_of
from bot.rules.source import Source
from bot.rules.spellings import Spot, both

NO_GUARD = "older releases need the old spelling, and this place has no room for both; write it by hand"
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True)
class Member:
    """`owner.old` is `owner.new` now. Either may be a path: `cycles_visibility.camera`, `cursor.location`."""

    owner: str
    """The documented type, `bpy.types.Object`."""
    old: str
    new: str = ""
    also: tuple[str, ...] = ()
    """Other types of which the same holds."""
    former: tuple[str, ...] = ()
    """What `owner` itself was called before; no Blender of today can be asked about these."""
    unique: bool = False
    """No type of Blender besides these ever had a member of this name."""
    unless: str = ""
    """A pattern: where it occurs in the function around, `unique` does not hold."""
    values: Mapping[str, str] = field(default_factory=lambda: _NONE)
    """Enum items that were renamed with it."""
    gone: frozenset[str] = frozenset()
    """Enum items without a successor."""
    reason: str = ""
    """Why a person must decide: always where there is no `new`, else where an item is `gone`."""
    library: bool = False
    """It is a list of `bpy.data.libraries.load`, too."""
    documented: bool = True
    """Whether a Blender can be asked for the new name (it cannot for what only some editors' context has)."""

    @property
    def owners(self) -> tuple[str, ...]:
        """Every type it is or was a member of."""
        return (self.owner, *self.also, *self.former)


@dataclass(frozen=True)
class Operator:
    """`bpy.ops.<old>` is `bpy.ops.<new>` now; both written `object.lamp_add`."""

    old: str
    new: str
    keywords: Mapping[str, str] = field(default_factory=lambda: _NONE)
    """Its keywords that were renamed with it."""


@dataclass(frozen=True)
class Keyword:
    """The operator `bpy.ops.<operator>` takes `new` where it took `old`."""

    operator: str
    old: str
    new: str


@dataclass(frozen=True)
class TypeName:
    """`bpy.types.<old>` is `bpy.types.<new>` now."""

    old: str
    new: str


@dataclass(frozen=True)
class _Place:
    spot: Spot
    message: str
    title: str
    question: Question
    owner: str
    member: str
    requires: Question | None = None
    fault: Fault | None = None
    reason: str = ""


class Renames(Rule):
    """A rule whose facts are renamed things; see the module."""

    members: ClassVar[tuple[Member, ...]] = ()
    operators: ClassVar[tuple[Operator, ...]] = ()
    keywords: ClassVar[tuple[Keyword, ...]] = ()
    types: ClassVar[tuple[TypeName, ...]] = ()

    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every place one of the old names stands at."""
        places = [
            *_member_places(self, source, context),
            *_operator_places(self, source, context),
            *_keyword_places(self, source, context),
            *_type_places(self, source, context),
        ]
        places.sort(key=lambda place: source.start(place.spot.node))
        covered = context.covers(self.since)
        guarded: list[Edit | None] = []
        if not covered:
            places = [replace(place, reason=place.reason or _why_not(source, place.spot)) for place in places]
            guarded = both(source, [place.spot for place in places if not place.reason], self.since, self.until)
        later = iter(guarded)
        bpy = None if covered else needs_bpy(source)
        for place in places:
            reason, edits = place.reason, place.spot.edits
            if not reason and not covered:
                edit = next(later)
                edits, reason = ((edit,), "") if edit else ((), NO_GUARD)
                edits = (*edits, bpy) if edits and bpy else edits
            yield repair(
                self,
                source,
                place.spot.node,
                place.message,
                place.title,
                decision=Decision.EXPLAIN if reason else Decision.REPAIR,
                reason=reason,
                edits=() if reason else edits,
                question=place.question,
                requires=()
                if reason or place.requires is None
                else (Requirement(question=place.requires, since=None if covered else self.since, until=self.until),),
                owner=place.owner,
                member=place.member,
                fault=place.fault,
            )

    def along(self, source: Source, member: Member, node: cst.BaseExpression) -> tuple[tuple[Edit, ...], str]:
        """What else changes where a member stands, and why a person must decide (empty: nobody must)."""
        return (), ""

    def answers(self, fault: Fault) -> bool:
        """An error that says one of the old names is missing from one of its owners."""
        if any(fault.member == one.old for one in self.types) and fault.owner in (None, "bpy.types"):
            return True
        for one in self.members:
            if fault.member == one.old.split(".")[0] and fault.owner in (None, *map(_short, one.owners)):
                return True
        for operator in self.operators:
            if f"BPY_OPS_{operator.old}".lower() in fault.message.lower().replace("bpy.ops.", "bpy_ops_"):
                return True
            if re.search(rf"{operator.old.split('.')[1]}\b.*could not be found", fault.message):
                return True
        return False


# Members ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Found:
    """A name where it stands: `holder` is what it is asked of, `edits` spell it anew, `place` is all of it."""

    member: Member
    holder: cst.BaseExpression
    node: cst.BaseExpression
    edits: tuple[Edit, ...]
    whole: bool = False


def _member_places(rule: Renames, source: Source, context: Context) -> Iterator[_Place]:
    if not rule.members:
        return
    table = sorted(rule.members, key=lambda member: -member.old.count("."))
    claimed: set[cst.CSTNode] = set()
    for found in (*_in_strings(source, table), *_in_attributes(source, table)):
        if found.node in claimed:
            continue
        meant, fault = _meant(rule, source, context, found)
        if not meant or _is_guarded(rule, source, context, found.node, fault):
            continue
        claimed.update(_inside(found.node, found.holder))
        yield _member_place(rule, source, found, fault)


def _inside(node: cst.BaseExpression, holder: cst.BaseExpression) -> Iterator[cst.CSTNode]:
    """The links of a path, from its end down to what it begins with."""
    yield node
    for parts in node.args if isinstance(node, cst.Call) else (node,):
        current: cst.CSTNode = parts.value if isinstance(parts, cst.Arg) else parts
        while isinstance(current, cst.Attribute) and current is not holder:
            yield current
            current = current.value


def _member_place(rule: Renames, source: Source, found: _Found, fault: Fault | None) -> _Place:
    member = found.member
    known = types_of(source).of(found.holder)
    owner = known if known in (member.owner, *member.also) else _named_owner(member, fault) or member.owner
    node, edits, reason = found.node, found.edits, "" if member.new else member.reason
    for literal in values_of(source, found.node) if member.values or member.gone else ():
        text = said(literal)
        if text in member.gone:
            reason = member.reason
        elif text in member.values:
            edits = (*edits, respelled(source, literal, member.values[text]))
    if len(edits) > len(found.edits):
        node = _comparison(source, node) or node
    more, why = rule.along(source, member, found.node)
    edits, reason = (*edits, *more), reason or why
    first = member.old.split(".")[0]
    return _Place(
        Spot(node, edits, found.whole or _written(source, node)),
        f"{_short(owner)} has no {member.old} since Blender {rule.since}",
        f"use {member.new}" if member.new else "write it anew",
        Question(kind=QuestionKind.MEMBER, owner=owner, name=first),
        _short(owner),
        first,
        Question(kind=QuestionKind.MEMBER, owner=owner, name=member.new.split(".")[0])
        if member.new and member.documented
        else None,
        fault,
        reason,
    )


def _in_attributes(source: Source, table: Sequence[Member]) -> Iterator[_Found]:
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
            yield _Found(member, holder, node, (edit,))


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


def _in_strings(source: Source, table: Sequence[Member]) -> Iterator[_Found]:
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
                yield _Found(member, begin, node, edits, whole=bool(before) and _is_statement(source, call))


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
            path = given[0] if given else _keyword(call, "data_path")
            if path is not None:
                yield function.value, path, True
        for at in _PROPERTY_OF.get(function.attr.value, ()):
            if len(given) > at + 1:
                yield given[at], given[at + 1], False
        owner, name = _keyword(call, "data"), _keyword(call, "property")
        if function.attr.value in _PROPERTY_OF and owner is not None and name is not None:
            yield owner, name, False


def _keyword(call: cst.Call, name: str) -> cst.BaseExpression | None:
    return next((one.value for one in call.args if one.keyword is not None and one.keyword.value == name), None)


def _first_word(path: str) -> tuple[str, str]:
    end = re.match(r"\w*", path)
    word = end[0] if end else ""
    return word, path[len(word) :]


# Which places are meant -----------------------------------------------------------------------------


def _meant(rule: Renames, source: Source, context: Context, found: _Found) -> tuple[bool, Fault | None]:
    """Whether the name is Blender's here, and the fault Blender raised at it."""
    member = found.member
    first = member.old.split(".")[0]
    if any(extends_blender(source, context, owner, first) for owner in member.owners):
        return False, None
    known = types_of(source).of(found.holder)
    if known is not None and known not in member.owners:
        return False, None
    fault = _blamed(source, context, found, known)
    if known is not None or fault is not None:
        return True, fault
    if member.library and _is_library(source, found.holder):
        return True, None
    itself = isinstance(found.holder, cst.Name) and found.holder.value in ("self", "cls")
    if not member.unique or itself or defined_by_addon(source, context, first):
        return False, None
    around = scope_of(source, found.node)
    return not (member.unless and re.search(member.unless, source.code(around))), None


def _blamed(source: Source, context: Context, found: _Found, known: str | None) -> Fault | None:
    """The error of this very name: of what is not known by type, it is the only one on its lines."""
    first = found.member.old.split(".")[0]
    shorts = "|".join(re.escape(_short(owner)) for owner in found.member.owners)
    fault = fault_at(
        source, found.node, context, rf"'(?:{shorts})' object has no attribute '{first}'|\b{first}['\"]? not found"
    )
    if fault is None or known is not None:
        return fault
    types = types_of(source)
    rivals = {
        source.code(other.value)
        for other in every(source, cst.Attribute)
        if other.attr.value == first
        and source.line(other) == source.line(found.node)
        and types.of(other.value) in (None, *found.member.owners)
    }
    return fault if len(rivals) <= 1 else None


def _named_owner(member: Member, fault: Fault | None) -> str | None:
    """The one of a member's owners that an error names."""
    named = re.search(r"'(\w+)' object", fault.message) if fault else None
    return next((owner for owner in member.also if named and _short(owner) == named[1]), None)


def _is_library(source: Source, node: cst.BaseExpression) -> bool:
    """Whether a name is one of the two `bpy.data.libraries.load(…)` gives in this function."""
    if not isinstance(node, cst.Name):
        return False
    scope = scope_of(source, node)
    for statement in every(source, cst.With):
        if scope_of(source, statement) is not scope:
            continue
        for item in statement.items:
            called = item.item.func if isinstance(item.item, cst.Call) else None
            if called is None or not (dotted(called) or "").endswith("libraries.load") or item.asname is None:
                continue
            given = item.asname.name
            names = [part.value for part in given.elements] if isinstance(given, cst.Tuple) else [given]
            if any(isinstance(name, cst.Name) and name.value == node.value for name in names):
                return True
    return False


_MARKERS: Final[Mapping[Release, frozenset[str]]] = MappingProxyType(
    {
        Release(2, 80): frozenset(
            (
                "collection", "collections", "display_type", "evaluated_depsgraph_get", "evaluated_get", "lights",
                "preferences", "register_class", "register_module", "select", "select_get", "select_set",
                "user_preferences", "users_collection", "view_layer", "view_layers",
            )
        ),
    }
)  # fmt: skip
"""Names add-ons ask for to tell on which side of a release they are."""


def _is_guarded(rule: Renames, source: Source, context: Context, node: cst.CSTNode, fault: Fault | None) -> bool:
    names = set(_MARKERS.get(rule.since, ()))
    for member in rule.members:
        names |= {*member.old.split("."), *member.new.split(".")}
    names |= {word for one in rule.types for word in (one.old, one.new)}
    names |= {word.split(".")[1] for one in rule.operators for word in (one.old, one.new)}
    releases = [r for r in context.targets if r >= rule.since and (rule.until is None or r < rule.until)]
    return is_guarded(source, node, releases, names - {""}, seen=fault is not None)


# Operators and their keywords ----------------------------------------------------------------------

_TAKES_OPERATOR: Final = frozenset(
    ("operator", "operator_enum", "operator_menu_enum", "operator_menu_hold", "popup_menu", "operator_context")
)


def _operator_places(rule: Renames, source: Source, context: Context) -> Iterator[_Place]:
    table = {one.old: one for one in rule.operators}
    for call in every(source, cst.Call) if table else ():
        name = (qualified(source, call.func) or "").removeprefix("bpy.ops.")
        if name in table and isinstance(call.func, cst.Attribute):
            chosen, spot = table[name], _called_operator(source, call, call.func, table[name])
        else:
            text = _operator_text(source, call)
            if text is None or (text_of(text) or "") not in table:
                continue
            chosen = table[text_of(text) or ""]
            spot = Spot(text, (respelled(source, text, chosen.new),))
        fault = fault_at(source, call, context, rf"{re.escape(chosen.old.split('.')[1])}\b.*could not be found")
        if not _is_guarded(rule, source, context, call, fault):
            yield _operator_place(rule, chosen, spot, fault)


def _operator_place(rule: Renames, chosen: Operator, spot: Spot, fault: Fault | None) -> _Place:
    module, old = chosen.old.split(".")
    into, new = chosen.new.split(".")
    return _Place(
        spot,
        f"there is no operator {chosen.old} since Blender {rule.since}",
        f"use {chosen.new}",
        Question(kind=QuestionKind.MEMBER, owner=f"bpy.ops.{module}", name=old),
        f"bpy.ops.{module}",
        old,
        Question(kind=QuestionKind.MEMBER, owner=f"bpy.ops.{into}", name=new),
        fault,
    )


def _called_operator(source: Source, call: cst.Call, function: cst.Attribute, chosen: Operator) -> Spot:
    into, new = chosen.new.split(".")
    edits = [source.replace(function.attr, new)]
    if into != chosen.old.split(".")[0]:
        if isinstance(function.value, cst.Attribute):
            edits.append(source.replace(function.value.attr, into))
        else:
            edits.append(source.replace(function.value, f"bpy.ops.{into}"))
    for argument in call.args:
        if argument.keyword is not None and argument.keyword.value in chosen.keywords:
            edits.append(source.replace(argument.keyword, chosen.keywords[argument.keyword.value]))
    return Spot(call, tuple(edits))


def _operator_text(source: Source, call: cst.Call) -> cst.SimpleString | None:
    """The literal that names an operator: `layout.operator("object.lamp_add")`, `keymap_items.new("…", …)`."""
    function = call.func
    if not isinstance(function, cst.Attribute) or not call.args:
        return None
    first = call.args[0]
    if not isinstance(first.value, cst.SimpleString) or first.star:
        return None
    if first.keyword is not None and first.keyword.value not in ("operator", "idname"):
        return None
    if function.attr.value in _TAKES_OPERATOR:
        return first.value
    holder = function.value
    items = isinstance(holder, cst.Attribute) and holder.attr.value == "keymap_items"
    return first.value if items or function.attr.value == "find_item_from_operator" else None


def _keyword_places(rule: Renames, source: Source, context: Context) -> Iterator[_Place]:
    table = {(one.operator, one.old): one for one in rule.keywords}
    for call in every(source, cst.Call) if table else ():
        name = (qualified(source, call.func) or "").removeprefix("bpy.ops.")
        for argument in call.args:
            chosen = table.get((name, argument.keyword.value)) if argument.keyword is not None else None
            if chosen is None or argument.keyword is None or _keyword(call, chosen.new) is not None:
                continue
            fault = fault_at(source, call, context, rf"keyword \"{re.escape(chosen.old)}\" unrecognized")
            if _is_guarded(rule, source, context, call, fault):
                continue
            owner = f"bpy.ops.{chosen.operator}"
            yield _Place(
                Spot(call, (source.replace(argument.keyword, chosen.new),)),
                f"{owner} has no keyword {chosen.old} since Blender {rule.since}",
                f"use {chosen.new}=",
                Question(kind=QuestionKind.KEYWORD, owner=owner, name=chosen.old),
                owner,
                chosen.old,
                Question(kind=QuestionKind.KEYWORD, owner=owner, name=chosen.new),
                fault,
            )


# Types --------------------------------------------------------------------------------------------


def _type_places(rule: Renames, source: Source, context: Context) -> Iterator[_Place]:
    table = {one.old: one for one in rule.types}
    for node in every(source, cst.Attribute) if table else ():
        chosen = table.get(node.attr.value)
        if chosen is not None and qualified(source, node) == f"bpy.types.{chosen.old}":
            yield from _type_place(rule, source, context, chosen, node, node.attr, chosen.new)
    for statement in every(source, cst.ImportFrom) if table else ():
        if statement.module is None or dotted(statement.module) != "bpy.types" or statement.relative:
            continue
        for alias in statement.names if not isinstance(statement.names, cst.ImportStar) else ():
            chosen = table.get(alias.name.value) if isinstance(alias.name, cst.Name) else None
            if chosen is not None:
                new = chosen.new if alias.asname else f"{chosen.new} as {chosen.old}"
                yield from _type_place(rule, source, context, chosen, statement, alias.name, new)


def _type_place(
    rule: Renames,
    source: Source,
    context: Context,
    chosen: TypeName,
    node: cst.CSTNode,
    name: cst.CSTNode,
    new: str,
) -> Iterator[_Place]:
    fault = fault_at(source, node, context, rf"no attribute '{chosen.old}'|cannot import name '{chosen.old}'")
    if _is_guarded(rule, source, context, node, fault):
        return
    yield _Place(
        Spot(node, (source.replace(name, new),), whole=isinstance(node, cst.ImportFrom)),
        f"there is no bpy.types.{chosen.old} since Blender {rule.since}",
        f"use bpy.types.{chosen.new}",
        Question(kind=QuestionKind.MEMBER, owner="bpy.types", name=chosen.old),
        "bpy.types",
        chosen.old,
        Question(kind=QuestionKind.MEMBER, owner="bpy.types", name=chosen.new),
        fault,
    )


def _why_not(source: Source, spot: Spot) -> str:
    """Why two spellings cannot stand here: what is edited reaches beyond what can be written twice."""
    node = whole_line(source, spot.node) or spot.node
    start, end = source.start(node), source.end(node)
    return "" if all(start <= edit.start and edit.end <= end for edit in spot.edits) else NO_GUARD


# Small things -------------------------------------------------------------------------------------


def _short(owner: str) -> str:
    return owner.rpartition(".")[2]


def _comparison(source: Source, node: cst.CSTNode) -> cst.Comparison | None:
    """The comparison a node is a side of."""
    for parent in source.ancestors(node):
        if not isinstance(parent, cst.ComparisonTarget):
            return parent if isinstance(parent, cst.Comparison) else None
    return None


def _is_statement(source: Source, node: cst.CSTNode) -> bool:
    return isinstance(source.parent(node), cst.Expr)


def _written(source: Source, node: cst.CSTNode) -> bool:
    """Whether a node is (part of) a target: no expression can stand in its place."""
    child = node
    for parent in source.ancestors(node):
        if isinstance(parent, cst.AssignTarget | cst.Del):
            return True
        if isinstance(parent, cst.AugAssign | cst.AnnAssign | cst.For | cst.CompFor | cst.NamedExpr):
            return parent.target is child
        if not isinstance(parent, cst.Tuple | cst.List | cst.Element | cst.StarredElement):
            return False
        child = parent
    return False
