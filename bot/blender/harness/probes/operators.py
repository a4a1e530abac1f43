"""Operators, tried in one scene after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import bpy

from bot.blender.harness.bench import Bench, Trial, quiet
from bot.blender.harness.code.classes import operator_name, properties_of
from bot.blender.harness.interface.editors import SPACES
from bot.blender.harness.interface.returned import placed
from bot.blender.harness.judging.excuses import by_data, excuse
from bot.blender.harness.recipes import UnwritableError, file_written, is_below, recipe, type_named, written
from bot.blender.harness.scene.situations import CUBE, WITH_MESH
from bot.blender.harness.timing import OutOfTimeError
from bot.blender.harness.values import FAIL, PASS, POLL_SAYS_NO, REFUSED, SKIPPED, Json


class OperatorProbe:
    """Tries one operator in one scene after the other."""

    def __init__(self, bench: Bench, cls: type, values: dict[str, Any]) -> None:
        self._bench = bench
        self._cls = cls
        self._values = values
        self._given = {name: _given(value, bench.scratch) for name, value in values.items()}
        self.name = operator_name(cls)
        self.space = SPACES.get(self.name.partition(".")[0].upper(), "VIEW_3D")
        if self.space == "PROPERTIES":  # a mesh operator runs over the 3D view
            self.space = "VIEW_3D"
        self.refused_cube = False

    def trial(self, situation: str, changes: dict[str, Any] | None = None) -> Trial:
        """Poll, then execute, in a fresh scene."""
        bench = self._bench
        if not bench.stage.enter(situation):
            return Trial(SKIPPED, f"the scene {situation} cannot be made")
        with bench.stage.view(self.space):
            return self.run(situation, changes)

    def run(self, situation: str, changes: dict[str, Any] | None = None) -> Trial:
        """The same in the scene as it is."""
        bench = self._bench
        module, _, function = self.name.partition(".")
        operator = getattr(getattr(bpy.ops, module), function)
        bench.witness.clear()
        with quiet():
            willing = operator.poll()
            complaint = bench.witness.cause()
            if complaint is not None:
                return self._judge(complaint, situation, "its poll raised", self._recipe(situation, poll=True))
            if not willing:
                self.refused_cube = self.refused_cube or situation == CUBE
                return Trial(REFUSED, POLL_SAYS_NO)
            try:
                operator("EXEC_DEFAULT", **{**self._values, **(changes or {})})
            except OutOfTimeError:
                raise
            except BaseException as error:
                cause = bench.witness.cause()
                if cause is None and isinstance(error, RuntimeError):
                    return Trial(REFUSED, "it said: " + bench.describer.clean(str(error)).strip(), ran=True)
                if isinstance(cause, OutOfTimeError):
                    raise cause from None
                return self._judge(cause or error, situation, "", self._recipe(situation, changes))
        printed = bench.witness.cause()
        if isinstance(printed, OutOfTimeError):
            raise printed
        return Trial(PASS, ran=True)

    def _recipe(self, situation: str, changes: dict[str, Any] | None = None, *, poll: bool = False) -> Json | None:
        """How it is called, over its editor; none where an argument cannot be written."""
        if not all(part.isidentifier() for part in self.name.split(".")):
            return None
        changed = {name: written(value) for name, value in (changes or {}).items()}
        given = {} if poll else {**self._given, **changed}
        if None in given.values():
            return None
        arguments = ", ".join(f"{name}={value}" for name, value in given.items())
        line = f"bpy.ops.{self.name}{'.poll' if poll else ''}({arguments})"
        return recipe(line, scene=situation, over=f'view("{self.space}")', printed=poll)

    def _judge(self, error: BaseException, situation: str, detail: str, how: Json | None) -> Trial:
        seen, error = error, placed(self._cls, error)
        if error is not seen and how is not None:
            how["lines"] = [f"called({type_named(self._cls)}, lambda: {line})" for line in how["lines"]]
        chosen = self.refused_cube and situation in WITH_MESH | {"armature", "pose", "curve", "light", "camera"}
        reason = excuse(self._bench, self._cls, error, situation, chosen)
        if reason:
            return Trial(REFUSED, self._bench.describer.clean(reason), ran=True)
        tentative = by_data(self._bench, self._bench.describer.origin(error)) and not self._bench.at_a_place(error)
        return Trial(FAIL, detail, error, ran=True, tentative=tentative, recipe=how)


def _given(value: Any, scratch: str) -> str | None:
    """An argument as a recipe writes it, with the file it names as it is before it is used; None: it cannot be."""
    try:
        return file_written(value, scratch) if is_below(value, scratch) else written(value)
    except UnwritableError:
        return None


def variations(cls: Any) -> Iterator[dict[str, Any]]:
    """One property after the other set to another of its values: every item of an enum, each switch turned."""
    count = 0
    for prop in properties_of(cls):
        if prop.identifier == "rna_type" or prop.is_readonly:
            continue
        values: list[Any] = []
        if prop.type == "BOOLEAN" and not prop.is_array:
            values = [not prop.default]
        elif prop.type == "ENUM" and not prop.is_enum_flag:
            values = [item.identifier for item in prop.enum_items if item.identifier != prop.default][:12]
        for value in values:
            count += 1
            if count > 40:
                return
            yield {prop.identifier: value}
