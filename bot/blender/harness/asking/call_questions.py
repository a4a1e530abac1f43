"""Questions about calls: keywords, positions, products."""

from __future__ import annotations

import inspect
import re
from typing import Any

import bmesh
import bpy
from mathutils import Euler, Matrix, Vector

from bot.blender.harness.asking.names import resolve, rna_function
from bot.blender.harness.interface.buttons import operator_exists


def takes_keyword(owner: str, name: str) -> tuple[bool | None, str]:
    """KEYWORD."""
    if owner.startswith("bpy.ops."):
        module, _, function = owner[len("bpy.ops.") :].partition(".")
        if not operator_exists(f"{module}.{function}"):
            return None, f"there is no {owner}"
        return name in getattr(getattr(bpy.ops, module), function).get_rna_type().properties, ""
    function = rna_function(owner)
    if function is not None:
        return any(parameter.identifier == name and not parameter.is_output for parameter in function.parameters), ""
    if owner.startswith("bpy.props."):
        return property_keyword(owner, name)
    if owner.startswith("bmesh.ops."):
        return bmesh_keyword(owner, name)
    parameters = inspect.signature(resolve(owner)).parameters
    loose = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    return name in parameters or loose, ""


def property_keyword(owner: str, name: str) -> tuple[bool | None, str]:
    """Whether a function of `bpy.props` takes a keyword: its documentation lists them all."""
    signature = (resolve(owner).__doc__ or "").partition("\n\n")[0].partition(")\n")[0]
    return bool(re.search(rf"\b{re.escape(name)}=", signature)), "read in its documentation"


def bmesh_keyword(owner: str, name: str) -> tuple[bool | None, str]:
    """Whether a function of `bmesh.ops` takes a keyword: the first line of its documentation is its signature."""
    function = getattr(bmesh.ops, owner.rpartition(".")[2], None)
    if function is None or owner.rpartition(".")[2] not in dir(bmesh.ops):
        return None, f"there is no {owner}"
    signature = (function.__doc__ or "").partition("\n")[0]
    return bool(re.search(rf"[(\s]{re.escape(name)}(=|,|\)|$)", signature)), "read in its documentation"


def takes_positional(owner: str, name: str) -> tuple[bool | None, str]:
    """POSITIONAL."""
    if owner.startswith("bpy.ops"):
        parse = getattr(getattr(bpy.ops, "_BPyOpsSubModOp", None), "_parse_args", None)
        if parse is None:
            parse = type(bpy.ops.object.select_all)._parse_args
        try:
            parse([{"scene": None}])
        except (ValueError, TypeError):
            return False, "a dictionary is refused"
        return True, ""
    count = int(name)
    function = rna_function(owner)
    if function is not None:
        parameters = [parameter for parameter in function.parameters if not parameter.is_output]
        return count <= len(parameters) and all(one.is_required for one in parameters[:count]), ""
    try:
        inspect.signature(resolve(owner)).bind_partial(*range(count))
    except TypeError:
        return False, ""
    return True, ""


def is_product(owner: str, name: str) -> tuple[bool | None, str]:
    """PRODUCT: `a * b` against `a @ b` on values that tell them apart."""
    values: dict[str, tuple[Any, Any]] = {
        "Matrix": (
            Matrix(((1, 2, 3, 4), (5, 6, 7, 8), (2, 1, 1, 3), (0, 0, 0, 1))),
            Matrix(((2, 0, 1, 1), (1, 3, 0, 2), (0, 1, 4, 5), (0, 0, 0, 1))),
        ),
        "Vector": (Vector((1, 2, 3)), Vector((4, 5, 7))),
        "Quaternion": (Euler((0.3, 0.5, 0.7)).to_quaternion(), Euler((0.9, 0.2, 0.4)).to_quaternion()),
        "Euler": (Euler((0.3, 0.5, 0.7)), Euler((0.9, 0.2, 0.4))),
    }
    left, right = owner.rpartition(".")[2], name.rpartition(".")[2]
    if left not in values or right not in values:
        return None, "not asked of these types"
    first, second = values[left][0], values[right][1]
    try:
        real = first @ second
    except TypeError as error:
        return None, f"@: {error}"
    try:
        product = first * second
    except TypeError as error:
        return False, str(error)
    return _close(real, product), f"* gives {type(product).__name__}, @ gives {type(real).__name__}"


def _close(first: Any, second: Any) -> bool:
    if isinstance(first, float) or isinstance(second, float):
        return type(first) is type(second) and abs(first - second) < 1e-5
    one, two = _numbers(first), _numbers(second)
    return (
        type(first) is type(second)
        and len(one) == len(two)
        and all(abs(a - b) < 1e-4 for a, b in zip(one, two, strict=True))
    )


def _numbers(value: Any) -> list[float]:
    numbers: list[float] = []
    for row in value:
        numbers += [row] if isinstance(row, float) else list(row)  # the rows of a matrix are vectors
    return numbers
