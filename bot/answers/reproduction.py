"""A model's reproduction: what it expects, where, and the script."""

from __future__ import annotations

import re

from pydantic import ValidationError

from bot.answers.sections import block, sections
from bot.models.proposal import Malformed
from bot.models.reproduction import Reproduction, Script

NO_SCRIPT = "There is no script: give one ```python block under the heading `## Script`."
NO_EXPECTS = "`## Expects` must hold the name of one exception class and nothing else, such as `AttributeError`."
NO_PYTHON = "The script is no Python: {error} (line {line})."
TOO_LONG = "The script is too long: keep it under 60 lines."
NO_ASSERT = "An AssertionError is expected and the script has no `assert`."

_EXCEPTION = re.compile(r"[A-Za-z_][\w.]*")
_NOTHING = frozenset({"", "-", "none", "n/a", "the script", "script"})


def read(text: str, name: str) -> Reproduction | Malformed:
    """The reproduction of this name; not yet tried."""
    found = sections(text)
    script = block(found.get("script", "")) or block(text)
    if not script or not script.strip():
        return Malformed(reason=NO_SCRIPT)
    expects = _EXCEPTION.search(found.get("expects", "").replace("`", " "))
    if expects is None:
        return Malformed(reason=NO_EXPECTS)
    try:
        compile(script, name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 0
        return Malformed(reason=NO_PYTHON.format(error=getattr(error, "msg", error), line=line))
    where = _path(found.get("where", ""))
    kind = expects[0].rpartition(".")[2]
    if kind == "AssertionError" and not where and "assert" not in script:
        return Malformed(reason=NO_ASSERT)
    try:
        return Reproduction(
            script=Script(name=name, text=script),
            expects=kind,
            path=where,
            claim=" ".join(found.get("claim", "").split())[:600],
        )
    except ValidationError:
        return Malformed(reason=TOO_LONG)


def _path(text: str) -> str:
    first = text.strip().splitlines()[0].strip(" `*-.") if text.strip() else ""
    if first.lower() in _NOTHING:
        return ""
    path = first.split(",")[0].split(" ")[0].strip("`")
    path = re.sub(r":\d+$", "", path)
    return "" if path.lower() in _NOTHING else path[:1000]
