"""Bytes of a log to text: what editors, PowerShell and consoles write, none of it an error."""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Longest first where one begins like another."""

_SAMPLE = 2_000

_INNER = bytes(range(0x80, 0xC0))
"""Bytes no character of UTF-8 begins with."""


def decode(data: bytes) -> str:
    """The text of a log, whatever wrote it; bytes that fit nothing become `\\ufffd`.

    Known by their mark, or without one by their zero bytes: UTF-16 and UTF-32 (`>` in Windows
    PowerShell). Else UTF-8, and for what is no UTF-8 the code page of western Windows consoles.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    sample = data[:_SAMPLE]
    for first, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = sample[first::2].count(0), sample[1 - first :: 2].count(0)
        if zeros > len(sample) // 4 and others < zeros // 8:
            return data.decode(name, "replace")
    try:
        # a log cut in the middle of a character is still UTF-8
        return codecs.getincrementaldecoder("utf-8")().decode(data.lstrip(_INNER))
    except UnicodeDecodeError:
        return data.decode("utf-8" if b"\0" in sample else "cp1252", "replace")
