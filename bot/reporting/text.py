"""Text from outside made harmless: bounded, without control characters, in one line or fenced.

Everything a report shows (paths, messages, code, captions) was written by a stranger. What a
medium needs on top (HTML and Markdown escapes, rich markup) is added by that medium.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable

_SPACE = re.compile(r"\s+")

_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
_FRAME = re.compile(
    r'(?<=File ")(?:[A-Za-z]:)?[\\/][^"\n]{0,2000}[\\/](?P<end>(?:[^"\\/\n]{1,200}[\\/]){2}[^"\\/\n]{1,200})(?=")'
)
_WORD = re.compile(r"[a-z]+(?= |$)")

_UNSAFE = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0, DEL and C1 controls: terminal escapes; tab and line feed stay
    "\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"  # marks that hide text or turn its direction
    "\ud800-\udfff"  # halves of surrogate pairs: bytes of the file that are no UTF-8
    "\U000e0000-\U000e007f"  # tag characters: text nobody sees
    "]"
)


def block(text: str, limit: int = 20_000) -> str:
    """Several lines: line ends made `\\n`, unsafe characters shown as `\ufffd`, at most `limit` characters."""
    text = text[: limit + 1].replace("\r\n", "\n").replace("\r", "\n")
    text = _UNSAFE.sub("\ufffd", text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def line(text: str, limit: int = 300) -> str:
    """One line: like `block`, with every run of white space made one space."""
    text = _SPACE.sub(" ", _UNSAFE.sub("\ufffd", _SPACE.sub(" ", text[: limit * 4]))).strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"


def beginning(text: str, limit: int = 300) -> str:
    """The first line that holds anything, with `…` behind it where others follow."""
    rows = [row for row in block(text, limit * 40).split("\n") if row.strip()]
    first = line(rows[0], limit) if rows else ""
    return f"{first} …" if len(rows) > 1 and not first.endswith("…") else first


def sentence(text: str, limit: int = 600) -> str:
    """One line that begins with a capital, unless it begins with a name (`bl_info declares …`)."""
    text = line(text, limit)
    return text[:1].upper() + text[1:] if _WORD.match(text) else text


def flowing(text: str) -> str:
    """Paragraphs, each in one line: a comment on GitHub breaks a line wherever its text does."""
    return "\n\n".join(" ".join(part.split()) for part in _PARAGRAPHS.split(text.strip()))


def rootless(traceback: str) -> str:
    """A traceback in which long absolute paths have their last parts alone: where Blender lies is nobody's business."""
    return _FRAME.sub(lambda found: "…/" + found["end"].replace("\\", "/"), traceback)


def plural(count: int, one: str, many: str = "") -> str:
    """`1 fault`, `3 faults`."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def listed(items: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    words = list(items)
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)


def seconds(value: float) -> str:
    """`0.4 s`, `12 s`, `2 min 5 s`."""
    if value < 9.95:
        return f"{value:.1f} s"
    whole = round(value)
    return f"{whole} s" if whole < 120 else f"{whole // 60} min {whole % 60} s"


def shell_word(text: str) -> str:
    """A word for a POSIX command line, quoted where it must be, without control characters."""
    return shlex.quote(_UNSAFE.sub("\ufffd", text).replace("\n", "\ufffd").replace("\t", "\ufffd"))
