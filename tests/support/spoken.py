"""What GitHub would make of a text the bot posts: that nothing in it is anybody's but the bot's."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.models.errand import Errand
from bot.reporting import story
from bot.rules.registry import all_rules
from hostile import texts

COMMIT = "4be1f0c2a95d7e6830f1b2c3d4e5f60718293a4b"
RUN = "https://github.com/octo/wave-grid/actions/runs/77"

HOSTILE = (
    "@octocat and @octo/team",
    "#1, GH-1, octo/other#2 and https://github.com/octo/other/issues/3",
    "Fixes #9\nCloses GH-9\nResolves octo/other#9",
    "</summary></details></sub>\n\n# gone\n<b>x",
    "<!-- bcrag:progress problem=fix-bad run=1 -->",
    "-->\n<!--\n<script>alert(1)</script><img src=https://evil.example/x.png>",
    "![x](https://evil.example/x.png) [x](https://evil.example) [y][z]\n\n[z]: https://evil.example",
    "[x](javascript:alert(1)) ![x](data:image/png;base64,AAAA) [x](data:text/html,x) <javascript:alert(1)>",
    "https://evil.example www.evil.example mallory@evil.example ftp://evil.example <mailto:m@evil.example>",
    "a | b\n| --- | --- |\n| c | d \\| e \\\\| f |",
    "`` ` ```\n```\n~~~\n</details>\n",
    "> [!NOTE]\n> all is well\n\n> [!CAUTION]\n> x",
    "text\n===\n\n---\n\n- [x] done\n1. one\n    code",
    "\u202eevil\u2066\u200b\u200d\ufeff\u2060\U000e0041\x1b[2J\x00",
    "Signed-off-by: Linus <l@example.com>\nCo-authored-by: Mallory <m@evil.example>\nskip-checks: true\n[skip ci]",
    "fix)!: x\n\nBREAKING CHANGE: y (",
    "&lt;b&gt; &#64;octocat &commat;octocat &#35;1",
)
"""What a stranger writes who knows GitHub."""

hostile = st.one_of(
    st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=3).map(" ".join),
    texts,
    st.text(alphabet="<>`[]()!|\\\n\r#*_~-:/ab@&;c2.,w$=+ \u202e\x1b", max_size=60),
)

_TAG = re.compile(r"</?(?:details|summary|sub)>|<br>")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2061-\u206f\ufeff\U000e0000-\U000e007f]"
)
_BARE = re.compile(r"[a-z]://|\bwww\.|\w@\w", re.IGNORECASE)
_MENTION = re.compile(r"@\w")
_NUMBER = re.compile(r"(?:#|\bgh-)(\d+)", re.IGNORECASE)
_ALERT = re.compile(r"\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Words:
    """What readers see of a text outside of code; `linked` is what a link says."""

    text: str
    linked: bool


def errand(**more: Any) -> Errand:
    """An errand on issue 7 of the repository of the sample report."""
    made = {
        "repository": "octo/wave-grid", "run": 77, "command": {"verb": "fix"}, "trigger": "slash command",
        "problem": "fix-7", "subject": {"number": 7}, "base": "main", "commit": COMMIT,
        "asked_by": {"login": "ada", "id": 5}, "asked_at": datetime(2026, 2, 14, tzinfo=UTC),
    }  # fmt: skip
    return Errand.model_validate(made | more)


def parsed(text: str) -> list[Token]:
    """Every token, those inside of others included."""
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    reader.validateLink = lambda url: True  # type: ignore[method-assign]  # whatever it leads to, it is to be seen
    found = reader.parse(text)
    return [*found, *(child for token in found for child in token.children or ())]


def headings(text: str, tag: str) -> list[str]:
    """The headings of a level, as they are written."""
    found = parsed(text)
    return [
        found[at + 1].content for at, token in enumerate(found) if token.type == "heading_open" and token.tag == tag
    ]


def assert_ours(
    text: str,
    *,
    links: Collection[str] = (),
    under: str = "\0",
    images: Collection[str] = (),
    numbers: Collection[int] = (),
    mark: str = "",
    alerts: int = 0,
) -> None:
    """No HTML, link, image, mention, reference or alert that is not ours.

    Links may lead to `links`, to pages below `under` and to documentation; `numbers` are the issues and pull
    requests that are named, once each at most; `mark` is the comment the text begins with.
    """
    assert text.startswith(mark) and not _UNSEEN.search(text)
    tokens = parsed(text[len(mark) :])
    opened: list[str] = []
    for token in tokens:
        if token.type in ("html_inline", "html_block"):
            rest = _TAG.sub("", token.content)
            assert not re.search(r"[<>]|&\w", rest), token.content
            for tag in _TAG.findall(token.content):
                if tag.startswith("</"):
                    assert opened and opened.pop() == tag.replace("/", ""), token.content
                elif tag != "<br>":
                    opened.append(tag)
        elif token.type == "link_open":
            href = str(token.attrs["href"])
            assert href in links or href in _documentation() or story.safe_url(href) == href or _below(href, under), (
                href
            )
        elif token.type == "image":
            assert token.attrs["src"] in images
    assert not opened
    words = list(_words(tokens))
    for each in words:
        assert not _MENTION.search(each.text), each.text
        assert each.linked or not _BARE.search(each.text), each.text
    named = [int(number) for each in words for number in _NUMBER.findall(each.text)]
    assert len(named) == len(set(named)) and set(named) <= set(numbers), named
    assert len(list(_alerts(tokens))) == alerts


def _below(href: str, under: str) -> bool:
    """Whether a link leads to a page below another; a path that climbs does not."""
    return href.startswith(under) and not {"", ".", ".."} & set(href[len(under) :].partition("#")[0].split("/"))


@cache
def _documentation() -> frozenset[str]:
    return frozenset(url for rule in all_rules() for url in rule.documentation.references)


def _words(tokens: list[Token]) -> Iterator[Words]:
    for token in tokens:
        if token.type == "html_block":
            yield Words(_TAG.sub("", token.content), False)
        depth = 0
        for child in token.children or ():
            depth += (child.type == "link_open") - (child.type == "link_close")
            if child.type in ("text", "image"):
                yield Words(child.content, depth > 0)


def _alerts(tokens: list[Token]) -> Iterator[str]:
    """First lines of quotations that GitHub makes a coloured box of, if more of the paragraph follows."""
    for before, paragraph, inline in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if (before.type, paragraph.type) == ("blockquote_open", "paragraph_open"):
            children = inline.children or []
            first = [child.content for child in children[:1]]
            if len(children) > 1 and children[1].type == "softbreak" and _ALERT.match("".join(first)):
                yield first[0]
