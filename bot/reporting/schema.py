"""The JSON schema of report.json, made from the model that writes it.

`python -m bot.reporting.schema --write` brings docs/report.schema.json up to date.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from bot.models.report import SCHEMA_VERSION, Report

COMMAND = "python -m bot.reporting.schema --write"
"""What regenerates the file."""

PATH = Path("docs") / "report.schema.json"
"""Where it stands, from the root of the repository."""


def report_schema() -> dict[str, Any]:
    """What report.json looks like, keys as they are written, the version field first."""
    schema = Report.model_json_schema(by_alias=True, mode="serialization")
    schema["properties"]["schema"]["const"] = SCHEMA_VERSION
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "bcrag report",
        **{key: value for key, value in schema.items() if key != "title"},
    }


def rendered() -> str:
    """The text of docs/report.schema.json."""
    return json.dumps(report_schema(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Print the schema, or with `--write` put it where it belongs in the current checkout."""
    if arguments == ["--write"]:
        PATH.write_text(rendered(), encoding="utf-8")
    else:
        sys.stdout.write(rendered())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
