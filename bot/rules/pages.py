"""The published pages of the rules, made from their docstrings: `python -m bot.rules.pages docs/rules`."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from bot.rules.base import Rule
from bot.rules.registry import all_rules

COMMAND: Final = "python -m bot.rules.pages docs/rules"
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


def write(folder: Path) -> None:
    """Write every page into a folder, and remove pages of rules that are no more."""
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for old in folder.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
