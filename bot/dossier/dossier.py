"""A dossier: everything that may go into a prompt about one task, as pieces of ranks. What fits is the prompt's."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.dossier import code as code_pieces
from bot.dossier import faults as fault_pieces
from bot.dossier.api import SECTION as API_SECTION
from bot.dossier.api import Api
from bot.dossier.codebase import Codebase
from bot.dossier.habits import habits
from bot.dossier.places import Frames, spots
from bot.models.fault import Fault
from bot.models.release import Release
from bot.models.reproduction import Reproduction
from bot.prompts.fence import inline
from bot.prompts.pieces import Piece, Rank
from indexer.models import Hit
from indexer.search import Retriever

FIXES = "How the like was repaired here before"
FIX = "The commit {citation}"
HABITS = "The files are {habits}."
SECTIONS = (fault_pieces.SECTION, code_pieces.SECTION, API_SECTION, FIXES)
"""In the order a prompt shows them."""

_NAME = re.compile(r"[A-Za-z_][\w.]*\w")
_FILE = re.compile(
    r"(?P<path>[\w./-]{1,200}\.py)`?(?:[,:]? *(?:lines? )?(?P<start>\d{1,6})(?: *(?:to|-|–) *(?P<end>\d{1,6}))?)?"
)
_IMPORTS = re.compile(r"\bimports?\b|\bbeginning\b|\btop\b", re.IGNORECASE)
BEGINNING = 40
LONGEST_PART = 120
MOST_PARTS = 6
MOST_HITS = 8
MOST_API_HITS = 5
MOST_FIXES = 2
LONGEST_API = 1000
LONGEST_FIX = 1200


@dataclass(frozen=True)
class Subject:
    """What a dossier is about. `frames` are those of a given traceback, outermost first."""

    texts: Mapping[str, str]
    commit: str
    faults: Sequence[Fault]
    frames: Frames
    words: str
    """The task in words, to search by."""
    oldest: Release
    newest: Release
    reproductions: Sequence[Reproduction] = ()
    query: str = ""
    """What was asked to be looked up."""
    also: Frames = ()
    """Further places to look at: where an earlier attempt failed."""


@dataclass(frozen=True)
class Dossier:
    """The pieces, and the paths of the files they show."""

    pieces: tuple[Piece, ...]
    paths: tuple[str, ...]
    habits: str


def collect(subject: Subject, retriever: Retriever, tables: Api, inside: Callable[[str], bool]) -> Dossier:
    """Choose what to show."""
    base = Codebase(subject.texts)
    # What is asked for later is shown besides: where to look stays what the task says.
    hits, asked = (_hits(words, retriever, inside) for words in (subject.words, subject.query))
    looked = spots(subject.faults, subject.frames, hits, subject.texts, subject.also)
    paths = tuple(dict.fromkeys(spot.path for spot in looked))
    names = tuple(
        dict.fromkeys(
            name
            for spot in looked[:6]
            if (function := base.function_around(spot.path, spot.line)) is not None
            for name in base.attributes_in(function)
            if name not in base.own_names
        )
    )
    pieces = (
        *fault_pieces.faults(subject.faults, base),
        *fault_pieces.scripts(subject.reproductions),
        *code_pieces.code(base, looked, subject.commit, _named(subject, base, asked), _lines(subject), _files(subject)),
        *tables.pieces(subject.faults, names),
        *_found(subject, retriever),
    )
    return Dossier(pieces, paths, HABITS.format(habits=habits(subject.texts, paths, subject.oldest)))


def _named(subject: Subject, base: Codebase, hits: Sequence[Hit]) -> tuple[str, ...]:
    """The definitions that were asked for by name; where none is called so, what a search for the words finds."""
    names = [name for name in _NAME.findall(subject.query) if name.rpartition(".")[2] in base.by_last_name]
    if not names and subject.query:
        holding = (base.function_around(hit.path, hit.start) for hit in hits[:3])
        names = [symbol.name for symbol in holding if symbol is not None]
    return tuple(dict.fromkeys(names))


def _lines(subject: Subject) -> tuple[tuple[str, int, int], ...]:
    """The lines of files that were asked for; of a file that is only named, its beginning."""
    found: list[tuple[str, int, int]] = []
    for match in _FILE.finditer(subject.query):
        if match["start"] is None and not _IMPORTS.search(subject.query) and _NAME.search(_FILE.sub("", subject.query)):
            continue  # the file says where the names are
        for path in subject.texts:
            if path == match["path"] or path.endswith(f"/{match['path']}") or match["path"].endswith(f"/{path}"):
                start = int(match["start"] or 1)
                found.append((path, start, min(int(match["end"] or start + BEGINNING), start + LONGEST_PART)))
    return tuple(found[:MOST_PARTS])


def _files(subject: Subject) -> tuple[str, ...]:
    """The files that are named in what was asked for."""
    named = [match["path"] for match in _FILE.finditer(subject.query)]
    return tuple(path for path in subject.texts if any(path == one or path.endswith(f"/{one}") for one in named))


def _hits(words: str, retriever: Retriever, inside: Callable[[str], bool]) -> tuple[Hit, ...]:
    """What a search for words finds in the add-on."""
    found: dict[tuple[str, int], Hit] = {}
    for hit in retriever.search(words, kind="code", limit=MOST_HITS * 2) if words.strip() else ():
        if inside(hit.path) and len(found) < MOST_HITS:
            found.setdefault((hit.path, hit.start), hit)
    return tuple(found.values())


def _found(subject: Subject, retriever: Retriever) -> tuple[Piece, ...]:
    """Pages of Blender's documentation, where the API is what it is about, and past fixes."""
    members = " ".join(dict.fromkeys(fault.member for fault in subject.faults if fault.owner and fault.member))
    words = subject.query or subject.words or members
    rank = Rank.API if subject.query else Rank.EXEMPLAR
    found = [
        Piece(rank, API_SECTION, inline(hit.symbol), hit.text[:LONGEST_API], "", hit.symbol, hit.path or None)
        for hit in (_searched(retriever, words, str(subject.newest)) if words.strip() else ())
    ]
    asked = members or words
    for hit in retriever.search(asked, kind="fix", limit=MOST_FIXES) if asked.strip() else ():
        title = FIX.format(citation=inline(hit.citation))
        found.append(Piece(Rank.EXEMPLAR, FIXES, title, hit.text[:LONGEST_FIX], "", hit.citation))
    return tuple(found)


def _searched(retriever: Retriever, words: str, release: str) -> tuple[Hit, ...]:
    return retriever.search(words, release=release, kind="api", limit=MOST_API_HITS)
