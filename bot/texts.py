"""Text files as lines and as bytes: the encoding, the mark at the start and every line end stay what they are."""

from __future__ import annotations

import io
import re
import tokenize

NEWLINE = re.compile(r"\r\n|\r|\n")
"""What ends a line of a file. A form feed or U+2028 does not, whatever `str.splitlines` says."""


class Undecodable(Exception):  # noqa: N818  (an outcome, told apart by its name)
    """The bytes do not fit their encoding, or name one that is not there; the message says where."""


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file and its encoding: by BOM or PEP 263 declaration, UTF-8 otherwise.

    Raises:
        Undecodable: the bytes do not fit the encoding.
    """
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding), encoding
    except (SyntaxError, UnicodeError, LookupError) as error:
        raise Undecodable(str(error)) from error


def newline_of(text: str) -> str:
    """The line end of a text's first line; `\\n` without one."""
    match = NEWLINE.search(text)
    return match[0] if match else "\n"


def lines_of(text: str) -> list[str]:
    """The lines of a text without their ends; a last line without an end is one, too."""
    return [line for line, _ in ended_lines(text)]


def ended_lines(text: str) -> list[tuple[str, str]]:
    """The lines of a text, each with its own end (empty for a last line that has none)."""
    found: list[tuple[str, str]] = []
    begin = 0
    for match in NEWLINE.finditer(text):
        found.append((text[begin : match.start()], match[0]))
        begin = match.end()
    if begin < len(text):
        found.append((text[begin:], ""))
    return found
