"""What was wrong and what was done, rule by rule: the same said once, for a page that is skimmed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.reporting import ledger, markdown, story
from bot.reporting.marked import cell, code, prose, worded
from bot.reporting.text import plural

MOST_LINES = 4
"""Places a row names one by one."""
MOST_GROUPS = 40
MOST_MESSAGES = 16
"""Faults of one rule."""
LONGEST_PATH = 300
"""Characters of a path that is made a link."""
HEAD = "| rule | what was done | where |\n| --- | --- | --- |\n"

_NUMBER = re.compile(r"[0-9]{1,9}")

Page = Callable[[str, int, int], str | None]
"""The address of lines of a file, as they were; null where there is none."""


@dataclass(frozen=True)
class Group:
    """Faults of one rule that are known in the same way, and met the same fate."""

    how: str
    fate: str
    found: tuple[story.Found, ...]


def groups(faults: Sequence[story.Found], told: Mapping[ledger.Key, Sequence[ledger.Told]]) -> tuple[Group, ...]:
    """Faults by rule, in the order the rules first show; what no rule knows stands alone."""
    same: dict[tuple[str, ...], list[story.Found]] = defaultdict(list)
    for number, one in enumerate(faults):
        alone = "" if one.fault.rule else str(number)
        same[one.fault.rule or "", alone, story.how(one), _fate(told.get(ledger.key(one.fault), ()))].append(one)
    return tuple(Group(how, fate, tuple(together)) for (_, _, how, fate), together in same.items())


def found(faults: Sequence[Group], most: int = MOST_MESSAGES) -> str:
    """A point for each group; where it has more than one fault, a point for each of them below it, `most` of them."""
    return "".join(_group(each, most) for each in faults[:MOST_GROUPS]) + _more(counted(faults[MOST_GROUPS:]), "- ")


def counted(faults: Sequence[Group]) -> int:
    """How many faults are in the groups."""
    return sum(story.counted(group.found) for group in faults)


def changes(changed: Sequence[story.Change], root: str, page: Page) -> str:
    """A row for each rule; paths are told as they are below `root`, the add-on's folder."""
    rows = (_row(change, root, page) for change in changed[: markdown.MOST_CHANGES])
    return HEAD + "".join(rows) + _more(len(changed) - markdown.MOST_CHANGES, "\n")


def _group(group: Group, most: int) -> str:
    first = group.found[0].fault
    known = " · ".join(filter(None, (f"_{group.how}_", group.fate)))
    if len(group.found) == 1:
        rule = f" — rule {code(first.rule, 60)}" if first.rule else ""
        return f"- {_said(group.found[0])}{rule}  \n  {known}\n"
    shown = "".join(f"  - {_said(one)}\n" for one in group.found[:most])
    head = f"- {plural(story.counted(group.found), 'fault')} of rule {code(first.rule or '', 60)}, {known}\n"
    return head + shown + _more(story.counted(group.found[most:]), "  - ")


def _said(one: story.Found) -> str:
    exception = f"{one.fault.exception}: " if one.fault.exception else ""
    return f"{code(exception + one.fault.message, 400)}{markdown.places(one.places)}"


def _fate(told: Sequence[ledger.Told]) -> str:
    """What became of it, without counts where all of it is gone."""
    if told and all(one.gone for one in told):
        return "now gone"
    return "; ".join(f"Blender {one.releases}: {one.before}, now {one.after}" for one in told)


def _row(change: story.Change, root: str, page: Page) -> str:
    titles = {done.title for done in change.done}
    title = titles.pop() if len(titles) == 1 else change.title
    places = sorted(dict.fromkeys(change.places), key=_order)
    columns = (code(change.rule, 60), worded(title, 200), _where(places, root, page))
    return "| " + " | ".join(map(cell, columns)) + " |\n"


def _where(places: Sequence[str], root: str, page: Page) -> str:
    """`__init__.py:79, 80` and so on, each a link to its lines; the path again only where it is another one."""
    said: list[str] = []
    last = ""
    for place in places[:MOST_LINES]:
        path, _, lines = place.rpartition(":")
        start, _, end = lines.partition("-")
        below = path.removeprefix(f"{root}/") if root != "." else path
        words = code(lines if path == last else f"{below}:{lines}", 200)
        known = len(path) <= LONGEST_PATH and _NUMBER.fullmatch(start) and _NUMBER.fullmatch(end or start)
        url = page(path, int(start), int(end or start)) if known else None
        said.append(f"[{words}]({url})" if url else words)
        last = path
    more = len(places) - MOST_LINES
    return ", ".join(said) + (f" and {more} more" if more > 0 else "")


def _order(place: str) -> tuple[str, int]:
    path, _, lines = place.rpartition(":")
    start = lines.partition("-")[0]
    return path, int(start) if _NUMBER.fullmatch(start) else 0


def _more(count: int, begin: str) -> str:
    return f"{begin}{prose(f'and {count} more')}\n" if count > 0 else ""
