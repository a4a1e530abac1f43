"""What an add-on did to pass for something else, worded for people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from bot.blender.records import Channel

TEXTS = {
    "desk": "it tried to have results of its own making signed",
    "refused": "it looked for what the harness keeps to itself ({detail}); that was refused",
    "native": "it runs native code or reads bare memory ({detail}), which cannot be watched",
    "extension": "it loads native code of its own: {detail}",
    "interpreter": "it reaches for a way around the watch: the module {detail}",
    "process": "it opens the memory, descriptors or environment of a process: {detail}",
    "harness": "it changes the code of the harness: {detail}",
    "tracing": "it puts itself in the place of what notes the lines that run ({detail})",
}
"""By the harness's short name for it (`bot.blender.harness.channel.watch`)."""
UNSIGNED = "it wrote results of its own making: {count} lines that nobody signed"
RESTORED = "it exchanged what the harness works with: {name}"
LATE = "it changed what Blender had already said of itself"
PICTURE = "the picture was changed after it was taken"
PRINTED = "it printed what looks like a result"
_LIKE_A_RECORD = re.compile(r"^[0-9a-fA-F]{64} \d+ \{", re.MULTILINE)
MOST = 40
"""So many are told, and no more."""


def tampering_of(channel: Channel, output: str = "") -> tuple[str, ...]:
    """Everything the channel tells of, each once, in order; `output` is what was printed beside it."""
    found: list[str] = []
    for alarm in channel.alarms:
        text = TEXTS.get(alarm.code)
        if text is None:
            found.append(UNSIGNED.format(count=1))
        else:
            found.append(text.format(detail=alarm.detail.strip("'\"")))
    if channel.unsigned:
        found.append(UNSIGNED.format(count=channel.unsigned))
    for record in channel.records:
        found += [RESTORED.format(name=name) for name in _names(record.get("restored"))]
    sealed = False
    for record in channel.records:
        if sealed and record.keys() & {"started", "answers", "sealed"}:
            found.append(LATE)
        sealed = sealed or "sealed" in record
    if _LIKE_A_RECORD.search(output):
        found.append(PRINTED)
    return tuple(bounded(found))


def bounded(found: Iterable[str]) -> list[str]:
    """Each once, none too long, not too many."""
    return [text[:400] for text in dict.fromkeys(found)][:MOST]


def _names(value: Any) -> list[str]:
    return [name[:100] for name in value if isinstance(name, str)][:MOST] if isinstance(value, list) else []
