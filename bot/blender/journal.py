"""What the records of a harness say, put together to a result. Pure.

The harness signed them; what is in them may still come from a stranger (the text of an exception, the
name of an operator), so all of it is bounded, validated, and never trusted to be of the right shape.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.blender.base import HarnessResult, Probe, Runtime
from bot.models.question import Answer

_MOST_PROBES = 5000
_LONGEST_ID = 400
_ANSWERS = TypeAdapter(tuple[Answer, ...])


@dataclass
class Journal:
    """What the records say; those of no known shape are left out."""

    probes: dict[str, Probe] = field(default_factory=dict)
    answers: tuple[Answer, ...] = ()
    about: dict[str, str] = field(default_factory=dict)
    running: str = ""
    """The probe that was begun and did not end."""
    sealed: bool = False
    """Blender has said what it says of itself; only then the add-on is loaded."""
    pictured: dict[str, Any] = field(default_factory=dict)
    """What there is to say of the picture. Said before scripts run: they could change it."""
    collected: dict[str, None] = field(default_factory=dict)
    end: dict[str, Any] | None = None

    @classmethod
    def of(cls, records: Iterable[dict[str, Any]]) -> Journal:
        """Read one record after the other."""
        journal = cls()
        for record in records:
            journal._add(_well_formed(record))
        return journal

    def _add(self, line: dict[str, Any]) -> None:
        if not self.sealed:
            if isinstance(started := line.get("started"), dict):
                self.about = {key: value[:100] for key, value in started.items() if isinstance(value, str)}
            elif "answers" in line:
                self.answers = _answers(line["answers"])
            elif "sealed" in line:
                self.sealed = True
        elif self.end is not None:
            return
        elif isinstance(end := line.get("end"), dict):
            self.end, self.running = end, ""
        elif isinstance(pictured := line.get("pictured"), dict):
            self.pictured, self.running = self.pictured or pictured, ""
        elif isinstance(collected := line.get("collected"), list):
            ids = (one for one in collected[:_MOST_PROBES] if isinstance(one, str) and len(one) <= _LONGEST_ID)
            self.collected.update(dict.fromkeys(ids))
        elif isinstance(running := line.get("running"), str):
            self.running = running[:_LONGEST_ID]
        elif len(self.probes) < _MOST_PROBES and (probe := _probe(line)):
            self.probes[probe.id] = probe
            if probe.id == self.running:
                self.running = ""

    @property
    def digest(self) -> str:
        """The SHA-256 of the picture when it had been taken; empty without one."""
        value = self.pictured.get("digest")
        return value if isinstance(value, str) else ""

    def result(self, runtime: Runtime) -> HarnessResult | None:
        """What there is of a result; null where Blender did not get as far as starting the harness."""
        if not (self.about or self.probes):
            return None
        partial = HarnessResult(
            version=self.about.get("version", runtime.version),
            release=runtime.release,
            python=self.about.get("python", ""),
            probes=tuple(self.probes.values()),
            answers=self.answers[:_MOST_PROBES],
            collected=tuple(self.collected)[:_MOST_PROBES],
            complete=False,
        )
        if self.end is None:
            return partial
        told = {name: value for name, value in self.end.items() if name in _END}
        told |= {name: value for name, value in self.pictured.items() if name in _PICTURED}
        try:
            return HarnessResult.model_validate({**partial.model_dump(), **told, "complete": True})
        except ValidationError:
            return partial


_END = frozenset({"executed", "lines", "notes"})
_PICTURED = frozenset({"picture", "main_operator", "camera", "alone"})


def _well_formed(record: dict[str, Any]) -> dict[str, Any]:
    """Without lone surrogates, which no text of ours may hold."""
    text = json.dumps(record, ensure_ascii=False).encode("utf-8", "replace")
    value: dict[str, Any] = json.loads(text)
    return value


def _probe(line: dict[str, Any]) -> Probe | None:
    try:
        return Probe.model_validate({name: value for name, value in line.items() if name != "restored"})
    except ValidationError:
        return None


def _answers(value: object) -> tuple[Answer, ...]:
    try:
        return _ANSWERS.validate_python(value)
    except ValidationError:
        return ()
