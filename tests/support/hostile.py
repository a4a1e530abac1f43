"""A report as a stranger would like it to be: their text in every field that can hold any."""

from __future__ import annotations

from enum import Enum
from typing import Any, Literal, get_origin

from hypothesis import strategies as st
from pydantic import BaseModel

from bot.models.report import Artifact, Report

PIECES = (
    "<script>alert(1)</script>", "</script>", "</style>", "<!--", "-->", "]]>", "\"", "'",
    "<img src=x onerror=alert(1)>", "<a href=//evil.example>", "javascript:alert(1)", "https://evil.example/x.png",
    "&lt;b&gt;", "&#60;b", "{{ 7919 * 7919 }}", "{% raw %}", "</td></table>", "</title>", "\x00", "\x1b[2J",
    "\x1b]0;x\x07", "\u202e", "\u2066", "\u200b", "\ufeff", "\ud800", "\U000e0041", "\x9b1A", "`", "```", "|",
    "[x](https://evil.example)", "![x](https://evil.example/x)", "@octocat", "#12", "www.evil.example", "\n",
    "\r\n", "\n\n# h\n", "\t", "\u2028", "[red]x[/red]", "::error::x", "a" * 500, "Ω", "bl_info ", "4.5", ":1",
)  # fmt: skip
"""What markup, terminals and templates could be tricked with."""

INVISIBLE = "\x00\x07\x1b\x9b\u200b\u202e\u2028\u2066\ufeff\ud800\U000e0041"
"""Characters that must reach no reader."""

texts = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=20)), min_size=1, max_size=6).map("".join)


FLOODS = tuple(
    (piece * 1_000_000)[:1_000_000] for piece in ("`", "*", "> ", "```\n", "[c2]", "\n", "<b>", "a\n\n", "| ")
)
"""A million characters each, of what a reader of Markdown could stumble over."""


def marked(report: Report, text: str) -> Report:
    """The report with an answer, if it holds one, whose marks lead somewhere."""
    if report.answer is None:
        return report
    cites = tuple(one.model_copy(update={"label": f"c{number}: {text}"}) for number, one in enumerate(report.citations))
    answer = report.answer.model_copy(update={"text": f"[c0] {text} [c1, c0]\n- {text}[c1]", "cites": cites})
    return report.model_copy(update={"answer": answer})


def with_text(report: Report, text: str) -> Report:
    """The report with this text for every string in it, keys of mappings included.

    Renders keep their kind and path, which a bundle's writer chooses, so that they are shown; what can only be one of a
    few words stays it.
    """
    changed = _changed(report, text)
    assert isinstance(changed, Report)
    return changed


def _changed(value: Any, text: str) -> Any:
    if isinstance(value, Artifact):
        return value.model_copy(update={"caption": text})
    if isinstance(value, BaseModel):
        free = (name for name, field in type(value).model_fields.items() if get_origin(field.annotation) is not Literal)
        return value.model_copy(update={name: _changed(getattr(value, name), text) for name in free})
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return tuple(_changed(each, text) for each in value)
    if isinstance(value, dict):
        return {f"{text}{number}": _changed(each, text) for number, each in enumerate(value.values())}
    return text if isinstance(value, str) and not isinstance(value, Enum) else value
