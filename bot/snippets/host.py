"""The add-on that does nothing: Blender's harness runs scripts over an add-on, and a snippet has none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.models.addon import Addon, AddonKind
from bot.models.release import Release
from bot.validators.base import Subject

FILE = "snippet_host.py"
ADDON = Addon(
    path=FILE,
    module="snippet_host",
    kind=AddonKind.LEGACY,
    single_file=True,
    name="Snippet host",
    declared_minimum=None,
    files=(FILE,),
)
TEXT = '''"""An add-on that does nothing."""

bl_info = {"name": "Snippet host", "blender": (2, 80, 0), "category": "Object"}


def register():
    pass


def unregister():
    pass
'''


def host(folder: Path, releases: Sequence[Release]) -> Subject:
    """The add-on, written into a new folder, to be looked at in these releases."""
    root, work = folder / "host", folder / "work"
    root.mkdir(parents=True)
    work.mkdir()
    (root / FILE).write_text(TEXT, "utf-8")
    return Subject(root, work, ADDON, {FILE: TEXT.encode()}, releases=releases, target=releases[-1])
