"""The templates filled in: answers to the files they make."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.models.release import Release
from bot.workflows.answers import Answers
from bot.workflows.permissions import ALL, INDEX, LISTEN, PROGRESS, PUBLISH, REPAIR, Rights

FOLDER = ".github/workflows"
CHECKOUT = "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2"

_TEMPLATES = Path(__file__).parent / "templates"
_HOLES = re.compile(r"(?:\n[ ]*)+(?=\n[ ]{3,}\S)|(?:\n[ ]*)+(?=\n\n)|\s+\Z")
"""Empty lines that macros leave: inside a job, more than one, at the end."""


class Workflow(NamedTuple):
    """One file, and what its jobs may do."""

    path: str
    text: str
    about: str
    rights: tuple[Rights, ...]


def workflows(answers: Answers) -> Iterator[Workflow]:
    """The files these answers make."""
    jobs = (LISTEN, REPAIR, *((PROGRESS,) if answers.progress else ()), PUBLISH)
    usual = answers.releases
    newest = tuple(sorted({*usual, answers.newest}))
    yield _filled("bcrag.yml", "Answers commands on issues and pull requests.", answers, jobs, usual)
    yield _filled(
        "bcrag-index.yml", "Keeps the index and the Blenders in the cache, on each push.", answers, (INDEX,), usual
    )
    if answers.weekly:
        about = "Looks every Monday whether the add-on still works in the newest Blender."
        yield _filled("bcrag-weekly.yml", about, answers, jobs, newest)


def _filled(
    name: str, about: str, answers: Answers, rights: tuple[Rights, ...], releases: tuple[Release, ...]
) -> Workflow:
    # GitHub's own `${{ }}` stays as it is: the templates' signs are others.
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        variable_start_string="[[",
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
        comment_start_string="[#",
        comment_end_string="#]",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  (YAML, not HTML; `Answers` lets nothing through that could end a line)
    )
    text = environment.get_template(name).render(
        answers=answers,
        action=f"{answers.pin.repository}@{answers.pin.commit} # {answers.pin.version}",
        checkout=CHECKOUT,
        releases=",".join(map(str, releases)),
        rights=ALL,
    )
    return Workflow(f"{FOLDER}/{name}", _HOLES.sub("", text) + "\n", about, rights)
