"""What a rule is: knows one fault, finds its places, says what to do there.

A rule never decides by itself that a place is broken. It yields `Repair` values; each either
carries a `question` that a real Blender of the target answers (no: it is a fault, with proof `api`),
or the fault that was seen at that very place. Both ways a sensor has spoken before anything changes.
"""

from __future__ import annotations

import inspect
import re
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import ClassVar, Literal

from bot.models.fault import Fault
from bot.models.patch import Repair
from bot.models.release import Release, SupportRange
from bot.rules.source import Source


class Safety(StrEnum):
    """How sure a fix is."""

    SAFE = "safe"
    """The meaning is kept, or restored to what the release before meant."""
    UNSAFE = "unsafe"
    """It can change what the add-on does; applied only when Blender showed the fault at that place."""


@dataclass(frozen=True)
class Context:
    """What a rule may know: the releases to keep working, the faults seen, the add-on's other files."""

    support: SupportRange
    targets: Sequence[Release]
    faults: Sequence[Fault] = ()
    sources: Sequence[Source] = ()
    single_file: bool = False

    def faults_in(self, source: Source) -> tuple[Fault, ...]:
        """The faults whose place is in this file."""
        return tuple(fault for fault in self.faults if fault.path == source.path)

    def covers(self, since: Release) -> bool:
        """Whether every supported release has what came with `since` (then no guard is needed)."""
        return self.support.oldest >= since


@dataclass(frozen=True)
class Documentation:
    """A rule's docstring, taken apart."""

    title: str
    what_it_does: str
    why_it_breaks: str
    before: str
    after: str
    left_alone: str
    fix_safety: str
    references: tuple[str, ...]
    guarded: str = ""
    """What the example becomes where older releases are supported too; empty: the same."""
    guarded_support: str = ""
    """The support range `guarded` is for, `2.83-4.5`."""


class Rule(ABC):
    """One deterministic repair. Subclasses fill in the facts and write `find`."""

    code: ClassVar[str]
    """Family letters and three digits: `MSH101`."""
    name: ClassVar[str]
    """In kebab case: `auto-smooth`."""
    family: ClassVar[str]
    """The folder it lives in."""
    since: ClassVar[Release]
    """The first release in which the old form is wrong."""
    until: ClassVar[Release | None] = None
    """The first release in which it is right again."""
    safety: ClassVar[Safety] = Safety.SAFE
    mode: ClassVar[Literal["repair", "explain"]] = "repair"
    triggers: ClassVar[tuple[str, ...]]
    """Words one of which must occur in a file before it is parsed."""
    example_support: ClassVar[tuple[str, str] | None] = None
    """The support range the documented example is repaired for; default: `since` to the newest release."""

    @abstractmethod
    def find(self, source: Source, context: Context) -> Iterator[Repair]:
        """Every place in the file this rule knows, broken or not. Must be free of side effects."""

    def answers(self, fault: Fault) -> bool:
        """Whether this rule is about such a fault, wherever it is. Used to explain and to look up."""
        return False

    def concerned(self, text: str) -> bool:
        """Whether the file can hold a place at all: one of the trigger words occurs in it."""
        return any(word in text for word in self.triggers)

    @cached_property
    def documentation(self) -> Documentation:
        """The headed docstring of the rule's module."""
        module = sys.modules[type(self).__module__]
        return parse_documentation(inspect.cleandoc(module.__doc__ or ""))


@dataclass(frozen=True)
class _Sections:
    title: str
    bodies: dict[str, str] = field(default_factory=dict)


_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_FENCE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_GUARDED = re.compile(r"^Supporting (\d+\.\d+) to (\d+\.\d+):", re.MULTILINE)

SECTIONS = ("What it does", "Why it breaks", "Example", "Left alone", "Fix safety", "References")


def parse_documentation(text: str) -> Documentation:
    """Take a rule's docstring apart.

    The first line is the title; then the headings of `SECTIONS`, each as `## Heading`. *Example*
    holds a fenced block before, the words "Use instead:", a fenced block after, and optionally
    "Supporting 2.93 to 4.5:" with a third one.

    Raises:
        ValueError: a section is missing or an example has no two blocks.
    """
    parts = _HEADING.split(text)
    bodies = {parts[i].strip(): parts[i + 1].strip() for i in range(1, len(parts), 2)}
    missing = [name for name in SECTIONS if name not in bodies]
    if missing:
        raise ValueError(f"the docstring lacks the section(s) {', '.join(missing)}")
    example = bodies["Example"] + "\n"
    blocks = _FENCE.findall(example)
    if len(blocks) < 2 or "Use instead:" not in example:
        raise ValueError("the section Example needs a block before, 'Use instead:' and a block after")
    span = _GUARDED.search(example)
    return Documentation(
        title=parts[0].strip(),
        what_it_does=bodies["What it does"],
        why_it_breaks=bodies["Why it breaks"],
        before=blocks[0],
        after=blocks[1],
        left_alone="\n".join(_FENCE.findall(bodies["Left alone"] + "\n")),
        fix_safety=bodies["Fix safety"],
        references=tuple(
            line.removeprefix("-").strip().strip("<>") for line in bodies["References"].splitlines() if line.strip()
        ),
        guarded=blocks[2] if span and len(blocks) > 2 else "",
        guarded_support=f"{span[1]}-{span[2]}" if span else "",
    )
