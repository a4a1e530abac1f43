"""What a probe does, as lines of Python: those that ran are the recipe of what came of them."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import bpy

from bot.blender.harness.bench import Bench
from bot.blender.harness.code.belongings import began_in, of_handlers
from bot.blender.harness.interface.layout import RecordingLayout
from bot.blender.harness.recipes import recipe
from bot.blender.harness.timing import OutOfTimeError
from bot.blender.harness.values import FAIL, PASS, REFUSED, Json, probe

Excuse = Callable[[BaseException], str]
"""Why an exception is not held against the add-on; empty: it is a fault."""


def errors_of(bench: Bench, act: Callable[[], Any], *, handlers: bool = False) -> list[tuple[BaseException, bool]]:
    """What Blender printed while something was done, and what was raised; whether it was only printed.

    What `handlers` of the add-on raised meanwhile is theirs, and told only where it is asked for.
    """
    bench.witness.clear()
    raised: BaseException | None = None
    try:
        act()
    except OutOfTimeError:
        raise
    except BaseException as error:  # whatever a callback raises is what it says
        raised = error
    of_others = () if handlers else of_handlers(bench.addon, bench.witness.seen)
    printed = [(one, True) for one in bench.witness.seen if one is not raised and one not in of_others]
    for one, _ in printed:
        if isinstance(one, OutOfTimeError):
            raise one
    return [*printed, (raised, False)] if raised is not None else printed


def code_of(bench: Bench, thing: Any) -> str:
    """The code that gives a function or a class of the add-on's; empty where no name leads to it."""
    module, name = str(getattr(thing, "__module__", "")), str(getattr(thing, "__qualname__", ""))
    if not bench.addon.owns(module) or not name or "<" in name:
        return ""
    inner = module[len(bench.addon.module) :]
    return f"importlib.import_module(MODULE{f' + {inner!r}' if inner else ''}).{name}"


class Play:
    """One probe's lines, run one after the other in one scene."""

    def __init__(self, bench: Bench, kind: str, subject: str, situation: str, over: str = "") -> None:
        self._bench = bench
        self._kind, self._subject, self._situation, self._over = kind, subject, situation, over
        self.lines: list[str] = []
        self.written = True
        """Whether these lines would do the same in another Blender."""
        self.names: dict[str, Any] = {
            "bpy": bpy,
            "importlib": importlib,
            "os": os,
            "Layout": RecordingLayout,
            "MODULE": bench.addon.module,
            "TMP": bench.scratch,
        }
        self.handler: Any = None
        """The handler of the add-on that is tried: its code. Of no other it is told what Blender prints."""
        self.handlers = False
        """Whether what handlers of the add-on raise is told as well, all of them."""
        self.failing: Json | None = None
        """The probe with the first fault."""
        self.refused: Json | None = None
        """The same of what was raised first and is not held against the add-on."""

    def known_as(self, thing: Any) -> str:
        """The code that gives a function or a class of the add-on's; empty where no name leads to it, and what is
        done with it cannot be told."""
        name = code_of(self._bench, thing)
        self.written = self.written and bool(name)
        return name

    def step(self, line: str, excuse: Excuse) -> bool:
        """Run it; whether it ran through. A fault ends the probe: see `failing`."""
        self.lines.append(line)
        ran = True
        # Under this file's name, so that no line of a probe is told as anybody's.
        code = compile(line, __file__, "exec", dont_inherit=True)
        run = partial(exec, code, self.names)
        for error, printed in errors_of(self._bench, run, handlers=self.handlers or self.handler is not None):
            if printed and self.handler is not None and began_in(error) is not self.handler:
                continue
            reason = excuse(error)
            if not reason:
                self.failing = self.failing or self.failed(error, printed=printed)
            elif self.refused is None:
                self.refused = probe(self._kind, self._subject, REFUSED, reason, self._situation)
            ran = ran and printed
        return ran

    def played(self, steps: Iterable[tuple[str, Excuse]]) -> Json:
        """Run one after the other up to the first fault: what came of all of them."""
        for line, excuse in steps:
            self.step(line, excuse)
            if self.failing is not None:
                break
        return self.failing or self.refused or probe(self._kind, self._subject, PASS, situation=self._situation)

    def failed(self, error: BaseException, *, printed: bool) -> Json:
        """The probe that fails by an exception, with the lines so far as its recipe."""
        how = None if not self.written else recipe(*self.lines, scene=self._situation, over=self._over, printed=printed)
        fault = self._bench.fault(error)
        return probe(self._kind, self._subject, FAIL, situation=self._situation, fault=fault, recipe=how)
