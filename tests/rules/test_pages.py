"""The published pages are those the rules make today."""

from __future__ import annotations

from pathlib import Path

from bot.rules.pages import COMMAND, pages

FOLDER = Path(__file__).parents[2] / "docs" / "rules"


def test_pages_are_up_to_date() -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    stale = sorted(name for name in written.keys() | pages().keys() if written.get(name) != pages().get(name))
    assert not stale, f"{', '.join(stale)} differ from the rules; run: {COMMAND}"
