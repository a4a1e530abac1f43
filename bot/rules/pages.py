"""The published pages of the rules, made from their docstrings; `bot.pages` writes them."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

from bot.rules.base import Rule
from bot.rules.registry import all_rules

COMMAND: Final = "python -m bot.pages --write"
INDEX: Final = "README.md"
_NOTE: Final = f"<!-- Made by `{COMMAND}` from the rules themselves; change those. -->\n"


def pages() -> Mapping[str, str]:
    """Every page, by file name: one per rule, and an index."""
    rules = all_rules()
    return {INDEX: _index(rules), **{_file(rule): _page(rule) for rule in rules}}


def _file(rule: Rule) -> str:
    return f"{rule.code}-{rule.name}.md"


def _span(rule: Rule) -> str:
    return f"{rule.since} to before {rule.until}" if rule.until else f"{rule.since} and later"


def _page(rule: Rule) -> str:
    title, _, body = inspect.cleandoc(sys.modules[type(rule).__module__].__doc__ or "").partition("\n")
    facts = f"**{rule.code}** `{rule.name}` · Blender {_span(rule)} · {rule.safety.value} · {rule.mode}"
    return f"{_NOTE}\n# {title.rstrip('.')}\n\n{facts}\n\n{body.strip()}\n"


def _index(rules: Sequence[Rule]) -> str:
    lines = [_NOTE, "# The rules", "", f"{len(rules)} deterministic repairs, each with its reason and its sources."]
    by_family = sorted(rules, key=lambda rule: (rule.family, rule.code))
    for family, group in groupby(by_family, key=lambda rule: rule.family):
        lines += ["", f"## {family}", "", "| rule | what it mends | Blender | safety |", "|---|---|---|---|"]
        for rule in group:
            title = rule.documentation.title.rstrip(".")
            lines.append(f"| [{rule.code}]({_file(rule)}) | {title} | {_span(rule)} | {rule.safety.value} |")
    return "\n".join(lines) + "\n"
