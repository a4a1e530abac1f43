# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape of a bolt, without any Blender in it. Lengths in metres, head down, shaft along +Z."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import cos, pi, sin, tau

Point = tuple[float, float, float]


@dataclass
class Shape:
    """Vertices, faces and the material slot of each face."""

    verts: list[Point] = field(default_factory=list)
    faces: list[tuple[int, ...]] = field(default_factory=list)
    slots: list[int] = field(default_factory=list)

    def ring(self, points: list[Point]) -> list[int]:
        start = len(self.verts)
        self.verts.extend(points)
        return list(range(start, len(self.verts)))

    def face(self, corners: tuple[int, ...], slot: int) -> None:
        self.faces.append(corners)
        self.slots.append(slot)

    def bridge(self, lower: list[int], upper: list[int], slot: int) -> None:
        count = len(lower)
        for i in range(count):
            j = (i + 1) % count
            self.face((lower[i], lower[j], upper[j], upper[i]), slot)


def hexagon(angle: float, across_flats: float) -> float:
    """Distance from the centre to the rim of a hexagon, in the direction `angle`."""
    sixth = pi / 3
    return across_flats / 2 / cos((angle % sixth) - sixth / 2)


def thread_depth(turns: float) -> float:
    """How deep the thread is cut (0 crest, 1 root) at a fraction of a turn: flat crest, flat root."""
    saw = abs((turns % 1.0) * 2 - 1)
    return min(1.0, max(0.0, (saw - 0.1) / 0.75))


def bolt(diameter: float, length: float, pitch: float, segments: int) -> Shape:
    """A hex bolt: chamfered head in slot 0, threaded shaft in slot 0, thread roots in slot 1."""
    shape = Shape()
    radius = diameter / 2
    flats = diameter * 1.65
    head = diameter * 0.66
    angles = [tau * i / segments for i in range(segments)]

    def circle(r: float, z: float) -> list[int]:
        return shape.ring([(r * cos(a), r * sin(a), z) for a in angles])

    def hexed(limit: float, z: float) -> list[int]:
        rim = [min(hexagon(a, flats), limit) for a in angles]
        return shape.ring([(r * cos(a), r * sin(a), z) for r, a in zip(rim, angles, strict=True)])

    # The head: a disc, a chamfer that runs out on the corners, the flats, the bearing face.
    disc = circle(flats * 0.36, -head)
    shape.face(tuple(reversed(disc)), 0)
    rings = [disc, hexed(flats * 0.475, -head)]
    steps = 8
    for i in range(1, steps + 1):
        rings.append(hexed(flats * (0.475 + 0.105 * i / steps), -head * (1 - 0.30 * i / steps)))
    rings.append(hexed(flats, -head * 0.06))
    rings.append(circle(flats * 0.485, -head * 0.06))
    rings.append(circle(flats * 0.485, 0.0))
    rings.append(circle(radius * 1.06, 0.0))
    rings.append(circle(radius, radius * 0.06))

    # The shaft: plain first, then the thread fading in, then a chamfered tip.
    plain = length * 0.22
    tip = length - pitch * 0.9
    rows = max(2, round((tip - plain) / pitch * 14))
    threaded_from = len(rings)
    for row in range(rows + 1):
        z = plain + (tip - plain) * row / rows
        fade = min(1.0, (z - plain) / (pitch * 1.2), (tip - z) / (pitch * 0.6) + 0.25)
        cut = [thread_depth(z / pitch - a / tau) * fade * 0.56 * pitch for a in angles]
        rings.append(shape.ring([((radius - c) * cos(a), (radius - c) * sin(a), z)
                                 for c, a in zip(cut, angles, strict=True)]))
    end = circle(radius - 0.9 * pitch, length)
    rings.append(end)

    for i, (lower, upper) in enumerate(zip(rings, rings[1:])):
        shape.bridge(lower, upper, 1 if i >= threaded_from else 0)
    shape.face(tuple(end), 0)
    return shape
