"""Text from outside as Markdown shows it: in spans and fences, or escaped, so that it becomes nothing else.

No HTML, no mention, no link and no image comes of it, on GitHub either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.models.citation import Citation
from bot.reporting import prose as parts
from bot.reporting.story import safe_url
from bot.reporting.text import beginning, block, line, sentence

_BACKTICKS = re.compile(r"`+")
_PUNCTUATION = re.compile(r"([\\`*_\[\]|~$]|^[-+=#]|(?<=^\d)[.)](?= )|(?<=^\d\d)[.)](?= ))")
_TRIGGERS = re.compile(r"(@(?!\s)|#(?=\w)|:(?=//)|(?<=ww)w(?=\.)|(?<=GH)-)", re.IGNORECASE)


def code(text: str, limit: int = 300) -> str:
    """A code span that holds the text whatever is in it."""
    text = line(text, limit)
    if not text:
        return ""
    fence = "`" * (max(map(len, _BACKTICKS.findall(text)), default=0) + 1)
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def prose(text: str, limit: int = 600) -> str:
    """Text as text: no markup, no HTML, and nothing that GitHub turns into a mention or a link."""
    text = line(text, limit).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # GitHub looks for mentions and links after it has removed backslashes: a word joiner parts them
    return _PUNCTUATION.sub(r"\\\1", _TRIGGERS.sub("\\1\u2060", text))


def cell(text: str) -> str:
    """Ready-made Markdown for a table's cell."""
    return text.replace("|", "\\|").replace("\\\\|", "\\|").replace("\n", " ") or " "


def fenced(text: str, language: str = "") -> str:
    """A fenced block that holds the text whatever is in it."""
    fence = "`" * max(3, max(map(len, _BACKTICKS.findall(text)), default=0) + 1)
    return f"{fence}{language}\n{text.rstrip(chr(10))}\n{fence}\n"


def cited(citation: Citation) -> str:
    """A citation: its label, which is a link where that is safe, and the beginning of its text."""
    url = safe_url(citation.url)
    label = code(citation.label.replace("`", ""), 160) or code(url or "?")
    return (f"[{label}]({url})" if url else label) + quotation(citation)


def quotation(citation: Citation) -> str:
    """The first line of what a citation quotes, after its label: lines of code run into one are code no more."""
    first = beginning(citation.text, 160)
    return f" — {code(first, 162)}" if first else ""


def worded(text: str, limit: int = 600) -> str:
    """A sentence with its spans of code and its stress, and nothing else of Markdown."""
    return _spans(parts.inline(sentence(text, limit)))


def said(blocks: Iterable[parts.Block], limit: int = 12_000) -> str:
    """What a model said, as Markdown of ours; what has no room is left out."""
    kept: list[str] = []
    for part in map(_block, blocks):
        limit -= len(part)
        if limit < 0:
            kept.append("…\n")
            break
        kept.append(part)
    return "\n".join(kept)


def quoted(text: str) -> str:
    """Ready-made Markdown as a quotation."""
    return "".join(f"> {row}".rstrip() + "\n" for row in text.rstrip("\n").split("\n"))


def repeated(text: str, limit: int = 2_000) -> str:
    """Lines somebody else wrote, each a paragraph of a quotation: it wraps, as what stands in a fence does not."""
    rows = (_spans(parts.inline(row)) for row in block(text, limit).split("\n"))
    return quoted("\n\n".join(filter(None, rows))) if text.strip() else ""


def _block(each: parts.Block) -> str:
    match each:
        case parts.Code():
            return fenced(block(each.text, 6000))
        case parts.Items():
            begins = (f"{number}. " if each.kind == "numbers" else "- " for number in range(1, len(each.items) + 1))
            return "".join(f"{begin}{_spans(spans)}\n" for begin, spans in zip(begins, each.items, strict=True))
        case parts.Paragraph():
            return f"{_spans(each.spans)}\n" if each.kind == "paragraph" else f"**{_spans(_level(each.spans))}**\n"


def _level(spans: Iterable[parts.Span]) -> Iterable[parts.Span]:
    """Without stress, where all of it is stressed."""
    return (parts.Span("text", span.text) if span.kind in ("strong", "stress") else span for span in spans)


def _spans(spans: Iterable[parts.Span]) -> str:
    return "".join(_span(span) for span in spans).strip()


def _span(span: parts.Span) -> str:
    match span.kind:
        case "code":
            return code(span.text, 400)
        case "mark":
            return f" \\[{prose(span.text)}\\]"
        case "strong":
            return f"**{prose(span.text)}**"
        case "stress":
            return f"*{prose(span.text)}*"
        case _:
            # escaping trims a text, and here the words around it stand beside it
            before, after = span.text[:1].isspace(), span.text[-1:].isspace()
            return " " * before + prose(span.text, 20_000) + " " * after
