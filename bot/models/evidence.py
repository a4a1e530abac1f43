"""What is known before anything is changed."""

from __future__ import annotations

from bot.models.base import Frozen
from bot.models.citation import Citation
from bot.models.fault import Fault
from bot.models.question import Answer
from bot.models.release import Release
from bot.models.reproduction import Reproduction
from bot.models.validation import Observation


class ReleaseAnswers(Frozen):
    """What one release answered."""

    release: Release
    answers: tuple[Answer, ...]


class Evidence(Frozen):
    """The faults of the untouched commit, what every validator said about it, and what may be cited."""

    faults: tuple[Fault, ...]
    asked: tuple[Fault, ...] = ()
    """What the request's own log or traceback says is wrong: a run is not done while one of these is open."""
    baseline: tuple[Observation, ...]
    answers: tuple[ReleaseAnswers, ...] = ()
    chunks: tuple[Citation, ...] = ()
    reproductions: tuple[Reproduction, ...] = ()
    """Scripts that were written to show a fault; those that count are run on every candidate."""
