"""Which file of the add-on a path in a log means: whoever wrote the log had it installed somewhere else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from bot.models.addon import Addon

_MOST_NAMES = 5_000
_INSTALLED = re.compile(r"/(?:addons|addons_core|addons_contrib|extensions/[^/]{1,200})/([^/]{1,200})")
_FOREIGN = re.compile(
    r"/scripts/(?:modules|startup)/|/lib/python\d|/site-packages/|/dist-packages/|/bpy/\d\.\d+/|^<(?!.*>/)"
)
_NAME = re.compile(r"[^a-z0-9]+")
_INIT = "__init__.py"
_LOST_INIT = frozenset({"init.py", "**init**.py", "_init_.py", "*init*.py"})
"""What Markdown makes of `__init__.py`."""
_LEAST = 4
"""A name shorter than this is the beginning of too many others."""


class Files:
    """Finds the add-on's file a traceback means: installed folders may be named differently."""

    def __init__(self, addon: Addon) -> None:
        self._known: dict[str, str | None] = {}
        self._by_name: dict[str, list[tuple[str, ...]]] = {}
        for file in addon.files:
            parts = PurePosixPath(file).parts
            self._by_name.setdefault(parts[-1], []).append(parts)
        folder = PurePosixPath(addon.path).name
        self._names = {plain(name) for name in (addon.module, addon.name, folder, PurePosixPath(folder).stem) if name}
        self._below = 0 if addon.path == "." else len(PurePosixPath(addon.path).parts) - addon.single_file

    def find(self, name: str) -> str | None:
        """The repository path of the file, or null when it is none of the add-on's."""
        if name not in self._known:
            if len(self._known) >= _MOST_NAMES:
                return None
            self._known[name] = next((file for one in _readings(name) if (file := self._match(one))), None)
        return self._known[name]

    def _match(self, name: str) -> str | None:
        parts = tuple(part for part in name.split("/") if part not in ("", "."))
        if parts and parts[-1] in _LOST_INIT and parts[-1] not in self._by_name:
            parts = (*parts[:-1], _INIT)
            name = f"{name.rpartition('/')[0]}/{_INIT}"
        candidates = self._by_name.get(parts[-1], ()) if parts else ()
        if not candidates:
            return None
        # the last one: a folder further up may be called addons too
        installed = max(_INSTALLED.finditer(name), key=lambda found: found.start(), default=None)
        if installed is not None:
            ours = self._ours(installed[1])
            below = tuple(part for part in name[installed.end() :].split("/") if part) or (parts[-1],)
            for file in candidates:
                if ours and file[self._below :] == below:
                    return "/".join(file)
        elif _FOREIGN.search(name):
            return None
        lengths = sorted(((_common_end(file, parts), file) for file in candidates), reverse=True)
        length, file = lengths[0]
        unique = len(lengths) == 1 or lengths[1][0] < length
        # `__init__.py` alone says nothing, nor does any lone name inside another add-on's folder
        alone = installed is None and parts[-1] != _INIT
        return "/".join(file) if unique and (length >= 2 or alone or length == len(parts)) else None

    def _ours(self, folder: str) -> bool:
        """Whether an installed folder is the add-on's: by its name, or a branch, version or letter more of it."""
        name = plain(folder.removesuffix(".py"))
        return name in self._names or any(
            len(short) >= _LEAST and long.startswith(short)
            for own in self._names
            for short, long in ((own, name), (name, own))
        )


def plain(name: str) -> str:
    """A name as far as it stays the same when people rename folders."""
    return _NAME.sub("", name.lower())


def _readings(name: str) -> tuple[str, ...]:
    """A path as it may have been before Windows or Markdown changed it."""
    slashed = name.replace("\\", "/")
    unescaped = re.sub(r"\\([_*.\-])", r"\1", name).replace("\\", "/")
    return (slashed,) if unescaped == slashed else (slashed, unescaped)


def _common_end(first: Sequence[str], second: Sequence[str]) -> int:
    count = 0
    for one, other in zip(reversed(first), reversed(second), strict=False):
        if one != other:
            break
        count += 1
    return count
