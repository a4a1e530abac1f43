"""What a patch may touch. Rules, models and bundles all pass here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from unidiff.patch import PatchedFile

from bot.disguises import disguises_in
from bot.models.addon import Addon
from bot.models.patch import Patch
from bot.models.request import Mode
from bot.patches import parse, path_of
from bot.secrets import secrets_in
from bot.weakening import is_test, weakened

TESTS_ALONE = "only tests were asked for, and it changes {paths}"
PROTECTED = "{name} is protected (CI, building, packaging or configuration)"
NEW_AT_ROOT = "{name} may not be added: the add-on is the whole repository, whose root gets new Python files alone"

NO_TEST = "{name} may not be added: it is no test"

_PROTECTED_PARTS = frozenset({".github", ".git", ".gitlab", ".circleci", ".bcrag", ".gitea", ".forgejo"})
_PROTECTED_NAMES = re.compile(
    # git, GitHub and this bot
    r"\.git.*|codeowners|bcrag\.toml|action\.ya?ml|"
    # other services
    r"\.?(?:appveyor|bitrise|codecov|codemagic|gitlab-ci|readthedocs|travis|wercker)\.ya?ml|"
    r"(?:azure-pipelines|bitbucket-pipelines|buildspec|cloudbuild|docker-compose).*\.(?:ya?ml|json)|"
    r"jenkinsfile.*|(?:.*\.)?(?:docker|container)file(?:\..*)?|vagrantfile|procfile|"
    r"(?:firebase|railway|renovate|vercel)\.json5?|(?:fly|netlify|railway|wrangler)\.toml|"
    # building
    r"(?:gnu|bsd)?makefile.*|cmakelists\.txt|justfile|taskfile\.ya?ml|rakefile|gemfile|meson\.build|meson_options\.txt|"
    r"scons(?:truct|cript)|wscript|pom\.xml|build\.xml|cargo\.toml|"
    r".*\.(?:sh|bash|zsh|fish|bat|cmd|ps1|mk|cmake|gradle|bzl|bazel|nix|tf)|"
    # Python's packaging and tools
    r"pyproject\.toml|setup\.(?:py|cfg)|(?:hatch|pdm|pixi|poetry|uv)\.toml|pipfile|manifest\.in|.*\.(?:lock|pth)|"
    r"(?:requirements|constraints).*\.(?:txt|in)|(?:site|user)customize\.py|"
    r"(?:conanfile|dodo|fabfile|hatch_build|noxfile|versioneer)\.py|pyrightconfig\.json|"
    r"(?:tox|pytest|mypy)\.ini|(?:ruff|ty)\.toml|"
    # those of JavaScript
    r"(?:package|package-lock|npm-shrinkwrap|composer|deno|lerna|nx|turbo|[jt]sconfig.*)\.jsonc?",
    re.IGNORECASE,
)
"""What tools obey, by names that mean nothing else, wherever it lies."""
_OBEYED = frozenset(
    {"", ".yml", ".yaml", ".toml", ".ini", ".cfg", ".conf", ".in", ".properties", ".js", ".cjs", ".mjs", ".ts"}
)
"""Kinds of files that hardly are an add-on's at the root of a repository: there are more tools than names above."""
_MANIFEST = "blender_manifest.toml"
_CONFTEST = "conftest.py"
_SPECIAL = re.compile(
    r"^(?:(?:new|deleted) file mode|old mode|new mode|similarity index|rename |copy |GIT binary patch|"
    r"Binary files|index [0-9a-f]+\.\.[0-9a-f]+ 1[26]0000)",
    re.MULTILINE,
)
_PLAIN_NEW_FILE = re.compile(r"^new file mode 100644$", re.MULTILINE)
_SHOWN = 5

MAX_FILES = 200
MAX_LINES = 20_000


@dataclass(frozen=True)
class Allowance:
    """What a patch may do beyond changing the add-on's files; by default nothing."""

    new_files: bool = False
    """Add plain text files, inside the add-on."""
    tests: bool = False
    """Change the repository's tests, and add some where new files are allowed, outside the add-on, too."""
    new_tests: bool = False
    """Add tests, wherever tests lie."""
    weaker_tests: bool = False
    """Take checks and tests away, skip them, or steer them; somebody asked for it in so many words."""


NOTHING = Allowance()
NEW_TESTS = Allowance(new_tests=True)
"""What a patch may do where the configuration wants a test of what was repaired in it."""


def allowance(mode: Mode) -> Allowance:
    """What a model's patch may do: add files, and touch tests where they are asked for; never weaken one."""
    return Allowance(new_files=True, tests=mode in (Mode.TEST, Mode.FEATURE))


def misplaced(patch: Patch, mode: Mode) -> tuple[str, ...]:
    """Where tests alone are asked for, nothing else is touched."""
    wrong = [path for path in patch.files if not is_test(path)] if mode is Mode.TEST else []
    return (TESTS_ALONE.format(paths=", ".join(wrong[:_SHOWN])),) if wrong else ()


def objections(patch: Patch, addon: Addon, allowance: Allowance = NOTHING) -> tuple[str, ...]:
    """Why this patch may not be used, one sentence each; empty when it may."""
    found: list[str] = []
    headers = "\n".join(line for line in patch.diff.split("\n") if line[:1] not in ("+", "-", " ", "@", "\\"))
    if allowance.new_files or allowance.new_tests:
        headers = _PLAIN_NEW_FILE.sub("", headers)
    special = _SPECIAL.search(headers)
    if special:
        found.append(f"it adds, removes, renames or re-modes a file, or is binary ({special[0].strip()})")
    for file in parse(patch.diff):
        name = path_of(file, patch.encoding)
        found += _place(name, addon, allowance, new=file.is_added_file)
        found += _content(name, _lines(file, patch, "+"), _lines(file, patch, "-"), allowance)
    if len(patch.files) > MAX_FILES:
        found.append(f"it changes {len(patch.files)} files; {MAX_FILES} is the limit")
    if patch.added + patch.removed > MAX_LINES:
        found.append(f"it changes {patch.added + patch.removed} lines; {MAX_LINES} is the limit")
    return tuple(found)


def _place(name: str, addon: Addon, allowance: Allowance, *, new: bool) -> Iterator[str]:
    """What is wrong with where a file lies, and what it is called."""
    path = PurePosixPath(name)
    added = allowance.new_tests and new and path.name.lower() != _CONFTEST
    test = is_test(name) and (allowance.tests or added)
    if path.is_absolute() or ".." in path.parts:
        yield f"{name} leaves the repository"
    elif not addon.inside(name) and not test:
        yield f"{name} is outside the add-on {addon.path}"
    elif not _PROTECTED_PARTS.isdisjoint(path.parts) or _hidden(name, addon) or _PROTECTED_NAMES.fullmatch(path.name):
        yield PROTECTED.format(name=name)
    elif test:
        return
    elif new and path.name.lower() == _CONFTEST:  # pytest obeys it, whatever lies beside it
        yield PROTECTED.format(name=name)
    elif new and allowance.new_tests and not allowance.new_files:
        yield NO_TEST.format(name=name)
    elif addon.path == ".":
        yield from _at_large(path, new=new)


def _at_large(path: PurePosixPath, *, new: bool) -> Iterator[str]:
    """What is wrong with a file of a repository that is an add-on as a whole, so that everything lies inside of it."""
    at_root = len(path.parts) == 1
    if new and at_root and path.suffix != ".py":
        yield NEW_AT_ROOT.format(name=path)
    elif (new or at_root) and path.suffix.lower() in _OBEYED and path.name != _MANIFEST:
        yield PROTECTED.format(name=path)


def _hidden(name: str, addon: Addon) -> bool:
    """Whether a path, as seen from the add-on, begins with a dot somewhere: what editors, shells and services obey."""
    inner = name.removeprefix(addon.path) if addon.path != "." and addon.inside(name) else name
    return any(part.startswith(".") for part in PurePosixPath(inner.lstrip("/")).parts)


def _content(name: str, added: list[str], removed: list[str], allowance: Allowance) -> Iterator[str]:
    """What is wrong with the lines a file gets. What one of its removed lines had before is not held against it."""
    new, old = "\n".join(added), "\n".join(removed)
    if "\0" in new:
        yield f"{name} gets binary data"
    for kind in sorted({kind for kind, secret in secrets_in(new) if secret not in old}):
        yield f"{name} gets {kind}"
    if hidden := sorted(disguises_in(new) - disguises_in(old)):
        shown = ", ".join(f"U+{ord(character):04X}" for character in hidden[:_SHOWN])
        yield f"{name} gets characters that hide what the code says ({shown})"
    if not allowance.weaker_tests:
        yield from weakened(name, removed, added)


def _lines(file: PatchedFile, patch: Patch, mark: str) -> list[str]:
    """The added or removed lines of a file, as text."""
    lines = [str(line.value).rstrip("\r\n") for hunk in file for line in hunk if line.line_type == mark]
    return lines if patch.encoding == "utf-8" else [_text(line) for line in lines]


def _text(line: str) -> str:
    """A line that was read as Latin-1 for another file's sake."""
    try:
        return line.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return line
