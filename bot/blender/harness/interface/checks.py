"""What a call of a layout asks for and is not there, as Blender itself would notice it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import bpy

from bot.blender.harness.interface.buttons import OperatorProperties, known_operator, show_property, unwrapped
from bot.blender.harness.interface.known import is_known
from bot.blender.harness.interface.misfits import (
    LayoutError,
    UnfitProperty,
    UnknownItem,
    UnknownList,
    UnknownMenu,
    UnknownOperator,
    UnknownPanel,
)

DATA_PAIRS = (
    ("data", "property"),
    ("search_data", "search_property"),
    ("dataptr", "propname"),
    ("active_dataptr", "active_propname"),
    ("active_data", "active_property"),
    ("data_highlight", "property_highlight"),
    ("used_layers_data", "used_layers_property"),
)
"""Parameters of layout functions: some data, and the name of a property of it."""

ENUM, COLLECTION, INTEGER = frozenset({"ENUM"}), frozenset({"COLLECTION"}), frozenset({"INT"})
SEARCHED = frozenset({"POINTER", "STRING", "ENUM"})
KINDS_SHOWN = {
    ("prop_enum", "property"): (ENUM, "not an enum property"),
    ("props_enum", "property"): (ENUM, "not an enum property"),
    ("prop_tabs_enum", "property"): (ENUM, "property is not an enum"),
    ("prop_with_menu", "property"): (ENUM, "property is not an enum"),
    ("template_icon_view", "property"): (ENUM, "property of type Enum not found"),
    ("template_ID", "property"): (frozenset({"POINTER"}), "pointer property not found"),
    ("template_ID_preview", "property"): (frozenset({"POINTER"}), "pointer property not found"),
    ("prop_search", "property"): (SEARCHED, "property must be a pointer, string or enum"),
    ("prop_search", "search_property"): (COLLECTION, "search collection property is not a collection type"),
    ("template_list", "propname"): (COLLECTION, "expected a collection data property"),
    ("template_list", "active_propname"): (INTEGER, "expected an integer active data property"),
}
"""By function and parameter: the kinds of property it is for, and what Blender says of any other."""

NAMES_OF_TYPES = {
    "menu": ("Menu", UnknownMenu, "not found {name}"),
    "panel": ("Panel", UnknownPanel, "Panel type not found '{name}'"),
    "listtype_name": ("UIList", UnknownList, "List type {name} not found"),
}
"""By parameter: what it names, and what Blender says where there is none of that name."""

NAMES_OF_OPERATORS = ("operator", "new", "open", "unlink")
DEFAULT_LIST = "UI_UL_list"


def misfits_of(function: str, given: dict[str, Any]) -> Iterator[LayoutError]:
    """Everything in a call that is not there; the arguments themselves fit.

    Raises:
        TypeError: some data is nothing Blender knows.
    """
    yield from _unknown_names(function, given)
    for data_name, property_name in DATA_PAIRS:
        data, name = given.get(data_name), given.get(property_name)
        if data is None or not isinstance(name, str):
            continue
        problem = show_property(data, name)
        if problem is not None:
            yield problem
        else:
            yield from _unfit(function, property_name, data, name)
    yield from _unknown_item(function, given)


def _unknown_names(function: str, given: dict[str, Any]) -> Iterator[LayoutError]:
    for parameter, (kind, error, message) in NAMES_OF_TYPES.items():
        name = given.get(parameter)
        if isinstance(name, str) and name and not is_known(kind, name):
            yield error(f"UILayout.{function}(): {message.format(name=name)}", "bpy.types", name)
    if function == "template_list" and given.get("listtype_name") == DEFAULT_LIST and not given.get("list_id"):
        message = f"template_list using default '{DEFAULT_LIST}' UIList class must provide a custom list_id"
        yield UnknownList(f"UILayout.template_list(): {message}", "UILayout", "template_list")
    for parameter in NAMES_OF_OPERATORS:
        name = given.get(parameter)
        if isinstance(name, str) and name and known_operator(name) is None:
            module, _, operator = name.rpartition(".")
            owner = f"bpy.ops.{module}" if module else "bpy.ops"
            yield UnknownOperator(f"UILayout.{function}(): unknown operator '{name}'", owner, operator)
    if function in ("operator_enum", "operator_menu_enum") and (name := known_operator(given.get("operator", ""))):
        shown = given.get("property", "")
        data = OperatorProperties(name, bpy.context.window_manager.operator_properties_last(name))
        problem = show_property(data, shown)
        if problem is not None:
            yield problem
        elif properties_behind(data)[shown].type != "ENUM":
            yield UnfitProperty(f"UILayout.{function}(): {name}.{shown}, not an enum type", name, shown)


def _unfit(function: str, parameter: str, data: Any, name: str) -> Iterator[LayoutError]:
    kinds, message = KINDS_SHOWN.get((function, parameter), (frozenset[str](), ""))
    known = properties_behind(data).get(name)
    if known is not None and kinds and known.type not in kinds:
        owner = unwrapped(data).bl_rna.identifier
        yield UnfitProperty(f"UILayout.{function}(): {message}: {owner}.{name}", owner, name)


def _unknown_item(function: str, given: dict[str, Any]) -> Iterator[LayoutError]:
    if function != "prop_enum":
        return
    data, name, item = unwrapped(given["data"]), given["property"], given["value"]
    known = properties_behind(data).get(name)
    if known is None or known.type != "ENUM" or item in known.enum_items:
        return
    if isinstance(
        data, bpy.types.bpy_struct
    ):  # items can depend on the data; what is empty or unknown has none of these
        layout = bpy.types.UILayout
        asked = (layout.enum_item_name, layout.enum_item_description, layout.enum_item_icon)
        if any(function_of(data, name, item) for function_of in asked):
            return
    owner = data.bl_rna.identifier
    yield UnknownItem(f"UILayout.prop_enum(): enum property value not found: {item}", f"{owner}.{name}", item)


def properties_behind(data: Any) -> Any:
    """The properties there are to be shown of some data."""
    return unwrapped(data).bl_rna.properties
