"""A file's lines in the forms they are compared in, made once for all changes of the file."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.edits.compiling import Broken, tree
from bot.edits.definitions import Span, definitions
from bot.edits.indents import indent
from bot.texts import lines_of

BLANKS = " \t"
"""White space that is looked past; form feeds and the like are content."""


@dataclass(frozen=True)
class Lines:
    """The lines of a file, without their ends."""

    raw: Sequence[str]

    @classmethod
    def of(cls, text: str) -> Lines:
        """The lines of a text."""
        return cls(lines_of(text))

    @cached_property
    def trimmed(self) -> list[str]:
        """Without white space at the end."""
        return [line.rstrip(BLANKS) for line in self.raw]

    @cached_property
    def bare(self) -> list[str]:
        """Without white space at both ends."""
        return [line.strip(BLANKS) for line in self.raw]

    @cached_property
    def indents(self) -> list[str]:
        """The indentation of every line that has some."""
        return [begins for line in self.raw if (begins := indent(line)) and len(begins) < len(line)]

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Where each bare line stands."""
        found: dict[str, list[int]] = {}
        for number, line in enumerate(self.bare):
            found.setdefault(line, []).append(number)
        return found

    @cached_property
    def tree(self) -> ast.Module | Broken:
        """The syntax tree; line numbers in it are those of these lines."""
        return tree("\n".join(self.raw))

    @cached_property
    def definitions(self) -> Sequence[Span]:
        """Its functions, methods and classes; none where it does not compile."""
        return () if isinstance(self.tree, Broken) else definitions(self.tree)

    def where(self, wanted: Sequence[str], form: Sequence[str]) -> Iterator[int]:
        """Where these lines stand one after the other, all in the form that `form` is of this file."""
        wanted = list(wanted)
        rarest = min(range(len(wanted)), key=lambda index: len(self.places.get(wanted[index].strip(BLANKS), ())))
        for place in self.places.get(wanted[rarest].strip(BLANKS), ()):
            start = place - rarest
            if start >= 0 and form[start : start + len(wanted)] == wanted:
                yield start
