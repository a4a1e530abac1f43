"""Finding the add-on, and putting it where Blender looks."""

from __future__ import annotations

import importlib
import shutil
import sys
from pathlib import Path

from bot.blender.harness.code.setup import extension_folder, forget_bundled
from bot.reproducing.parts.judging import leave
from bot.reproducing.parts.names import ADDON, FAULTY, FOLDER, MODULE, NAME


def found() -> Path:
    """The add-on: as named on the command line, else as the repository around this folder, or around this file, has
    it."""
    own = Path(__file__).resolve()
    words = sys.argv[1:] if Path(sys.argv[0]).resolve() == own else []
    words = sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else words
    named = [Path(words[0]).absolute()] if words else []
    for folder in named or [Path.cwd(), *Path.cwd().parents, *own.parents]:
        if (folder / FAULTY).is_file():
            return folder / ADDON
    if named and named[0].exists():
        return named[0]
    return leave(2, f"Name the add-on's folder or file: there is no {FAULTY} here.")


def install(addon: Path) -> str:
    """Copy it to where Blender looks for add-ons; where it is then."""
    folder = Path(FOLDER, "scripts", "addons")
    sys.path.insert(0, str(folder))
    forget_bundled(MODULE)
    return copied(addon, folder)


def install_extension(addon: Path) -> str:
    """Copy it to where Blender looks for extensions; where it is then."""
    return copied(addon, Path(extension_folder(FOLDER)))


def copied(addon: Path, folder: Path) -> str:
    """The add-on's copy in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / (f"{NAME}.py" if addon.is_file() else NAME)
    if addon.is_file():
        shutil.copyfile(addon, target)
    else:
        left_out = shutil.ignore_patterns(".git", ".bcrag", "__pycache__")
        shutil.copytree(addon, target, ignore=left_out, ignore_dangling_symlinks=True)
    importlib.invalidate_caches()
    return str(target)
