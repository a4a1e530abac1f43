"""What the tests of single rules share: let one rule look at a text, and make its repairs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.patch import Decision, Repair
from bot.models.release import Release, SupportRange
from bot.rules.base import Context, Rule
from bot.rules.source import Source, apply_edits


@dataclass(frozen=True)
class Looking:
    """One rule, looking at the file `a.py` of an add-on that supports these releases."""

    rule: Rule
    support: str

    def repairs(self, text: str, faults: Sequence[Fault] = ()) -> list[Repair]:
        oldest, newest = (Release.parse(part) for part in self.support.split("-"))
        source = Source("a.py", text, "utf-8")
        context = Context(SupportRange(oldest=oldest, newest=newest), [newest], faults, [source])
        return list(self.rule.find(source, context)) if self.rule.concerned(text) else []

    def repaired(self, text: str, faults: Sequence[Fault] = ()) -> str:
        """The text with every repair made; it must be valid Python, and nothing may be left to do."""
        edits = [edit for one in self.repairs(text, faults) if one.decision is Decision.REPAIR for edit in one.edits]
        result = apply_edits(text, edits)
        compile(result, "a.py", "exec")
        assert not any(one.decision is Decision.REPAIR for one in self.repairs(result))
        return result


@pytest.fixture
def looking() -> Callable[[Rule, str], Looking]:
    return Looking


@pytest.fixture
def seen() -> Callable[[int, str], Fault]:
    """An error that was raised in real Blender at a line of `a.py`."""

    def make(line: int, message: str) -> Fault:
        exception, _, rest = message.partition(": ")
        return Fault(
            kind=FaultKind.OPERATOR,
            path="a.py",
            line=line,
            message=rest,
            exception=exception,
            source=FaultSource.RUNTIME,
            proof=Proof.REPRODUCED,
        )

    return make
