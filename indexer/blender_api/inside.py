"""Runs inside Blender: writes down what its Python API is made of.

    python inside.py OUT.json                                  (an environment with the `bpy` wheel)
    blender -b --factory-startup --python inside.py -- OUT.json

It needs nothing but the standard library and `bpy`, and imports nothing of the index. Nothing is
called that does anything: only descriptions are read. Standard output is never read; the result is
one JSON file, which `introspection` checks when it reads it:

    {"format": 1, "release": "4.5", "version": "4.5.15", "enums": [[["MESH", "Mesh", ""], …], …],
     "symbols": {"bpy.types.Mesh.vertices": {"kind": "readonly", "type": "bpy.types.MeshVertices", …}}}

An `enum` of a symbol or parameter is its place in `enums`. The process ends with `os._exit`, since
Blender as a module can hang for minutes at exit.
"""

from __future__ import annotations

import importlib
import inspect
import json
import math
import os
import sys
import traceback
from collections.abc import Iterator
from types import ModuleType
from typing import Any

FORMAT = 1
MODULES = """
aud bl_math blf bmesh bmesh.geometry bmesh.ops bmesh.types bmesh.utils bpy bpy.app bpy.app.handlers
bpy.app.icons bpy.app.timers bpy.app.translations bpy.msgbus bpy.path bpy.props bpy.utils bpy.utils.previews
bpy.utils.units bpy_extras bpy_extras.anim_utils bpy_extras.asset_utils bpy_extras.bmesh_utils
bpy_extras.id_map_utils bpy_extras.image_utils bpy_extras.io_utils bpy_extras.keyconfig_utils
bpy_extras.mesh_utils bpy_extras.node_shader_utils bpy_extras.node_utils bpy_extras.object_utils
bpy_extras.view3d_utils bpy_extras.wm_utils gpu gpu.capabilities gpu.matrix gpu.platform gpu.select gpu.shader
gpu.state gpu.texture gpu.types gpu_extras gpu_extras.batch gpu_extras.presets idprop.types imbuf imbuf.types
mathutils mathutils.bvhtree mathutils.geometry mathutils.interpolate mathutils.kdtree mathutils.noise
""".split()  # noqa: SIM905  (a list of words reads better without its quotes)

_VALUES = {"BOOLEAN": "bool", "INT": "int", "FLOAT": "float", "STRING": "str"}
_BLENDERS_OWN = ("bpy.types", "bpy_types", "_bpy_types")
_WITHOUT_BOUNDS = 2_147_483_647.0
"""What Blender writes for "no limit"; of floating point numbers anything from here on."""

Json = dict[str, Any]


class Walk:
    """Everything that was found, and the lists of enum items by what they say."""

    def __init__(self) -> None:
        self.symbols: dict[str, Json] = {}
        self.enums: list[list[tuple[str, str, str]]] = []
        self._known: dict[tuple[tuple[str, str, str], ...], int] = {}

    # --------------------------------------------------------------------------------------- bpy.types

    def types(self, types: Any) -> None:
        """`bpy.types`: classes, their own properties and functions, and what Python added to them."""
        self._add("bpy.types", "module")
        for name in sorted(dir(types)):
            cls = getattr(types, name, None)
            if isinstance(cls, type) and getattr(cls, "bl_rna", None) is not None:
                self._class(name, cls)
            elif isinstance(cls, type):
                self._python_class(f"bpy.types.{name}", cls)

    def _class(self, name: str, cls: type) -> None:
        rna: Any = cls.bl_rna  # type: ignore[attr-defined]
        full = f"bpy.types.{name}"
        base = rna.base
        bases = [f"bpy.types.{base.identifier}"] if base is not None else ["bpy.types.bpy_struct"]
        self._add(full, "class", text=rna.description, ui_name=rna.name, bases=bases)
        if not cls.__module__.startswith(_BLENDERS_OWN):
            return  # a panel, menu or operator of Blender's scripts: nobody calls its methods
        inherited = set(base.properties.keys()) if base is not None else set()
        for prop in rna.properties:
            if prop.identifier not in inherited and prop.identifier != "rna_type":
                self._property(full, prop)
        inherited = set(base.functions.keys()) if base is not None else set()
        for function in rna.functions:
            if function.identifier not in inherited:
                self._function(full, function)
        self._python_members(full, cls)

    def _property(self, owner: str, prop: Any) -> None:
        kind = "readonly" if prop.is_readonly else "property"
        self._add(
            f"{owner}.{prop.identifier}", kind, readonly=bool(prop.is_readonly), **self._described(prop, keyword=False)
        )

    def _described(self, prop: Any, *, keyword: bool) -> Json:
        found: Json = {
            "text": prop.description,
            "type": value_type(prop),
            "default": default(prop),
            "enum": self._enum(prop),
        }
        if prop.type in ("INT", "FLOAT"):
            found["hard"] = [bound(prop.hard_min), bound(prop.hard_max)]
            found["soft"] = [bound(prop.soft_min), bound(prop.soft_max)]
        if not keyword:
            found["ui_name"] = prop.name
            found["subtype"] = "" if prop.subtype == "NONE" else prop.subtype
            found["unit"] = "" if prop.unit == "NONE" else prop.unit
            if getattr(prop, "is_deprecated", False):
                found["deprecated"] = deprecation(prop)
        return found

    def _function(self, owner: str, function: Any) -> None:
        parameters = [self._parameter(one, not one.is_required) for one in function.parameters if not one.is_output]
        returned = [
            f"{value_type(one)}: {one.description}" if one.description else value_type(one)
            for one in function.parameters
            if one.is_output
        ]
        self._add(
            f"{owner}.{function.identifier}",
            "method",
            text=function.description,
            parameters=parameters,
            returns="; ".join(returned),
        )

    def _parameter(self, prop: Any, keyword_only: bool) -> Json:
        found = self._described(prop, keyword=True)
        found["default"] = (found["default"] or "None") if keyword_only else None
        return {"name": prop.identifier, "keyword_only": keyword_only, **said(found)}

    # ----------------------------------------------------------------------------------- bpy.ops, Python

    def operators(self, ops: Any) -> None:
        """`bpy.ops`: every operator of every group."""
        self._add("bpy.ops", "module")
        for group in sorted(dir(ops)):
            if group.startswith("_"):
                continue
            self._add(f"bpy.ops.{group}", "module")
            for name in sorted(dir(getattr(ops, group))):
                try:
                    rna = getattr(getattr(ops, group), name).get_rna_type()
                except KeyError:  # listed, but its class is gone
                    continue
                parameters = [self._parameter(prop, True) for prop in rna.properties if prop.identifier != "rna_type"]
                self._add(
                    f"bpy.ops.{group}.{name}",
                    "operator",
                    text=rna.description,
                    ui_name=rna.name,
                    parameters=parameters,
                )

    def context(self, context: Any) -> None:
        """Members of `bpy.context` that no RNA describes: those that depend on the screen."""
        for name in dir(context):
            if not name.startswith("_"):
                self.symbols.setdefault(f"bpy.types.Context.{name}", {"kind": "readonly"})

    def module(self, name: str, module: Any) -> None:
        """A module, or a thing like one: `bpy.app` is none."""
        self._add(name, "module", text=doc(module) if isinstance(module, ModuleType) else "")
        # `bpy` and its likes are written in Python but made of what is not.
        written_in_python = name.startswith(("bpy_extras", "gpu_extras"))
        for member in sorted(dir(module)):
            if member.startswith("_"):
                continue
            value = getattr(module, member, None)
            full = f"{name}.{member}"
            if isinstance(value, ModuleType) or full in ("bpy.types", "bpy.ops", "bpy.context", "bpy.data"):
                continue
            if written_in_python and getattr(value, "__module__", name) != name:
                continue  # what it imports from elsewhere
            if isinstance(value, type):
                self._python_class(full, value)
            elif callable(value):
                self._callable(full, value, "function")
            else:
                documented = getattr(type(module), member, None)
                text = doc(documented) if not isinstance(module, ModuleType) else ""
                self._add(full, "value", text=text, type=type(value).__name__)

    def _python_class(self, full: str, cls: type) -> None:
        bases = [f"{full.rpartition('.')[0]}.{base.__name__}" for base in cls.__bases__ if base is not object]
        self._add(full, "class", text=doc(cls), bases=bases)
        self._python_members(full, cls)

    def _python_members(self, full: str, cls: type) -> None:
        for name, value in vars(cls).items():
            if name.startswith("_") or name in ("bl_rna", "bl_rna_get_subclass", "bl_rna_get_subclass_py"):
                continue
            symbol = f"{full}.{name}"
            if symbol in self.symbols:
                continue
            if isinstance(value, (staticmethod, classmethod)):
                self._callable(symbol, value.__func__, "method", bound=isinstance(value, classmethod))
            elif isinstance(value, property):
                readonly = value.fset is None
                kind = "readonly" if readonly else "property"
                self._add(symbol, kind, text=doc(value), readonly=readonly)
            elif inspect.isgetsetdescriptor(value) or inspect.ismemberdescriptor(value):
                # Whether these can be assigned only trying would tell.
                self._add(symbol, "property", text=doc(value))
            elif inspect.isroutine(value):
                self._callable(symbol, value, "method", bound=True)

    def _callable(self, full: str, function: Any, kind: str, *, bound: bool = False) -> None:
        parameters: list[Json] | None = None
        if inspect.isfunction(function):
            found = list(inspect.signature(function).parameters.values())[1 if bound else 0 :]
            parameters = [
                {
                    "name": {"VAR_POSITIONAL": "*", "VAR_KEYWORD": "**"}.get(one.kind.name, "") + one.name,
                    "keyword_only": one.kind is one.KEYWORD_ONLY,
                    "positional_only": one.kind is one.POSITIONAL_ONLY,
                    "default": None if one.default is one.empty else short_repr(one.default),
                }
                for one in found
            ]
        self._add(full, kind, text=doc(function), parameters=parameters)

    def _enum(self, prop: Any) -> int | None:
        if prop.type != "ENUM":
            return None
        items = tuple((one.identifier, one.name, one.description) for one in prop.enum_items_static)
        if not items:
            return None
        place = self._known.setdefault(items, len(self.enums))
        if place == len(self.enums):
            self.enums.append(list(items))
        return place

    def _add(self, symbol: str, kind: str, **fields: Any) -> None:
        self.symbols[symbol] = {"kind": kind, **said(fields)}


def said(fields: Json) -> Json:
    """The fields that say something: the file would be twice as long with the others."""
    return {name: value for name, value in fields.items() if value is not None and value not in ("", [], [None, None])}


def value_type(prop: Any) -> str:
    """What a property holds, as Python names it: `float[3]`, `bpy.types.Object`, `set[str]`."""
    if prop.type in ("POINTER", "COLLECTION"):
        holder = prop.srna if prop.type == "COLLECTION" else None
        if holder is not None:
            return f"bpy.types.{holder.identifier}"
        fixed = f"bpy.types.{prop.fixed_type.identifier}" if prop.fixed_type is not None else "bpy.types.bpy_struct"
        return f"bpy.types.bpy_prop_collection[{fixed}]" if prop.type == "COLLECTION" else fixed
    if prop.type == "ENUM":
        return "set[str]" if prop.is_enum_flag else "str"
    name: str = _VALUES.get(prop.type, prop.type.lower())
    if getattr(prop, "is_array", False):
        sizes = [size for size in prop.array_dimensions if size] or [prop.array_length]
        return name + "".join(f"[{size}]" for size in sizes)
    return name


def default(prop: Any) -> str | None:
    """The default as Python writes it; null where there is none."""
    if prop.type in ("POINTER", "COLLECTION"):
        return None
    if prop.type == "ENUM":
        return (
            repr(set(prop.default_flag))
            if prop.is_enum_flag and prop.default_flag
            else ("set()" if prop.is_enum_flag else repr(prop.default))
        )
    if getattr(prop, "is_array", False):
        return repr(tuple(plain(value) for value in prop.default_array))
    return repr(plain(prop.default))


def plain(value: Any) -> Any:
    """Single precision as people write it: 0.1, not 0.10000000149011612."""
    if not isinstance(value, float) or not math.isfinite(value):
        return value
    return float(f"{value:.6g}")


def bound(value: float) -> float | None:
    """One end of a range; null where there is no limit."""
    return None if not math.isfinite(value) or abs(value) >= _WITHOUT_BOUNDS else plain(value)


def deprecation(prop: Any) -> str:
    """Since when a property is not to be used, and what Blender says about it."""
    since = ".".join(str(part) for part in tuple(prop.deprecated_version)[:2])
    gone = ".".join(str(part) for part in tuple(prop.deprecated_removal_version)[:2])
    return f"Since {since}, to be removed in {gone}: {prop.deprecated_note}"


def doc(value: object) -> str:
    """What a thing says about itself; a class whose `__doc__` is no text says nothing."""
    found = getattr(value, "__doc__", None)
    return inspect.cleandoc(found) if isinstance(found, str) else ""


def short_repr(value: object) -> str:
    """A default of Python code; what is too long is left out, and no address gets in."""
    text = repr(value)
    return text if len(text) <= 80 and " at 0x" not in text else "…"


def modules() -> Iterator[tuple[str, Any]]:
    """Every module of `MODULES` that this Blender has."""
    for name in MODULES:
        try:
            yield name, importlib.import_module(name)
        except ImportError:
            import bpy

            found: Any = {"bpy": bpy}.get(name.partition(".")[0])
            for part in name.split(".")[1:]:
                found = getattr(found, part, None)
            if found is not None:
                yield name, found


def main(path: str) -> None:
    """Walk the API and write it to the path."""
    import bpy

    walk = Walk()
    walk.types(bpy.types)
    walk.operators(bpy.ops)
    walk.context(bpy.context)
    for name, module in modules():
        walk.module(name, module)
    version = tuple(bpy.app.version)
    data = {
        "format": FORMAT,
        "release": f"{version[0]}.{version[1]}",
        "version": ".".join(map(str, version)),
        "enums": walk.enums,
        "symbols": walk.symbols,
    }
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123
        json.dump(data, file, separators=(",", ":"), ensure_ascii=True)


if __name__ == "__main__":
    status = 1
    try:
        main(sys.argv[sys.argv.index("--") + 1] if "--" in sys.argv else sys.argv[1])
        status = 0
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
