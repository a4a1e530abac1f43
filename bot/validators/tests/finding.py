"""Which files of a repository are tests of this add-on, and what runs them. Read, never run."""

from __future__ import annotations

import ast
import os
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Literal

from bot.models.addon import Addon
from bot.validators.tests.configuration import Configuration, configuration
from bot.weakening import is_test

MOST_FILES = 400
MOST_ENTRIES = 30_000
MAX_FILE = 1024**2
"""Bytes; a larger file is no test anybody wrote."""
NOT_ENTERED = frozenset(
    {
        *("__pycache__", "build", "dist", "env", "node_modules", "site-packages", "venv", "wheels"),
        *("_vendor", "extern", "external", "third_party", "thirdparty", "vendor", "vendored"),
    }
)
"""Folders whose tests are somebody else's."""
_IMPORTS_PYTEST = re.compile(r"^[ \t]*(?:import|from)[ \t]+pytest\b", re.MULTILINE)
_ENABLES = re.compile(
    r"(?<!atexit\.)(?<!codecs\.)\b(?:un)?register(?:_class|_module)?\s*\(|\baddon_(?:enable|utils|install)\b|\bpackage_install\w*\b"
    r"|\bimport\b[^\n]*\bregister\b"
)
"""What tests and their helpers say where they see to it themselves that the add-on is enabled."""
_INSTALLS = re.compile(r"\b(?:addon_install|package_install(?:_files)?|install_addon\w*)\b")
"""And where they install it."""


@dataclass(frozen=True)
class Found:
    """The test files, sorted, as paths in the repository; `code` is all Python there is."""

    files: tuple[str, ...] = ()
    code: frozenset[str] = frozenset()
    engine: Literal["pytest", "unittest"] = "unittest"
    plain: frozenset[str] = frozenset()
    """Files that `unittest` alone can run as well."""
    options: tuple[str, ...] = ()
    enable: bool = False
    """Nothing in them enables the add-on."""
    link: bool = True
    """Nothing in them installs it."""
    note: str = ""


@dataclass(frozen=True)
class _Kind:
    """What a file holds: tests of `unittest`, tests only pytest knows."""

    cases: bool = False
    others: bool = False


def find(root: Path, addon: Addon) -> Found:
    """The tests of an add-on in a checkout that links are not followed in."""
    code = tuple(_code(root))
    read = _Reader(root)
    said = configuration(read)
    kinds = {path: kind for path in code if _meant(path, said, addon, read) and (kind := _kind(read(path), path, said))}
    files = tuple(kinds)[:MOST_FILES]
    around = [path for path in code if path in kinds or (is_test(path) and not _foreign(path, addon, read))]
    pytest = said.there or any(PurePosixPath(path).name == "conftest.py" for path in around)
    pytest = pytest or any(kind.others for kind in kinds.values())
    pytest = pytest or any(_IMPORTS_PYTEST.search(read(path)) for path in around)
    return Found(
        files=files,
        code=frozenset(code),
        engine="pytest" if pytest else "unittest",
        plain=frozenset(path for path, kind in kinds.items() if kind.cases and not _IMPORTS_PYTEST.search(read(path))),
        options=said.options,
        enable=not any(_ENABLES.search(read(path)) for path in around),
        link=not any(_INSTALLS.search(read(path)) for path in around),
    )


class _Reader:
    """Reads files of the repository, each once; what cannot be read, or is too large, is empty."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._texts: dict[str, str] = {}

    def __call__(self, path: str) -> str:
        if path not in self._texts:
            file = self._root / path
            try:
                plain = file.is_file() and not file.is_symlink() and file.stat().st_size <= MAX_FILE
                self._texts[path] = file.read_bytes().decode("utf-8-sig", "replace") if plain else ""
            except OSError:
                self._texts[path] = ""
        return self._texts[path]


def _code(root: Path) -> Iterator[str]:
    """Every Python file, sorted, as a path in the repository."""
    entries = 0
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        entries += len(folders) + len(names)
        if entries > MOST_ENTRIES:
            return
        for name in sorted(names):
            if name.endswith(".py"):
                yield (Path(folder) / name).relative_to(root).as_posix()


def _meant(path: str, said: Configuration, addon: Addon, read: _Reader) -> bool:
    """Whether a file may be a file of tests, going by where it lies and how it is called."""
    parts = PurePosixPath(path).parts
    if not NOT_ENTERED.isdisjoint(parts[:-1]) or parts[-1] == "conftest.py" or _foreign(path, addon, read):
        return False
    folders = [folder.removeprefix("./").strip("/") for folder in said.folders]
    if folders and not any(folder in ("", ".", path) or fnmatch(path, f"{folder}/*") for folder in folders):
        return False
    return _named(path, said.patterns) or (is_test(path) and parts[-1].startswith("test"))


def _named(path: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(path if "/" in pattern else PurePosixPath(path).name, pattern) for pattern in patterns)


def _foreign(path: str, addon: Addon, read: _Reader) -> bool:
    """Whether it lies in the folder of another add-on of the repository."""
    if addon.inside(path):
        return False
    for folder in map(str, PurePosixPath(path).parents):
        if folder == "." or addon.path == folder or addon.path.startswith(f"{folder}/"):
            continue
        if read(f"{folder}/blender_manifest.toml") or "bl_info" in read(f"{folder}/__init__.py"):
            return True
    return False


def _kind(text: str, path: str, said: Configuration) -> _Kind | None:
    """What tests a file holds; null where it holds none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            body = ast.parse(text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return _Kind(cases=True) if _named(path, said.patterns) else None
    cases = others = False
    for node in _statements(body):
        if isinstance(node, ast.ClassDef) and _has_tests(node):
            bases = [base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "") for base in node.bases]
            plain = node.name.startswith("Test") and not bases
            cases, others = cases or not plain, others or (plain and _named(path, said.patterns))
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            others = others or (node.name.startswith("test") and _named(path, said.patterns))
            cases = cases or node.name == "load_tests"
    return _Kind(cases, others) if cases or others else None


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Those of a module, and those under a condition in it."""
    for node in body:
        yield node
        if isinstance(node, (ast.If, ast.Try, ast.With)):
            yield from _statements(node.body)


def _has_tests(node: ast.ClassDef) -> bool:
    return any(
        isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)) and inner.name.startswith("test")
        for inner in node.body
    )
