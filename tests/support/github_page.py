"""Markdown as GitHub shows it in a pull request or a comment, as a page a browser can take a picture of.

What GitHub does is done here in its order: tables, strikethrough, line ends that stay line ends (comments have
them, files do not); HTML cut down to its allow-list; in what is left of bare text links, mentions and references; then
task lists and alerts. The style sheet is `github-markdown-css`; the frame around it is only like GitHub's.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

import npm

VARIABLE = "BCRAG_TEST_MARKDOWN_CSS"
STYLES = ("github-markdown-css", "5.8.1")

_TAGS = frozenset(
    [
        *("a", "abbr", "b", "bdo", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details", "dfn", "div"),
        *("dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "h7", "h8", "hr", "i", "img"),
        *("ins", "kbd", "li", "mark", "ol", "p", "picture", "pre", "q", "rp", "rt", "ruby", "s", "samp", "small"),
        *("source", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th"),
        *("thead", "time", "tr", "tt", "ul", "var", "wbr"),
    ]
)
_EMPTY = frozenset({"br", "img", "hr", "source", "wbr"})
_ATTRIBUTES = frozenset(
    [
        *("align", "alt", "border", "cellpadding", "cellspacing", "cite", "cols", "colspan", "datetime", "dir"),
        *("headers", "height", "hspace", "label", "lang", "loading", "open", "rel", "reversed", "rows", "rowspan"),
        *("rules", "scope", "span", "start", "summary", "tabindex", "title", "type", "valign", "value", "vspace"),
        "width",
    ]
)
_OWN = {"a": "href", "img": "src", "source": "srcset"}
_SAFE = re.compile(r"(?:https?|mailto):|(?![a-z][a-z0-9+.-]*:)", re.IGNORECASE)
_RAW = re.compile(r"<(?=/?(?:title|textarea|style|xmp|iframe|noembed|noframes|script|plaintext)\b)", re.IGNORECASE)
_LIVE = re.compile(
    r"(?P<url>(?:https?://|(?<![\w/.])www\.)[^\s<]+)"
    r"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?<![\w`/])@(?P<login>[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))"
    r"|(?<![\w&/])(?P<number>(?:#|GH-)\d+)\b",
    re.IGNORECASE,
)
_TASK = re.compile(r"<li>(\n<p>)?\[([ xX])\] ")
_ALERT = re.compile(
    r"<blockquote>\n<p>\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\](?:<br>)?\n((?:(?!</?blockquote>).)*)</blockquote>",
    re.DOTALL,
)
_ICON = (
    '<svg class="octicon mr-2" viewBox="0 0 16 16" width="16" height="16"><path d="M0 8a8 8 0 1 1 16 0A8 8 0 0 1 0 8Z'
    "m8-6.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM6.5 7.75A.75.75 0 0 1 7.25 7h1a.75.75 0 0 1 .75.75v2.75h.25"
    'a.75.75 0 0 1 0 1.5h-2a.75.75 0 0 1 0-1.5h.25v-2h-.25a.75.75 0 0 1-.75-.75ZM8 6a1 1 0 1 1 0-2 1 1 0 0 1 0 2Z"/>'
    "</svg>"
)
_FRAME = """
body { margin: 0; background: #fff; color: #1f2328;
  font: 14px/1.5 -apple-system, BlinkMacSystemFont, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; }
main { box-sizing: border-box; max-width: 900px; padding: 20px; }
.title { font-size: 26px; line-height: 1.25; font-weight: 400; margin: 0 0 10px; }
.title span, .quiet { color: #59636e; }
.state { display: inline-block; background: #1f883d; color: #fff; font-weight: 500; border-radius: 2em;
  padding: 4px 12px; margin-right: 8px; }
.ref { background: #ddf4ff; color: #0969da; border-radius: 6px; padding: 2px 6px;
  font: 12px/1.5 ui-monospace, Menlo, Consolas, "Liberation Mono", monospace; }
.facts { padding-bottom: 16px; margin-bottom: 20px; border-bottom: 1px solid #d1d9e0; }
.comment { border: 1px solid #d1d9e0; border-radius: 6px; margin-bottom: 16px; }
.comment > header { background: #f6f8fa; border-bottom: 1px solid #d1d9e0; border-radius: 6px 6px 0 0;
  padding: 8px 16px; }
.comment > header b { font-weight: 600; }
.label { border: 1px solid #d1d9e0; border-radius: 2em; font-size: 12px; padding: 0 7px; margin: 0 4px; }
.markdown-body { padding: 16px; font-size: 14px !important; }
"""


@dataclass(frozen=True)
class Said:
    """One comment: who said what."""

    login: str
    text: str
    bot: bool = True
    when: str = "commented"


def rendered(text: str, pictures: Mapping[str, str] | None = None) -> str:
    """The HTML GitHub makes of it. Pictures stand for the copies GitHub keeps: by address, what is shown instead."""
    parser = MarkdownIt("commonmark", {"html": True, "breaks": True, "xhtmlOut": False})
    parser.enable(["table", "strikethrough"])
    tokens = parser.parse(text)
    for token in tokens:
        for each in (token, *(token.children or ())):
            _blunt(each)
    made = _Sanitised(pictures or {})
    made.feed(parser.renderer.render(tokens, parser.options, {}))
    return _ALERT.sub(_alert, _TASK.sub(_task, made.whole()))


def page(*comments: Said, head: str = "") -> str:
    """Comments under each other, below `head`, which is HTML of ours."""
    return _page(head, "".join(_comment(each, {}) for each in comments))


def pull_request(
    title: str, number: int, base: str, branch: str, body: Said, pictures: Mapping[str, str] | None = None
) -> str:
    """The top of a pull request's page, and its first comment."""
    head = (
        f'<h1 class="title">{html.escape(title)} <span>#{number}</span></h1><div class="facts quiet">'
        f'<span class="state">Open</span><b>{html.escape(body.login)}</b> wants to merge 1 commit into '
        f'<span class="ref">{html.escape(base)}</span> from <span class="ref">{html.escape(branch)}</span></div>'
    )
    return _page(head, _comment(body, pictures or {}))


def styles() -> str:
    """GitHub's style sheet for Markdown, light."""
    return (npm.package(*STYLES, VARIABLE) / "github-markdown-light.css").read_text("utf-8")


def written(text: str, file: Path) -> Path:
    """The page as a file a browser can open."""
    file.write_text(text, encoding="utf-8")
    return file


class _Sanitised(HTMLParser):
    """Elements and attributes GitHub lets through; everything else is its text."""

    def __init__(self, pictures: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self._pictures = pictures
        self._made: list[str] = []
        self._open: list[str] = []

    def whole(self) -> str:
        """All of it, with what was left open closed."""
        self.close()
        return "".join(self._made) + "".join(f"</{tag}>" for tag in reversed(self._open))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            return
        kept = "".join(self._attribute(tag, name, value or "") for name, value in attrs)
        self._made.append(f"<{tag}{kept}>")
        if tag not in _EMPTY:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._open:
            return
        while True:
            last = self._open.pop()
            self._made.append(f"</{last}>")
            if last == tag:
                return

    def handle_data(self, data: str) -> None:
        if {"a", "code", "pre", "tt"} & set(self._open):
            self._made.append(html.escape(data, quote=False))
            return
        done = 0
        for found in _LIVE.finditer(data):
            self._made.append(html.escape(data[done : found.start()], quote=False))
            self._made.append(f'<a href="{html.escape(_address(found))}">{html.escape(found[0])}</a>')
            done = found.end()
        self._made.append(html.escape(data[done:], quote=False))

    def _attribute(self, tag: str, name: str, value: str) -> str:
        own = _OWN.get(tag) == name
        if not (own and _SAFE.match(value.strip())) and name not in _ATTRIBUTES:
            return ""
        shown = self._pictures.get(value, value) if tag == "img" and own else value
        return f' {name}="{html.escape(shown)}"'


def _blunt(token: Token) -> None:
    """What a browser would read raw text after is no tag."""
    if token.type in ("html_inline", "html_block"):
        token.content = _RAW.sub("&lt;", token.content)


def _address(found: re.Match[str]) -> str:
    if found["url"]:
        return found["url"] if "://" in found["url"] else f"http://{found['url']}"
    if found["mail"]:
        return f"mailto:{found['mail']}"
    return f"https://github.com/{found['login']}" if found["login"] else f"/issues/{found['number'].lstrip('#GHgh-')}"


def _task(found: re.Match[str]) -> str:
    checked = "" if found[2] == " " else " checked"
    box = f'<input type="checkbox" class="task-list-item-checkbox" disabled{checked}>'
    return f'<li class="task-list-item">{found[1] or ""}{box} '


def _alert(found: re.Match[str]) -> str:
    kind = found[1].lower()
    return (
        f'<div class="markdown-alert markdown-alert-{kind}"><p class="markdown-alert-title">{_ICON}{kind.title()}</p>'
        f"\n<p>{found[2]}</div>"
    )


def _comment(said: Said, pictures: Mapping[str, str]) -> str:
    label = '<span class="label">bot</span>' if said.bot else ""
    return (
        f'<section class="comment"><header><b>{html.escape(said.login)}</b>{label} '
        f'<span class="quiet">{html.escape(said.when)}</span>'
        f'</header><article class="markdown-body">\n{rendered(said.text, pictures)}</article></section>\n'
    )


def _page(head: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>GitHub</title>'
        f"<style>{styles()}{_FRAME}</style></head><body><main>{head}{body}</main></body></html>\n"
    )
