"""One function, called with guessed arguments."""

from __future__ import annotations

import importlib.util
import inspect
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from bot.blender.harness.bench import Bench, quiet
from bot.blender.harness.code.addon import Addon
from bot.blender.harness.code.sources import Site
from bot.blender.harness.judging.excuse_words import DATA_DEPENDENT, FROM_OUTSIDE
from bot.blender.harness.judging.excuses import other_kind
from bot.blender.harness.recipes import UnwritableError, file_written, is_below, recipe, written
from bot.blender.harness.scene.arguments import NothingToGiveError, arguments
from bot.blender.harness.scene.damaged import DAMAGED, kept, names_file
from bot.blender.harness.scene.files import files_folder
from bot.blender.harness.scene.situations import CUBE
from bot.blender.harness.timing import OutOfTimeError
from bot.blender.harness.values import FAIL, PASS, SKIPPED, Json, probe

KIND = "function"
GUESSED = "called with guessed arguments"
DAMAGED_FILE = "called with a damaged file to read"


@dataclass(frozen=True)
class _Held:
    """The function itself, and how it is written where it is called."""

    function: Callable[..., Any]
    text: str


@dataclass(frozen=True)
class Calling:
    """Calls one function, in one scene after the other.

    `given` says that a traceback goes through it; only then does an exception count, and only the one that was seen,
    where it was seen. Then files are damaged for it, too. In the function that raised it (`nearest`) it counts at
    another line as well, unless an argument of ours is what does not fit.
    """

    bench: Bench
    site: Site
    scenes: tuple[str, ...]
    wanted: frozenset[int]
    given: bool
    nearest: bool = False

    @property
    def subject(self) -> str:
        """What people call the function."""
        return subject_of(self.bench, self.site)

    def result(self) -> Json:
        """What came of it."""
        held = self._held()
        if isinstance(held, str):
            return probe(KIND, self.subject, SKIPPED, held)
        best, other = probe(KIND, self.subject, SKIPPED, "no scene could be made"), None
        for situation in self.scenes:
            if not self.bench.stage.enter(situation):
                continue
            result, hit = self._called(held, situation)
            if result["outcome"] == FAIL:
                if hit:
                    return result
                other = other or result
            elif best["outcome"] == SKIPPED:
                best = result
            if not self.given and self.wanted <= self.bench.coverage.lines(self.site.path):
                break
        return next(self._with_damaged_files(held) if self.given else iter(()), other or best)

    def _held(self) -> _Held | str:
        """The function, of an instance where it is a method; or why it cannot be called."""
        module = module_of(self.bench.addon, self.site.path)
        if module is None:
            return "its module cannot be imported"
        function: Any = module
        owner: Any = None
        for part in self.site.qualname.split("."):
            owner, function = function, getattr(function, part, None)
        if not callable(function):
            return "it is not there to be called"
        made = ""
        static = isinstance(owner, type) and isinstance(inspect.getattr_static(owner, self.site.name), staticmethod)
        if isinstance(owner, type) and inspect.isfunction(function) and not static:
            try:
                function, made = getattr(owner(), self.site.name), "()"
            except OutOfTimeError:
                raise
            except BaseException as error:
                return f"no {owner.__name__} can be made: {self.bench.describer.message(error)}"
        holder, dot, name = self.site.qualname.rpartition(".")
        return _Held(function, f"{module_written(self.bench.addon, module)}.{holder}{made}{dot}{name}")

    def _called(self, held: _Held, situation: str) -> tuple[Json, bool]:
        """What came of it in a scene, and whether it was raised where somebody saw it."""
        with self.bench.stage.view(), quiet():
            try:
                positional, named = arguments(held.function)
            except (NothingToGiveError, TypeError, ValueError) as error:
                return self._probe(SKIPPED, f"nothing to give for the parameter {error}", situation), False
            try:
                held.function(*positional, **named)
            except OutOfTimeError:
                raise
            except BaseException as error:
                how = self._recipe(held, positional, named, situation) if self.given else None
                hit = self.given and self.bench.as_seen(error)
                return self._judged(error, [*positional, *named.values()], situation, how), hit
        return self._probe(PASS, GUESSED, situation), False

    def _with_damaged_files(self, held: _Held) -> Iterator[Json]:
        """What was seen, where a file the function reads is not what it expects; nothing else such a file brings about
        is held against the add-on."""
        paths = self._kept_paths()
        for data in DAMAGED:
            if not self.bench.stage.enter(CUBE):
                return
            with self.bench.stage.view(), quiet():
                yield from self._given_file(held, data)
                for expression, path in paths:
                    yield from self._found_file(held, data, expression, path)

    def _given_file(self, held: _Held, data: bytes) -> Iterator[Json]:
        """The same, of a file that an argument names."""
        path = os.path.join(files_folder(self.bench.scratch), "damaged.txt")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as stream:
            stream.write(data)
        try:
            positional, named = arguments(held.function, path)
        except (NothingToGiveError, TypeError, ValueError):
            return
        if path in positional or path in named.values():
            how = self._recipe(held, positional, named, CUBE)
            yield from self._seen(lambda: held.function(*positional, **named), how)

    def _found_file(self, held: _Held, data: bytes, expression: str, path: str) -> Iterator[Json]:
        """The same, of one the add-on keeps: the path is a variable of one of its modules."""
        try:
            positional, named = arguments(held.function)
        except (NothingToGiveError, TypeError, ValueError):
            return
        how = self._recipe(held, positional, named, CUBE)
        if how is not None:
            how["lines"] = [f"with kept({expression}, {data!r}):\n    {how['lines'][-1]}"]
        try:
            with kept(path, data):
                yield from self._seen(lambda: held.function(*positional, **named), how)
        except OSError:  # it is there by now, or may not be written
            return

    def _seen(self, call: Callable[[], Any], how: Json | None) -> Iterator[Json]:
        try:
            call()
        except OutOfTimeError:
            raise
        except BaseException as error:
            if self.bench.as_seen(error):
                yield probe(KIND, self.subject, FAIL, DAMAGED_FILE, CUBE, self.bench.fault(error), how)

    def _kept_paths(self) -> list[tuple[str, str]]:
        """Variables of the add-on's modules that the function speaks of and that hold the path of a file that is not
        there, below the home folder: how each is written, and the path."""
        below = (os.path.expanduser("~") + os.sep, self.bench.scratch)
        modules = [module for name, module in sys.modules.items() if self.bench.addon.owns(name)]
        found: dict[str, str] = {}
        for name in sorted(one for one in self.site.names if names_file(one)):
            for module in modules:
                path = vars(module).get(name)
                if not isinstance(path, str) or not os.path.splitext(path)[1] or os.path.lexists(path):
                    continue
                if os.path.normpath(path).startswith(below):
                    found[path] = f"{module_written(self.bench.addon, module)}.{name}"
        return [(expression, path) for path, expression in found.items()]

    def _judged(self, error: BaseException, values: list[Any], situation: str, how: Json | None) -> Json:
        bench = self.bench
        message = bench.describer.message(bench.describer.origin(error))
        detail = f"{GUESSED}: {type(error).__name__}: {message}"
        if not self.given or not bench.inside(error) or re.search(r"\bbool\b", message):
            return self._probe(SKIPPED, detail, situation)
        if not bench.as_seen(error):
            if not self.nearest or not bench.is_kind_seen(error):
                return self._probe(SKIPPED, detail, situation)
            origin = bench.describer.origin(error)
            ours = any(getattr(origin, "obj", None) is value for value in values)
            names = {type(value).__name__ for value in values} - {"Context", "Scene"}
            wrong = isinstance(origin, (TypeError, AttributeError)) and any(f"'{name}'" in message for name in names)
            if (
                other_kind(bench, origin, message)
                or ours
                or wrong
                or isinstance(origin, (*FROM_OUTSIDE, *DATA_DEPENDENT))
                or "'NoneType'" in message
            ):
                return self._probe(SKIPPED, detail, situation)
        return probe(KIND, self.subject, FAIL, GUESSED, situation, bench.fault(error), how)

    def _probe(self, outcome: str, detail: str, situation: str) -> Json:
        return probe(KIND, self.subject, outcome, detail, situation)

    def _recipe(self, held: _Held, positional: list[Any], named: Json, situation: str) -> Json | None:
        """How the function is called; none where an argument cannot be written."""
        try:
            given = [self._written(value) for value in positional]
            given += [f"{name}={self._written(value)}" for name, value in named.items()]
        except UnwritableError:
            return None
        return recipe(f"{held.text}({', '.join(given)})", scene=situation, over="view()")

    def _written(self, value: Any) -> str:
        scratch = self.bench.scratch
        return file_written(value, scratch) if is_below(value, scratch) else written(value)


def subject_of(bench: Bench, site: Site) -> str:
    """What people call a function of the add-on."""
    dotted = re.sub(r"(^|/)__init__\.py$|\.py$", "", site.path).replace("/", ".")
    return site.qualname if bench.addon.single_file or not dotted else f"{dotted}.{site.qualname}"


def module_written(addon: Addon, module: ModuleType) -> str:
    """A module as a recipe writes it."""
    known, inner = addon.owns(module.__name__), module.__name__[len(addon.module) :]
    name = repr(module.__name__) if not known else f"MODULE + {inner!r}" if inner else "MODULE"
    return f"importlib.import_module({name})"


def module_of(addon: Addon, path: str) -> ModuleType | None:
    """The loaded module of a file of the add-on, imported when it is not loaded yet."""
    wanted = addon.absolute(path)
    for module in list(sys.modules.values()):
        filename = getattr(module, "__file__", None)
        if filename and os.path.normpath(filename) == wanted:
            return module
    if addon.single_file:
        return None
    dotted = re.sub(r"(^|/)__init__\.py$|\.py$", "", path).replace("/", ".")
    try:
        return importlib.import_module(f"{addon.module}.{dotted}" if dotted else addon.module)
    except OutOfTimeError:
        raise
    except BaseException:
        return None
