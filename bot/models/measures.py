"""What there is in a scene, in numbers: what scenarios state, and what repairs must not change."""

from __future__ import annotations

from pydantic import Field

from bot.models.base import Frozen

MOST_OBJECTS = 200
"""More are not told one by one."""


class ObjectMeasures(Frozen):
    """One object as it is once everything is evaluated.

    `bounds` are its two corners in world space, in metres, rounded to a tenth of a millimetre and empty for what has no
    extent; `modifiers` are types in their order.
    """

    type: str = Field(max_length=40)
    vertices: int = 0
    edges: int = 0
    faces: int = 0
    bounds: tuple[float, ...] = Field(default=(), max_length=6)
    materials: tuple[str, ...] = Field(default=(), max_length=100)
    modifiers: tuple[str, ...] = Field(default=(), max_length=100)


class Measures(Frozen):
    """A scene. `nodes` has the number of nodes of each tree, `files` the bytes of each file that was written."""

    objects: dict[str, ObjectMeasures] = Field(default={}, max_length=MOST_OBJECTS)
    count: int = 0
    """How many objects there are, told or not."""
    nodes: dict[str, int] = Field(default={}, max_length=MOST_OBJECTS)
    files: dict[str, int] = Field(default={}, max_length=MOST_OBJECTS)


class Expectations(Frozen):
    """What a person says there is after a script; null and empty: nothing is said of it.

    `objects` is how many there are in the scene, or the names of some of them; `vertices` how many there are in all
    evaluated meshes together, or by object; `files` are paths below `TMP` that have to be there and not be empty.
    `steady` names what a script that runs again and again must not add to, as a check tells it in `made`: `meshes`,
    `handlers`.
    """

    objects: int | tuple[str, ...] | None = None
    vertices: int | dict[str, int] | None = None
    files: tuple[str, ...] = ()
    steady: tuple[str, ...] = ()
