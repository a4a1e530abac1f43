"""The add-on under repair."""

from __future__ import annotations

from enum import StrEnum

from bot.models.base import Frozen
from bot.models.release import Release


class AddonKind(StrEnum):
    """How Blender finds an add-on."""

    LEGACY = "legacy"
    """A module with `bl_info`."""
    EXTENSION = "extension"
    """A package with `blender_manifest.toml`, loaded as `bl_ext.user_default.<id>`."""


class Addon(Frozen):
    """One add-on of a repository.

    `path` is its folder, or its one file, relative to the repository root with forward slashes
    (`.` for the root itself). `module` is the name it is enabled as: the folder's name made a
    Python identifier, or the manifest's `id`.
    """

    path: str
    module: str
    kind: AddonKind
    single_file: bool
    name: str
    declared_minimum: Release | None
    files: tuple[str, ...]
    """Its Python files, relative to the repository root, sorted."""

    def inside(self, path: str) -> bool:
        """Whether a repository path belongs to the add-on."""
        return path == self.path or self.path == "." or path.startswith(self.path + "/")
