"""The changes an answer asks for, made to the texts of files: all of them, or none and the reasons why not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise

from pydantic import Field
from rapidfuzz import process

from bot.edits.compiling import Broken, broken
from bot.edits.elisions import elided
from bot.edits.nearest import quoted
from bot.edits.placing import Already, Placed, Unplaced, place
from bot.edits.splices import Splice, spliced
from bot.edits.symbols import replace_symbol
from bot.edits.texts import Lines
from bot.models.base import Frozen
from bot.models.proposal import Change, NewFile, Replace, ReplaceSymbol
from bot.texts import Undecodable, decode, lines_of

NO_FILE = "There is no file {path} among those that may be changed. {nearest}"
NEAREST = "Those with names like that: {names}."
NONE_LIKE_IT = "None has a name like that."
THERE_ALREADY = "{path} is there already, so that it cannot be added. Write a ```diff block with the lines that change."
CLASHES = "{path} cannot be added: {other} is there."
TWICE = "{path} is added twice."
MEET = "{path}: two changes concern the same lines ({first} and {second}). Write them as one."
PLACED = "{path}: {reason}"
ELIDED = "the line {line!r} stands for code that is left out; write every line of a new file."
NO_CHARACTER = "{path} is written in {encoding}, which does not have {character}; write that character in another way."
OTHER_ENCODING = "{path} is written in {encoding}; the patch must not declare another encoding in its first lines."
BROKEN = "{path} does not compile with the patch: {message} (line {line}):\n{lines}"
STILL_BROKEN = "{path} did not compile before and does not with the patch: {message} (line {line})"
ALREADY = "{path}, line {line}: it is so already"
HALF_THERE = (
    "{path}: what is to be added at line {line} is there already. Leave it out; or, if it is to be there once more, "
    "give more unchanged lines around it."
)
TAKEN_FOR = "{written} was taken for {path}"

_PYTHON = (".py", ".pyw")
_AROUND = 3
_NAMES = 5


class Applied(Frozen):
    """The changes are made: the new text of every file that changed or is new, and what was looked past."""

    files: dict[str, str] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()


class Unapplied(Frozen):
    """The changes cannot all be made, so none was: why not, worded for whoever asked for them."""

    reasons: tuple[str, ...]


def apply(
    changes: Sequence[Change],
    files: Mapping[str, str],
    encodings: Mapping[str, str] | None = None,
    taken: Collection[str] = (),
) -> Applied | Unapplied:
    """Make changes to files, given as decoded text by repository path.

    `encodings` is how each is written, where that is known; new files are UTF-8. `taken` are paths that are there
    besides `files`, at which nothing can be added. Every place is looked for in the files as given: no change sees
    what another did.
    """
    reasons: list[str] = []
    notes: list[str] = []
    wanted: dict[str, list[Splice]] = {}
    added: dict[str, str] = {}
    unsure: list[str] = []
    known: dict[str, Lines] = {}
    for change in changes:
        path = _path(change, files)
        if isinstance(path, Unplaced):
            reasons.append(path.reason)
            continue
        if path != change.path:
            notes.append(TAKEN_FOR.format(written=change.path, path=path))
        outcome: Placed | Already | Unplaced | None
        if isinstance(change, NewFile):
            outcome = _new_file(change, path, files, (*files, *taken, *added), added)
        else:
            if path not in known:
                known[path] = Lines.of(files[path])
            outcome = _placed(change, known[path])
        match outcome:
            case Unplaced():
                reasons.append(PLACED.format(path=path, reason=outcome.reason))
            case Already():
                notes.append(ALREADY.format(path=path, line=outcome.line))
                unsure += [] if outcome.sure else [HALF_THERE.format(path=path, line=outcome.line)]
            case Placed():
                notes += [f"{path}, {outcome.note}"] if outcome.note else []
                wanted.setdefault(path, []).extend(outcome.splices)
    reasons += [reason for path, splices in wanted.items() for reason in _meeting(path, splices)]
    if added or any(wanted.values()):
        reasons += unsure  # where nothing else is to be done, it was done before
    if reasons:
        return Unapplied(reasons=tuple(dict.fromkeys(reasons)))
    made = {path: spliced(files.get(path, ""), tuple(dict.fromkeys(splices))) for path, splices in wanted.items()}
    made = {path: text for path, text in made.items() if text != files.get(path)}
    if unwritable := list(_unwritable(made | added, files, encodings or {})):
        return Unapplied(reasons=tuple(unwritable))
    return _compiled(made | added, files, notes)


def _placed(change: Replace | ReplaceSymbol, lines: Lines) -> Placed | Already | Unplaced:
    if isinstance(change, ReplaceSymbol):
        return replace_symbol(change.symbol, change.text, lines)
    return place(lines_of(change.old), lines_of(change.new), change.near, lines)


def _path(change: Change, files: Mapping[str, str]) -> str | Unplaced:
    """The file a change is about: as written, or the one that differs only by folders before it."""
    if isinstance(change, NewFile) or change.path in files:
        return change.path
    alike = [path for path in files if path.endswith("/" + change.path) or change.path.endswith("/" + path)]
    if len(alike) == 1:
        return alike[0]
    names = [name for name, _, _ in process.extract(change.path, {path: path for path in files}, limit=_NAMES)]
    nearest = NEAREST.format(names=", ".join(names)) if names else NONE_LIKE_IT
    return Unplaced(NO_FILE.format(path=change.path, nearest=nearest))


def _new_file(
    change: NewFile, path: str, files: Mapping[str, str], there: Sequence[str], added: dict[str, str]
) -> Already | Unplaced | None:
    """Note a new file in `added`, unless something is in its way."""
    if path in added:
        return Unplaced(TWICE.format(path=path))
    text = change.text if change.text.endswith("\n") or not change.text else change.text + "\n"
    if path in files and lines_of(files[path]) == lines_of(text):
        return Already(1)
    if path in files and files[path].strip():
        return Unplaced(THERE_ALREADY.format(path=path))
    for other in there:
        ours, theirs = path.casefold(), other.casefold()
        if other == path and path in files:
            continue  # it is there and empty
        if ours == theirs or ours.startswith(theirs + "/") or theirs.startswith(ours + "/"):
            return Unplaced(CLASHES.format(path=path, other=other))
    if line := elided(lines_of(text), ()):
        return Unplaced(ELIDED.format(line=line[:120]))
    added[path] = text
    return None


def _meeting(path: str, wanted: Sequence[Splice]) -> list[str]:
    """Why splices cannot be made together; the same one twice counts once."""
    # Sorted, a splice can only meet its neighbours: those in between would meet as well.
    ordered = sorted(set(wanted))
    return [
        MEET.format(path=path, first=_span(one), second=_span(other))
        for one, other in pairwise(ordered)
        if one.meets(other)
    ]


def _span(splice: Splice) -> str:
    first, last = splice.start + 1, splice.end
    return f"lines {first} to {last}" if last > first else f"line {first}"


def _unwritable(made: Mapping[str, str], known: Collection[str], encodings: Mapping[str, str]) -> Iterator[str]:
    """Which files cannot be written in their encoding, or would be read in another one afterwards."""
    for path, text in made.items():
        encoding = encodings.get(path) if path in known else "utf-8"
        if encoding is None:
            continue
        try:
            data = text.encode(encoding)
            read = decode(data)[1] if path.endswith(_PYTHON) else encoding
        except UnicodeEncodeError as error:
            yield NO_CHARACTER.format(path=path, encoding=encoding, character=ascii(text[error.start]))
        except Undecodable:
            yield OTHER_ENCODING.format(path=path, encoding=encoding)
        else:
            if read != encoding:
                yield OTHER_ENCODING.format(path=path, encoding=encoding)


def _compiled(made: dict[str, str], files: Mapping[str, str], notes: list[str]) -> Applied | Unapplied:
    """The result, if its Python code compiles, or did not before either."""
    reasons: list[str] = []
    for path, text in made.items():
        error = broken(text) if path.endswith(_PYTHON) else None
        if error is None:
            continue
        if path in files and broken(files[path]) is not None:
            notes.append(STILL_BROKEN.format(path=path, message=error.message, line=error.line))
        else:
            reasons.append(_broken(path, text, error))
    return Unapplied(reasons=tuple(reasons)) if reasons else Applied(files=made, notes=tuple(dict.fromkeys(notes)))


def _broken(path: str, text: str, error: Broken) -> str:
    lines = lines_of(text)
    begin, end = max(0, error.line - 1 - _AROUND), min(len(lines), error.line + _AROUND)
    return BROKEN.format(path=path, message=error.message, line=error.line, lines=quoted(lines, begin, end))
