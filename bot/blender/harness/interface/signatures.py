"""Arguments against the parameters of an RNA function, judged and worded as Blender does it."""

from __future__ import annotations

from typing import Any

import bpy

from bot.blender.harness.interface.buttons import unwrapped


def bind(name: str, function: Any, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a call by parameter, checked and worded as Blender checks and words them.

    Raises:
        TypeError: as Blender would.
    """
    parameters = [parameter for parameter in function.parameters if not parameter.is_output]
    count = len(arguments) + len(keywords)
    if count > len(parameters):
        raise TypeError(f"{name}(): takes at most {len(parameters)} arguments, got {count}")
    given: dict[str, Any] = {}
    for index, parameter in enumerate(parameters):
        identifier = parameter.identifier
        if index < len(arguments):
            if not parameter.is_required:
                raise TypeError(f'{name}(): required parameter "{identifier}" to be a keyword argument!')
            value, where = arguments[index], f'argument {index + 1}, "{identifier}"'
        elif identifier in keywords:
            value, where = keywords[identifier], f'keyword argument "{identifier}"'
        elif parameter.is_required:
            raise TypeError(f'{name}(): required parameter "{identifier}" not specified')
        else:
            continue
        problem = misfit_of(parameter, value)
        if problem:
            raise TypeError(f"{name}(): error with {where} -  {problem}")
        given[identifier] = value
    known = [parameter.identifier for parameter in parameters]
    unknown = [keyword for keyword in keywords if keyword not in known]
    if unknown:
        raise TypeError(
            f"{name}(): was called with invalid keyword argument(s) ({', '.join(unknown)}), "
            f"expected ({', '.join(known)})"
        )
    return given


def misfit_of(parameter: Any, value: Any) -> str:
    """Why Blender would not take a value for a parameter or a setting; empty: it would."""
    name, kind = f"Function.{parameter.identifier}", type(value).__name__
    if parameter.type == "ENUM":
        items = parameter.enum_items.keys()
        if parameter.is_enum_flag:
            if not isinstance(value, (set, frozenset)):
                return f"{name} expected a set, not a {kind}"
            wrong = [str(item) for item in value if items and item not in items]
        else:
            if not isinstance(value, str):
                return f"expected a string enum, not {kind}"
            wrong = [value] if items and value not in items else []
        return f'enum "{wrong[0]}" not found in ({bounded_list(items)})' if wrong else ""
    if getattr(parameter, "is_array", False):
        return ""
    if parameter.type == "STRING" and not isinstance(value, (str, bytes)):
        if value is None and not parameter.is_never_none:
            return ""
        return f"{name} expected a string type, not {kind}"
    if parameter.type == "BOOLEAN" and not (isinstance(value, int) and value in (0, 1)):
        # Blender takes whatever is an index of 0 or 1 (numpy's booleans too)
        return (
            "" if hasattr(value, "__index__") and value in (0, 1) else f"{name} expected True/False or 0/1, not {kind}"
        )
    if parameter.type == "INT" and not hasattr(value, "__index__"):
        return f"{name} expected an int type, not {kind}"
    if parameter.type == "FLOAT" and not (hasattr(value, "__float__") or hasattr(value, "__index__")):
        return f"{name} expected a float type, not {kind}"
    if parameter.type == "POINTER":
        return _misfit_of_data(parameter, unwrapped(value), name, kind)
    return ""


def _misfit_of_data(parameter: Any, value: Any, name: str, kind: str) -> str:
    wanted = parameter.fixed_type.identifier
    if value is None:
        return f"{name} does not support a 'None' assignment {wanted} type" if parameter.is_never_none else ""
    if wanted == "UILayout":  # layouts are stand-ins here
        return ""
    if wanted == "AnyType":
        owned = isinstance(value, bpy.types.bpy_prop_collection) and hasattr(value, "bl_rna")  # data themselves
        return "" if owned or isinstance(value, bpy.types.bpy_struct) else f"{name} expected a AnyType type, not {kind}"
    known = getattr(bpy.types, wanted, bpy.types.bpy_struct)
    return "" if isinstance(value, known) else f"{name} expected a {wanted} type, not {kind}"


def bounded_list(items: list[str]) -> str:
    """Names in quotes, the first two hundred characters of them."""
    text = ", ".join(f"'{item}'" for item in items)
    return text if len(text) <= 200 else text[:200] + ", ..."
