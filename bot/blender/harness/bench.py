"""What every probe needs at hand, and how an attempt ends."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.blender.harness.code.addon import Addon
from bot.blender.harness.code.coverage import Coverage
from bot.blender.harness.code.sources import SourceMap
from bot.blender.harness.scene.stage import Stage
from bot.blender.harness.seeing.describing import Describer
from bot.blender.harness.seeing.witness import Witness
from bot.blender.harness.values import Json


@dataclass
class Trial:
    """How one attempt at something ended."""

    outcome: str
    detail: str = ""
    error: BaseException | None = None
    ran: bool = False
    tentative: bool = False
    """It failed in a way that another scene may put right."""
    effect: Json | None = None
    """What it did to the scene, in numbers, where it ran through."""
    recipe: Json | None = None
    """How it comes about again."""


@dataclass(frozen=True)
class Bench:
    """What every probe needs at hand."""

    addon: Addon
    stage: Stage
    coverage: Coverage
    sources: SourceMap
    describer: Describer
    witness: Witness
    scratch: str
    places: tuple[tuple[str, int], ...] = ()
    """Path and line of the frames somebody gave."""
    raised: Mapping[tuple[str, int], str] = field(default_factory=dict)
    """By path and line, the exception that somebody saw raised there, where that is known."""

    def fault(self, error: BaseException) -> Json:
        """The `Raised` of an exception."""
        return self.describer.describe(error)

    def inside(self, error: BaseException) -> bool:
        """Whether an exception came through the add-on's code."""
        return bool(self.describer.inside(self.describer.origin(error)))

    def as_seen(self, error: BaseException) -> bool:
        """Whether it is the exception that was seen, and was raised where that was; at any line of the traceback where
        nobody knows what was raised."""
        if not self.at_a_place(error) or not self.is_kind_seen(error):
            return False
        origin = self.describer.origin(error)
        if isinstance(origin, RecursionError) or not any(self.raised.values()):
            return True
        frame = self.describer.inside(origin)[-1]
        return self.raised.get((frame["path"], frame["line"])) == type(origin).__name__

    def is_kind_seen(self, error: BaseException) -> bool:
        """Whether an exception of this type was seen; of any, where nobody knows."""
        kinds = {kind for kind in self.raised.values() if kind}
        return not kinds or type(self.describer.origin(error)).__name__ in kinds

    def at_a_place(self, error: BaseException) -> bool:
        """Whether it was raised at a line of the traceback somebody gave."""
        origin = self.describer.origin(error)
        frames = self.describer.inside(origin)
        if isinstance(origin, RecursionError):  # where in what calls itself it comes to an end is chance
            return any((frame["path"], frame["line"]) in self.places for frame in frames)
        return bool(frames) and (frames[-1]["path"], frames[-1]["line"]) in self.places


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """No warnings on the console."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
