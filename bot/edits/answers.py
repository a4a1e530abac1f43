"""A model's answer to the request for a patch, read leniently; what it asks for is not judged here. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.edits import objects
from bot.edits.changes import changes_of
from bot.edits.markdown import names, opening, pieces, section
from bot.edits.unclear import Unclear
from bot.models.proposal import Change, Malformed, Proposal
from bot.texts import NEWLINE

MAX_ANSWER = 2_000_000
MAX_CHANGES = 400

FORM = """Under the heading `## Patch` write the change as a unified diff:

```diff
--- a/path/of/file.py
+++ b/path/of/file.py
@@
 at least two unchanged lines before, copied exactly
-the old lines
+the new lines
 at least two unchanged lines after, copied exactly
```

If something you must see is missing, write the heading `## Look up` and below it the names to look up."""
EMPTY = "The answer is empty. " + FORM
NOTHING_ASKED = (
    "The answer says that nothing is to be changed. The fault was seen, so a change is needed, or something must be "
    "looked up. " + FORM
)
NO_CHANGE = "There is no change in the answer. " + FORM
TOO_LONG = "The answer has {length:,} characters; {limit:,} is the limit. Answer with the changed lines alone."
TOO_MANY = "The answer has more than {limit} changes; leave out whatever the repair does not need."
NO_TEXT = "The answer holds characters that are no text ({what}); leave them out."

_MARKS = re.compile(r"\bc\d{1,4}\b")
_BRACKETED = re.compile(r"\[([^\[\]]{1,200})\]")
_NOTHING = re.compile(
    r"\bno (?:code )?(?:changes?|fix|patch|edits?|modifications?)\b.{0,30}\b(?:needed|necessary|required|made)\b|"
    r"\bnothing (?:needs|has|is|should|to)\b.{0,20}\b(?:chang|fix|do|done)|"
    r"\b(?:should|need|must|does|do) ?n[o']t (?:need to )?(?:be )?chang|\bno changes?\.?\s*$|"
    r"\balready (?:correct|works|fixed|right)",
    re.IGNORECASE | re.MULTILINE,
)
_NO_QUERY = re.compile(r"\W*(?:none|nothing|no|n/?a|nil|not needed)?(?: is)?(?: missing| needed)?\W*", re.IGNORECASE)


def read(text: str) -> Proposal | Malformed:
    """What an answer proposes, or what is wrong with it, worded for whoever wrote it."""
    if len(text) > MAX_ANSWER:
        return Malformed(reason=TOO_LONG.format(length=len(text), limit=MAX_ANSWER))
    if not text.strip():
        return Malformed(reason=EMPTY)
    try:
        _only_text([text])
        found = objects.json_object(text)
        return _of_markdown(text) if found is None else _of_object(found)
    except Unclear as error:
        return Malformed(reason=str(error))


def _of_markdown(text: str) -> Proposal:
    found = pieces(NEWLINE.sub("\n", text))
    changes = _bounded(changes_of(found))
    summary = section(found, "summary") or opening(found)
    rests = section(found, "rests")
    marks = _MARKS.findall(rests or " ".join(_BRACKETED.findall(summary)))
    return _proposal(summary, marks, changes, names(found, "query"), text)


def _of_object(found: dict[str, object]) -> Proposal:
    _only_text(objects.every_text(found))
    changes = objects.changes(found)
    for patch in objects.texts(found.get("patch")) + objects.texts(found.get("diff")):
        inner = NEWLINE.sub("\n", patch)
        changes += changes_of(pieces(inner if "```" in inner else f"~~~~~~diff\n{inner}\n~~~~~~"))
    cites = " ".join(objects.texts(found.get("cites")) + objects.texts(found.get("rests_on")))
    query = " ".join(text for name in ("query", "missing", "look_up") for text in objects.texts(found.get(name)))
    summary = " ".join(objects.texts(found.get("summary")))
    return _proposal(summary, _MARKS.findall(cites), _bounded(changes), query, summary)


def _only_text(texts: Iterable[str]) -> None:
    for text in texts:
        if "\0" in text:
            raise Unclear(NO_TEXT.format(what="NUL"))
        if not text.isascii() and any(0xD800 <= ord(character) < 0xE000 for character in set(text)):
            raise Unclear(NO_TEXT.format(what="lone surrogates"))


def _bounded(changes: Iterable[Change]) -> tuple[Change, ...]:
    found: list[Change] = []
    for change in changes:
        if len(found) == MAX_CHANGES:
            raise Unclear(TOO_MANY.format(limit=MAX_CHANGES))
        found.append(change)
    return tuple(found)


def _proposal(summary: str, marks: Sequence[str], changes: tuple[Change, ...], query: str, words: str) -> Proposal:
    query = "" if _NO_QUERY.fullmatch(query[:80]) else " ".join(query.split())[:400]
    if not changes and not query:
        raise Unclear(NOTHING_ASKED if _NOTHING.search(words[:20_000]) else NO_CHANGE)
    return Proposal(summary=summary[:4000].strip(), cites=tuple(dict.fromkeys(marks)), changes=changes, query=query)
