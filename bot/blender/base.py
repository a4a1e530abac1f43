"""What the harness is asked and what it answers, and how a Blender can end.

The harness (`bot.blender.harness`) runs inside Blender with nothing but the standard library, so both sides
meet in JSON: one object to it, signed lines back (`bot.blender.records`). These models are the bot's
side of it; the harness writes plain dictionaries of the same shape. Everything read back may hold what
a stranger wrote, and is validated here.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Literal, Protocol

from pydantic import Field

from bot.models.base import Frozen
from bot.models.effect import Effect
from bot.models.question import Answer, Question
from bot.models.recipe import Recipe
from bot.models.release import Release
from bot.models.reproduction import Script


class Frame(Frozen):
    """One traceback frame; `path` is relative to the add-on's root folder, empty for any other code."""

    path: str = Field(max_length=1000)
    line: int
    function: str = Field(default="", max_length=300)


class Raised(Frozen):
    """An exception as the harness saw it.

    `path` and `line` are of the deepest frame inside the add-on. `owner` is the type name of the
    object whose member was missing or which did not fit (`Mesh`), `member` the name.
    """

    type: str = Field(max_length=300)
    message: str = Field(max_length=5000)
    path: str = Field(default="", max_length=1000)
    line: int = 0
    owner: str | None = Field(default=None, max_length=300)
    member: str | None = Field(default=None, max_length=300)
    frames: tuple[Frame, ...] = Field(default=(), max_length=200)
    traceback: str = Field(default="", max_length=20_000)


class ProbeKind(StrEnum):
    """What a probe tries."""

    ENABLE = "enable"
    DISABLE = "disable"
    REENABLE = "enable-again"
    CLASS = "class"
    OPERATOR = "operator"
    VARIATION = "variation"
    ROUND_TRIP = "round-trip"
    PANEL = "panel"
    NODE = "node"
    """A node, a socket or a kind of tree."""
    PROPERTY = "property"
    GIZMO = "gizmo"
    HANDLER = "handler"
    TIMER = "timer"
    KEYMAP = "keymap"
    PRESET = "preset"
    FUNCTION = "function"
    RELOAD = "reload"
    """A file with the add-on's data, saved and loaded."""
    LEFT_BEHIND = "left-behind"
    """What is still there when the add-on is disabled, and whether it fails."""
    SCRIPT = "script"
    TEST = "test"
    TEST_FILE = "test-file"
    """A file of tests, read; its tests are probes of their own."""


class Probe(Frozen):
    """One thing that was tried. `id` is `<kind>:<subject>`, or the kind alone; the same in every run.

    `outcome` is `refused` where the operator's poll or its own error report said no, `skipped` where
    it was not tried; `detail` says why; of a script it is what it printed, at its end. `situation` names the
    scene it ended in.
    """

    id: str = Field(max_length=400)
    kind: ProbeKind
    subject: str = Field(default="", max_length=300)
    outcome: Literal["pass", "fail", "refused", "skipped"]
    detail: str = Field(default="", max_length=2000)
    situation: str = Field(default="", max_length=100)
    raised: Raised | None = None
    recipe: Recipe | None = None
    """Of what failed: how it comes about again, where the probe can say so."""
    effect: Effect | None = None
    """Of an operator that passed: what it did to the scene."""
    seconds: float = 0.0
    reached: int = 0
    """Of a script: how many lines of the add-on ran in it."""
    made: dict[str, tuple[int, ...]] = {}
    """Of a script: how many there were of what became more or fewer (`objects`, `meshes`), before it ran and after
    each time it came to its end."""
    file: str = Field(default="", max_length=1000)
    """Of a test that fails: the repository's file, none of the add-on's, in which it does; with `line`."""
    line: int = 0
    touched: tuple[str, ...] = Field(default=(), max_length=400)
    """Of a test: the functions of the add-on that ran in it, `<path>::<qualified name>`."""
    untried: bool = False
    """There was no time for it."""


class Place(Frozen):
    """A frame of a traceback somebody gave: aim at the operator or function that holds it."""

    path: str
    """Relative to the add-on's root folder."""
    line: int
    function: str = ""
    raised: str = Field(default="", max_length=300)
    """The exception that was raised in this frame; empty: another one raised it, or nobody knows."""


class Picture(Frozen):
    """Ask for a render of what the add-on's main operator makes (null: the one that made geometry).

    `file` is where to write it (PNG, `size` pixels square, Workbench). `camera` (see
    `HarnessResult.camera`) is used as it is when given, else the geometry is framed.
    """

    file: str
    size: int = 512
    operator: str | None = None
    camera: tuple[float, ...] = ()
    alone: bool = False
    """What it makes is known to stand alone: where it cannot run, the scene is empty."""
    script: str | None = None
    """The script whose scene is rendered instead, as it left it, framed on what it made."""


class Suite(Frozen):
    """The repository's own tests, to be run instead of anything else; paths are relative to `root` but for `pytest`.

    `root` is a copy of the whole repository that the tests may write to, `addon` where the add-on lies in it.
    """

    root: str
    addon: str
    apart: tuple[str, ...] = ()
    """Files below the add-on's folder that are tests, and so none of its code; relative to that folder."""
    files: tuple[str, ...] = Field(max_length=1000)
    engine: Literal["pytest", "unittest"]
    pytest: str = ""
    """The folder that has pytest and what it needs."""
    options: tuple[str, ...] = ()
    """What pytest is told besides."""
    enable: bool = False
    """Whether the tests find the add-on enabled: they do not see to that themselves."""
    link: bool = True
    """Whether it lies where Blender looks for add-ons: no test installs it there."""
    lacking: tuple[str, ...] = ()
    """Files there is a note of and no content."""
    first: tuple[str, ...] = ()
    """Probe ids of tests that come before all others."""


class HarnessRequest(Frozen):
    """What one start of Blender is asked to do; paths are absolute, inside the sandbox."""

    addon_source: str
    """The add-on's folder or single file; the harness copies or links it to where Blender looks."""
    module: str
    kind: Literal["legacy", "extension"]
    scratch: str
    exercise: bool = True
    only: tuple[str, ...] = ()
    """Probe ids to run besides enabling; empty: all."""
    skip: tuple[str, ...] = ()
    """Probe ids not to run (they killed an earlier Blender)."""
    places: tuple[Place, ...] = ()
    questions: tuple[Question, ...] = ()
    picture: Picture | None = None
    scripts: tuple[Script, ...] = Field(default=(), max_length=20)
    """To run one after the other, after all else, each over an add-on that was enabled afresh in Blender's own
    default scene and for `probe_seconds` at most. They run with `exercise` or without."""
    probe_seconds: float = 20.0
    budget_seconds: float = 90.0
    tests: Suite | None = None
    """Where there are some, nothing else is done: `probe_seconds` is for each, `budget_seconds` for all."""
    changed: dict[str, tuple[int, ...]] = {}
    """Lines, by path relative to the add-on, that should be reached: further situations are tried
    for operators and functions that hold them until they are."""

    @property
    def seconds(self) -> float:
        """What all of it may take: the scripts have time of their own."""
        return self.budget_seconds + self.probe_seconds * len(self.scripts)


class HarnessResult(Frozen):
    """What it answers. Paths are relative to the add-on's root folder."""

    version: str = Field(max_length=100)
    release: Release
    python: str = Field(max_length=100)
    probes: tuple[Probe, ...] = Field(max_length=5000)
    answers: tuple[Answer, ...] = Field(default=(), max_length=5000)
    executed: dict[str, tuple[int, ...]] = {}
    """Lines that ran; in files of `HarnessRequest.changed` also the lines of a simple statement that ran
    which hold no code of their own (a closing bracket)."""
    lines: dict[str, int] = {}
    """How many lines of each file of the add-on can run at all."""
    picture: str | None = None
    main_operator: str | None = Field(default=None, max_length=300)
    camera: tuple[float, ...] = Field(default=(), max_length=17)
    """4 by 4 world matrix row by row, then the orthographic scale (metres)."""
    alone: bool = False
    """The picture shows what the main operator made, and nothing else."""
    collected: tuple[str, ...] = Field(default=(), max_length=5000)
    """The ids of all tests there are, run or not."""
    notes: tuple[str, ...] = Field(default=(), max_length=200)
    complete: bool = True


class Ending(StrEnum):
    """How Blender ended."""

    COMPLETED = "completed"
    CRASHED = "crashed"
    TIMED_OUT = "timed out"
    STOPPED = "was stopped"
    """The sandbox stopped it at a limit; `Session.stopped` says at which."""
    NO_RESULT = "ended without a result"
    GARBAGE = "ended without a result that was signed"


class Session(Frozen):
    """One start of Blender, whatever came of it: nothing Blender does is an exception of the bot.

    `result` holds what the journal still had when Blender did not complete; `running` names the
    probe it was at.
    """

    ending: Ending
    result: HarnessResult | None
    running: str = ""
    output: str = ""
    status: int | None = None
    stopped: str = ""
    """Why the sandbox stopped it: "it used too much memory"."""
    seconds: float = 0.0
    starts: int = 1
    """How many Blenders it took: more than one where a probe killed the first."""
    tampering: tuple[str, ...] = ()
    """What the add-on did to pass for something else, in words; see `bot.blender.tampering`."""


class Runtime(Frozen):
    """A real Blender: an executable, or a managed environment holding the `bpy` wheel."""

    release: Release
    version: str
    """With patch level, as far as known before it was started: `4.5.15`."""
    kind: Literal["executable", "module"]
    path: Path
    """The `blender` executable, or the environment's Python."""
    managed: bool = False
    """bcrag installed it and may remove it."""
    readable: tuple[Path, ...] = ()
    """Folders a sandbox must show it, besides the system's own."""

    @property
    def label(self) -> str:
        """`Blender 4.5.15 (bpy)`."""
        return f"Blender {self.version}" + (" (bpy)" if self.kind == "module" else "")


class Exerciser(Protocol):
    """Starts a Blender in the sandbox, runs the harness in it, reads its answer."""

    def start(self, runtime: Runtime, request: HarnessRequest, work: Path) -> Session:
        """One start. `work` is a fresh folder the sandbox may write to; it holds the request's files."""
        ...
