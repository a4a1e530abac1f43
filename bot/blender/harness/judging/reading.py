"""Questions about the add-on's text that decide whether an exception is a fault."""

from __future__ import annotations

import ast
import re
import traceback

from bot.blender.harness.bench import Bench
from bot.blender.harness.code.classes import file_of
from bot.blender.harness.code.sources import read_source
from bot.blender.harness.judging.excuse_words import OF_AN_EDITOR, PRESENT

_OPERATOR_MISSING_STATE = re.compile(r"object has no attribute '(\w+)'")


def registered_later(bench: Bench) -> set[str]:
    """The names the add-on assigns to Blender's types (`bpy.types.Scene.settings = ...`)."""
    names: set[str] = set()
    for path in bench.addon.files():
        for node in ast.walk(bench.sources.tree(path) or ast.Module([], [])):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.ctx, ast.Store)
                and isinstance(node.value, ast.Attribute)
                and isinstance(node.value.value, (ast.Attribute, ast.Name))
                and (getattr(node.value.value, "attr", "") or getattr(node.value.value, "id", "")) in {"types", "T"}
            ):
                names.add(node.attr)
    return names


def gathered_while_running(bench: Bench, error: KeyError) -> bool:
    """Whether the missing key is of a dictionary of the add-on's that starts empty: what it finds out goes there."""
    line = failing_line(bench, error)[2]
    asked = set(re.findall(r"(\w+)\[", line))
    return any(
        isinstance(node, (ast.Assign, ast.AnnAssign))
        and isinstance(node.value, ast.Dict)
        and not node.value.keys
        and any(isinstance(target, ast.Name) and target.id in asked for target in _targets(node))
        for path in bench.addon.files()
        for node in (bench.sources.tree(path) or ast.Module([], [])).body
    )


def _targets(node: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    return [node.target] if isinstance(node, ast.AnnAssign) else node.targets


def failing_line(bench: Bench, error: BaseException) -> tuple[str, int, str]:
    """Path, line and text of the line of the add-on an exception comes from."""
    frames = bench.describer.inside(error)
    if not frames:
        return "", 0, ""
    path, line = frames[-1]["path"], frames[-1]["line"]
    lines = read_source(bench.addon.absolute(path)).splitlines()
    return path, line, lines[line - 1] if 0 < line <= len(lines) else ""


def ordinary_none(bench: Bench, error: AttributeError) -> bool:
    """Whether what was None is a plain attribute that is often None (`context.active_pose_bone`)."""
    path, line, _ = failing_line(bench, error)
    match = _OPERATOR_MISSING_STATE.search(str(error))
    tree = bench.sources.tree(path) if path else None
    if tree is None or match is None:
        return False
    subject = next(
        (
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute)
            and node.attr == match[1]
            and node.lineno <= line <= (node.end_lineno or 0)
        ),
        None,
    )
    if isinstance(subject, ast.Name):
        site = bench.sources.at(path, line)
        values = _values(tree, subject.id, site.start if site else 0, line)
        if any(isinstance(value, ast.Constant) and value.value is None for value in values):
            return True  # it was looked for and not found
        subject = values[-1] if values else None
    if isinstance(subject, ast.Call):  # of a function of its own, which found nothing
        name = getattr(subject.func, "attr", "") or getattr(subject.func, "id", "")
        return any(site.name == name for site in bench.sources.all_sites())
    if not isinstance(subject, ast.Attribute) or _of_all(tree, subject, line):
        return False
    edited = subject.attr in OF_AN_EDITOR and "space" in ast.unparse(subject.value)
    if subject.attr in PRESENT and not edited:
        return False
    return not any(isinstance(node, ast.Call) for node in ast.walk(subject))


def _of_all(tree: ast.Module, subject: ast.Attribute, line: int) -> bool:
    """Whether it is asked of everything of a kind there is, one after the other (`for mesh in bpy.data.meshes`): then
    no user has to choose anything for one that has none to be among them."""
    root: ast.expr = subject
    while isinstance(root, ast.Attribute):
        root = root.value
    return any(
        isinstance(loop, ast.For)
        and isinstance(loop.target, ast.Name)
        and isinstance(root, ast.Name)
        and loop.target.id == root.id
        and loop.lineno <= line <= (loop.end_lineno or 0)
        and ast.unparse(loop.iter).startswith("bpy.data.")
        for loop in ast.walk(tree)
    )


def _values(tree: ast.Module, name: str, start: int, line: int) -> list[ast.expr]:
    """What a variable is assigned between two lines, going by the text, in order."""
    found = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and start <= node.lineno < line
        and any(
            isinstance(inner, ast.Name) and inner.id == name
            for target in node.targets
            for inner in (target.elts if isinstance(target, ast.Tuple) else (target,))
        )
    ]
    return [node.value for node in sorted(found, key=lambda node: node.lineno)]


def names_in_frames(bench: Bench, error: BaseException) -> set[str]:
    """Every name that the add-on's functions on the way to an exception mention."""
    names: set[str] = set()
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if bench.addon.relative(frame.f_code.co_filename):
            names.update(frame.f_code.co_names)
    return names


def interactive_state(bench: Bench, cls: type, error: AttributeError) -> bool:
    """Whether what is missing is an attribute of the operator that another of its methods sets."""
    match = _OPERATOR_MISSING_STATE.search(str(error))
    subject = getattr(error, "obj", None)
    if match is None or not (isinstance(subject, cls) or f"'{cls.__name__}'" in str(error)):
        return False
    return any(match[1] in attributes for attributes in stored_attributes(bench, cls).values())


def invoke_prepares(bench: Bench, cls: type) -> bool:
    """Whether `invoke` or `modal` stores anything that `execute` may rely on."""
    stored = stored_attributes(bench, cls)
    return bool(stored.get("invoke") or stored.get("modal"))


def stored_attributes(bench: Bench, cls: type) -> dict[str, set[str]]:
    """By method, the attributes it assigns."""
    found: dict[str, set[str]] = {}
    for holder in cls.__mro__:
        path = file_of(bench.addon, holder)
        for node in ast.walk((bench.sources.tree(path) if path else None) or ast.Module([], [])):
            if not (isinstance(node, ast.ClassDef) and node.name == holder.__name__):
                continue
            for method in node.body:
                if isinstance(method, ast.FunctionDef):
                    stores = {
                        inner.attr
                        for inner in ast.walk(method)
                        if isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Store)
                    }
                    found.setdefault(method.name, set()).update(stores)
    return found


def place_of_text(bench: Bench, text: str) -> tuple[str, int]:
    """Where a text stands in the add-on, as an argument of a call if it does; empty where it is put together."""
    found = ("", 0)
    for path in bench.addon.files():
        for node in ast.walk(bench.sources.tree(path) or ast.Module([], [])):
            given = [*node.args, *(one.value for one in node.keywords)] if isinstance(node, ast.Call) else []
            if any(isinstance(one, ast.Constant) and one.value == text for one in given):
                return path, node.lineno  # type: ignore[attr-defined]
            if isinstance(node, ast.Constant) and node.value == text and not found[1]:
                found = path, node.lineno
    return found


def names_given(bench: Bench) -> set[str]:
    """Every name a class of the add-on's is to be known by to Blender."""
    return {
        node.value.value
        for path in bench.addon.files()
        for node in ast.walk(bench.sources.tree(path) or ast.Module([], []))
        if isinstance(node, (ast.Assign, ast.AnnAssign))
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        and any(isinstance(target, ast.Name) and target.id == "bl_idname" for target in _targets(node))
    }


def keywords_assigned(bench: Bench) -> dict[str, set[str]]:
    """By the name of an attribute, the keywords of every call assigned to it (`bpy.types.Scene.size = ...`)."""
    found: dict[str, set[str]] = {}
    for path in bench.addon.files():
        for node in ast.walk(bench.sources.tree(path) or ast.Module([], [])):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                names = [target.attr for target in node.targets if isinstance(target, ast.Attribute)]
                for name in names:
                    found.setdefault(name, set()).update(keyword.arg or "" for keyword in node.value.keywords)
    return found
