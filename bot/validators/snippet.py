"""What a snippet may not do, seen in its code before anything runs. Pure; each complaint is one precise sentence.

This is what makes a snippet fit to be handed on: it works without a window, does the same every time, and keeps to the
scene. It is no wall: that is the sandbox.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.disguises import disguises_in
from bot.secrets import secrets_in
from bot.validators.operators import reproach

NAME = "snippet.py"
PLACED = "{name}:{line}: {complaint}"
IMPORT = "it imports `{module}`; a snippet imports only {allowed}"
BUILTIN = "it calls `{name}`, which {why}"
DUNDER = "it uses `{name}`, which leads out of the scene"
FILES = "`{name}` reads or writes a file"
RANDOM = "`{name}` gives another result each time; call `{cure}` first"
WINDOW = "`{name}` needs a window; take what you need from `bpy.data` or `bpy.context.scene`"
LATER = "`{name}` runs code after the snippet has ended"
INVOKES = "`{name}` is called with 'INVOKE_DEFAULT', which needs a window"
SWEEPS = "it removes everything in `{name}`, the user's own data too; remove by name what the snippet made"
SWALLOWS = "it catches every exception; let errors raise"
HIDDEN = "it has characters that hide what the code says ({shown})"
KEY = "it holds what looks like {kind}"
IDLE = "it changes nothing in Blender"

ALLOWED = ("bpy", "bmesh", "mathutils", "bpy_extras", "math", "random", "itertools", "functools", "collections",
           "colorsys", "numpy", "typing", "dataclasses", "enum", "string", "re", "statistics", "operator", "copy",
           "fractions", "__future__")  # fmt: skip
SHOWN = "bpy, bmesh, mathutils, bpy_extras, math, random, itertools, functools, collections, colorsys and numpy"

_BUILTINS = {
    **dict.fromkeys(("open",), "reads or writes a file"),
    **dict.fromkeys(("exec", "eval", "compile", "__import__"), "runs code nobody can read"),
    **dict.fromkeys(("input", "breakpoint"), "waits for somebody at a keyboard"),
    **dict.fromkeys(("globals", "locals", "vars"), "leads out of the scene"),
    **dict.fromkeys(("exit", "quit"), "ends Blender"),
}
_DUNDERS = frozenset({"__name__", "__file__", "__init__", "__doc__", "__post_init__", "__len__", "__iter__"})
_FILE_MEMBERS = frozenset(
    """
    save save_render save_as save_copy pack_to_file unpack tofile fromfile savetxt loadtxt savez savez_compressed
    genfromtxt memmap write_still execfile load_from_file
    """.split()  # noqa: SIM905  (a list of words reads better without its quotes)
)
_LOADING = frozenset(
    {"images", "sounds", "movieclips", "fonts", "libraries", "texts", "cache_files", "volumes", "numpy"}
)
_WINDOWED = frozenset({"area", "region", "region_data", "space_data", "window", "screen", "workspace"})
_LATER = ("bpy.app.timers", "bpy.app.handlers", "bpy.msgbus")
_NOISE = frozenset({"random", "random_unit_vector", "random_vector"})


def inspect(code: str) -> tuple[str, ...]:
    """Everything that is wrong with the code, in the order of its lines; it must be Python."""
    tree = ast.parse(code)
    names = _names(tree)
    found = sorted({*_of_text(code), *_found(tree, names)}, key=lambda one: (one.line, one.complaint))
    return tuple(PLACED.format(name=NAME, line=one.line, complaint=one.complaint) for one in found)


@dataclass(frozen=True)
class _Complaint:
    line: int
    complaint: str


def _of_text(code: str) -> Iterator[_Complaint]:
    for number, line in enumerate(code.splitlines(), 1):
        if hidden := disguises_in(line):
            shown = ", ".join(f"U+{ord(one):04X}" for one in sorted(hidden)[:4])
            yield _Complaint(number, HIDDEN.format(shown=shown))
    for kind, begins in secrets_in(code):
        yield _Complaint(code[: code.find(begins)].count("\n") + 1, KEY.format(kind=kind))


def _found(tree: ast.Module, names: Mapping[str, str]) -> Iterator[_Complaint]:
    if not any(_acts(node) for node in ast.walk(tree)):
        yield _Complaint(1, IDLE)
    seeded = _seeded(tree, names)
    for node in ast.walk(tree):
        for complaint in _of_node(node, names, seeded):
            yield _Complaint(getattr(node, "lineno", 1), complaint)


def _acts(node: ast.AST) -> bool:
    """Whether it may change anything: sets what something has, or calls what it can do."""
    match node:
        case ast.Call(func=ast.Attribute()) | ast.Call(func=ast.Name(id="setattr")) | ast.AugAssign():
            return True
        case ast.Assign(targets=targets):
            return any(isinstance(target, ast.Attribute | ast.Subscript) for target in targets)
        case _:
            return False


def _of_node(node: ast.AST, names: Mapping[str, str], seeded: frozenset[str]) -> Iterator[str]:
    match node:
        case ast.Import(names=aliases):
            yield from _imports([alias.name for alias in aliases])
        case ast.ImportFrom(module=module, level=level):
            yield from _imports([module or "." if not level else "." * level])
        case ast.Call():
            yield from _call(node, names, seeded)
        case ast.Attribute(attr=attr) if attr.startswith("__") and attr not in _DUNDERS:
            yield DUNDER.format(name=attr)
        case ast.Attribute():
            yield from _attribute(full(node, names))
        case ast.Name(id=name) if name in ("__builtins__", "__loader__", "__spec__"):
            yield DUNDER.format(name=name)
        case ast.For(iter=ast.expr() as over, target=ast.Name(id=name)):
            yield from _sweeps(node, over, name, names)
        case ast.ExceptHandler(type=kind) if kind is None or full(kind, names) in ("Exception", "BaseException"):
            yield SWALLOWS


def _imports(modules: list[str]) -> Iterator[str]:
    for module in modules:
        if module.partition(".")[0] not in ALLOWED:
            yield IMPORT.format(module=module, allowed=SHOWN)


def _call(node: ast.Call, names: Mapping[str, str], seeded: frozenset[str]) -> Iterator[str]:
    name = full(node.func, names)
    head, _, last = name.rpartition(".")
    if name in _BUILTINS:
        yield BUILTIN.format(name=name, why=_BUILTINS[name])
    elif name.startswith("bpy.ops."):
        if found := reproach(name.removeprefix("bpy.ops.")):
            yield found.sentence(name)
        if any(isinstance(one, ast.Constant) and str(one.value).startswith("INVOKE") for one in node.args):
            yield INVOKES.format(name=name)
    elif last in _FILE_MEMBERS or (last in ("load", "write") and head.rpartition(".")[2] in _LOADING):
        yield FILES.format(name=name)
    elif last == "temp_override" and any(one.arg in _WINDOWED for one in node.keywords):
        yield WINDOW.format(name=name)
    elif cure := _unseeded(name, node, seeded):
        yield RANDOM.format(name=name, cure=cure)
    elif last in ("batch_remove", "orphans_purge") and head == "bpy.data":
        yield SWEEPS.format(name="bpy.data")


def _attribute(name: str) -> Iterator[str]:
    head, _, last = name.rpartition(".")
    if head in ("bpy.context", "context", "C") and last in _WINDOWED:
        yield WINDOW.format(name=name)
    if name in _LATER:
        yield LATER.format(name=name)


def _unseeded(name: str, node: ast.Call, seeded: frozenset[str]) -> str:
    """What to call before this, where it makes chance of its own; else empty."""
    if name == "random.SystemRandom":
        return "random.seed(0)"
    if name.startswith("random.") and name not in ("random.seed", "random.Random"):
        return "" if "random" in seeded else "random.seed(0)"
    if name in ("random.Random", "numpy.random.default_rng", "numpy.random.RandomState"):
        return "" if node.args or node.keywords else f"{name}(0) instead: the seed"
    if name.startswith("numpy.random.") and name != "numpy.random.seed":
        return "" if "numpy" in seeded else "numpy.random.seed(0)"
    if name.startswith("mathutils.noise.") and name.rpartition(".")[2] in _NOISE:
        return "" if "mathutils" in seeded else "mathutils.noise.seed_set(1)"
    return ""


def _seeded(tree: ast.Module, names: Mapping[str, str]) -> frozenset[str]:
    """Whose chance is given a seed; one of nothing is none."""
    seeds = {"random.seed": "random", "numpy.random.seed": "numpy", "mathutils.noise.seed_set": "mathutils"}
    return frozenset(
        seeds[name]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and (name := full(node.func, names)) in seeds and node.args
    )


def _sweeps(node: ast.For, over: ast.expr, target: str, names: Mapping[str, str]) -> Iterator[str]:
    """A loop over all there is whose body removes each, without asking which it is."""
    inner = over.args[0] if isinstance(over, ast.Call) and len(over.args) == 1 else over
    swept = full(inner, names)
    if not (swept.startswith("bpy.data.") or swept.endswith(".objects")):
        return
    for statement in node.body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            call = statement.value
            first = call.args[0] if call.args else None
            if full(call.func, names).endswith(".remove") and isinstance(first, ast.Name) and first.id == target:
                yield SWEEPS.format(name=swept)


def _names(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for, and each name that is only another for `bpy.data` and the like."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=aliases):
                found.update((one.asname, one.name) for one in aliases if one.asname)
            case ast.ImportFrom(module=str(module), names=aliases, level=0):
                found.update((one.asname or one.name, f"{module}.{one.name}") for one in aliases)
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute() as value):
                meant = full(value, found)
                if meant.startswith(("bpy.data", "bpy.context", "bpy.ops", "bpy.app")):
                    found[name] = meant
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=other)) if other in _BUILTINS:
                found[name] = other
    return found


def full(node: ast.AST, names: Mapping[str, str]) -> str:
    """The dotted name of an expression, imports and other names for the same resolved; its end where that is all."""
    match node:
        case ast.Name(id=name):
            return names.get(name, name)
        case ast.Attribute(value=value, attr=attr):
            head = full(value, names)
            return f"{head}.{attr}" if head else attr
        case ast.Call(func=ast.Name(id="getattr"), args=[value, ast.Constant(value=str(attr)), *_]):
            head = full(value, names)
            return f"{head}.{attr}" if head else attr
        case _:
            return ""
