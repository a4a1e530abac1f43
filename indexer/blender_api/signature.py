"""What a function of the API can be called with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Signature:
    """Parameters by the way they are given; `self` and `cls` are left out.

    Written as Python writes them, with `=` behind a name that has a default:
    `path, index=, /, *, text=`.
    """

    positional_only: tuple[str, ...] = ()
    either: tuple[str, ...] = ()
    keyword_only: tuple[str, ...] = ()
    any_positional: bool = False
    any_keyword: bool = False
    required: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, text: str) -> Signature:
        """Read what the table holds."""
        positional: list[str] = []
        either: list[str] = []
        keyword: list[str] = []
        any_positional = any_keyword = after_star = False
        required: set[str] = set()
        for part in filter(None, (part.strip() for part in text.split(","))):
            if part == "/":
                positional, either = either, []
            elif part == "*":
                after_star = True
            elif part.startswith("**"):
                any_keyword = True
            elif part.startswith("*"):
                any_positional = after_star = True
            else:
                name = part.removesuffix("=")
                (keyword if after_star else either).append(name)
                if name == part:
                    required.add(name)
        return cls(tuple(positional), tuple(either), tuple(keyword), any_positional, any_keyword, frozenset(required))

    def has_keyword(self, name: str) -> bool:
        """Whether `name=…` can be given."""
        return self.any_keyword or name in self.either or name in self.keyword_only

    def accepts_positional(self, count: int) -> bool:
        """Whether `count` arguments can be given by position (others may still have to be named)."""
        return self.any_positional or count <= len(self.positional_only) + len(self.either)
