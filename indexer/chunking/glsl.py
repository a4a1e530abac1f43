"""GLSL: functions, structs and uniforms. All a further language needs is a file like this one."""

from __future__ import annotations

import warnings
from functools import cache

import tree_sitter_glsl
from tree_sitter import Language, Node

from indexer.chunking.outline import Naming, OutlineChunker
from indexer.chunking.source import Source
from indexer.chunking.treesitter import text_of


@cache
def _grammar() -> Language:
    with warnings.catch_warnings():
        # The package still hands out a bare pointer, which tree-sitter takes and frowns at.
        warnings.simplefilter("ignore", DeprecationWarning)
        return Language(tree_sitter_glsl.language())


def _function(node: Node, source: Source) -> str:
    declarator = node.child_by_field_name("declarator")
    return text_of(declarator.child_by_field_name("declarator"), source, 100) if declarator is not None else ""


def _struct(node: Node, source: Source) -> str:
    return text_of(node.child_by_field_name("name"), source, 100) if node.child_by_field_name("body") else ""


def _uniform(node: Node, source: Source) -> str:
    if not any(child.type == "uniform" for child in node.children[:5]):
        return ""
    block = next((child for child in node.named_children if child.type == "identifier"), None)
    declared = node.child_by_field_name("declarator") or block
    return text_of(declared, source, 100).partition("[")[0].strip()


GLSL = OutlineChunker(
    language="glsl",
    suffixes=frozenset({".glsl", ".vert", ".frag", ".geom", ".comp", ".tesc", ".tese", ".vs", ".fs"}),
    grammar=_grammar,
    definitions={
        "function_definition": Naming("function", _function),
        "struct_specifier": Naming("class", _struct),
        "declaration": Naming("uniform", _uniform),
    },
    calls=("call_expression",),
)
