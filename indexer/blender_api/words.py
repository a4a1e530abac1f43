"""What the user interface calls a thing, guessed from its identifier: people ask in its words.

A real Blender knows better (`ApiSymbol.ui_name`); this stands in where none was asked.
"""

from __future__ import annotations

import re

from indexer.blender_api.described import ApiSymbol
from indexer.tokens import parts

_VERBS = frozenset(
    """
    add apply assign bake clear copy create delete deselect duplicate edit enable disable export extrude fill
    find flip import insert invert join link load lock make merge mirror move new open paste remove rename
    rotate save scale select separate set smooth snap sort split subdivide swap toggle unlink unlock update
    """.split()  # noqa: SIM905  (a list of words reads better without its quotes)
)
_UI_KINDS = {"MT": "menu", "PT": "panel", "HT": "header", "UL": "list", "OT": "operator", "AST": "asset shelf"}
_UI_CLASS = re.compile(r"([A-Z][A-Z0-9]*)_(MT|PT|HT|UL|OT|AST)_(\w+)")
_SAY_NOTHING = frozenset({"use", "show", "is", "has", "primitive"})


def ui_name(symbol: ApiSymbol) -> str:
    """`primitive_cube_add` is "Add Cube", `use_auto_smooth` "Auto Smooth", `VIEW3D_MT_add` "Add menu, View3D"."""
    name = symbol.symbol.rpartition(".")[2]
    if symbol.ui_name and symbol.ui_name != name:
        return symbol.ui_name
    if found := _UI_CLASS.fullmatch(name):
        return f"{' '.join(parts(found[3])).title()} {_UI_KINDS[found[2]]}, {found[1].title().replace('3d', '3D')}"
    words = parts(name)
    if len(words) > 1 and words[0] in _SAY_NOTHING:
        words = words[1:]
    if symbol.kind == "operator" and len(words) > 1 and words[-1] in _VERBS:
        words = [words[-1], *words[:-1]]
    return " ".join(words).title()
