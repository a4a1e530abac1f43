"""A fault that was seen in Blender, as a script that shows it by itself. Pure."""

from __future__ import annotations

import ast
import builtins
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from bot.models.addon import Addon, AddonKind
from bot.models.fault import Fault, FaultKind
from bot.models.release import Release
from bot.reproducing.reading import Import, names_in
from bot.reproducing.shapes import UNWRITTEN, Shape, body, shapes
from bot.reproducing.sources import DEFINED, FILES, LAYOUTS, MODULES, OF_BLENDER
from bot.reproducing.taking import import_lines, take
from bot.reproducing.wanted import UnmakeableError, Wanted, hanging
from bot.reproducing.wording import (
    DOING,
    ENDS_DYING,
    ENDS_HANGING,
    ENDS_RAISING,
    FOLDERS,
    HANGS_AFTER,
    HOW,
    SCRIPT,
    START,
    TITLE,
    paragraph,
    quoted,
    words,
)

NOTHING_KNOWN = "what was tried does not say how it comes about again"
UNKNOWN_NAMES = "it needs {names}, which a script does not have"
EXTENSIONS_SINCE = Release(4, 2)


@dataclass(frozen=True)
class Script:
    """The text of a script, and how much of a recipe it holds."""

    text: str
    shape: Shape


def scripts(wanted: Wanted, file: str) -> Iterator[Script]:
    """Those that may show the fault, the shortest first; `file` is what they will be called.

    Raises:
        UnmakeableError: there is none.
    """
    if not wanted.recipes:
        raise UnmakeableError(NOTHING_KNOWN)
    known: set[str] = set()
    problems: list[UnmakeableError] = []
    for recipe in wanted.recipes:
        for shape in shapes(recipe, wanted.fault):
            try:
                text = _script(wanted, shape, file)
            except UnmakeableError as error:
                problems.append(error)
                continue
            if text not in known:
                yield Script(text, shape)
            known.add(text)
    if not known:
        raise problems[0]


def module_of(addon: Addon, release: Release) -> str:
    """The name an add-on is enabled by in a release: before 4.2 there were no extensions."""
    extension = addon.kind is AddonKind.EXTENSION and release >= EXTENSIONS_SINCE
    return f"bl_ext.user_default.{addon.module}" if extension else addon.module


def _script(wanted: Wanted, shape: Shape, file: str) -> str:
    fault, addon = wanted.fault, wanted.addon
    steps = body(shape, wanted.script)
    module = module_of(addon, wanted.release)
    start = _start(fault).replace("{install}", "install" if module == addon.module else "install_extension")
    needs = _needs(steps) | _needs(start)
    try:
        taken = take(needs, FILES, DEFINED, {"Layout": LAYOUTS[shape.layout]})
    except ValueError as error:
        raise UnmakeableError(UNWRITTEN) from error
    _see(needs, taken.names)
    named = {(name, "") for name in needs & {*MODULES, *OF_BLENDER}}
    imports = {*taken.imports, *named, ("os", ""), ("sys", ""), ("tempfile", ""), ("bpy", "")}
    told, place = fault.exception or "Exception", f" at {fault.place}" if fault.place else ""
    inner, line = (_inner(addon, fault.path), fault.line) if fault.path and fault.traceback else ("", 0)
    doing = DOING.get(fault.kind, "Trying {subject}").format(subject=fault.subject or "it")
    text = SCRIPT.format(
        title=words(TITLE.format(told=told, place=place, release=wanted.release)),
        message=paragraph(fault.message or told),
        how=paragraph(HOW.format(doing=doing)),
        doing=words(doing),
        file=file,
        release=wanted.release,
        ends=_ends(fault),
        imports="\n".join(import_lines({one for one in imports if not _of_blender(one)})),
        addon=quoted(addon.path),
        faulty=quoted(fault.path or _entrance(addon)),
        name=quoted(addon.module),
        module=quoted(module),
        expected=f"{quoted(told)}, {quoted(inner)}",
        line=line,
        number=(wanted.release.major, wanted.release.minor),
        printed=shape.recipe.printed,
        folders=FOLDERS,
        blender="\n".join(_blender_lines(imports)),
        script=f"\nSCRIPT = {_literal(wanted.script)}\n" if "SCRIPT" in needs else "",
        body=steps,
        definitions="\n\n\n".join(taken.definitions),
        start=start,
    )
    return _sound(text)


def _start(fault: Fault) -> str:
    if hanging(fault):
        return f"faulthandler.dump_traceback_later({HANGS_AFTER}, exit=True)\n{START}"
    return f"faulthandler.enable()\n{START}" if fault.kind is FaultKind.CRASH else START


def _ends(fault: Fault) -> str:
    if hanging(fault):
        return ENDS_HANGING.format(seconds=HANGS_AFTER)
    return ENDS_DYING if fault.kind is FaultKind.CRASH else ENDS_RAISING


def _needs(code: str) -> frozenset[str]:
    return names_in(ast.parse(textwrap.dedent(code)))


def _see(needs: frozenset[str], defined: frozenset[str]) -> None:
    """See that everything a recipe names is there."""
    if unknown := needs - defined - DEFINED - MODULES - {*OF_BLENDER, *dir(builtins), "reproduce"}:
        raise UnmakeableError(UNKNOWN_NAMES.format(names=", ".join(sorted(unknown))[:100]))


def _of_blender(one: Import) -> bool:
    return one[0].partition(".")[0] in OF_BLENDER


def _blender_lines(imports: set[Import]) -> Iterator[str]:
    """The imports of what is Blender's, its own module first."""
    for name in OF_BLENDER:
        yield from import_lines({one for one in imports if one[0].partition(".")[0] == name})


def _inner(addon: Addon, path: str) -> str:
    """A file of the add-on, as it is called where Blender has it."""
    if addon.single_file:
        return f"{addon.module}.py"
    return path if addon.path == "." else path.removeprefix(addon.path + "/")


def _entrance(addon: Addon) -> str:
    """The file that makes a folder this add-on's."""
    if addon.single_file:
        return addon.path
    return "__init__.py" if addon.path == "." else f"{addon.path}/__init__.py"


def _literal(text: str) -> str:
    """A text as a literal that can still be read."""
    plain = text.replace("\r\n", "\n")
    shown = f"'''\\\n{plain}'''"
    try:
        return shown if ast.literal_eval(shown) == plain else repr(text)
    except (SyntaxError, ValueError):
        return repr(text)


def _sound(text: str) -> str:
    """See that the whole is Python, and that nothing a stranger wrote became more than text in it.

    Raises:
        UnmakeableError: it is not.
    """
    try:
        tree = ast.parse(text.encode("utf-8"))
    except (SyntaxError, ValueError, RecursionError) as error:
        raise UnmakeableError(UNWRITTEN) from error
    if not isinstance(tree.body[1], ast.ImportFrom):
        raise UnmakeableError(UNWRITTEN)
    return text
