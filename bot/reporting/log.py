"""Text from outside in the log of a job on GitHub, whose runner takes some of what it reads there for commands.

Those are `::` where a line begins, white space aside, and `##[` anywhere in a line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.reporting.text import block

if TYPE_CHECKING:
    from rich.text import Text

_NEWER = re.compile(r"^(?=[^\S\n]*::)", re.MULTILINE)
_OLDER = re.compile(r"(?<=##)(?=\[)")


def logged(text: str, limit: int = 20_000) -> str:
    """Lines of a log, like `block`, none of which is a command."""
    return _NEWER.sub("| ", parted(block(text, limit)))


def parted(text: str) -> str:
    """Text for the inside of a line: without the form of a command that is obeyed there."""
    return _OLDER.sub(" ", text)


def harmless(row: Text) -> Text:
    """A line of a log in colours, which is no command, either."""
    places = [found.start() for found in _OLDER.finditer(row.plain)]
    row = row.blank_copy(" ").join(row.divide(places)) if places else row
    return row.blank_copy("| ").append_text(row) if _NEWER.match(row.plain) else row
