"""Which things of Blender's API a Python file uses: dotted chains followed through the types the stubs know.

Names are followed as far as types are known: `context.object.data.vertices[0].co` is a use of
`Context.object`, `Object.data`, `Mesh.vertices` and `MeshVertex.co`. Where they are not, the bare
attribute name is kept. The code is parsed, never run.
"""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from indexer.blender_api.described import ApiSymbol

MAX_BYTES = 1_000_000
FOREIGN = "?foreign"
"""The type of what is certainly not Blender's."""

FALLBACKS = {
    "context": "Context", "ctx": "Context", "layout": "UILayout", "scene": "Scene", "scn": "Scene",
    "event": "Event", "obj": "Object", "ob": "Object", "mesh": "Mesh", "me": "Mesh", "mat": "Material",
    "material": "Material", "bm": "bmesh.types.BMesh", "node_tree": "NodeTree", "collection": "Collection",
    "armature": "Armature", "col": "UILayout", "row": "UILayout", "box": "UILayout", "wm": "WindowManager",
    "pose_bone": "PoseBone", "edit_bone": "EditBone", "fcurve": "FCurve", "action": "Action", "image": "Image",
    "area": "Area", "region": "Region", "space": "Space", "modifier": "Modifier", "view_layer": "ViewLayer",
}  # fmt: skip
"""What parameters of these names are by custom."""

_PYTHONS = frozenset(name for kind in (str, bytes, list, dict, set, io.TextIOBase) for name in dir(kind))
"""What plain Python values have as well: of an unknown owner, it is hardly Blender's."""

_SAID = re.compile(r"[a-z]Node[A-Z]|_(?:MT|PT|HT|UL)_")
"""Classes that code names in strings: nodes when they are made, menus when they are drawn."""

_TYPE_NAME = re.compile(r"[A-Za-z_][\w.]*")
_WRAPPERS = frozenset({"list", "set", "Iterable", "Sequence", "Iterator", "bpy_prop_collection", "tuple", "BMElemSeq"})
_NO_TYPES = frozenset({"None", "Any", "int", "float", "str", "bool", "bytes", "enum", "object", "type", "dict"})
_SEQUENCES = {"BMVertSeq": "BMVert", "BMEdgeSeq": "BMEdge", "BMFaceSeq": "BMFace", "BMLoopSeq": "BMLoop"}

Types = frozenset[str]
"""Full names of classes a value may be of, `[]` in front: a collection of such; modules and callables by `=`."""

NOTHING: Types = frozenset()


@dataclass
class Api:
    """The symbols of one release, asked as the code's names need it."""

    symbols: Mapping[str, ApiSymbol]
    _ancestors: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _types: dict[tuple[str, str], Types] = field(default_factory=dict)
    _subclasses: dict[str, list[str]] = field(default_factory=dict)
    members: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for symbol in self.symbols.values():
            for base in symbol.bases:
                self._subclasses.setdefault(base, []).append(symbol.symbol)
        kinds = ("property", "readonly", "method", "function", "operator")
        names = {s.symbol.rpartition(".")[2] for s in self.symbols.values() if s.kind in kinds}
        self.members = frozenset(names - _PYTHONS)

    def ancestors(self, name: str) -> tuple[str, ...]:
        """A class and its bases, nearest first."""
        if name not in self._ancestors:
            seen: dict[str, None] = {}
            waiting = [name]
            while waiting:
                current = waiting.pop(0)
                if current not in seen and current in self.symbols:
                    seen[current] = None
                    waiting += self.symbols[current].bases
            self._ancestors[name] = tuple(seen)
        return self._ancestors[name]

    def defining(self, owner: str, name: str) -> str | None:
        """The member under its full name, that of the base which defines it."""
        return next((s for each in self.ancestors(owner) if (s := f"{each}.{name}") in self.symbols), None)

    def below(self, owner: str, name: str) -> list[str]:
        """The subclasses' members of that name: `Space` is declared where `SpaceView3D` is meant."""
        found, waiting = [], list(self._subclasses.get(owner, ()))
        while waiting:
            current = waiting.pop()
            if (symbol := f"{current}.{name}") in self.symbols:
                found.append(symbol)
            else:
                waiting += self._subclasses.get(current, ())
        return found

    def types(self, text: str, symbol: str) -> Types:
        """The classes a type names, as it stands in the stubs."""
        module = "bmesh.types" if symbol.startswith("bmesh.") else self._module(symbol)
        key = (text, module)
        if key not in self._types:
            wrapped = any(f"{wrapper}[" in text for wrapper in _WRAPPERS)
            found = set()
            for match in _TYPE_NAME.finditer(text.partition(": ")[0]):
                if match[0] in _WRAPPERS or match[0] in _NO_TYPES:
                    continue
                full = next((f for f in (match[0], f"{module}.{match[0]}") if self._is_class(f)), None)
                if full:
                    found.add(f"[]{full}" if wrapped else full)
            self._types[key] = frozenset(found)
        return self._types[key]

    def items(self, of: Types) -> Types:
        """What a collection of one of these types holds."""
        found = set()
        for each in of:
            if each.startswith("[]"):
                found.add(each[2:])
            for ancestor in self.ancestors(each):
                if item := self.symbols[ancestor].type:
                    found |= self.types(item, ancestor)
            if (name := each.rpartition(".")[2]) in _SEQUENCES:
                found.add(f"bmesh.types.{_SEQUENCES[name]}")
        return frozenset(found)

    def named(self, name: str) -> str | None:
        """A class by the short name code has for it."""
        options = (name, f"bpy.types.{name}", f"mathutils.{name}", f"bmesh.types.{name}")
        return next((full for full in options if self._is_class(full)), None)

    def _is_class(self, name: str) -> bool:
        return name in self.symbols and self.symbols[name].kind == "class"

    def _module(self, symbol: str) -> str:
        parts = symbol.split(".")
        for length in range(len(parts) - 1, 0, -1):
            name = ".".join(parts[:length])
            if name in self.symbols and self.symbols[name].kind == "module":
                return name
        return parts[0]


@dataclass
class Uses:
    """`symbols` are full names; `bare` are attribute names whose owner is not known."""

    symbols: set[str] = field(default_factory=set)
    bare: set[str] = field(default_factory=set)

    def add(self, other: Uses) -> None:
        """Put the uses of another file to these."""
        self.symbols |= other.symbols
        self.bare |= other.bare


def uses_of(source: bytes, api: Api) -> Uses | None:
    """What a file uses; null if it cannot be parsed."""
    if len(source) > MAX_BYTES:
        return None
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    walker = _Walker(api)
    try:
        walker.run(tree)
    except RecursionError:
        return None
    return walker.uses


class _Walker(ast.NodeVisitor):
    """Follows one file from top to bottom; every function starts with what its module knows."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.uses = Uses()
        self.names: dict[str, Types] = {}
        self.self_types: Types = NOTHING
        self.own: frozenset[str] = frozenset()

    def run(self, tree: ast.Module) -> None:
        for node in ast.walk(tree):  # imports first: functions use what stands below them
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._import(node)
        for statement in tree.body:
            self.visit(statement)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                root = alias.name if alias.asname else alias.name.partition(".")[0]
                known = root in self.api.symbols
                self.names[alias.asname or root] = frozenset({f"={root}" if known else FOREIGN})
            return
        for alias in node.names:
            full = f"{node.module}.{alias.name}" if node.module and not node.level else ""
            if full in self.api.symbols:
                self.uses.symbols.add(full)
                self.names[alias.asname or alias.name] = self._of_symbol(full)
            elif not node.level:
                self.names[alias.asname or alias.name] = frozenset({FOREIGN})

    def _of_symbol(self, full: str) -> Types:
        symbol = self.api.symbols[full]
        if symbol.kind in ("module", "class", "function", "method", "operator"):
            return frozenset({f"={full}"})
        return self.api.types(symbol.type, full)

    # what an expression is

    def type_of(self, node: ast.AST | None) -> Types:
        if isinstance(node, ast.Name):
            return self.names.get(node.id, NOTHING)
        if isinstance(node, ast.Attribute):
            return self._attribute(self.type_of(node.value), node.attr, node.value)
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Subscript):
            self.type_of(node.slice)
            value = self.type_of(node.value)
            whole = isinstance(node.slice, ast.Slice)
            return value if whole else self.api.items(value) or (value & {FOREIGN})
        if isinstance(node, ast.BoolOp):
            return frozenset().union(*map(self.type_of, node.values))
        if isinstance(node, ast.IfExp):
            self.type_of(node.test)
            return self.type_of(node.body) | self.type_of(node.orelse)
        if isinstance(node, ast.BinOp):
            left, right = self.type_of(node.left), self.type_of(node.right)
            return left if any(each.startswith("mathutils.") for each in left) else right
        if isinstance(node, ast.NamedExpr):
            found = self.type_of(node.value)
            self._bind(node.target, found)
            return found
        if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
            saved = dict(self.names)
            for generator in node.generators:
                self._bind(generator.target, self.api.items(self.type_of(generator.iter)))
                for test in generator.ifs:
                    self.type_of(test)
            found = frozenset(f"[]{each}" for each in self.type_of(node.elt) if each[0] not in "=?[")
            self.names = saved
            return found
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            found = frozenset().union(*map(self.type_of, node.elts))
            return frozenset(f"[]{each}" for each in found if each[0] not in "=?[")
        if isinstance(node, ast.Constant | ast.JoinedStr):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and _SAID.search(text) and (full := f"bpy.types.{text}") in self.api.symbols:
                self.uses.symbols.add(full)
            return frozenset({FOREIGN})
        if isinstance(node, ast.Lambda):
            saved = dict(self.names)
            self._parameters(node.args)
            self.type_of(node.body)
            self.names = saved
            return NOTHING
        if node is not None:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    self.type_of(child)
        return NOTHING

    def _attribute(self, owners: Types, name: str, value: ast.AST | None = None) -> Types:
        found: set[str] = set()
        hit = False
        for owner in owners:
            if owner == FOREIGN:
                return frozenset({FOREIGN})
            full = f"{owner[1:]}.{name}" if owner.startswith("=") else None
            if full is None and not owner.startswith("[]"):
                full = self.api.defining(owner, name)
            elif full is not None and full not in self.api.symbols:
                full = self.api.defining(owner[1:], name)
            if full in self.api.symbols:
                hit = True
                self.uses.symbols.add(full)
                found |= self._of_symbol(full)
        if hit:
            return frozenset(found)
        is_self = isinstance(value, ast.Name) and value.id in ("self", "cls")
        if is_self:
            return NOTHING
        below = [s for owner in owners if owner[0] not in "=[?" for s in self.api.below(owner, name)]
        if len(below) == 1 or (below and len({s.rpartition(".")[0] for s in below}) == 1):
            self.uses.symbols.add(below[0])
            return self._of_symbol(below[0])
        if name in self.api.members and not any(owner.startswith("=") for owner in owners):
            self.uses.bare.add(name)
        return frozenset().union(*(self._of_symbol(s) for s in below[:6]))

    def _call(self, node: ast.Call) -> Types:
        owner = NOTHING
        if isinstance(node.func, ast.Attribute):
            owner = self.type_of(node.func.value)
            function = self._attribute(owner, node.func.attr, node.func.value)
        else:
            function = self.type_of(node.func)
        for keyword in node.keywords:
            self.type_of(keyword.value)
        arguments = [self.type_of(argument) for argument in node.args]
        self._words(node, arguments)
        found: set[str] = set()
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("get", "values", "copy", "pop"):
            items = self.api.items(owner)
            if items:
                return frozenset(f"[]{each}" for each in items) if node.func.attr == "values" else items
            if node.func.attr == "copy":
                return owner
        for each in function:
            if each == FOREIGN:
                return frozenset({FOREIGN})
            if each.startswith("="):
                symbol = self.api.symbols[each[1:]]
                if symbol.kind == "class":
                    found.add(symbol.symbol)
                elif symbol.returns:
                    found |= self.api.types(symbol.returns, symbol.symbol)
        if isinstance(node.func, ast.Name) and node.func.id in ("list", "sorted", "reversed", "set", "tuple"):
            return arguments[0] if arguments else NOTHING
        return frozenset(found)

    def _words(self, node: ast.Call, arguments: list[Types]) -> None:
        """Names that code gives as strings: `layout.operator("mesh.bevel")`, `layout.prop(obj, "location")`."""
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        texts = [a.value if isinstance(a, ast.Constant) and isinstance(a.value, str) else "" for a in node.args]
        if called in ("operator", "operator_menu_enum") and texts and f"bpy.ops.{texts[0]}" in self.api.symbols:
            self.uses.symbols.add(f"bpy.ops.{texts[0]}")
        if (
            len(texts) > 1
            and texts[1].isidentifier()
            and (called.startswith("prop") or called in ("getattr", "setattr"))
        ):
            self._attribute(arguments[0], texts[1], node.args[0])

    # statements

    def _bind(self, target: ast.AST, types: Types) -> None:
        if isinstance(target, ast.Name):
            self.names[target.id] = types or self._by_custom(target.id, ())
        elif isinstance(target, ast.Tuple | ast.List):
            for element in target.elts:
                self._bind(element, NOTHING)
        else:
            self.type_of(target)

    def _by_custom(self, name: str, but: Iterable[str]) -> Types:
        full = self.api.named(FALLBACKS[name]) if name in FALLBACKS and name not in but else None
        return frozenset({full}) if full else NOTHING

    def _parameters(self, arguments: ast.arguments) -> None:
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        for index, argument in enumerate(every):
            if index == 0 and argument.arg in ("self", "cls"):
                self.names[argument.arg] = self.self_types
                continue
            self.names[argument.arg] = self._annotated(argument.annotation) or self._by_custom(argument.arg, ())
        for default in [*arguments.defaults, *arguments.kw_defaults]:
            self.type_of(default)

    def _annotated(self, node: ast.AST | None) -> Types:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            full = self.api.named(node.value.strip())
            return frozenset({full}) if full else NOTHING
        found = {each[1:] for each in self.type_of(node) if each.startswith("=")}
        return frozenset(each for each in found if self.api.symbols[each].kind == "class")

    def visit_Assign(self, node: ast.Assign) -> None:
        types = self.type_of(node.value)
        for target in node.targets:
            self._bind(target, types)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        types = self._annotated(node.annotation)
        self._bind(node.target, types or self.type_of(node.value))

    def visit_For(self, node: ast.For) -> None:
        iterated = node.iter
        target: ast.AST = node.target
        counted = (
            isinstance(iterated, ast.Call) and isinstance(iterated.func, ast.Name) and iterated.func.id == "enumerate"
        )
        if counted and iterated.args and isinstance(target, ast.Tuple):
            target, iterated = target.elts[-1], iterated.args[0]
        self._bind(target, self.api.items(self.type_of(iterated)))
        self._block([*node.body, *node.orelse])

    def visit_With(self, node: ast.With) -> None:
        for item in node.items:
            types = self.type_of(item.context_expr)
            if item.optional_vars is not None:
                self._bind(item.optional_vars, types)
        self._block(node.body)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for decorator in node.decorator_list:
            self.type_of(decorator)
        saved = dict(self.names)
        self._parameters(node.args)
        self._block(node.body)
        self.names = saved

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815  (the name is the syntax tree's)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        bases = {each[1:] for base in node.bases for each in self.type_of(base) if each.startswith("=")}
        saved, outer = dict(self.names), self.self_types
        self.self_types = frozenset(base for base in bases if self.api.symbols[base].kind == "class")
        for statement in node.body:
            name = self._defined(statement)
            for base in self.self_types:
                if name and (full := self.api.defining(base, name)):
                    self.uses.symbols.add(full)  # an override is a use: `execute`, `bl_idname`
            self.visit(statement)
        self.names, self.self_types = saved, outer

    @staticmethod
    def _defined(node: ast.stmt) -> str:
        if isinstance(node, ast.FunctionDef):
            return node.name
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        return target.id if isinstance(target, ast.Name) else ""

    def _block(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            self.visit(statement)

    def visit_Import(self, node: ast.Import) -> None:
        pass

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        pass

    def generic_visit(self, node: ast.AST) -> None:
        if isinstance(node, ast.expr):
            self.type_of(node)
            return
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.type_of(child)
            else:
                self.visit(child)
