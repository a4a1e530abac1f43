"""A checker of whose findings only those are kept that are about names and arguments.

Stubs say of much that it may be `None` and of every socket that it is of no kind in particular: about code that runs,
that is hardly ever worth a word.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.validators.types.base import Checked, Checker, Copied

KINDS = frozenset(
    {
        "import-not-found",
        "missing-argument",
        "missing-attribute",
        "too-many-positional-arguments",
        "unknown-argument",
    }
)


@dataclass(frozen=True)
class Certain:
    """Asks a checker, under its name."""

    checker: Checker

    @property
    def name(self) -> str:
        """See `Checker`."""
        return self.checker.name

    def check(self, copied: Copied) -> Checked:
        """See `Checker.check`."""
        checked = self.checker.check(copied)
        return replace(checked, findings=tuple(one for one in checked.findings if one.code in KINDS))
