"""What makes a run see more: type checkers, and the API of the releases nothing runs in."""

from __future__ import annotations

from collections.abc import Iterator

from bot.commands.checks.base import Check
from bot.settings import Settings

CHECKERS_CURE = "pip install 'bcrag[types]'"
MODELS_CURE = "optional; docs/models.md has the providers: bot run --llm NAME"
STUBS_CURE = "a run fetches them by itself; without network: run once where there is one"


def type_checkers() -> Iterator[Check]:
    """`ty` comes with bcrag; mypy and Pyright are an extra."""
    import importlib.util

    from bot.validators.types import ty

    found = ty.find()
    yield Check("ty", found is not None, str(found or "not found"), "pip install --force-reinstall bcrag", needed=False)
    for name, module in (("mypy", "mypy"), ("Pyright", "basedpyright")):
        there = importlib.util.find_spec(module) is not None
        yield Check(name, there, "installed" if there else "not installed (optional)", CHECKERS_CURE, needed=False)


def stubs() -> Check:
    """The releases whose API is known without running them."""
    from bot.blender.releases import WHEELS
    from bot.cache import cache_root
    from indexer.blender_api import stubs as known

    folder = cache_root() / "stubs"
    releases = [str(release) for release in sorted(WHEELS) if known.known(str(release), folder)]
    told = f"of {', '.join(releases)}" if releases else "none yet"
    return Check("API of releases", bool(releases), told, STUBS_CURE, needed=False)


def index() -> Check:
    """Whether indexes can be kept, and how many there are."""
    from bot.cache import cache_root

    folder = cache_root() / "index"
    made = sum(1 for path in folder.rglob("*.sqlite")) if folder.is_dir() else 0
    return Check("index", ok=True, found=f"{made} in {folder}" if made else "none yet; a run makes one", needed=False)


def models(settings: Settings) -> Check:
    """Which model a run would ask; none is needed, and none is asked."""
    import os

    from bot.cache import cache_root
    from bot.errors import BcragError
    from bot.llm import keys, registry
    from bot.llm.starting import Access

    try:
        made = registry.create(settings, cache_root(), Access(keys=keys.held(os.environ)))
    except BcragError as error:
        return Check("models", ok=False, found=str(error), cure=error.cure, needed=False)
    made.close()
    return Check("models", ok=made.available, found=made.why, cure=MODELS_CURE, needed=False)
