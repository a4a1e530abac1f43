"""Small add-ons read by the type sensor, with real stubs and a real checker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from bot.models.addon import Addon, AddonKind
from bot.models.patch import Patch
from bot.models.release import Release
from bot.rules.source import Source
from bot.validators.base import Subject
from bot.validators.types.sensor import Reading, Sensor
from bot.validators.types.ty import Ty
from indexer.blender_api import stubs
from indexer.blender_api.table import ApiTable

R36, R45 = Release(3, 6), Release(4, 5)


@cache
def tables(release: Release) -> ApiTable | None:
    """The API of a release, as a run has it."""
    return stubs.obtain(str(release), stubs.default_cache())


@cache
def unpacked(release: Release) -> Path:
    """The stubs of a release; a test without them is no test."""
    folder = stubs.unpacked(str(release), stubs.default_cache())
    assert folder is not None, f"the stubs of Blender {release} cannot be had"
    return folder


def addon(files: Sequence[str], declared: Release | None = R36) -> Addon:
    """An add-on in the folder `addon`."""
    return Addon(
        path="addon", module="addon", kind=AddonKind.LEGACY, single_file=False, name="A", declared_minimum=declared,
        files=tuple(sorted(files)),
    )  # fmt: skip


@contextmanager
def reading(
    files: Mapping[str, str | bytes],
    work: Path,
    checker: Ty,
    *,
    declared: Release | None = R36,
    releases: Sequence[Release] = (R45,),
    static: Sequence[Release] = (),
    patch: Patch | None = None,
) -> Iterator[Reading]:
    """A reading of files that lie in the folder `addon`."""
    data = {f"addon/{name}": text if isinstance(text, bytes) else text.encode() for name, text in sorted(files.items())}
    work.mkdir(parents=True, exist_ok=True)
    work.chmod(0o755)
    subject = Subject(
        root=work,
        work=work,
        addon=addon(tuple(data), declared),
        files=data,
        patch=patch or Patch(diff=""),
        releases=releases,
        static_releases=static,
    )
    sources = [Source.read(path, content) for path, content in data.items()]
    with Sensor(checker, unpacked, tables).read(subject, sources) as made:
        yield made
