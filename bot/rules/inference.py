"""The types of expressions, as far as they are certain: no guess, or a wrong edit follows.

Knowledge comes, in this order, from annotations, from assignments (all that a scope holds must
agree, whatever their order), from attributes and results Blender documents (`api_types`), and from
the names Blender's own conventions fix (`context`, `layout`, `self` in classes that derive from
`bpy.types`). Import aliases are expanded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import libcst as cst

from bot.rules import api_types
from bot.rules.source import Source

PREFIX: Final = "collection:"
_KEPT_AS: Final = "_types"

_CONVENTIONS: Final = {
    "context": "bpy.types.Context",
    "layout": "bpy.types.UILayout",
    "scene": "bpy.types.Scene",
}
"""Parameter names with one meaning throughout Blender's own scripts and templates."""


def types_of(source: Source) -> Types:
    """What is known of a file; worked out once per file, and kept with it as its syntax tree is."""
    kept: dict[str, object] = vars(source)
    known = kept.get(_KEPT_AS)
    if not isinstance(known, Types):
        known = kept[_KEPT_AS] = Types(source.module)
    return known


def qualified(source: Source, node: cst.BaseExpression) -> str | None:
    """The dotted name of a name or attribute with import aliases expanded, or null.

    `IntProperty` after `from bpy.props import IntProperty` is `bpy.props.IntProperty`; a name that
    may mean something else at this place is null.
    """
    return types_of(source).qualified(node)


def element(type_name: str | None) -> str | None:
    """What a `collection:` yields, or null."""
    return type_name.removeprefix(PREFIX) if type_name and type_name.startswith(PREFIX) else None


def dotted(node: cst.CSTNode) -> str | None:
    """A chain of names as written, `a.b.c`, or null for anything else."""
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute):
        owner = dotted(node.value)
        return owner and f"{owner}.{node.attr.value}"
    return None


@dataclass(frozen=True)
class _Import:
    target: str


@dataclass(frozen=True)
class _Value:
    node: cst.BaseExpression


@dataclass(frozen=True)
class _Item:
    """The name gets what looping over `node` yields, at `index` where that is unpacked."""

    node: cst.BaseExpression
    index: int | None = None


@dataclass(frozen=True)
class _Annotated:
    node: cst.BaseExpression


@dataclass(frozen=True)
class _Parameter:
    name: str
    first: bool
    default: cst.BaseExpression | None


@dataclass(frozen=True)
class _Definition:
    node: cst.CSTNode


@dataclass(frozen=True)
class _Grown:
    """`name op= value`."""

    node: cst.AugAssign


@dataclass(frozen=True)
class _Unknown:
    pass


_Binding = _Import | _Value | _Item | _Annotated | _Parameter | _Definition | _Grown | _Unknown


@dataclass(eq=False)
class _Scope:
    node: cst.CSTNode
    parent: _Scope | None
    bindings: dict[str, list[_Binding]] = field(default_factory=dict)
    elsewhere: set[str] = field(default_factory=set)
    """Names declared `global` or `nonlocal`."""

    def bind(self, name: str, binding: _Binding) -> None:
        scope = self
        if name in self.elsewhere:
            while scope.parent is not None:
                scope = scope.parent
        scope.bindings.setdefault(name, []).append(binding)


class _Cycle(Exception):  # noqa: N818  (an outcome, told apart by its name)
    pass


class Types:
    """What is known of the expressions of one file."""

    def __init__(self, module: cst.Module) -> None:
        builder = _Builder(module)
        module.visit(builder)
        self._module = module
        self._scope_of = builder.scope_of
        self._root = builder.root
        self._stars = tuple(builder.stars)
        self._own_attributes = frozenset(builder.attributes)
        self._names: dict[tuple[int, str], str | None] = {}
        self._active: dict[tuple[int, str], str | None] = {}
        self._cycles = 0
        self._entered: set[cst.CSTNode] = set()
        self._filled = builder.filled

    # -- the public questions

    def of(self, node: cst.BaseExpression) -> str | None:
        """The documented name of an expression's type, `bpy.types.Object`, or null where it is not certain.

        A collection of objects is `collection:bpy.types.Object`.
        """
        try:
            found = self._of(node)
        except (_Cycle, RecursionError):
            return None
        return None if found is None or "?" in found else found

    def qualified(self, node: cst.BaseExpression) -> str | None:
        """See `qualified` of this module."""
        if isinstance(node, cst.Name):
            return self._imported(node)
        if isinstance(node, cst.Attribute):
            owner = self.qualified(node.value)
            return owner and f"{owner}.{node.attr.value}"
        return None

    def definition(self, node: cst.BaseExpression) -> cst.CSTNode | None:
        """The one `def` or `class` of this file a name stands for, or null."""
        if not isinstance(node, cst.Name):
            return None
        _, bindings = self._lookup(node)
        if len(bindings) == 1 and isinstance(bindings[0], _Definition):
            return bindings[0].node
        return None

    def assigned(self, node: cst.Name) -> tuple[cst.BaseExpression | None, ...]:
        """Every value its own scope gives a name; null among them for each that is no plain assignment.

        A name that comes from a scope outside is not asked about: none.
        """
        scope, bindings = self._lookup(node)
        if scope is not self._scope_of.get(node):
            return ()
        return tuple(binding.node if isinstance(binding, _Value) else None for binding in bindings)

    @property
    def star_imports(self) -> tuple[str, ...]:
        """The modules of `from module import *`, anywhere in the file."""
        return self._stars

    def module_imports(self) -> dict[str, str]:
        """Names at module level that are surely imports, and what they stand for (`.operators`)."""
        found: dict[str, str] = {}
        for name, bindings in self._root.bindings.items():
            targets = {binding.target if isinstance(binding, _Import) else None for binding in bindings}
            only = targets.pop() if len(targets) == 1 else None
            if only is not None:
                found[name] = only
        return found

    def bases(self, node: cst.ClassDef) -> tuple[str, ...]:
        """Every qualified base a class has, through classes of this file too, nearest first."""
        found: list[str] = []
        self._collect_bases(node, found, set())
        return tuple(dict.fromkeys(found))

    def enclosing(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The function, class, lambda, comprehension or module whose scope a name node is in."""
        scope = self._scope_of.get(node)
        return scope.node if scope else None

    # -- names

    def _collect_bases(self, node: cst.ClassDef, found: list[str], seen: set[cst.CSTNode]) -> None:
        if node in seen:
            return
        seen.add(node)
        for argument in node.bases:
            if argument.star:
                continue
            name = self.qualified(argument.value)
            if name:
                found.append(name)
                continue
            local = self.definition(argument.value)
            if isinstance(local, cst.ClassDef):
                self._collect_bases(local, found, seen)

    def _lookup(self, node: cst.Name) -> tuple[_Scope | None, list[_Binding]]:
        scope = here = self._scope_of.get(node)
        while scope is not None:
            # A class's names are seen in its own body only, not in the functions it holds.
            if node.value in scope.bindings and (scope is here or not isinstance(scope.node, cst.ClassDef)):
                return scope, scope.bindings[node.value]
            scope = scope.parent
        return None, []

    def _imported(self, node: cst.Name) -> str | None:
        if node not in self._scope_of:
            return None
        scope, bindings = self._lookup(node)
        if scope is None:
            if node.value in ("bpy", "mathutils", "bmesh", "bgl", "blf", "gpu"):
                return node.value
            homes = [m for m in self._stars if node.value in api_types.STAR_NAMES.get(m, ())]
            return f"{homes[0]}.{node.value}" if len(homes) == 1 else None
        targets = {binding.target if isinstance(binding, _Import) else None for binding in bindings}
        if len(targets) == 1:
            return targets.pop()
        return None

    def _name(self, node: cst.Name) -> str | None:
        scope, bindings = self._lookup(node)
        if scope is None:
            return None
        key = (id(scope), node.value)
        if key in self._names:
            return self._names[key]
        if key in self._active:
            self._cycles += 1
            assumed = self._active[key]
            if assumed is None:
                raise _Cycle
            return assumed
        before = self._cycles
        self._active[key] = None
        try:
            result = self._agree(key, scope, node.value, bindings)
        finally:
            del self._active[key]
        if self._cycles == before or not self._active:
            self._names[key] = result
        return result

    def _agree(self, key: tuple[int, str], scope: _Scope, name: str, bindings: list[_Binding]) -> str | None:
        """The type all bindings agree on; those that depend on the name itself are checked against the rest."""
        for binding in bindings:
            if isinstance(binding, _Annotated):
                return self._annotation(binding.node)
        candidate: str | None = None
        circular: list[_Binding] = []
        blank = False
        for binding in bindings:
            if isinstance(binding, _Value) and _is_none(binding.node):
                continue  # `ob = None` first, a value later: what is used is the value
            if isinstance(binding, _Value) and _is_blank(binding.node):
                blank = True
                continue
            try:
                empty = isinstance(binding, _Value) and isinstance(binding.node, cst.List) and not binding.node.elements
                found = self._contents(scope, name) if empty else self._binding(binding, scope)
            except _Cycle:
                circular.append(binding)
                continue
            if found is None or (candidate is not None and found != candidate):
                return None
            candidate = found
        if candidate is None or (blank and not candidate.startswith("bpy.types.")):
            return None
        self._active[key] = candidate
        for binding in circular:
            try:
                if self._binding(binding, scope) != candidate:
                    return None
            except _Cycle:
                return None
        return candidate

    def _contents(self, scope: _Scope, name: str) -> str | None:
        """What a list that begins empty holds: what all its `append` and `extend` agree on."""
        found: set[str | None] = set()
        for node, method, value in self._filled:
            if node.value == name and self._lookup(node)[0] is scope:
                inside = self._of(value)
                found.add(inside if method == "append" else element(inside))
        only = found.pop() if len(found) == 1 else None
        return only and PREFIX + only

    def _binding(self, binding: _Binding, scope: _Scope) -> str | None:
        match binding:
            case _Value(node):
                return self._of(node)
            case _Item(node, index):
                return self._item(node, index)
            case _Annotated(node):
                return self._annotation(node)
            case _Parameter():
                return self._parameter(binding, scope)
            case _Grown(node):
                return self._grown(node)
        return None

    def _parameter(self, parameter: _Parameter, scope: _Scope) -> str | None:
        if parameter.first and isinstance(scope.node, cst.FunctionDef) and scope.parent:
            owner = scope.parent.node
            if isinstance(owner, cst.ClassDef):
                return self._self_type(scope.node, owner, parameter.name)
        if parameter.default is not None or not self._uses_blender:
            return None
        return _CONVENTIONS.get(parameter.name)

    def _self_type(self, function: cst.FunctionDef, owner: cst.ClassDef, name: str) -> str | None:
        decorators = {dotted(decorator.decorator) for decorator in function.decorators}
        if "staticmethod" in decorators:
            return _CONVENTIONS.get(name) if self._uses_blender else None
        if "classmethod" in decorators:
            return None
        base = next((name for name in self.bases(owner) if name.startswith("bpy.types.")), None)
        return base or "?self"

    @cached_property
    def _uses_blender(self) -> bool:
        """Whether the file has to do with Blender at all, so that its conventions hold."""
        targets = {b.target for bs in self._root.bindings.values() for b in bs if isinstance(b, _Import)}
        return any(t.split(".")[0] in ("bpy", "bmesh", "mathutils") for t in (*targets, *self._stars)) or any(
            t.startswith(".") for t in (*targets, *self._stars)
        )

    def _annotation(self, node: cst.BaseExpression) -> str | None:
        name = self.qualified(node)
        if name is None and isinstance(node, cst.SimpleString):
            text = node.evaluated_value
            name = text if isinstance(text, str) else None
        if name and name.startswith(("bpy.types.", "mathutils.", "bmesh.types.")):
            return name
        return None

    def _grown(self, node: cst.AugAssign) -> str | None:
        own = self._of(node.target)
        if own is None or not own.startswith("mathutils."):
            return None
        if isinstance(node.operator, cst.AddAssign | cst.SubtractAssign):
            return own
        if isinstance(node.value, cst.Integer | cst.Float):
            return own
        return self._product(own, self._of(node.value))

    # -- expressions

    def _of(self, node: cst.BaseExpression) -> str | None:
        match node:
            case cst.Name():
                return self._well_known(node) or self._name(node)
            case cst.Attribute():
                return self._well_known(node) or self._attribute(node)
            case cst.Call():
                return self._call(node)
            case cst.Subscript():
                return self._subscript(node)
            case cst.BinaryOperation():
                return self._operation(node)
            case cst.UnaryOperation():
                own = self._of(node.expression)
                return own if own == api_types.VECTOR and isinstance(node.operator, cst.Minus) else None
            case cst.IfExp():
                return self._same(node.body, node.orelse)
            case cst.BooleanOperation():
                return self._same(node.left, node.right)
            case cst.NamedExpr():
                return self._of(node.value)
            case cst.ListComp() | cst.GeneratorExp() | cst.SetComp():
                found = self._of(node.elt)
                return found and PREFIX + found
            case cst.List() | cst.Tuple() | cst.Set():
                return self._display(node)
        return None

    def _same(self, one: cst.BaseExpression, other: cst.BaseExpression) -> str | None:
        values = [value for value in (one, other) if not _is_none(value)]
        found = {self._of(value) for value in values}
        return found.pop() if len(found) == 1 else None

    def _display(self, node: cst.List | cst.Tuple | cst.Set) -> str | None:
        found = {None if isinstance(e, cst.StarredElement) else self._of(e.value) for e in node.elements}
        if len(found) != 1:
            return None
        only = found.pop()
        return only and PREFIX + only

    def _well_known(self, node: cst.BaseExpression) -> str | None:
        name = self.qualified(node)
        if name == "bpy.context":
            return "bpy.types.Context"
        if name == "bpy.data":
            return "bpy.types.BlendData"
        return None

    def _attribute(self, node: cst.Attribute) -> str | None:
        name = node.attr.value
        try:
            owner = self._of(node.value)
        except _Cycle:
            owner = None
            if name not in api_types.ANYWHERE:
                raise
        if name == "layout" and "layout" not in self._own_attributes and self._may_hold_layout(node.value, owner):
            return "bpy.types.UILayout"
        if owner is not None and owner != "?self":
            found = api_types.ATTRIBUTES.get(owner, {}).get(name)
            if found:
                return found
            if name == "active" and owner == api_types.OBJECT_LIST:
                return "bpy.types.Object"
            if name in ("nodes", "links") and owner in api_types.NODE_TREES:
                return PREFIX + ("bpy.types.Node" if name == "nodes" else "bpy.types.NodeLink")
            if owner in api_types.ATTRIBUTES or (owner.startswith("bpy.types.") and owner != "bpy.types.Space"):
                return None
        if owner == "?self" or name in self._own_attributes:
            return None
        return api_types.ANYWHERE.get(name)

    def _may_hold_layout(self, node: cst.BaseExpression, owner: str | None) -> bool:
        """Whether `node.layout` is what Blender hands to `draw(self, context)`, in a class or a menu function."""
        if not isinstance(node, cst.Name):
            return False
        scope, bindings = self._lookup(node)
        if scope is None or len(bindings) != 1 or not isinstance(scope.node, cst.FunctionDef):
            return False
        binding = bindings[0]
        if not isinstance(binding, _Parameter):
            return False
        if owner in _DRAWN:
            return True
        names = [parameter.name.value for parameter in scope.node.params.params]
        return binding.first and names[1:2] == ["context"] and owner in (None, "?self")

    def _call(self, node: cst.Call) -> str | None:
        function = node.func
        name = self.qualified(function)
        if name:
            if name in api_types.FUNCTIONS:
                return api_types.FUNCTIONS[name]
            if name == "bpy.context.copy":
                return None
        if isinstance(function, cst.Name):
            return self._builtin(function, node)
        if not isinstance(function, cst.Attribute):
            return None
        owner = self._of(function.value)
        if owner is None or owner == "?self":
            return None
        method = function.attr.value
        inner = element(owner)
        if inner is not None:
            return self._from_collection(inner, method, node)
        if owner == "bpy.types.UILayout" and method in ("operator", "operator_menu_enum"):
            return "bpy.types.OperatorProperties"
        found = api_types.METHODS.get(owner, {}).get(method)
        if found == "?cross":
            return None  # of two 2D vectors it is a number
        if found:
            return found
        if method == "copy" and owner.startswith("bpy.types.") and owner not in _NO_COPY:
            return owner
        return None

    def _from_collection(self, inner: str, method: str, node: cst.Call) -> str | None:
        if inner == "bpy.types.Node" and method == "new":
            return _named_type(node, 0, "type") or inner
        if inner == "bpy.types.NodeTree" and method == "new":
            return _named_type(node, 1, "type") or inner
        if inner == "bpy.types.Node" and method == "get":
            return _default_node(_text(node.args[0].value)) if node.args else None
        if method in ("new", "load", "add"):
            return inner if inner.startswith(("bpy.types.", "bmesh.types.")) and inner not in _VAGUE else None
        if method in ("get", "pop", "remove") and inner not in _VAGUE:
            return inner if method == "get" else None
        if method in ("values", "copy"):
            return PREFIX + inner
        return None

    def _builtin(self, function: cst.Name, node: cst.Call) -> str | None:
        scope, bindings = self._lookup(function)
        if len(bindings) == 1 and isinstance(bindings[0], _Definition):
            return self._returned(bindings[0].node)
        if scope is not None or len(node.args) < 1 or node.args[0].star or node.args[0].keyword:
            return None
        inside = node.args[0].value
        if function.value in ("list", "tuple", "set", "sorted", "reversed", "frozenset"):
            found = self._of(inside)
            return found if element(found) else None
        if function.value == "next":
            return element(self._of(inside))
        return None

    def _returned(self, function: cst.CSTNode) -> str | None:
        """The type all `return` statements of a plain function agree on."""
        if not isinstance(function, cst.FunctionDef) or function.decorators or function.asynchronous:
            return None
        if function in self._entered:
            self._cycles += 1
            raise _Cycle
        self._entered.add(function)
        try:
            found: set[str | None] = set()
            blank = False
            for node in _statements(function.body):
                if isinstance(node, cst.Expr) and isinstance(node.value, cst.Yield):
                    return None
                if not isinstance(node, cst.Return) or node.value is None or _is_none(node.value):
                    continue
                if _is_blank(node.value):
                    blank = True
                else:
                    found.add(self._of(node.value))
        finally:
            self._entered.discard(function)
        only = found.pop() if len(found) == 1 else None
        return None if only is None or (blank and not only.startswith("bpy.types.")) else only

    def _subscript(self, node: cst.Subscript) -> str | None:
        owner = self._of(node.value)
        if owner is None or len(node.slice) != 1:
            return None
        index = node.slice[0].slice
        if not isinstance(index, cst.Index):
            return owner if element(owner) else None
        inner = element(owner)
        if inner == "bpy.types.Node":
            return _default_node(_text(index.value)) or "bpy.types.Node"
        if owner == api_types.MATRIX:
            return api_types.VECTOR
        return inner

    def _item(self, node: cst.BaseExpression, index: int | None) -> str | None:
        """What looping over `node` yields; at `index` of the tuple where it is unpacked."""
        if isinstance(node, cst.Call):
            function = node.func
            free = isinstance(function, cst.Name) and self._lookup(function)[0] is None
            if free and isinstance(function, cst.Name) and index is not None and node.args:
                if function.value == "enumerate":
                    return element(self._of(node.args[0].value)) if index == 1 else None
                if function.value == "zip" and index < len(node.args) and not any(a.star for a in node.args):
                    return element(self._of(node.args[index].value))
                return None
            if isinstance(function, cst.Attribute) and function.attr.value == "items":
                return element(self._of(function.value)) if index == 1 else None
        return element(self._of(node)) if index is None else None

    def _operation(self, node: cst.BinaryOperation) -> str | None:
        left, right = self._of(node.left), self._of(node.right)
        vectors = {left, right} == {api_types.VECTOR}
        if isinstance(node.operator, cst.Add | cst.Subtract):
            return api_types.VECTOR if vectors else None
        if isinstance(node.operator, cst.Multiply | cst.MatrixMultiply):
            if left is None or right is None:
                return self._scaled(node, left or right)
            return self._product(left, right)
        if isinstance(node.operator, cst.Divide):
            return api_types.VECTOR if left == api_types.VECTOR else None
        return None

    @staticmethod
    def _scaled(node: cst.BinaryOperation, known: str | None) -> str | None:
        numbers = (cst.Integer, cst.Float)
        if known == api_types.VECTOR and (isinstance(node.left, numbers) or isinstance(node.right, numbers)):
            return known
        return None

    @staticmethod
    def _product(left: str, right: str | None) -> str | None:
        """The type of a product, written `*` (as 2.79 meant it) or `@`."""
        return {
            (api_types.MATRIX, api_types.MATRIX): api_types.MATRIX,
            (api_types.MATRIX, api_types.VECTOR): api_types.VECTOR,
            (api_types.VECTOR, api_types.MATRIX): api_types.VECTOR,
            (api_types.QUATERNION, api_types.QUATERNION): api_types.QUATERNION,
            (api_types.QUATERNION, api_types.VECTOR): api_types.VECTOR,
        }.get((left, right or ""))


_DRAWN: Final = frozenset(
    f"bpy.types.{name}" for name in ("Panel", "Menu", "Header", "Operator", "AddonPreferences", "UIList")
)
"""Classes whose instances have a `layout`."""
_NO_COPY: Final = frozenset(("bpy.types.Context", "bpy.types.Operator", "bpy.types.UILayout", "bpy.types.BlendData"))
_VAGUE: Final = frozenset(("bpy.types.Modifier", "bpy.types.Texture", "bpy.types.Light", "bpy.types.Lamp"))
"""Base classes: what a collection of them makes is of some subclass."""


def _is_none(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"


def _is_blank(node: cst.BaseExpression) -> bool:
    """`0` or `False`, standing for "no object" yet: nothing is ever asked of it as an object."""
    return (isinstance(node, cst.Integer) and node.value in ("0", "-1")) or (
        isinstance(node, cst.Name) and node.value == "False"
    )


def _text(node: cst.BaseExpression) -> str | None:
    value = node.evaluated_value if isinstance(node, cst.SimpleString) else None
    return value if isinstance(value, str) else None


def _named_type(node: cst.Call, position: int, keyword: str) -> str | None:
    """`bpy.types.X` for the literal type name a call is given."""
    plain = [argument for argument in node.args if not argument.star]
    chosen = next((a for a in plain if a.keyword and a.keyword.value == keyword), None)
    if chosen is None and len(plain) > position and plain[position].keyword is None:
        chosen = plain[position]
    text = _text(chosen.value) if chosen else None
    return f"bpy.types.{text}" if text and text.isidentifier() else None


def _default_node(name: str | None) -> str | None:
    """The type of the node Blender itself gives this name."""
    known = {
        "Principled BSDF": "bpy.types.ShaderNodeBsdfPrincipled",
        "Material Output": "bpy.types.ShaderNodeOutputMaterial",
        "Diffuse BSDF": "bpy.types.ShaderNodeBsdfDiffuse",
        "Background": "bpy.types.ShaderNodeBackground",
        "World Output": "bpy.types.ShaderNodeOutputWorld",
    }
    return known.get(name) if name else None


_SCOPES = (cst.FunctionDef, cst.ClassDef, cst.Lambda, cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)


class _Builder(cst.CSTVisitor):
    """One walk that notes every scope, what it binds, and which scope each name is looked up from."""

    def __init__(self, module: cst.Module) -> None:
        self.root = _Scope(module, None)
        self.scope_of: dict[cst.CSTNode, _Scope] = {}
        self.stars: list[str] = []
        self.attributes: set[str] = set()
        self.filled: list[tuple[cst.Name, str, cst.BaseExpression]] = []
        self._stack = [self.root]

    @property
    def _here(self) -> _Scope:
        return self._stack[-1]

    def visit_Name(self, node: cst.Name) -> None:  # noqa: N802
        self.scope_of[node] = self._here

    def visit_Call(self, node: cst.Call) -> None:  # noqa: N802
        match node:
            case cst.Call(
                func=cst.Attribute(value=cst.Name() as name, attr=cst.Name("append" | "extend" as method)),
                args=[cst.Arg(value=value)],
            ):
                self.filled.append((name, method, value))
            case cst.Call(func=cst.Attribute(value=cst.Name() as name, attr=cst.Name("insert")), args=[_, last]):
                self.filled.append((name, "append", last.value))

    # Scopes. Decorators, defaults, annotations and base classes belong to the scope outside.

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:  # noqa: N802
        self._here.bind(node.name.value, _Definition(node))
        self._outside(node.decorators, node.returns)
        self._function(node, node.params, node.body)
        return False

    def visit_Lambda(self, node: cst.Lambda) -> bool:  # noqa: N802
        self._function(node, node.params, node.body)
        return False

    def visit_ClassDef(self, node: cst.ClassDef) -> bool:  # noqa: N802
        self._here.bind(node.name.value, _Definition(node))
        self._outside(node.decorators, node.bases, node.keywords)
        self._stack.append(_Scope(node, self._here))
        node.body.visit(self)
        self._stack.pop()
        return False

    def _function(self, node: cst.FunctionDef | cst.Lambda, params: cst.Parameters, body: cst.CSTNode) -> None:
        for parameter in _parameters(params):
            self._outside(parameter.annotation, parameter.default)
        self._stack.append(_Scope(node, self._here))
        for number, parameter in enumerate(_parameters(params)):
            if parameter.annotation is not None:
                # Read where it is written, in the scope outside, as its names are noted there.
                self._here.bind(parameter.name.value, _Annotated(parameter.annotation.annotation))
            elif parameter.star in ("*", "**"):
                self._here.bind(parameter.name.value, _Unknown())
            else:
                self._here.bind(parameter.name.value, _Parameter(parameter.name.value, number == 0, parameter.default))
        self._declare(body)
        body.visit(self)
        self._stack.pop()

    def _declare(self, body: cst.CSTNode) -> None:
        """Note `global` and `nonlocal` before any binding is met."""
        for statement in _statements(body):
            if isinstance(statement, cst.Global | cst.Nonlocal):
                self._here.elsewhere |= {item.name.value for item in statement.names}

    def _outside(self, *parts: object) -> None:
        for part in parts:
            if isinstance(part, cst.CSTNode):
                part.visit(self)
            elif isinstance(part, list | tuple):
                self._outside(*part)

    def _comprehension(self, node: cst.ListComp | cst.SetComp | cst.GeneratorExp | cst.DictComp) -> bool:
        self._stack.append(_Scope(node, self._here))
        loop: cst.CompFor | None = node.for_in
        while loop is not None:
            self._loop(loop.target, loop.iter)
            loop = loop.inner_for_in
        for child in node.children:
            child.visit(self)
        self._stack.pop()
        return False

    def visit_ListComp(self, node: cst.ListComp) -> bool:  # noqa: N802
        return self._comprehension(node)

    def visit_SetComp(self, node: cst.SetComp) -> bool:  # noqa: N802
        return self._comprehension(node)

    def visit_GeneratorExp(self, node: cst.GeneratorExp) -> bool:  # noqa: N802
        return self._comprehension(node)

    def visit_DictComp(self, node: cst.DictComp) -> bool:  # noqa: N802
        return self._comprehension(node)

    # Bindings.

    def visit_Assign(self, node: cst.Assign) -> None:  # noqa: N802
        for target in node.targets:
            self._assign(target.target, node.value)

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:  # noqa: N802
        if isinstance(node.target, cst.Name):
            if isinstance(self._here.node, cst.ClassDef):
                self.attributes.add(node.target.value)
            self._here.bind(node.target.value, _Annotated(node.annotation.annotation))
        elif isinstance(node.target, cst.Attribute):
            self.attributes.add(node.target.attr.value)

    def visit_AugAssign(self, node: cst.AugAssign) -> None:  # noqa: N802
        if isinstance(node.target, cst.Name):
            self._here.bind(node.target.value, _Grown(node))

    def visit_NamedExpr(self, node: cst.NamedExpr) -> None:  # noqa: N802
        if isinstance(node.target, cst.Name):
            scope = self._here
            while isinstance(scope.node, cst.ListComp | cst.SetComp | cst.DictComp | cst.GeneratorExp):
                assert scope.parent is not None  # noqa: S101  (the module is no comprehension)
                scope = scope.parent
            scope.bind(node.target.value, _Value(node.value))

    def visit_For(self, node: cst.For) -> None:  # noqa: N802
        self._loop(node.target, node.iter)

    def visit_With(self, node: cst.With) -> None:  # noqa: N802
        for item in node.items:
            if item.asname:
                self._unknown(item.asname.name)

    def visit_ExceptHandler(self, node: cst.ExceptHandler) -> None:  # noqa: N802
        if node.name:
            self._unknown(node.name.name)

    def visit_ExceptStarHandler(self, node: cst.ExceptStarHandler) -> None:  # noqa: N802
        if node.name:
            self._unknown(node.name.name)

    def visit_MatchAs(self, node: cst.MatchAs) -> None:  # noqa: N802
        if node.name:
            self._unknown(node.name)

    def visit_MatchStar(self, node: cst.MatchStar) -> None:  # noqa: N802
        if node.name:
            self._unknown(node.name)

    def visit_MatchMapping(self, node: cst.MatchMapping) -> None:  # noqa: N802
        if node.rest:
            self._unknown(node.rest)

    def visit_Import(self, node: cst.Import) -> None:  # noqa: N802
        for alias in node.names:
            name = dotted(alias.name) or ""
            if alias.asname and isinstance(alias.asname.name, cst.Name):
                self._here.bind(alias.asname.name.value, _Import(name))
            else:
                self._here.bind(name.split(".")[0], _Import(name.split(".")[0]))

    def visit_ImportFrom(self, node: cst.ImportFrom) -> None:  # noqa: N802
        module = "." * len(node.relative) + ((node.module and dotted(node.module)) or "")
        if isinstance(node.names, cst.ImportStar):
            self.stars.append(module)
            return
        for alias in node.names:
            name = dotted(alias.name) or ""
            target = module + name if module.endswith(".") else f"{module}.{name}"
            local = alias.asname.name.value if alias.asname and isinstance(alias.asname.name, cst.Name) else name
            self._here.bind(local, _Import(target))

    def _assign(self, target: cst.BaseExpression, value: cst.BaseExpression) -> None:
        match target:
            case cst.Name():
                if isinstance(self._here.node, cst.ClassDef):
                    self.attributes.add(target.value)
                self._here.bind(target.value, _Value(value))
            case cst.Attribute(value=cst.Name("self" | "cls")):
                self.attributes.add(target.attr.value)
            case cst.Tuple() | cst.List():
                parts = value.elements if isinstance(value, cst.Tuple | cst.List) else ()
                fits = len(parts) == len(target.elements) and not any(
                    isinstance(e, cst.StarredElement) for e in (*parts, *target.elements)
                )
                for number, part in enumerate(target.elements):
                    if fits:
                        self._assign(part.value, parts[number].value)
                    else:
                        self._unknown(part.value)

    def _loop(self, target: cst.BaseExpression, over: cst.BaseExpression) -> None:
        if isinstance(target, cst.Name):
            self._here.bind(target.value, _Item(over))
        elif isinstance(target, cst.Tuple | cst.List):
            for number, part in enumerate(target.elements):
                if isinstance(part.value, cst.Name) and not isinstance(part, cst.StarredElement):
                    self._here.bind(part.value.value, _Item(over, number))
                else:
                    self._unknown(part.value)

    def _unknown(self, target: cst.CSTNode) -> None:
        if isinstance(target, cst.Name):
            self._here.bind(target.value, _Unknown())
        elif isinstance(target, cst.Tuple | cst.List):
            for part in target.elements:
                self._unknown(part.value)


def _parameters(params: cst.Parameters) -> Iterator[cst.Param]:
    yield from params.posonly_params
    yield from params.params
    if isinstance(params.star_arg, cst.Param):
        yield params.star_arg
    yield from params.kwonly_params
    if params.star_kwarg is not None:
        yield params.star_kwarg


def _statements(body: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Every small statement below `body`, not into nested functions or classes."""
    for child in body.children:
        if isinstance(child, cst.FunctionDef | cst.ClassDef):
            continue
        if isinstance(child, cst.BaseSmallStatement):
            yield child
        elif isinstance(child, cst.BaseStatement | cst.BaseSuite | cst.Else | cst.Finally | cst.ExceptHandler):
            yield from _statements(child)
