"""The generated pages are those the code would make today."""

from __future__ import annotations

from bot.pages import COMMAND, DOCS, pages


def test_every_generated_page_is_up_to_date() -> None:
    stale = [
        name
        for name, text in pages().items()
        if not (DOCS / name).is_file() or (DOCS / name).read_text("utf-8") != text
    ]
    assert not stale, f"{', '.join(stale)}: bring them up to date with: {COMMAND}"


def test_no_page_is_left_over() -> None:
    made = {name for name in pages() if name.startswith("rules/")}
    there = {f"rules/{path.name}" for path in (DOCS / "rules").glob("*.md")}
    assert there <= made, f"no rule makes {', '.join(sorted(there - made))}: delete them"
