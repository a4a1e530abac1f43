"""Which Blender release a log or an issue is about."""

from __future__ import annotations

import re

from bot.models.release import KNOWN, Release

LIMIT = 500_000
"""Characters in which a release is looked for: issues say it soon, logs at their beginning."""

_NUMBER = r"v?(\d\.\d{1,2})(?:\.\d{1,2})?(?![\w.]*\.\w)"

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (
        # Blender's own bug form: what is broken, never what worked
        rf"\bbroken\W{{1,20}}(?:version\W{{1,10}})?(?:blender\s)?{_NUMBER}",
        rf"\bblender\s{{0,3}}version\W{{0,20}}\s{{0,10}}(?:blender\s)?{_NUMBER}",
        # what Blender prints as it starts, and its crash report begins with
        rf"^[^\n]{{0,60}}\bBlender {_NUMBER} ?(?:\w+ ?)?(?:LTS)?(?:, Commit date| \(hash|\r?$)",
        r"/(?:blender|scripts|bpy)[/ ](\d\.\d{1,2})/",
        r"[\\/](?:Blender|Blender Foundation)[\\/](?:Blender )?(\d\.\d{1,2})[\\/]",
        r"[\\/](?:blender-)?(\d\.\d{1,2})(?:\.\d+)?[\w.-]{0,60}[\\/](?:\d\.\d{1,2}[\\/])?scripts[\\/]",
        rf"\bblender\W{{1,8}}{_NUMBER}",
    )
)
"""Most telling first."""


def release_in(text: str) -> Release | None:
    """The release a text says it is about, or null; of several the one said where it counts most."""
    text = text[:LIMIT]
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            release = Release.parse(match[1])
            if release in KNOWN or release > KNOWN[-1]:
                return release
    return None
