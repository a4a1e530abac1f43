"""The facts a table of renamed things holds, and a place where an old name stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from bot.models.fault import Fault
from bot.models.question import Question
from bot.models.release import Release
from bot.rules.spellings import Spot

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
    gone: frozenset[str] = frozenset()
    """Texts none of its arguments may be any more."""
    reason: str = ""
    """Why a person must decide where one of those stands."""


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
class Facts:
    """Everything one rule says was renamed, and when."""

    since: Release
    until: Release | None = None
    members: tuple[Member, ...] = ()
    operators: tuple[Operator, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    types: tuple[TypeName, ...] = ()


@dataclass(frozen=True)
class Place:
    """One old name where it stands, and all that is said of it."""

    spot: Spot
    message: str
    title: str
    question: Question
    owner: str
    member: str
    requires: Question | None = None
    fault: Fault | None = None
    reason: str = ""


def short(owner: str) -> str:
    """`Object` of `bpy.types.Object`."""
    return owner.rpartition(".")[2]
