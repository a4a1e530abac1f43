"""Taking over what a script names from the files that have it, word for word, and nothing else.

The scenes and the layout a fault was seen with are the harness's own code; a script shows it to its reader, and needs
no harness. What a definition needs is looked for in its own file, then where that file imports it from.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import bot
from bot.reproducing.reading import Import, Piece, part_of

_ROOT = Path(bot.__path__[0]).parent
_OURS = "bot."
"""What is imported of it is taken over; anything else is imported by the script too."""


@dataclass(frozen=True)
class Taken:
    """What was taken over: imports, and definitions, those that others need first."""

    imports: frozenset[Import]
    definitions: tuple[str, ...]
    names: frozenset[str]


@dataclass
class _Taking:
    given: frozenset[str]
    instead: Mapping[str, Path]
    found: dict[str, tuple[Path, Piece]] = field(default_factory=dict)
    imports: set[Import] = field(default_factory=set)
    pieces: dict[int, Piece] = field(default_factory=dict)

    def need(self, name: str, file: Path) -> None:
        """Take over what a name stands for in a file, after all it needs."""
        if name in self.given:
            return
        part = part_of(file)
        module, imported = part.imports.get(name, ("", ""))
        if name in part.pieces:
            self._define(name, file, part.pieces[name])
        elif module.startswith(_OURS):
            self.need(imported, self.instead.get(imported) or _file(module))
        elif module:
            self.imports.add((module, imported))

    def _define(self, name: str, file: Path, piece: Piece) -> None:
        known = self.found.setdefault(name, (file, piece))
        if known[0] != file:
            raise ValueError(f"{name} is defined in {known[0].name} and in {file.name}")
        if known[1] is not piece or any(each not in self.found for each in piece.names):
            self.found.update(dict.fromkeys(piece.names, (file, piece)))
        if id(piece) in self.pieces:
            return
        self.pieces[id(piece)] = piece
        for need in sorted(piece.needs):
            self.need(need, file)
        self.pieces[id(piece)] = self.pieces.pop(id(piece))  # after what it needs


def take(
    names: Collection[str], files: Sequence[Path], given: frozenset[str], instead: Mapping[str, Path] | None = None
) -> Taken:
    """Everything that these names lead to from the files that define them.

    What is `given` is defined elsewhere; a name that stands in `instead` is taken from the file named there.

    Raises:
        ValueError: two files define one name.
    """
    taking = _Taking(given, instead or {})
    for name in sorted(names):
        home = taking.instead.get(name) or next((file for file in files if name in part_of(file).pieces), None)
        if home is not None:
            taking.need(name, home)
    definitions = tuple(piece.text for piece in taking.pieces.values())
    return Taken(frozenset(taking.imports), definitions, frozenset(taking.found))


def import_lines(imports: Collection[Import]) -> list[str]:
    """Imports as they stand in a file: modules, then what is imported of others, each sorted."""
    by_module: dict[str, set[str]] = {}
    for module, name in imports:
        by_module.setdefault(module, set()).update([name] if name else [])
    plain = [f"import {module}" for module in sorted(by_module) if (module, "") in imports]
    named = ((module, ", ".join(sorted(names))) for module, names in sorted(by_module.items()) if names)
    return [*plain, *(f"from {module} import {names}" for module, names in named)]


def _file(module: str) -> Path:
    return _ROOT.joinpath(*module.split(".")).with_suffix(".py")
