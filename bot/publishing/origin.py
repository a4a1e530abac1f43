"""Where a bundle comes from: which errand, run and workflow made it, as the job that made it says.

A bundle can say anything. What it says here is held against what the job that publishes knows from its own
environment, or asks of GitHub.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from bot.host.surroundings import Surroundings
from bot.models.base import Frozen
from bot.models.errand import Errand, Sha

FILE = "origin.json"
SCHEMA: Literal["bcrag.origin/1"] = "bcrag.origin/1"


class Origin(Frozen):
    """What `origin.json` holds."""

    schema_: Literal["bcrag.origin/1"] = Field(default=SCHEMA, alias="schema", serialization_alias="schema")
    errand: Errand
    run: int = Field(gt=0)
    attempt: int = Field(gt=0)
    workflow: str = Field(max_length=1000)
    """The workflow's file and the ref it was taken from: `me/addon/.github/workflows/bcrag.yml@refs/heads/main`."""
    head: Sha | None = None
    """The commit that started the workflow."""
    report_sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

    model_config = ConfigDict(populate_by_name=True)


def write(folder: Path, errand: Errand, around: Surroundings) -> None:
    """Put down where the bundle in `folder` comes from; its report is there already."""
    made = Origin(
        errand=errand,
        run=around.run,
        attempt=around.attempt,
        workflow=around.workflow,
        head=around.environment.get("GITHUB_SHA") or None,
        report_sha256=hashlib.sha256((folder / "report.json").read_bytes()).hexdigest(),
    )
    (folder / FILE).write_text(made.model_dump_json(by_alias=True, indent=2) + "\n", encoding="utf-8")
