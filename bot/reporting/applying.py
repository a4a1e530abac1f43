"""The one line that applies a bundle's patch."""

from __future__ import annotations

from pathlib import Path

from bot.reporting.text import shell_word

FOLDER = ".bcrag"
"""Where runs leave their bundles, in the root of the repository."""


def in_root(bundle: Path, patch: str) -> str:
    """What to type in the root of the repository; short where the bundle lies in that repository."""
    root, folder = _place(bundle)
    return f"git apply {shell_word(f'{folder}/{patch}' if root is not None else str(bundle / patch))}"


def here(bundle: Path, patch: str, cwd: Path) -> str:
    """What to type in the folder `cwd`, wherever that is, if the bundle lies in its repository; else as in the root."""
    root, folder = _place(bundle)
    if root is None or root == cwd:
        return in_root(bundle, patch)
    return f"git -C {shell_word(str(root))} apply {shell_word(f'{folder}/{patch}')}"


def in_place(bundle: Path, file: str) -> str:
    """A file of the bundle as a word for a command in the root of the repository."""
    root, folder = _place(bundle)
    return shell_word(f"{folder}/{file}" if root is not None else str(bundle / file))


def _place(bundle: Path) -> tuple[Path | None, str]:
    """The root of the repository a bundle lies in, and its folder from there; None and nothing elsewhere."""
    parts = bundle.parts
    if FOLDER not in parts:
        return None, ""
    at = len(parts) - 1 - parts[::-1].index(FOLDER)
    return Path(*parts[:at]), "/".join(parts[at:])
