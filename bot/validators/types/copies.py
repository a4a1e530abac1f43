"""The throw-away copy of an add-on that checkers read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bot.models.addon import Addon
from bot.rules.source import Source
from bot.validators.types.annotate import NAMES, annotate
from bot.validators.types.columns import Copy, insert

MAX_FILE = 2 * 1024**2
"""Characters; a larger file is data, and takes a checker minutes."""
MAX_TOTAL = 48 * 1024**2
TOO_LARGE = "{path} is too large to be checked"
SINGLE = "single_file_addon"
"""The folder a single file is put into, so that no name of its own gets in front of another module's."""


@dataclass(frozen=True)
class AddonCopy:
    """A copy on disk. `paths` gives the repository path of each of its files, `texts` what they became."""

    folder: Path
    paths: Mapping[str, str]
    texts: Mapping[str, Copy]
    left_out: tuple[str, ...] = ()


def write(
    addon: Addon,
    sources: Iterable[Source],
    folder: Path,
    names: Mapping[str, str] = NAMES,
    contradicted: Collection[tuple[str, str]] = (),
    *,
    annotated: bool = True,
) -> AddonCopy:
    """Write Python files, and nothing else, into a new folder; in UTF-8, whatever they were written in.

    `contradicted` are the parameters (of functions, by name) that are no such thing as their names say.
    """
    paths: dict[str, str] = {}
    texts: dict[str, Copy] = {}
    left_out: list[str] = []
    total = 0
    for source in sources:
        total += len(source.text)
        if len(source.text) > MAX_FILE or total > MAX_TOTAL:
            left_out.append(TOO_LARGE.format(path=source.path))
            continue
        inner = _inner(addon, source.path)
        copy = annotate(source.text, names, contradicted=contradicted) if annotated else insert(source.text, ())
        file = folder / inner
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(copy.text.encode("utf-8", "replace"))
        paths[inner] = source.path
        texts[inner] = copy
    folder.mkdir(parents=True, exist_ok=True)
    return AddonCopy(folder, paths, texts, tuple(left_out))


def _inner(addon: Addon, path: str) -> str:
    """Where a file of the repository lies in the copy: below a folder of the name it is imported by."""
    if addon.single_file:
        return f"{SINGLE}/{PurePosixPath(path).name}"
    inner = path if addon.path == "." else path.removeprefix(addon.path + "/")
    return f"{addon.module}/{inner}"
