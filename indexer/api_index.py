"""The index of a release's API: read from stubs, enriched by a real Blender, or from a documentation site."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from indexer.blender_api import stubs
from indexer.blender_api.corpus import pages
from indexer.blender_api.described import ApiSymbol, merge
from indexer.blender_api.described_reader import read_described
from indexer.blender_api.reader import read_stubs
from indexer.blender_api.usage import prior
from indexer.embedders.registry import create
from indexer.errors import IndexerError, UsageError
from indexer.incremental import replace_all
from indexer.models import Progress, UpdateStats
from indexer.places import RELEASE, api_name, known_folder, stubs_folder
from indexer.shelves.base import API, Notice, Shelf, api
from indexer.stores.base import Store
from indexer.wiring import DEFAULT_EMBEDDER, Wanted

BAD_NAME = "{name!r} is no name for documentation."
BAD_NAME_CURE = "Write a release as 4.5; a site may have a name of letters, digits, dots and dashes."
NOT_ASKED = "Blender could not be asked, so the stubs stand alone: {error}"


@dataclass(frozen=True)
class Built:
    """What a build of an API index did, and what it was built from."""

    name: str
    stats: UpdateStats
    source: str


def build_api(
    release: str,
    wanted: Wanted,
    *,
    blender: Path | None = None,
    site: str | None = None,
    progress: Progress | None = None,
    notice: Notice | None = None,
) -> Built:
    """Build or refresh the index of a release's API.

    `blender` is the executable (or the Python of a `bpy` environment) that is asked as well; null: one
    that bcrag installed, if there is one of that release. With `site` only that documentation is read.

    Raises:
        Unreachable: neither the package index nor the site answers.
        UsageError: that is no release.
        MissingError: the cache cannot be written.
    """
    said = notice or (lambda _message: None)
    if not (api_name(release) if site else RELEASE.fullmatch(release)):
        raise UsageError(BAD_NAME.format(name=release), BAD_NAME_CURE)
    shelf, name = wanted.kept, api(release)

    def bring_up(store: Store) -> Built:
        symbols, source = _read(release, wanted.cache, blender, site, progress, said)
        spec = wanted.embedder or store.info().embedder or DEFAULT_EMBEDDER
        embedder = create(spec)
        with contextlib.ExitStack() as opened:
            stats = replace_all(
                store,
                pages(symbols, release, partial(prior, release=release)),
                embedder,
                corpus=_corpus(release),
                source=source,
                spec=spec,
                donors=[opened.enter_context(closing(donor)) for donor in shelf.donors(name, embedder.name)],
                progress=progress,
            )
        store.forget_vectors(stats.chunks)
        return Built(release, stats, source)

    return shelf.write(name, bring_up, said, fresh=wanted.fresh)


def held(shelf: Shelf) -> list[tuple[str, str, int]]:
    """The releases whose API is indexed: name, what it was built from, how many chunks; by name.

    Raises:
        MissingError: the shelf cannot be reached.
    """
    found: list[tuple[str, str, int]] = []
    for name in [name for name in shelf.names() if name.startswith(API)]:
        with contextlib.suppress(IndexerError):
            if (opened := shelf.read(name)) is None:
                continue
            with closing(opened) as store:
                release, info = name.removeprefix(API), store.info()
                if info.corpus == _corpus(release):  # a repository can be called api-something, too
                    found.append((release, info.source, store.count()))
    return found


def refresh(wanted: Wanted, *, progress: Progress | None = None, notice: Notice | None = None) -> Iterator[Built]:
    """Bring every API index that came from stubs up to their newest version.

    Raises:
        Unreachable: the package index does not answer.
    """
    for release, source, _ in held(wanted.kept):
        if source.startswith("stubs"):
            yield build_api(release, wanted, progress=progress, notice=notice)


def _corpus(release: str) -> str:
    return f"api {release}"


def _read(
    release: str, cache: Path, blender: Path | None, site: str | None, progress: Progress | None, said: Notice
) -> tuple[Mapping[str, ApiSymbol], str]:
    if site is not None:
        from indexer.blender_api.sphinx import read_site

        return read_site(site, release=release), f"site {site}"
    with tempfile.TemporaryDirectory(prefix="stubs-") as folder:
        wheel = stubs.download(release, Path(folder))
        described = read_described(wheel)
        stubs.store(read_stubs(wheel, release), stubs_folder(cache))
    asked = blender or _installed(cache, release)
    if asked is None:
        return described.symbols, f"stubs {described.stubs}"
    from indexer.blender_api.introspection import introspect

    try:
        known = introspect(asked, known_folder(cache))
    except IndexerError as error:
        if blender is not None:
            raise
        said(NOT_ASKED.format(error=error))
        return described.symbols, f"stubs {described.stubs}"
    return merge(described.symbols, known), f"stubs {described.stubs}, asked Blender"


def _installed(cache: Path, release: str) -> Path | None:
    """The Python of an environment with that release's `bpy`, where the bot keeps its Blenders."""
    found = sorted((cache / "blender").glob(f"{release}.*/bin/python"))
    return found[-1] if found else None
