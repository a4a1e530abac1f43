"""What a stub's docstring says: the description, its fields, and the facts written between its lines.

The docstrings were made from Blender's documentation by a program, which left traces: inline code
torn onto lines of its own, sentences glued together, names of example files instead of examples.
They are mended here as far as that can be done without guessing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from indexer.blender_api.described import MAX_TEXT, EnumItem

_FIELD = re.compile(r"^[ \t]*:(param|arg|return|returns|rtype|type|raises)(?:[ \t]+(\*{0,2}\w+))?:[ \t]*", re.MULTILINE)
_FENCE = re.compile(r"^```[ \t]*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
_EXAMPLE_FILE = re.compile(r"^```[^`\n]*\.py```[ \t]*$", re.MULTILINE)
_RULER = re.compile(r"^-{8,}[ \t]*$", re.MULTILINE)
_TOCTREE = re.compile(r"^(?:[\w.]+\.rst|:(?:maxdepth|caption|glob):.*)[ \t]*$", re.MULTILINE)
_TORN_WORD = re.compile(r"[ \t]*\n[ \t]*\n(?: (?=\S)|(?=[,.;:)]))")
_GLUED = re.compile(r"(?<![\w.`])([\w()'\"-]{0,40}[\w)'\"])\.([A-Z][\w'-]*[ ,])")
_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_BULLET = re.compile(r"\s*\n[ \t]*([*-] )")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n")
_DEPRECATED = re.compile(r"\bdeprecated\b", re.IGNORECASE)
_OLD_ENUM_ITEM = re.compile(r"^([A-Z][A-Z0-9_]*)(?: ([A-Z0-9][^,]*?)(?:, (.*))?)?$")
_NEW_ENUM_ITEM = re.compile(r"^(.*?) -- (.*)$", re.DOTALL)
_REFERENCE = re.compile(r"\b(?:bpy|bmesh|mathutils|gpu|bpy_extras|gpu_extras|blf|imbuf|aud)(?:\.[A-Za-z_]\w*)+")
_RANGE = re.compile(r"in \[(-?[\w.+-]+), ?(-?[\w.+-]+)\]")
_ARRAY = re.compile(r"(?:multi-dimensional )?array of [\d *]+items")

_MODULES = frozenset({"types", "props", "mathutils", "bmesh", "gpu", "aud", "freestyle", "imbuf"})
_MAX_RAW = 60_000
_MAX_EXAMPLES = 3
_MAX_EXAMPLE = 700
_MAX_REFERENCES = 6


@dataclass(frozen=True, slots=True)
class Notes:
    """What stands in brackets behind a description (newer stubs): `(in [0, 1], default 0.5, readonly)`."""

    default: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    readonly: bool = False
    array: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A text with its notes taken off it."""

    text: str = ""
    notes: Notes = field(default_factory=Notes)
    enum: tuple[EnumItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Docstring:
    """A docstring in its parts. `deprecated` is the sentence that says so; `references` are full names."""

    text: str = ""
    notes: Notes = field(default_factory=Notes)
    parameters: Mapping[str, Said] = field(default_factory=dict)
    returns: str = ""
    deprecated: str = ""
    references: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


EMPTY = Docstring()


def parse(raw: str) -> Docstring:
    """Read a docstring as it stands in the stubs; never raises."""
    raw = raw[:_MAX_RAW]
    if not raw.strip():
        return EMPTY
    examples: list[str] = []
    if "```" in raw:
        raw = _EXAMPLE_FILE.sub("", raw)
        examples = [code for match in _FENCE.finditer(raw) if _is_python(code := match[1].strip("\n"))]
        raw = _FENCE.sub("", raw)
    head, fields = _fields(raw)
    said = _said(head)
    parameters = {name: _parameter(body) for kind, name, body in fields if kind in ("param", "arg") and name}
    returns = next((_said(body).text for kind, _, body in fields if kind in ("return", "returns")), "")
    return Docstring(
        text=said.text,
        notes=said.notes,
        parameters=parameters,
        returns=returns,
        deprecated=_deprecation(said.text),
        references=_references(said.text),
        examples=tuple(code[:_MAX_EXAMPLE] for code in examples[:_MAX_EXAMPLES]),
    )


def enum_item(identifier: str, comment: str) -> EnumItem:
    """An item of an enum alias, from the comment behind it: `Face Corner.Attribute on a corner.`"""
    name, dot, text = comment.partition(".")
    text = text.strip().removesuffix("..") + "." * text.strip().endswith("..")
    return EnumItem(identifier, name.strip(), text) if dot else EnumItem(identifier, "", comment.strip())


def _fields(raw: str) -> tuple[str, list[tuple[str, str, str]]]:
    if ":" not in raw:
        return raw, []
    matches = list(_FIELD.finditer(raw))
    if not matches:
        return raw, []
    ends = [match.start() for match in matches[1:]] + [len(raw)]
    return raw[: matches[0].start()], [
        (match[1], match[2] or "", raw[match.end() : end]) for match, end in zip(matches, ends, strict=True)
    ]


def _parameter(body: str) -> Said:
    if "\n" not in body.strip():
        return _said(body)
    first, *paragraphs = _PARAGRAPH.split(body.strip())
    items = _items(paragraphs)
    return _said(body) if not items else Said(*_noted(_prose(first)), items)


def _items(paragraphs: list[str]) -> tuple[EnumItem, ...]:
    """Enum items as operators' docstrings list them, one per paragraph, in the way of either age."""
    found: list[EnumItem] = []
    for paragraph in paragraphs:
        head, _, rest = paragraph.strip().partition("\n")
        if rest and (new := _NEW_ENUM_ITEM.match(rest.strip())):
            found.append(EnumItem(head.strip(), new[1].strip(), " ".join(new[2].split())))
        elif old := _OLD_ENUM_ITEM.match(" ".join(paragraph.split())):
            found.append(EnumItem(old[1], (old[2] or "").strip(), (old[3] or "").strip()))
        else:
            return ()
    return tuple(found)


def _said(raw: str) -> Said:
    return Said(*_noted(_prose(raw)))


def _prose(raw: str) -> str:
    """The text in paragraphs of one line each."""
    text = raw.strip()
    if "\n" in text:
        text = _TOCTREE.sub("", _RULER.sub("", text))
        text = _TORN_WORD.sub(lambda match: " " if match[0].endswith(" ") else "", text)
        paragraphs = ("\n".join(" ".join(line.split()) for line in _bullets(part)) for part in _PARAGRAPH.split(text))
        text = "\n".join(filter(None, paragraphs))
    text = _GLUED.sub(_unglued, text)
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"


def _bullets(paragraph: str) -> list[str]:
    return _BULLET.sub("\n\n\\1", paragraph).split("\n\n")


def _unglued(match: re.Match[str]) -> str:
    # Behind a module's name it is a class: `types.Object` is a name, not two sentences.
    return match[0] if match[1] in _MODULES or match[1].isdigit() else f"{match[1]}. {match[2]}"


def _noted(text: str) -> tuple[str, Notes]:
    if not text.endswith(")"):
        return text, _NO_NOTES
    depth = 0
    for start in range(len(text) - 1, max(-1, len(text) - 400), -1):
        depth += (text[start] == ")") - (text[start] == "(")
        if depth == 0:
            notes = _notes(text[start + 1 : -1])
            return (text, _NO_NOTES) if notes is None else (text[:start].rstrip().rstrip(","), notes)
    return text, _NO_NOTES


_NO_NOTES = Notes()


def _notes(inside: str) -> Notes | None:
    """The notes, or null where the brackets hold prose."""
    default: str | None = None
    minimum = maximum = None
    readonly, array = False, ""
    for part in _parts(inside):
        if part in ("readonly", "read-only", "Read-only"):
            readonly = True
        elif part.startswith("default "):
            default = part.removeprefix("default ").strip()
        elif limits := _RANGE.fullmatch(part):
            minimum, maximum = _number(limits[1]), _number(limits[2])
        elif _ARRAY.fullmatch(part):
            array = part
        elif part not in _SILENT:
            return None
    return Notes(default, minimum, maximum, readonly, array)


_SILENT = frozenset({"optional", "never None", "blend relative // prefix supported", "Supports template expressions"})


def _parts(inside: str) -> list[str]:
    parts, depth, quote, start = [], 0, "", 0
    for index, letter in enumerate(inside):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
        elif letter == "," and depth == 0:
            parts.append(inside[start:index].strip())
            start = index + 1
    return [*parts, inside[start:].strip()]


def _number(text: str) -> float | None:
    """A limit; none is none: infinity, and the ends of what an integer can hold."""
    try:
        value = float(text)
    except ValueError:
        return None
    return None if abs(value) >= _NO_LIMIT else value


_NO_LIMIT = 2.0**31 - 1


def _deprecation(text: str) -> str:
    if not _DEPRECATED.search(text):
        return ""
    sentences = [part.strip() for part in _SENTENCE.split(text)]
    index = next((i for i, part in enumerate(sentences) if _DEPRECATED.search(part)), 0)
    sentence = sentences[index]
    # "Deprecated." alone says little; what follows says what became of it.
    if len(sentence) < 16 and index + 1 < len(sentences):
        sentence = f"{sentence} {sentences[index + 1]}"
    return sentence[:300]


def _references(text: str) -> tuple[str, ...]:
    if "." not in text:
        return ()
    return tuple(dict.fromkeys(_REFERENCE.findall(text)))[:_MAX_REFERENCES]


def _is_python(code: str) -> bool:
    return any(sign in code for sign in ("import ", "(", "="))
