"""What one Blender release offers: classes, members, functions, enum items, modules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from indexer.blender_api.documentation import documentation_url
from indexer.blender_api.signature import Signature

EntryKind = Literal["class", "property", "readonly", "method", "function", "operator", "value", "module"]

_Test = Callable[[Signature], bool]

_INSTANCES = {"bpy.context": "bpy.types.Context", "bpy.data": "bpy.types.BlendData"}
"""Names whose members are those of a type."""

_SHORT_OWNERS = ("bpy.types", "mathutils", "bmesh.types", "gpu.types")
"""Where a type named without its module is looked for, as tracebacks name it."""

_ROOTS = frozenset(
    """
    addon_utils aud bgl bl_math bl_operators bl_ui blf bmesh bpy bpy_extras bpy_types freestyle gpu
    gpu_extras idprop imbuf keyingsets_builtins keyingsets_utils mathutils nodeitems_builtins
    nodeitems_utils rna_info rna_keymap_ui rna_prop_ui rna_xml
    """.split()  # noqa: SIM905  (a list of words reads better without its quotes)
)
"""Modules that are Blender's own in some release: only of these the stubs can say "no"."""

_REGISTERED_LATER = {
    "bpy.types.RenderSettings.engine": frozenset({"CYCLES", "BLENDER_WORKBENCH", "HYDRA_STORM"}),
}
"""Enum items that are registered when Blender starts, so that stubs never list them."""


@dataclass(frozen=True)
class Entry:
    """One thing of the API, under the name its documentation has.

    `signatures` are its overloads, empty for what cannot be called. `enums` gives the items of the
    property itself under the empty name, and of parameters under theirs.
    """

    symbol: str
    kind: EntryKind
    text: str = ""
    signatures: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    enums: Mapping[str, int] | None = None


@dataclass(frozen=True)
class ApiTable:
    """The API of one release, as the stubs of one version describe it.

    Every question is answered with yes, no, or null where the stubs cannot know: names registered at
    run time, other people's modules, things that are not functions.
    """

    release: str
    stubs: str
    entries: Mapping[str, Entry]
    items: Sequence[tuple[str, ...]]

    def resolve(self, owner: str) -> str | None:
        """The full name of a class, module or function, `Mesh` for `bpy.types.Mesh` included."""
        owner = _INSTANCES.get(owner, owner)
        if owner in self.entries:
            return owner
        for module in _SHORT_OWNERS:
            if (full := f"{module}.{owner}") in self.entries:
                return full
        head, _, name = owner.rpartition(".")
        return self._defining(head, name) if head else None

    def lookup(self, symbol: str) -> Entry | None:
        """What is known of a symbol, inherited members included."""
        full = self.resolve(symbol)
        return self.entries[full] if full is not None else None

    def url(self, symbol: str) -> str | None:
        """The documentation of a symbol in this release, of its defining class where it is inherited."""
        return documentation_url(self.resolve(symbol) or symbol, self.release)

    def symbols(self) -> Iterator[Entry]:
        """Everything there is."""
        return iter(self.entries.values())

    def has_member(self, owner: str, name: str) -> bool | None:
        """Whether a class (its bases included) or module has a name."""
        full = self.resolve(owner)
        if full is None:
            return None if self._foreign(owner) else False
        entry = self.entries[full]
        if entry.kind not in ("class", "module"):
            return None
        if self._defining(full, name) is not None:
            return True
        return None if entry.kind == "class" and self._open_ended(full) else False

    def is_writable(self, owner: str, name: str) -> bool | None:
        """Whether an attribute can be assigned."""
        full = self.resolve(owner)
        found = self._defining(full, name) if full is not None else None
        if found is None:
            return self.has_member(owner, name)
        kind = self.entries[found].kind
        return {"property": True, "readonly": False, "method": False}.get(kind)

    def has_keyword(self, function: str, name: str) -> bool | None:
        """Whether a function, method or operator takes the keyword; no where it does not exist."""
        return self._callable(function, lambda signature: signature.has_keyword(name))

    def accepts_positional(self, function: str, count: int) -> bool | None:
        """Whether a function or method takes that many arguments by position.

        For an operator: whether it takes one of the kind a context override is.
        """
        if self.release == "2.79":
            return None  # its stubs write every parameter as keyword-only, which that release did not ask
        if self._operator(function):
            return self._callable(function, lambda signature: "override_context" in signature.positional_only)
        return self._callable(function, lambda signature: signature.accepts_positional(count))

    def has_enum_item(self, prop: str, item: str) -> bool | None:
        """Whether an enum property (or `<function>.<parameter>`) has the item."""
        full = self.resolve(prop)
        if full is not None:
            entry, parameter = self.entries[full], ""
        else:
            head, _, parameter = prop.rpartition(".")
            found = self.resolve(head) if head else None
            if found is None or not self.entries[found].signatures:
                return False if head and self.has_member(head, parameter) is False else None
            full, entry = found, self.entries[found]
        if not entry.enums or parameter not in entry.enums:
            return None
        items = self.items[entry.enums[parameter]]
        if item in items:
            return True
        # A list of one stands for items that depend on the data at hand; the render engines are the
        # exception that matters: Blender's own is listed, and renamed from time to time.
        if full == "bpy.types.RenderSettings.engine":
            return None if item in _REGISTERED_LATER[full] or not item.startswith("BLENDER_") else False
        return None if len(items) < 2 else False

    def has_module(self, name: str) -> bool | None:
        """Whether a module can be imported; null for modules that are not Blender's."""
        entry = self.entries.get(name)
        if entry is not None and entry.kind == "module":
            return True
        return False if name.partition(".")[0] in _ROOTS else None

    def ancestors(self, owner: str) -> tuple[str, ...]:
        """A class and its bases, nearest first."""
        seen: dict[str, None] = {}
        waiting = [owner]
        while waiting:
            name = waiting.pop(0)
            if name not in seen and name in self.entries:
                seen[name] = None
                waiting += self.entries[name].bases
        return tuple(seen)

    def _defining(self, owner: str, name: str) -> str | None:
        full = _INSTANCES.get(owner, owner)
        if full not in self.entries and (resolved := self._short(owner)) is not None:
            full = resolved
        for ancestor in self.ancestors(full):
            if (symbol := f"{ancestor}.{name}") in self.entries:
                return symbol
        return None

    def _short(self, owner: str) -> str | None:
        return next((full for module in _SHORT_OWNERS if (full := f"{module}.{owner}") in self.entries), None)

    def _callable(self, function: str, test: _Test) -> bool | None:
        full = self.resolve(function)
        if full is None:
            return None if self._foreign(function) else False
        entry = self.entries[full]
        signatures = entry.signatures
        if entry.kind == "class":
            found = self._defining(full, "__new__") or self._defining(full, "__init__")
            signatures = self.entries[found].signatures if found else ()
        if not signatures:
            return None
        return any(test(Signature.parse(signature)) for signature in signatures)

    @staticmethod
    def _operator(function: str) -> bool:
        return function.startswith("bpy.ops.")

    def _foreign(self, symbol: str) -> bool:
        """Whether the stubs cannot know: another package's name, or operators and types made at run time."""
        parts = symbol.split(".")
        if symbol.startswith("bpy.ops."):
            return ".".join(parts[:3]) not in self.entries
        return parts[0] not in _ROOTS or symbol.startswith("bpy.types.Cycles")

    def _open_ended(self, full: str) -> bool:
        # Groups whose members are what add-ons and the user put there.
        return full in ("bpy.types.OperatorProperties", "bpy.types.PropertyGroup", "bpy.types.AddonPreferences")

    @cached_property
    def by_last_name(self) -> Mapping[str, tuple[str, ...]]:
        """Every symbol by the part behind its last dot."""
        names: dict[str, list[str]] = {}
        for symbol in self.entries:
            names.setdefault(symbol.rpartition(".")[2], []).append(symbol)
        return {name: tuple(symbols) for name, symbols in names.items()}
