"""The add-on that is tried: its files and its modules."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Addon:
    """The add-on where Blender finds it: `root` is its folder, or its one file."""

    module: str
    root: str
    single_file: bool
    shown_name: str
    """What a single file is called in results: its name where it came from."""
    aliases: tuple[str, ...] = ()
    """Links that lead to its root."""
    apart: frozenset[str] = frozenset()
    """Relative paths of what lies in its folder and is none of its code."""

    def relative(self, filename: str | None) -> str:
        """A file's path relative to the add-on's root folder; empty for a file of anybody else."""
        if not filename:
            return ""
        path = os.path.normpath(filename)
        for root in (self.root, *self.aliases):
            if self.single_file:
                if path == root:
                    return self.shown_name
            elif path.startswith(root + os.sep):
                inner = path[len(root) + 1 :].replace(os.sep, "/")
                return "" if inner in self.apart else inner
        return ""

    def absolute(self, relative: str) -> str:
        """The file of a relative path."""
        return self.root if self.single_file else os.path.join(self.root, *relative.split("/"))

    def files(self) -> list[str]:
        """The relative paths of its Python files, sorted."""
        if self.single_file:
            return [self.shown_name]
        return sorted(
            path.relative_to(self.root).as_posix() for path in Path(self.root).rglob("*.py") if path.is_file()
        )

    def owns(self, module: str | None) -> bool:
        """Whether a module name is the add-on's or below it."""
        return module == self.module or (module or "").startswith(self.module + ".")

    def inner_module(self, relative: str) -> str:
        """The module of a file, as it goes on behind the add-on's own: `.tools.mesh`; empty for that itself."""
        if self.single_file:
            return ""
        dotted = relative.removesuffix(".py").replace("/", ".")
        dotted = dotted.removesuffix("__init__").removesuffix(".")
        return f".{dotted}" if dotted else ""
