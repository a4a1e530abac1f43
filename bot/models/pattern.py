"""An error pattern: something every developer of add-ons gets wrong once, and how it is put right."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from bot.models.base import Frozen
from bot.models.release import Release
from bot.models.reproduction import Script


class Domain(StrEnum):
    """What the code is for."""

    MODELLING = "modelling"
    RIGGING = "rigging"
    ANIMATION = "animation"
    MATERIALS = "materials"
    PHYSICS = "physics"
    GEOMETRY_NODES = "geometry nodes"
    COMPOSITING = "compositing"
    RENDERING = "rendering"
    INTERFACE = "interface"
    REGISTRATION = "registration"
    FILES = "files"


class Seen(Frozen):
    """What Blender says of it, from one release to another; null: from, or up to, any that was looked at."""

    exception: str
    words: str = Field(min_length=5)
    """Words of the message that are there whatever the names in it are."""
    since: Release | None = None
    until: Release | None = None

    def __contains__(self, release: Release) -> bool:
        return (self.since is None or self.since <= release) and (self.until is None or release <= self.until)


class Pattern(Frozen):
    """One of them: a small add-on that has it, and the same add-on without.

    In a release where nothing of it is `seen` it is silent where it says what it `shows`, and not there elsewhere.
    """

    slug: str = Field(pattern=r"^[a-z][a-z0-9_]{0,60}$")
    """The add-on's module, and the folder it is kept in."""
    name: str
    domain: Domain
    since: Release = Release(3, 4)
    """The oldest release its add-on is for."""
    line: int = Field(ge=1)
    """The line of the broken add-on where it shows: there Blender raises, or what is wrong goes on in silence."""
    met: str = ""
    """The probe of the exerciser that meets it without help: `operator:mesh.bend`; empty: only its script does."""
    seen: tuple[Seen, ...] = ()
    shows: str = ""
    """What a user sees where nothing is raised, in one sentence."""
    cause: str
    cure: str
    url: str = Field(pattern=r"^https://docs\.blender\.org/")
    script: Script | None = None
    """What it states of the add-on: it fails on the broken one, and passes on the other."""
    broken: str
    mended: str

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not (self.met or self.script):
            raise ValueError("it names neither a probe that meets it nor a script")
        if not (self.seen or self.shows):
            raise ValueError("it says neither what Blender says nor what a user sees")
        if self.shows and self.script is None:
            raise ValueError("where nothing is raised a script has to tell")
        if self.line > len(self.broken.splitlines()):
            raise ValueError("its line is not there")
        return self

    def seen_in(self, release: Release) -> Seen | None:
        """What Blender says of it in a release; nothing where it says nothing."""
        return next((one for one in self.seen if release in one), None)

    @property
    def place(self) -> str:
        """The text of its line."""
        return self.broken.splitlines()[self.line - 1].strip()
