from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import jsonschema
import pytest

from bot.models.report import Report
from bot.reporting.schema import COMMAND, PATH, rendered, report_schema

ROOT = Path(__file__).parents[2]


def test_the_committed_schema_is_up_to_date() -> None:
    assert (ROOT / PATH).read_text(encoding="utf-8") == rendered(), f"run: {COMMAND}"


def test_the_schema_is_a_valid_one_and_a_report_meets_it(report: Report) -> None:
    validator = jsonschema.Draft202012Validator
    validator.check_schema(report_schema())
    written = json.loads(report.model_dump_json(by_alias=True))
    validator(report_schema()).validate(written)
    assert next(iter(written)) == "schema"


@pytest.mark.parametrize("kind", ["everything", "answered", "unproven", "silent"])
def test_a_report_of_a_model_s_work_meets_it_and_is_read_back(models: Mapping[str, Report], kind: str) -> None:
    written = models[kind].model_dump_json(by_alias=True)
    jsonschema.Draft202012Validator(report_schema()).validate(json.loads(written))
    assert Report.model_validate_json(written) == models[kind]


@pytest.mark.parametrize("change", [{"schema": "bcrag.report/0"}, {"status": "fine"}, {"surprise": 1}])
def test_what_is_no_report_is_refused(report: Report, change: dict[str, object]) -> None:
    written = json.loads(report.model_dump_json(by_alias=True)) | change
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(report_schema()).validate(written)
