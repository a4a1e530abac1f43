"""The workflows `bot init` writes, in the configurations that differ."""

from __future__ import annotations

from pathlib import Path

from bot.workflows.answers import Answers, Pin
from bot.workflows.filling import workflows

PIN = Pin(repository="example/bcrag", commit="0123456789abcdef0123456789abcdef01234567", version="v0.1.0")
CONFIGURATIONS = {
    "plain": {},
    "openai": {"llm": "openai"},
    "openrouter": {"llm": "openrouter:qwen/qwen3-coder", "max_cost": 2},
    "address": {"llm": "https://models.example.org/v1#small", "progress": False},
    "least": {"progress": False, "weekly": False, "branch": "feature/main-2"},
}


def answers(name: str) -> Answers:
    """The answers of a configuration."""
    return Answers(
        **{"pin": PIN, "branch": "main", "releases": ("4.2", "4.5"), "newest": "5.1", **CONFIGURATIONS[name]}
    )


def written(name: str, folder: Path) -> list[Path]:
    """The files of a configuration, in a repository's folder."""
    made = []
    for workflow in workflows(answers(name)):
        path = folder / workflow.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(workflow.text, encoding="utf-8")
        made.append(path)
    return made
