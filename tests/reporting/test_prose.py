from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reporting import prose
from bot.reporting.prose import Code, Items, Paragraph, Span
from hostile import FLOODS, INVISIBLE, texts

TEXT = """## Why

It sets `Mesh.use_auto_smooth` [c1], which is **`gone`** [c1, c2]; *really*.

- one
  more
- two

1. first
```python
x = 1  # [c1]
```
| a | b |
|---|---|
> quoted
---
"""


def spans(text: str, *known: str) -> list[tuple[str, str]]:
    (paragraph,) = prose.read(text, {mark: number for number, mark in enumerate(known, 1)})
    assert isinstance(paragraph, Paragraph)
    return [(span.kind, span.text) for span in paragraph.spans]


def test_what_is_known_of_markdown_is_read_and_nothing_more() -> None:
    heading, text, bullets, numbers, code, table, quoted = prose.read(TEXT, {"c1": 1, "c2": 2})
    assert heading == Paragraph((Span("text", "Why"),), "heading")
    assert isinstance(text, Paragraph)
    assert [span for span in text.spans if span.kind != "text"] == [
        Span("code", "Mesh.use_auto_smooth"),
        Span("mark", "1"),
        Span("strong", "gone"),
        Span("mark", "1"),
        Span("mark", "2"),
        Span("stress", "really"),
    ]
    assert bullets == Items(((Span("text", "one more"),), (Span("text", "two"),)), "bullets")
    assert isinstance(numbers, Items) and numbers.kind == "numbers"
    assert code == Code("x = 1  # [c1]")
    assert table == Code("| a | b |\n|---|---|")
    assert quoted == Paragraph((Span("text", "quoted"),))


@pytest.mark.parametrize(
    "text", ["<b>x</b>", "![x](y)", "[x](https://y)", "a * b * c", "__init__.py", "[c9]", "C#", "x_y_z", "[c1-c3]"]
)
def test_what_is_no_part_of_it_stays_its_characters(text: str) -> None:
    assert spans(text, "c1") == [("text", text)]


def test_a_mark_stands_at_the_word_before_it() -> None:
    assert spans("Gone [c1].", "c1") == [("text", "Gone"), ("mark", "1"), ("text", ".")]


def test_marks_that_lead_nowhere_can_be_left_out() -> None:
    assert prose.unmarked("Gone [c1], so is it [c2, c3].") == "Gone, so is it."


@given(texts | st.text(alphabet="`*[]c12, \n->|#=_ ab~\r", max_size=60))
def test_every_word_is_kept_but_for_what_marks_it(text: str) -> None:
    words = prose.plain(prose.read(text, {"c1": 1}))
    assert not set(INVISIBLE) & set(words)
    kept = [letter for letter in text if letter.isascii() and letter.isalpha() and letter != "c"]
    shown = [letter for letter in words if letter.isascii() and letter.isalpha() and letter != "c"]
    assert len(shown) <= len(kept)
    if "`" not in text and "~" not in text:  # what follows a fence names a language
        assert shown == kept


@pytest.mark.parametrize("flood", FLOODS, ids=range(len(FLOODS)))
def test_a_flood_is_cut_and_read_in_no_time(flood: str) -> None:
    began = time.process_time()
    assert len(prose.plain(prose.read(flood, {"c2": 1}))) <= prose.LIMIT
    assert time.process_time() - began < 2
