# SPDX-License-Identifier: GPL-3.0-or-later
"""Profiles, and what turning them around the Z axis makes."""

from math import cos, pi, sin

# (radius, height) from the axis below to the axis above, in metres
PLINTH = (
    (0.0, -0.16), (0.92, -0.16), (0.98, -0.14), (0.98, -0.06), (0.86, -0.05), (0.86, 0.0), (0.0, 0.0),
)
VASE = (
    (0.0, 0.002), (0.40, 0.002), (0.44, 0.03), (0.44, 0.07), (0.40, 0.10),
    (0.46, 0.20), (0.58, 0.38), (0.68, 0.58), (0.735, 0.80), (0.74, 1.00), (0.69, 1.20),
    (0.58, 1.38), (0.44, 1.54), (0.34, 1.66), (0.295, 1.78), (0.29, 1.90), (0.33, 2.02),
    (0.42, 2.13), (0.50, 2.19), (0.51, 2.22), (0.48, 2.23), (0.40, 2.16), (0.30, 2.04),
    (0.25, 1.90), (0.26, 1.76), (0.0, 1.70),
)


def lathe(profile, segments, flutes=0):
    """Vertices and faces of the profile turned once around; flutes are grooves along the belly."""
    verts = []
    rings = []
    for radius, height in profile:
        if radius == 0.0:
            rings.append([len(verts)])
            verts.append((0.0, 0.0, height))
            continue
        rings.append(list(range(len(verts), len(verts) + segments)))
        belly = max(0.0, sin(pi * (height - 0.10) / 1.5)) if 0.10 < height < 1.6 else 0.0
        for segment in range(segments):
            angle = 2 * pi * segment / segments
            groove = 0.035 * belly * abs(sin(flutes * (angle + 0.45 * height) / 2)) if flutes else 0.0
            verts.append(((radius + groove) * cos(angle), (radius + groove) * sin(angle), height))

    faces = []
    for lower, upper in zip(rings, rings[1:]):
        for segment in range(segments):
            after = (segment + 1) % segments
            if len(lower) == 1:
                faces.append((lower[0], upper[after], upper[segment]))
            elif len(upper) == 1:
                faces.append((lower[segment], lower[after], upper[0]))
            else:
                faces.append((lower[segment], lower[after], upper[after], upper[segment]))
    return verts, faces
