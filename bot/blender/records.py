"""Reading the channel of a harness: what it signed, in the order it said it, and whatever else came. Pure.

A record is `<mac> <number> <JSON>`. The mac is a keyed BLAKE2b over number and JSON; the key of the
first record is made anew for every start, that of each further one from the one before. So nothing
can be said again, left out in the middle, or said by anybody who does not hold the key; and whoever
gets hold of it late cannot change what was said early.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

KEY_BYTES = 32
_ALARM = re.compile(rb"!([a-z]{1,20})(?: ([\x20-\x7e]{0,300}))?")
_RECORD = re.compile(rb"([0-9a-f]{64}) ((\d{1,9}) (\{.*\}))")


@dataclass(frozen=True)
class Alarm:
    """What the add-on tried, by the harness's short name for it, and what it tried it on."""

    code: str
    detail: str = ""


@dataclass(frozen=True)
class Channel:
    """What came over the channel of one harness."""

    records: tuple[dict[str, Any], ...] = ()
    alarms: tuple[Alarm, ...] = ()
    unsigned: int = 0
    """Lines after the first record that are neither signed nor an alarm."""


def read_channel(data: bytes, key: bytes) -> Channel:
    """Read every whole line there is; the last may have been cut off by the harness's end."""
    lines = data.split(b"\n")[:-1]
    records: list[dict[str, Any]] = []
    alarms: dict[Alarm, None] = {}
    unsigned = 0
    for line in lines:
        if (alarm := _ALARM.fullmatch(line)) and records:
            alarms[Alarm(alarm[1].decode(), (alarm[2] or b"").decode())] = None
        elif (record := _signed(line, key, len(records))) is not None:
            key = _next(key)
            records.append(record)
        elif records and line.strip():
            unsigned += 1
    return Channel(tuple(records), tuple(alarms), unsigned)


def write_channel(records: Sequence[dict[str, Any]], key: bytes) -> bytes:
    """What a harness with this key writes to say these records."""
    lines: list[bytes] = []
    for number, record in enumerate(records):
        signed = b"%d %b" % (number, json.dumps(record).encode("ascii"))
        lines.append(b"%b %b\n" % (_mac(signed, key).encode("ascii"), signed))
        key = _next(key)
    return b"".join(lines)


def _signed(line: bytes, key: bytes, number: int) -> dict[str, Any] | None:
    match = _RECORD.fullmatch(line)
    if match is None or int(match[3]) != number:
        return None
    if not hmac.compare_digest(match[1].decode("ascii"), _mac(match[2], key)):
        return None
    try:
        value = json.loads(match[4])
        return value if isinstance(value, dict) else None
    except (ValueError, RecursionError):
        return None


def _mac(signed: bytes, key: bytes) -> str:
    return hashlib.blake2b(signed, key=key, digest_size=KEY_BYTES).hexdigest()


def _next(key: bytes) -> bytes:
    return hashlib.blake2b(b"next", key=key, digest_size=KEY_BYTES).digest()
