"""Every Python file of the add-on compiles."""

from __future__ import annotations

import codecs
import time
import warnings

from bot.models.fault import Fault, FaultKind, FaultSource, Proof
from bot.models.validation import Check, Observation, Outcome
from bot.validators.base import Subject

NAME = "syntax"
MAX_BYTES = 16 * 1024**2
"""A file larger than this is data, not code, and is left to Blender."""

TOO_LARGE = "The file has {size:,} bytes; files over {limit:,} bytes are not compiled here."
UTF_16 = "saved as UTF-16, which Python cannot read: save it as UTF-8"
TOO_DEEP = "nested too deeply to be compiled"


class SyntaxValidator:
    """Compiles each file and throws the code away: nothing is executed, nothing is written."""

    name = NAME

    def observe(self, subject: Subject) -> tuple[Observation, ...]:
        """One observation for all releases: one check per file, `syntax:<path>`."""
        begin = time.monotonic()
        checks = tuple(_check(path, data) for path, data in sorted(subject.files.items()))
        return (Observation(validator=NAME, checks=checks, seconds=time.monotonic() - begin),)


def _check(path: str, data: bytes) -> Check:
    identity = f"{NAME}:{path}"
    if len(data) > MAX_BYTES:
        detail = TOO_LARGE.format(size=len(data), limit=MAX_BYTES)
        return Check(id=identity, outcome=Outcome.SKIPPED, detail=detail)
    found = fault_in(path, data)
    if found is None:
        return Check(id=identity, outcome=Outcome.PASS)
    return Check(id=identity, outcome=Outcome.FAIL, detail=found.message, fault=found)


def fault_in(path: str, data: bytes) -> Fault | None:
    """What keeps a file from being compiled: its grammar, a NUL byte, or bytes that fit no encoding."""
    line = 0
    exception = "SyntaxError"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # From bytes, so that the encoding declaration and the byte order mark count as they do for Blender.
            compile(data, "<add-on>", "exec", dont_inherit=True, optimize=0)
    except SyntaxError as error:
        line, message, exception = error.lineno or 0, error.msg or "invalid syntax", type(error).__name__
        line = line or _line_of_nul(data)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message, exception = f"not {error.encoding}: byte {error.object[error.start]:#04x}", type(error).__name__
    except ValueError as error:  # "source code string cannot contain null bytes", before Python 3.12
        line, message = _line_of_nul(data), str(error)
    except (RecursionError, MemoryError, OverflowError) as error:
        message, exception = TOO_DEEP, type(error).__name__
    else:
        return None
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        message = UTF_16
    return Fault(
        kind=FaultKind.SYNTAX,
        path=path,
        line=line,
        end_line=line,
        message=message[:500],
        exception=exception,
        source=FaultSource.LINT,
        proof=Proof.STATIC,
    )


def _line_of_nul(data: bytes) -> int:
    """Where the first NUL byte is; 0 without one."""
    nul = data.find(b"\0")
    return data.count(b"\n", 0, nul) + 1 if nul >= 0 else 0
