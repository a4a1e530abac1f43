"""Operators, tried in one scene after the other."""

from __future__ import annotations

import contextlib
import os
from typing import Any

import bpy

from bot.blender.harness.bench import Bench, Trial, quiet
from bot.blender.harness.code.classes import operator_name, own_function
from bot.blender.harness.code.mentions import Mentioned
from bot.blender.harness.course import Course
from bot.blender.harness.inputs.given import Given
from bot.blender.harness.interface.buttons import operator_exists
from bot.blender.harness.interface.editors import SPACES
from bot.blender.harness.interface.returned import placed
from bot.blender.harness.interface.starting import CHOICES, DIALOGS, started
from bot.blender.harness.judging.excuses import Tried, by_data, excuse
from bot.blender.harness.recipes import UnwritableError, file_written, is_below, recipe, type_named, written
from bot.blender.harness.scene.choices import Choice, settled
from bot.blender.harness.scene.files import Files, endings_of, files_folder, files_of, named
from bot.blender.harness.scene.situations import (
    CUBE,
    SPECIAL,
    WITH_MESH,
    asked_for,
    editor_of,
    edits_meshes,
    held_to,
    ordered,
)
from bot.blender.harness.timing import OutOfTimeError
from bot.blender.harness.values import FAIL, PASS, POLL_SAYS_NO, REFUSED, SKIPPED, Json

DEFAULT = Choice()
CLICK = Choice(clicked=True)
NOTHING = Mentioned(frozenset(), frozenset())
CHOSEN = WITH_MESH | SPECIAL.keys() | {"armature", "pose", "curve", "light", "camera"}
"""Scenes that an operator whose poll refused the cube may be made for."""


def ready(course: Course, cls: Any) -> OperatorProbe | str:
    """What tries an operator, or why nobody can without a person."""
    name, mentioned = operator_name(cls), course.mentions.of(cls)
    if not operator_exists(name):
        return "it is registered no longer"
    if not hasattr(cls, "execute"):
        return "it has no execute: it needs a person"
    files = files_of(cls, course.bench.scratch, mentioned.all)
    if files is None:
        return "needs an input file"
    deep = edits_meshes(mentioned) and course.mentions.calls_itself(cls)
    return OperatorProbe(course.bench, cls, files, mentioned, deep=deep)


class OperatorProbe:
    """Tries one operator in one scene after the other."""

    def __init__(
        self,
        bench: Bench,
        cls: type,
        files: Files,
        mentioned: Mentioned = NOTHING,
        *,
        deep: bool = False,
    ) -> None:
        self._bench = bench
        self._cls = cls
        self.files = files
        self._mentioned = mentioned
        self._attended = bool(mentioned.all & (DIALOGS | CHOICES))
        self.asked = asked_for(mentioned)
        """The scenes that its code asks for."""
        self.situations = ordered(mentioned)
        """The scenes there are for it, in the order to try them."""
        self.deep = deep
        """Something in it calls itself, the deeper the larger a mesh is."""
        self._given = {name: _given(value, bench.scratch) for name, value in files.values.items()}
        self.name = operator_name(cls)
        self.space = SPACES.get(self.name.partition(".")[0].upper(), "VIEW_3D")
        if self.space == "PROPERTIES":  # a mesh operator runs over the 3D view
            self.space = "VIEW_3D"
        self.refused_cube = False

    @property
    def clickable(self) -> bool:
        """Whether starting it as a person does is another thing than calling it, and ends by itself."""
        return own_function(self._bench.addon, self._cls, "invoke") and "modal_handler_add" not in self._mentioned.own

    @property
    def reads(self) -> frozenset[str]:
        """The endings of files it reads."""
        return frozenset(endings_of(self._cls)) if self.files.given is not None else frozenset()

    def reading(self, name: str) -> OperatorProbe:
        """The same, with another file of the folder to read, which was written for it."""
        values = named(self._cls, self._bench.scratch, name)
        return OperatorProbe(self._bench, self._cls, Files(values, given=Given(name, True)), self._mentioned)

    def counts(self, error: BaseException, situation: str) -> bool:
        """Whether the operator has to do in a scene."""
        held = held_to(situation, self._mentioned, refused_cube=self.refused_cube)
        return held or self._bench.at_a_place(error)

    def trial(self, situation: str, choice: Choice = DEFAULT) -> Trial:
        """Poll, then execute, in a fresh scene."""
        bench = self._bench
        if not bench.stage.enter(situation):
            return Trial(SKIPPED, f"the scene {situation} cannot be made")
        with bench.stage.view(self.over(situation)):
            return self.run(situation, choice)

    def over(self, situation: str) -> str:
        """The editor it is run over."""
        return editor_of(situation) or self.space

    def run(self, situation: str, choice: Choice = DEFAULT) -> Trial:
        """The same in the scene as it is."""
        bench = self._bench
        module, _, function = self.name.partition(".")
        operator = getattr(getattr(bpy.ops, module), function)
        with quiet(), contextlib.ExitStack() as held:
            try:
                held.enter_context(settled(choice.settings, bench.addon))
            except OutOfTimeError:
                raise
            except BaseException:
                return Trial(SKIPPED, "it cannot be chosen")
            bench.witness.clear()  # what a setting's own function raises is not the operator's
            willing = operator.poll()
            complaint = bench.witness.cause()
            if complaint is not None:
                how = self._recipe(situation, choice, poll=True)
                complained = self._judge(complaint, situation, choice, "its poll raised", how)
                if not willing or not bench.places or bench.at_a_place(complaint):
                    return complained
                bench.witness.clear()  # releases up to 4.4 run an operator whose poll raised all the same
                hunted = self._execute(operator, situation, choice, held)
                return hunted if hunted.error is not None and bench.at_a_place(hunted.error) else complained
            if not willing:
                self.refused_cube = self.refused_cube or situation == CUBE
                return Trial(REFUSED, POLL_SAYS_NO)
            return self._execute(operator, situation, choice, held)

    def _execute(self, operator: Any, situation: str, choice: Choice, held: contextlib.ExitStack) -> Trial:
        """What comes of it once its poll is over."""
        bench = self._bench
        if choice.clicked or self._attended:
            held.enter_context(started(self._cls, self.files.values, by_invoke=choice.clicked))
        try:
            operator("EXEC_DEFAULT", **{**self.files.values, **choice.values})
        except OutOfTimeError:
            raise
        except BaseException as error:
            cause = bench.witness.cause()
            if cause is None and isinstance(error, RuntimeError):
                return Trial(REFUSED, "it said: " + bench.describer.clean(str(error)).strip(), ran=True)
            if isinstance(cause, OutOfTimeError):
                raise cause from None
            return self._judge(cause or error, situation, choice, "", self._recipe(situation, choice))
        printed = bench.witness.cause()
        if isinstance(printed, OutOfTimeError):
            raise printed
        return Trial(PASS, ran=True)

    def _recipe(self, situation: str, choice: Choice, *, poll: bool = False) -> Json | None:
        """How it is called, over its editor; none where an argument cannot be written."""
        if not all(part.isidentifier() for part in self.name.split(".")):
            return None
        try:
            changed = {name: written(value) for name, value in choice.values.items()}
        except UnwritableError:
            return None
        given = {**self._given, **changed} if not poll else {}
        if None in given.values():
            return None
        arguments = ", ".join(f"{name}={value}" for name, value in given.items())
        line = f"bpy.ops.{self.name}{'.poll' if poll else ''}({arguments})"
        if (choice.clicked or self._attended) and not poll:
            picked = ", ".join(f"{name!r}: {value}" for name, value in self._given.items())
            how = f"{{{picked}}}, by_invoke={choice.clicked}"
            line = f"click({type_named(self._cls)}, lambda: {line}, {how})"
        over = f"view({self.over(situation)!r})"
        return recipe(*(setting.line for setting in choice.settings), line, scene=situation, over=over, printed=poll)

    def _judge(self, error: BaseException, situation: str, choice: Choice, detail: str, how: Json | None) -> Trial:
        seen, error = error, placed(self._cls, error)
        if error is not seen and how is not None:
            how["lines"][-1] = f"called({type_named(self._cls)}, lambda: {how['lines'][-1]})"
        chosen = self.refused_cube and situation in CHOSEN
        given = frozenset([*self.files.values, *choice.values])
        certain = self.files.given is None or self.files.given.certain
        tried = Tried(
            given=given,
            clicked=choice.clicked,
            chosen=bool(choice.settings),
            texts=choice.texts,
            certain=certain,
            writes=self.files.writes,
        )
        reason = excuse(self._bench, self._cls, error, situation, chosen, tried)
        if reason:
            return Trial(REFUSED, self._bench.describer.clean(reason), ran=True)
        tentative = by_data(self._bench, self._bench.describer.origin(error)) and not self._bench.at_a_place(error)
        told = ", ".join(one for one in (detail, choice.told) if one)
        return Trial(FAIL, told, error, ran=True, tentative=tentative, recipe=how)


def _given(value: Any, scratch: str) -> str | None:
    """An argument as a recipe writes it, with the file it names as it is before it is used; None: it cannot be."""
    try:
        if isinstance(value, list):  # of files, in the folder that another argument names
            paths = (os.path.join(files_folder(scratch), one["name"]) for one in value)
            return (
                "[" + ", ".join(f'{{"name": os.path.basename({file_written(path, scratch)})}}' for path in paths) + "]"
            )
        return file_written(value, scratch) if is_below(value, scratch) else written(value)
    except UnwritableError:
        return None
