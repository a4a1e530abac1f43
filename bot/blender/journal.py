"""Reading back what the harness wrote: a result, or what the journal still has of one. Pure.

All of it is data from a stranger: bounded, validated, never trusted to be of the right shape.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.blender.base import HarnessResult, Probe, Runtime
from bot.models.question import Answer

_MOST_PROBES = 5000
_ANSWERS = TypeAdapter(tuple[Answer, ...])


def parse_result(data: bytes) -> HarnessResult | None:
    """The result, or null where it is none."""
    try:
        return HarnessResult.model_validate_json(_well_formed(data))
    except (ValueError, RecursionError):  # a ValidationError is a ValueError
        return None


@dataclass
class Journal:
    """What the lines of a journal say; unreadable lines are left out."""

    probes: dict[str, Probe] = field(default_factory=dict)
    answers: tuple[Answer, ...] = ()
    about: dict[str, str] = field(default_factory=dict)
    running: str = ""
    """The probe that was begun and did not end."""

    @classmethod
    def parse(cls, data: bytes) -> Journal:
        """Read every line there is."""
        journal = cls()
        for line in _lines(data):
            journal._add(line)
        return journal

    def _add(self, line: dict[str, Any]) -> None:
        if isinstance(running := line.get("running"), str):
            self.running = running[:400]
        elif isinstance(started := line.get("started"), dict):
            self.about = {key: value[:100] for key, value in started.items() if isinstance(value, str)}
        elif "answers" in line:
            self.answers = _answers(line["answers"])
        elif len(self.probes) < _MOST_PROBES and (probe := _probe(line)):
            self.probes[probe.id] = probe
            if probe.id == self.running:
                self.running = ""

    def result(self, runtime: Runtime) -> HarnessResult | None:
        """What there is of a result; null where Blender did not get as far as starting the harness."""
        if not (self.about or self.probes):
            return None
        return HarnessResult(
            version=self.about.get("version", runtime.version),
            release=runtime.release,
            python=self.about.get("python", ""),
            probes=tuple(self.probes.values()),
            answers=self.answers[:_MOST_PROBES],
            complete=False,
        )


def _well_formed(data: bytes) -> bytes:
    """JSON without lone surrogates, which no text of ours may hold."""
    return json.dumps(json.loads(data), ensure_ascii=False).encode("utf-8", "replace")


def _lines(data: bytes) -> Iterator[dict[str, Any]]:
    for text in data.splitlines():
        try:
            line = json.loads(_well_formed(text))
        except (ValueError, RecursionError):
            continue
        if isinstance(line, dict):
            yield line


def _probe(line: dict[str, Any]) -> Probe | None:
    try:
        return Probe.model_validate(line)
    except ValidationError:
        return None


def _answers(value: object) -> tuple[Answer, ...]:
    try:
        return _ANSWERS.validate_python(value)
    except ValidationError:
        return ()
