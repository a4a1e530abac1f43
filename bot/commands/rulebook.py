"""What `bot rules` prints: the rules there are, one of them, or those that answer an error message."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from difflib import get_close_matches

from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

from bot.errors import UsageError
from bot.reporting.text import line, plural
from bot.rules.base import Rule
from bot.rules.registry import all_rules, by_code
from bot.triggers.messages import fault_of

UNKNOWN = "there is no rule {code!r}"
UNKNOWN_CURE = "did you mean {names}? `bot rules` lists them all"
UNKNOWN_CURE_NONE = "`bot rules` lists them all"
BOTH = "a rule and --for are two different questions"
BOTH_CURE = "give the rule's code, or --for MESSAGE, not both"
EXCEPTIONS = ("AttributeError", "TypeError", "ValueError", "KeyError", "ImportError", "RuntimeError")
"""What a message without its exception may have been raised as."""
NONE_ANSWERS = "No rule answers this message. `bot rules` lists what there is."


def show(
    code: str | None = None, for_message: str | None = None, as_json: bool = False, console: Console | None = None
) -> None:
    """Print every rule, the documentation of one, or those that answer an error message.

    `code` may be a rule's name too. JSON goes to standard output, always as a list.

    Raises:
        UsageError: there is no such rule, or both questions are asked.
    """
    out = console or Console(highlight=False)
    if code is not None and for_message is not None:
        raise UsageError(BOTH, BOTH_CURE)
    chosen = [_named(code)] if code is not None else list(all_rules())
    if for_message is not None:
        chosen = list(answering(for_message, chosen))
    if as_json:
        out.file.write(json.dumps([facts(rule) for rule in chosen], indent=2) + "\n")
    elif code is not None:
        _show_one(chosen[0], out)
    elif chosen:
        _show_list(chosen, out)
    else:
        out.print(NONE_ANSWERS)


def facts(rule: Rule) -> dict[str, str | None]:
    """A rule as `bot rules --json` lists it; `until` is null for a rule that holds to this day."""
    return {
        "code": rule.code,
        "name": rule.name,
        "family": rule.family,
        "since": str(rule.since),
        "until": str(rule.until) if rule.until is not None else None,
        "safety": str(rule.safety),
        "mode": rule.mode,
    }


def answering(message: str, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules that answer an error message; where none says so, those a word of which it holds."""
    fault = fault_of(message)
    # whoever copies a message often leaves its exception behind
    names = EXCEPTIONS if fault.exception is None else ()
    faults = (fault, *(fault.model_copy(update={"exception": name}) for name in names))
    told = tuple(rule for rule in rules if any(rule.answers(each) for each in faults))
    return told or tuple(rule for rule in rules if any(_has_word(fault.message, word) for word in rule.triggers))


def _has_word(text: str, word: str) -> bool:
    # only words that name something: `*` or `.link(` would be found in half of all messages
    name = word.strip(" .()=\"'")
    return len(name) > 3 and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _named(code: str) -> Rule:
    rule = by_code(code)
    if rule is not None:
        return rule
    names = {name.lower(): name for each in all_rules() for name in (each.code, each.name)}
    near = [names[name] for name in get_close_matches(code.strip().lower(), names, n=3)]
    cure = UNKNOWN_CURE.format(names=" or ".join(near)) if near else UNKNOWN_CURE_NONE
    raise UsageError(UNKNOWN.format(code=line(code, 60)), cure)


def _span(rule: Rule) -> str:
    return f"{rule.since} to before {rule.until}" if rule.until is not None else f"{rule.since} and newer"


def _show_list(chosen: Sequence[Rule], out: Console) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("rule", "name", "what it is about", "breaks in", "fix"):
        table.add_column(heading, no_wrap=heading in ("rule", "name"))
    for rule in chosen:
        fix = str(rule.safety) if rule.mode == "repair" else "explained, not repaired"
        title = Text(rule.documentation.title.rstrip("."))
        table.add_row(Text(rule.code, "bold"), rule.name, title, _span(rule), fix)
    out.print(table)
    out.print(f"\n{plural(len(chosen), 'rule')}. `bot rules {chosen[0].code}` tells more about one.", style="dim")


def _show_one(rule: Rule, out: Console) -> None:
    known = rule.documentation
    out.print(Text.assemble((rule.code, "bold"), f" {rule.name}  ", (f"Blender {_span(rule)}", "dim")))
    parts = [
        f"# {known.title.rstrip('.')}",
        f"## What it does\n{known.what_it_does}",
        f"## Why it breaks\n{known.why_it_breaks}",
        f"## Example\n```python\n{known.before}```\nUse instead:\n```python\n{known.after}```",
    ]
    if known.guarded:
        parts.append(f"Supporting {known.guarded_support.replace('-', ' to ')}:\n```python\n{known.guarded}```")
    if known.left_alone:
        parts.append(f"## Left alone\n```python\n{known.left_alone}```")
    parts.append(f"## Fix safety: {rule.safety}\n{known.fix_safety}")
    parts.append("## References\n" + "\n".join(f"- <{page}>" for page in known.references))
    text = "\n\n".join(parts)
    # on a terminal it is drawn, in a file it stays Markdown
    if out.is_terminal:
        out.print(Markdown(text, code_theme="ansi_dark"))
    else:
        out.print(text, markup=False, soft_wrap=True)
