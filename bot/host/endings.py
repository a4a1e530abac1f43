"""How a repair job ended, for the job that tells it: a small file beside the bundle, where there is no report."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, ValidationError

from bot.models.base import Frozen
from bot.models.result import Ending, Result

FILE = "ending.json"
MAX_BYTES = 50_000
MAX_WORDS = 2_000


class Ended(Frozen):
    """An ending without a report. Read by another job, its words are hostile text."""

    ending: Ending
    why: str = Field(default="", max_length=MAX_WORDS)
    cure: str = Field(default="", max_length=MAX_WORDS)

    def result(self) -> Result:
        """The result that is told; what another job says is shown as what it said."""
        return Result(ending=self.ending, details="\n".join(filter(None, (self.why, self.cure))))


def leave(folder: Path, ending: Ending, why: str, cure: str = "") -> None:
    """Write it down, whatever else is in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    ended = Ended(ending=ending, why=why[:MAX_WORDS], cure=cure[:MAX_WORDS])
    (folder / FILE).write_text(ended.model_dump_json(indent=2) + "\n", encoding="utf-8")


def left(folder: Path) -> Ended | None:
    """What was written down; None where there is nothing that can be read."""
    file = folder / FILE
    try:
        if file.is_symlink() or not file.is_file():
            return None
        with file.open("rb") as stream:
            return Ended.model_validate_json(stream.read(MAX_BYTES))
    except (OSError, ValidationError):
        return None
