"""What media a report is shown in must not hold, whatever stands in it."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.reporting import story
from pages import Page

_OURS = re.compile(r"(?:</?details>|<summary>(?:Traceback|The (?:diff|script|tests))</summary>|\s)*")
_LIVE = re.compile(r"(?<![\w`])[@#](?=\w)|://|\bwww\.\w|\bGH-\d")
"""What GitHub makes a mention, a reference or a link of, in bare text."""
_ESCAPES = re.compile(r"\x1b(?!\[[\d;]*m)|[\x07\x80-\x9f\u202a-\u202e\u2066-\u2069]")
"""What a terminal obeys, but for colours, which are ours."""
_OWN = re.compile(r"#[\w-]*|renders/(?:before|after)\.png|data:image/png;base64,[\w+/=]+")
_RULES = frozenset(url for rule in story.all_rules() for url in rule.documentation.references)


def markdown(text: str) -> None:
    """No HTML but ours, no link or image that leads anywhere, no mention."""
    for token in _tokens(text):
        if token.type in ("html_inline", "html_block"):
            assert _OURS.fullmatch(token.content), token.content
        target = token.attrs.get("href") or token.attrs.get("src")
        assert target is None or _leads_home(str(target)), target
        if token.type == "text":
            assert not _LIVE.search(token.content), token.content
    assert not _ESCAPES.search(text)


def page(text: str) -> None:
    """One style sheet and one script, no form, no link or picture that leads anywhere."""
    made = Page(text)
    assert not {"form", "input", "iframe", "object", "base", "link"} & {tag for tag, _ in made.elements}
    assert len(made.all("script")) == len(made.all("style")) == 1
    for tag, attributes in made.elements:
        assert not any(name.startswith("on") for name in attributes), (tag, attributes)
        for name in ("href", "src", "action"):
            target = attributes.get(name)
            assert target is None or _leads_home(target), target
    assert not _ESCAPES.search(text)


def terminal(text: str) -> None:
    """No escape but a colour."""
    assert not _ESCAPES.search(text), _ESCAPES.search(text)


def _leads_home(target: str) -> bool:
    """Whether a link leads to a page of documentation, or nowhere but into the bundle."""
    return bool(story.safe_url(target)) or target in _RULES or bool(_OWN.fullmatch(target))


def _tokens(text: str) -> list[Token]:
    parsed = MarkdownIt("commonmark").enable("table").parse(text)
    return [*parsed, *(child for token in parsed for child in token.children or ())]
