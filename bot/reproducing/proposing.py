"""Repaired faults as tests in the style of a repository's own. Pure."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.models.addon import Addon
from bot.models.fault import Fault, FaultKind
from bot.models.release import Release
from bot.reproducing.composing import module_of
from bot.reproducing.reading import Import, names_in
from bot.reproducing.shapes import UNWRITTEN, Shape, checked, steps
from bot.reproducing.sources import FILES, LAYOUTS, MODULES, OF_BLENDER, TINY
from bot.reproducing.styles import Style, Way
from bot.reproducing.taking import import_lines, take
from bot.reproducing.wanted import UnmakeableError, slug
from bot.reproducing.wording import quoted, words

NAME = "repaired"
"""What a file of such tests is called after."""
DOCUMENT = "What failed once, and was repaired."
FAILED = "{exception} at {place} in Blender {release}, before it was repaired."
_GIVEN = frozenset({"MODULE", "TMP"})
_SWITCHES = '''
def enable(){none}:
    """Switch the add-on on."""
    {module}.register()


def disable(){none}:
    """Switch it off."""
    {module}.unregister()'''


@dataclass(frozen=True)
class Case:
    """A repaired fault, and how it comes about."""

    fault: Fault
    shape: Shape

    def fits(self, way: Way) -> bool:
        """Whether it can be a test where the add-on is enabled that way: whoever runs tests goes on with it enabled."""
        return way is not Way.GIVEN or self.fault.kind is not FaultKind.DISABLE


def names(cases: Sequence[Case]) -> tuple[str, ...]:
    """What the tests are called, each once."""
    found: list[str] = []
    for case in cases:
        name = "test_" + slug(case.fault).replace("-", "_")
        same = sum(re.fullmatch(rf"{re.escape(name)}(?:_\d+)?", other) is not None for other in found)
        found.append(f"{name}_{same + 1}" if same else name)
    return tuple(found)


def file_of_tests(cases: Sequence[Case], style: Style, way: Way, addon: Addon, release: Release) -> str:
    """The text of a file with a test for each of these.

    Raises:
        UnmakeableError: one of them cannot be written down.
    """
    bodies = {name: _body(case, way) for name, case in zip(names(cases), cases, strict=True)}
    switch = _switch(bodies, style, way)
    own = frozenset({"enable", "disable"}) if switch.definitions else frozenset[str]()
    needs = frozenset().union(*map(_needs, (*bodies.values(), switch.on, switch.off)))
    layout = next((case.shape.layout for case in cases if case.shape.layout != TINY), TINY)
    try:
        taken = take(needs, FILES, _GIVEN | own, {"Layout": LAYOUTS[layout]})
    except ValueError as error:
        raise UnmakeableError(UNWRITTEN) from error
    definitions = "\n\n\n".join(filter(None, (*taken.definitions, switch.definitions)))
    needed = needs | _needs(definitions)
    imports: set[Import] = {*taken.imports, *((name, "") for name in needed & {*MODULES, *OF_BLENDER})}
    if "TMP" in needed:
        imports.add(("tempfile", ""))
    constants = [f"MODULE = {quoted(module_of(addon, release))}"] if "MODULE" in needed else []
    constants += ['TMP = tempfile.mkdtemp(prefix="repaired-")'] if "TMP" in needed else []
    head = style.head(needed | {style.base.partition(".")[0]})
    top = _top(head, import_lines(imports), constants, future=style.typed or bool(taken.definitions))
    return _sound("\n\n\n".join(filter(None, (top, definitions, _tests(bodies, cases, style, switch)))) + "\n")


@dataclass(frozen=True)
class _Switch:
    """How the add-on is switched on and off around tests, and what that rests on; empty where others see to it."""

    on: str = ""
    off: str = ""
    definitions: str = ""


def _switch(bodies: Mapping[str, str], style: Style, way: Way) -> _Switch:
    if way is Way.GIVEN:
        return _Switch()
    inside = {"enable", "disable"} & frozenset().union(*map(_needs, bodies.values()))
    if way is Way.REGISTERED and not inside:
        return _Switch(f"{style.module}.register()", f"{style.module}.unregister()")
    own = _SWITCHES.format(module=style.module, none=_none(style)).strip() if way is Way.REGISTERED else ""
    return _Switch("enable()", "disable()", own)


def _needs(code: str) -> frozenset[str]:
    return names_in(ast.parse(textwrap.dedent(code)))


def _none(style: Style) -> str:
    """How functions say that they return nothing."""
    return " -> None" if style.typed else ""


def _body(case: Case, way: Way) -> str:
    """What a test does, once the add-on is enabled; and it is again when it ends."""
    lines = steps(case.shape)
    if case.fault.kind is FaultKind.LOAD:
        enabled = "assert MODULE in bpy.context.preferences.addons"
        lines = [enabled] if way is Way.GIVEN else ["disable()", "enable()"]
    elif case.fault.kind is FaultKind.DISABLE and lines[-1] != "enable()":
        lines = [*lines, "enable()"]
    if case.shape.recipe.printed:
        lines = ["with surfaced():\n" + textwrap.indent("\n".join(lines), "    ")]
    return checked(lines)


def _tests(bodies: Mapping[str, str], cases: Sequence[Case], style: Style, switch: _Switch) -> str:
    """The tests themselves, and what is done around them."""
    none, case_style = _none(style), style.kind == "unittest"
    around = []
    if switch.on and case_style:
        around = [
            f"@classmethod\ndef setUpClass(cls){none}:\n    {switch.on}",
            f"@classmethod\ndef tearDownClass(cls){none}:\n    {switch.off}",
        ]
    elif switch.on:
        around = [f"def setup_module(){none}:\n    {switch.on}", f"def teardown_module(){none}:\n    {switch.off}"]
    done = []
    for (name, body), case in zip(bodies.items(), cases, strict=True):
        fault = case.fault
        said = words(FAILED.format(exception=fault.exception, place=fault.place, release=fault.release))
        done.append(f'def {name}({"self" if case_style else ""}){none}:\n    """{said}"""\n{body}')
    if not case_style:
        return "\n\n\n".join((*around, *done))
    inside = textwrap.indent("\n\n".join((*around, *done)), "    ")
    return f'class TestRepaired({style.base}):\n    """{DOCUMENT}"""\n\n{inside}'


def _top(head: str, imports: Sequence[str], constants: Sequence[str], *, future: bool) -> str:
    """The beginning of a file: imports that are theirs stay as they wrote them, what they import is imported once."""
    known = {line.strip() for line in head.splitlines()}
    ours = [line for line in imports if line not in known]
    plain = [line for line in ours if not line.partition(" ")[2].startswith(OF_BLENDER)]
    blender = [line for line in ours if line not in plain]
    first = "from __future__ import annotations" if future else ""
    blocks = (f'"""{DOCUMENT}"""', first, "\n".join(plain), head, "\n".join(blender), "\n".join(constants))
    return "\n\n".join(filter(None, blocks))


def _sound(text: str) -> str:
    try:
        compile(text, "test", "exec", dont_inherit=True)
        text.encode("utf-8")
    except (SyntaxError, ValueError, RecursionError) as error:
        raise UnmakeableError(UNWRITTEN) from error
    return text
