"""What a finding claims of Blender's API, as the questions that decide it.

A claim stands if every one of its questions is answered "no": of a union none of the types has the
attribute. What speaks of the add-on's own classes or of other people's modules is no claim at all.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from bot.models.question import Question, QuestionKind
from bot.rules.inference import qualified, types_of
from bot.rules.places import dotted
from bot.rules.source import Source
from bot.validators.api import OVERRIDE
from bot.validators.types import messages
from bot.validators.types.messages import Statement
from bot.validators.types.nodes import OwnClasses, call_of, enclosing_class
from indexer.blender_api.signature import Signature
from indexer.blender_api.table import ApiTable

MOST_OWNERS = 24
"""Of a union with more types nothing is claimed."""

HAS_NO = "{owner} has no {name} in Blender {release}"
NO_KEYWORD = "{owner} takes no keyword {name} in Blender {release}"
TOO_MANY = "{owner} does not take {name} positional argument(s) in Blender {release}"
TOO_FEW = "{owner} needs the argument {name} in Blender {release}"
NO_ITEM = "{owner} has no item {name} in Blender {release}"
NO_MODULE = "There is no module {owner} in Blender {release}"
NO_OVERRIDE = "{owner} takes no context override as an argument in Blender {release}"

_BLENDER = ("bpy", "mathutils", "bmesh", "gpu", "bgl", "blf", "gpu_extras", "bpy_extras", "aud", "idprop", "imbuf")
_FOREIGN = re.compile(r"bpy\.ops\.(?:import|export)_")
"""Operators that come with add-ons which a user may have, whatever a bare Blender says."""
_VOID = frozenset({"None", "Unknown", "Any"})


@dataclass(frozen=True)
class Claim:
    """`questions` is empty where no Blender can be asked. `message` has a place for the release."""

    questions: tuple[Question, ...]
    owner: str
    member: str
    message: str

    def text(self, release: object) -> str:
        """The sentence for people, who write `Mesh` and not `bpy.types.Mesh`."""
        return self.message.format(owner=self.owner.removeprefix("bpy.types."), name=self.member, release=release)


@dataclass
class Api:
    """The two tables a claim is measured by, and the add-on's own classes.

    `origin` is the release the add-on was written for, `target` the one that is looked at.
    """

    origin: ApiTable
    target: ApiTable
    own: OwnClasses
    _children: dict[str, list[str]] | None = field(default=None, repr=False)

    def owner(self, name: str) -> str | None:
        """The documented name of one of Blender's types, in either release."""
        full = self.target.resolve(name) or self.origin.resolve(name)
        return full if full is not None and full.partition(".")[0] in _BLENDER else None

    def lost(self, owner: str, name: str) -> bool:
        """Whether the target's stubs are sure that neither a type nor one derived from it has a name."""
        if self.target.has_member(owner, name) is not False:
            return False
        return not any(self.target.has_member(child, name) is not False for child in self._below(owner))

    def _below(self, owner: str) -> Iterator[str]:
        if self._children is None:
            self._children = {}
            for entry in self.target.symbols():
                for base in entry.bases:
                    self._children.setdefault(base, []).append(entry.symbol)
        waiting, seen = [owner], {owner}
        while waiting:
            for child in self._children.get(waiting.pop(), ()):
                if child not in seen:
                    seen.add(child)
                    waiting.append(child)
                    yield child


def plausible(statement: Statement, api: Api) -> bool:
    """Whether a statement can come to a claim at all: asked before its file is parsed, for most cannot."""
    match statement:
        case messages.NoAttribute(types, name) | messages.NotAssignable(types, name):
            if name not in api.origin.by_last_name:
                return False
            foreign = [one for one in types if one not in _VOID and not _is_own(one, api)]
            owners = [api.owner(one) for one in foreign]
            assigned = isinstance(statement, messages.NotAssignable) and statement.text
            return all(owner is not None and (assigned or api.lost(owner, name)) for owner in owners)
        case messages.WrongArgument(function, _, given):
            return function.endswith(".__new__") and given.startswith("dict[")
        case messages.WrongText(function) | messages.NoKeyword(function) | messages.TooManyArguments(function):
            return function.partition(".")[0] not in api.own
    return True


def claim_of(statement: Statement, source: Source, node: cst.CSTNode, api: Api) -> Claim | None:
    """What a statement at a node claims of the API, or null."""
    match statement:
        case messages.NoAttribute(types, name, omitted):
            return _attribute(types, name, omitted, source, node, api)
        case messages.NotAssignable():
            return _assigned(statement, source, node, api)
        case messages.NoModuleMember(module, name):
            return _module_member(module, name)
        case messages.NoModule(module):
            known = module.partition(".")[0] in sys.stdlib_module_names or api.target.has_module(module) is False
            question = Question(kind=QuestionKind.MODULE, owner=module)
            return Claim((question,), module, "", NO_MODULE) if known else None
        case messages.NoKeyword(function, name):
            owner = _function(function, source, node, api)
            return _one(QuestionKind.KEYWORD, owner, name, NO_KEYWORD) if owner else None
        case messages.TooManyArguments(function, given):
            owner = _function(function, source, node, api)
            return _one(QuestionKind.POSITIONAL, owner, str(given), TOO_MANY) if owner else None
        case messages.TooFewArguments(function, name):
            owner = _function(function, source, node, api)
            return Claim((), owner, name, TOO_FEW) if owner else None
        case messages.WrongText(function, text):
            return _item(function, text, source, node, api)
        case messages.WrongArgument(function, _, given):
            return _override(function, given, source, node, api)
        case messages.WrongValue(name, text):
            return _value(name, text, source, node, api)
    return None


def _one(kind: QuestionKind, owner: str, name: str, message: str) -> Claim:
    return Claim((Question(kind=kind, owner=owner, name=name),), owner, name, message)


def _attribute(
    types: Sequence[str], name: str, omitted: bool, source: Source, node: cst.CSTNode, api: Api
) -> Claim | None:
    owners = _owners(types, name, omitted, source, node, api)
    if not owners or not all(api.lost(owner, name) for owner in owners):
        return None
    had = [owner for owner in owners if api.origin.has_member(owner, name) is True]
    asked = had or owners
    if "bpy.types.Context" in asked:
        return Claim(
            (), asked[0], name, HAS_NO
        )  # what a context has depends on the editor, and a bare Blender has none
    questions = tuple(Question(kind=QuestionKind.MEMBER, owner=owner, name=name) for owner in asked)
    return Claim(questions, asked[0], name, HAS_NO)


def _assigned(statement: messages.NotAssignable, source: Source, node: cst.CSTNode, api: Api) -> Claim | None:
    """The checker says the same of both releases; what the tables say of them differs, or there is no claim."""
    owners = _owners(statement.types, statement.name, statement.omitted, source, node, api)
    had = [owner for owner in owners if api.origin.has_member(owner, statement.name) is True]
    if not had:
        return None
    claim = _attribute(statement.types, statement.name, statement.omitted, source, node, api)
    if claim is not None or not statement.text or len(had) > 1:
        return claim
    holder = f"{had[0]}.{statement.name}"
    lost = (
        api.origin.has_enum_item(holder, statement.text) and api.target.has_enum_item(holder, statement.text) is False
    )
    return _one(QuestionKind.ENUM_ITEM, holder, statement.text, NO_ITEM) if lost else None


def _owners(
    types: Sequence[str], name: str, omitted: bool, source: Source, node: cst.CSTNode, api: Api
) -> tuple[str, ...]:
    """Blender's types behind those of a message; none where one of them is not Blender's, or the name never was."""
    if name not in api.origin.by_last_name:
        return ()  # an attribute somebody registers or assigns
    owners: list[str] = []
    for spelled in types:
        if spelled in _VOID:
            continue
        owner = _owner(spelled, source, node, api)
        if owner is None or (_is_own(spelled, api) and api.origin.has_member(owner, name) is not True):
            return ()
        owners.append(owner)
    if omitted:
        # The message left some out; those that had the attribute, or have it, are the ones that matter.
        owners += _siblings(owners, name, api)
    found = tuple(dict.fromkeys(owners))
    return found if len(found) <= MOST_OWNERS else ()


def _is_own(name: str, api: Api) -> bool:
    return name.startswith("Self@") or name.rpartition(".")[2] in api.own


def _owner(name: str, source: Source, node: cst.CSTNode, api: Api) -> str | None:
    """Blender's type behind a name: of the add-on's own classes the one they derive from."""
    if name.startswith("Self@"):
        around = enclosing_class(source, node)
        return _base(source, around, api) if around is not None else None
    short = name.rpartition(".")[2]
    if short in api.own:
        holders = api.own.definitions(short)
        return _base(*holders[0], api) if len(holders) == 1 else None
    return api.owner(name)


def _base(source: Source, node: cst.ClassDef, api: Api) -> str | None:
    bases = types_of(source).bases(node)
    return next((base for base in bases if base.startswith("bpy.types.") and api.owner(base) is not None), None)


def _siblings(owners: Sequence[str], name: str, api: Api) -> list[str]:
    common = set.intersection(*(set(api.origin.ancestors(owner)) for owner in owners)) if owners else set()
    common -= {"bpy.types.bpy_struct", "builtins.object", "object"}
    return [
        holder
        for table in (api.origin, api.target)
        for symbol in table.by_last_name.get(name, ())
        if common & set(table.ancestors(holder := symbol.rpartition(".")[0]))
    ]


def _module_member(module: str, name: str) -> Claim | None:
    root = module.partition(".")[0]
    if root not in _BLENDER and root not in sys.stdlib_module_names:
        return None
    if _FOREIGN.match(module):
        return Claim((), module, name, HAS_NO)
    return _one(QuestionKind.MEMBER, module, name, HAS_NO)


def _function(function: str, source: Source, node: cst.CSTNode, api: Api) -> str | None:
    """The documented name of Blender's function that is called at a node."""
    called = call_of(source, node)
    written = dotted(called[0].func) if called is not None else None
    if called is not None and (written is None or not written.startswith("bpy.ops.")):
        written = qualified(source, called[0].func)
    plain = re.sub(r"\.__(?:new|init)__$", "", function)
    last = plain.rpartition(".")[2]
    if written is not None and written.rpartition(".")[2] == last and written.partition(".")[0] in _BLENDER:
        full = written if written.startswith("bpy.ops.") else api.target.resolve(written)
        if full is not None:
            return full
    head = plain.rpartition(".")[0]
    if not head or head.rpartition(".")[2] in api.own:
        return None
    full = api.target.resolve(plain)
    return full if full is not None and full.partition(".")[0] in _BLENDER and full.count(".") >= 2 else None


def _item(function: str, text: str, source: Source, node: cst.CSTNode, api: Api) -> Claim | None:
    owner = _function(function, source, node, api)
    parameter = _parameter(owner, source, node, api) if owner is not None else None
    if parameter is None:
        return None
    holder = f"{owner}.{parameter}"
    if api.target.has_enum_item(holder, text) is True:
        return None
    return _one(QuestionKind.ENUM_ITEM, holder, text, NO_ITEM)


def _parameter(function: str, source: Source, node: cst.CSTNode, api: Api) -> str | None:
    """The name of the parameter an argument is for."""
    found = call_of(source, node)
    if found is None:
        return None
    call, argument = found
    if argument is None:
        return None
    if argument.keyword is not None:
        return argument.keyword.value
    entry = api.target.lookup(function)
    position = next(index for index, one in enumerate(call.args) if one is argument)
    if entry is None or len(entry.signatures) != 1 or any(one.star for one in call.args[: position + 1]):
        return None
    signature = Signature.parse(entry.signatures[0])
    names = (*signature.positional_only, *signature.either)
    return names[position] if position < len(names) else None


def _override(function: str, given: str, source: Source, node: cst.CSTNode, api: Api) -> Claim | None:
    owner = _function(function, source, node, api)
    if owner is None or not owner.startswith("bpy.ops.") or not given.startswith("dict["):
        return None
    found = call_of(source, node)
    if found is None or not found[0].args or found[1] is not found[0].args[0]:
        return None
    question = Question(kind=QuestionKind.POSITIONAL, owner=owner, name=OVERRIDE)
    return Claim((question,), owner, OVERRIDE, NO_OVERRIDE)


def _value(name: str, text: str, source: Source, node: cst.CSTNode, api: Api) -> Claim | None:
    """The owner of an assigned attribute: what is known of the expression, else the one type that lost the item."""
    known = types_of(source).of(node.value) if isinstance(node, cst.Attribute) else None
    if known is not None:
        candidates = [f"{known}.{name}"]
    else:
        candidates = [
            symbol
            for symbol in api.origin.by_last_name.get(name, ())
            if api.origin.has_enum_item(symbol, text) is True and api.target.has_enum_item(symbol, text) is not True
        ]
    if len(candidates) != 1 or api.target.has_enum_item(candidates[0], text) is True:
        return None
    return _one(QuestionKind.ENUM_ITEM, candidates[0], text, NO_ITEM)
