"""Finding places in a file: walking its tree, its scopes, and the fault that was seen at a node."""

from __future__ import annotations

import re

import libcst as cst

from bot.models.fault import Fault, FaultKind
from bot.rules.base import Context
from bot.rules.source import Source
from bot.rules.tree import walk as walk

Scope = cst.FunctionDef | cst.Lambda | cst.ClassDef | cst.Module


def scope_of(source: Source, node: cst.CSTNode) -> Scope:
    """The innermost function, class or file that holds a node."""
    for parent in source.ancestors(node):
        if isinstance(parent, cst.FunctionDef | cst.Lambda | cst.ClassDef | cst.Module):
            return parent
    return source.module


def fault_at(source: Source, node: cst.CSTNode, context: Context, message: str) -> Fault | None:
    """The fault a sensor saw on the lines of a node, whose message matches a pattern.

    Answers about the API are not meant: they come of a repair's own question.
    """
    first, last = source.line(node), source.end_line(node)
    for fault in context.faults_in(source):
        if fault.kind is not FaultKind.API and first <= fault.line <= last and re.search(message, fault.message):
            return fault
    return None


def dotted(node: cst.CSTNode) -> str | None:
    """`bpy.ops.mesh.bevel` for a chain of plain names; null for anything else."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name):
        return None
    return ".".join((node.value, *reversed(parts)))


def text_of(node: cst.CSTNode | None) -> str | None:
    """What a plain string literal says; null for anything else (bytes and f-strings too)."""
    if isinstance(node, cst.SimpleString):
        value = node.evaluated_value
        return value if isinstance(value, str) else None
    return None
