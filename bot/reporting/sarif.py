"""Faults as SARIF 2.1.0, for GitHub code scanning and other viewers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bot.models.addon import Addon
from bot.models.fault import Fault, FaultKind, Proof
from bot.models.release import Release
from bot.models.validation import Observation
from bot.reporting.fingerprint import Marked, said
from bot.reporting.text import block, line
from bot.rules.base import Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "bcragFault/v1"
MOST = 25_000
"""Results GitHub takes of one run."""

LEVELS = {Proof.REPRODUCED: "error", Proof.API: "error", Proof.STATIC: "warning"}
PROOFS = {
    Proof.REPRODUCED: "It was raised in real Blender.",
    Proof.API: "A real Blender of that release was asked.",
    Proof.STATIC: "Stubs, checkers or a log say so; nothing was run.",
}
KINDS = {
    FaultKind.LOAD: "The add-on cannot be enabled.",
    FaultKind.CLASS: "A class cannot be registered.",
    FaultKind.DISABLE: "The add-on cannot be disabled.",
    FaultKind.OPERATOR: "An operator fails.",
    FaultKind.PANEL: "A panel or menu cannot be drawn.",
    FaultKind.NODE: "A node fails.",
    FaultKind.PROPERTY: "A property fails when it is set or read.",
    FaultKind.HANDLER: "A handler or a timer fails.",
    FaultKind.KEYMAP: "A shortcut is for an operator that is not there.",
    FaultKind.FUNCTION: "A function fails.",
    FaultKind.RELOAD: "Saving and loading a file fails.",
    FaultKind.LEFT_BEHIND: "What is left behind when the add-on is disabled fails.",
    FaultKind.API: "The API the code uses is not there.",
    FaultKind.SYNTAX: "The file is no Python.",
    FaultKind.LINT: "A checker refuses the code.",
    FaultKind.CRASH: "Blender crashes.",
    FaultKind.TIMEOUT: "Blender does not answer in time.",
    FaultKind.TAMPERING: "The add-on tampers with what watches it.",
    FaultKind.SCENARIO: "A script that states what a person expects fails.",
    FaultKind.TEST: "A test of the repository fails.",
    FaultKind.LOG: "A log or an issue tells of an error.",
}
ROOT = "The root of the repository."


@dataclass(frozen=True)
class Checked:
    """What was checked, and how it ended."""

    addon: Addon
    commit: str
    releases: tuple[Release, ...]
    static: bool
    version: str
    """The version of bcrag."""
    exit_status: int
    reached: bool = True
    """Every release that had to be looked at was."""


def document(
    checked: Checked,
    marked: Sequence[Marked],
    rules: Sequence[Rule],
    observations: Sequence[Observation],
    seen_in: Mapping[str, Sequence[Release]],
    *,
    compared: bool = False,
) -> str:
    """The SARIF text, ending in a newline.

    `seen_in` tells by fingerprint in which releases a fault was seen; `compared`: a baseline left these
    over, so they are new.
    """
    taken = marked[:MOST]
    used = sorted({_rule_id(one.fault) for one in taken})
    by_code = {rule.code: rule for rule in rules}
    kinds = {_rule_id(one.fault): one.fault.kind for one in reversed(taken)}
    descriptors = [_rule(by_code[name]) if name in by_code else _sensor(name, kinds[name]) for name in used]
    index = {name: number for number, name in enumerate(used)}
    where = "static" if checked.static else "-".join(str(release) for release in checked.releases)
    run = {
        "tool": {"driver": {"name": "bcrag", "semanticVersion": checked.version, "rules": descriptors}},
        "automationDetails": {
            # up to the last slash: what GitHub keeps apart; after it: this very run
            "id": f"bcrag/{quote(checked.addon.path, safe='')}/{where}/{checked.commit}",
            "description": {"text": _description(checked)},
        },
        "invocations": [_invocation(checked, observations)],
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": ROOT}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, index[_rule_id(one.fault)], checked.addon, seen_in, compared) for one in taken],
        "properties": {
            "addon": checked.addon.module,
            "commit": checked.commit,
            "releases": [str(release) for release in checked.releases],
        },
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _result(
    one: Marked, rule: int, addon: Addon, seen_in: Mapping[str, Sequence[Release]], compared: bool
) -> dict[str, Any]:
    fault = one.fault
    name = _rule_id(fault)
    releases = [str(release) for release in sorted(seen_in.get(one.fingerprint, ()))]
    where = f" (Blender {', '.join(releases)})" if releases else ""
    properties: dict[str, Any] = {
        "proof": fault.proof.value,
        "kind": fault.kind.value,
        "source": fault.source.value,
        "tags": [fault.proof.value, *(f"blender-{release}" for release in releases)],
        "releases": releases,
    }
    for key in ("owner", "member", "exception", "subject"):
        if value := getattr(fault, key):
            properties[key] = line(value, 300)
    result: dict[str, Any] = {
        "ruleId": name,
        "ruleIndex": rule,
        "kind": "fail",
        "level": LEVELS[fault.proof],
        "message": {"text": f"{said(fault, 1_000) or name}{where}. {PROOFS[fault.proof]}"},
        "locations": [{"physicalLocation": _place(fault, addon)}],
        "partialFingerprints": {FINGERPRINT: f"{one.fingerprint}:{one.occurrence}"},
        "properties": properties,
    }
    if compared:
        result["baselineState"] = "new"
    return result


def _place(fault: Fault, addon: Addon) -> dict[str, Any]:
    """The place; of a fault without one the beginning of the add-on, because viewers drop results without a file."""
    path = fault.path or _entry(addon)
    artifact = {"uri": quote(path.encode("utf-8", "surrogateescape"), safe="/"), "uriBaseId": "SRCROOT"}
    first = max(fault.line, 1)
    return {"artifactLocation": artifact, "region": {"startLine": first, "endLine": max(fault.end_line, first)}}


def _entry(addon: Addon) -> str:
    if addon.single_file:
        return addon.path
    entry = "__init__.py" if addon.path == "." else f"{addon.path}/__init__.py"
    return entry if entry in addon.files or not addon.files else addon.files[0]


def _rule_id(fault: Fault) -> str:
    return fault.rule or f"bcrag/{fault.kind.value}"


def _rule(rule: Rule) -> dict[str, Any]:
    known = rule.documentation
    title = known.title.rstrip(".")
    span = f"{rule.since} to before {rule.until}" if rule.until else f"{rule.since} and later"
    told: dict[str, Any] = {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": title},
        "fullDescription": {"text": line(known.why_it_breaks, 1_000)},
        "help": {
            "text": block(f"{known.what_it_does}\n\n{known.why_it_breaks}\n\n{known.fix_safety}"),
            "markdown": block(
                f"# {title}\n\n{known.what_it_does}\n\n{known.why_it_breaks}\n\n```python\n{known.before}```\n\n"
                f"Use instead:\n\n```python\n{known.after}```\n\n{known.fix_safety}\n"
            ),
        },
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": [rule.family, f"Blender {span}"], "safety": rule.safety.value, "mode": rule.mode},
    }
    if known.references:
        told["helpUri"] = known.references[0]
    return told


def _sensor(name: str, kind: FaultKind) -> dict[str, Any]:
    """What has no rule of its own."""
    return {
        "id": name,
        "name": f"{kind.value.capitalize()}Fault",
        "shortDescription": {"text": KINDS[kind]},
        "help": {"text": f"{KINDS[kind]} No rule knows a repair."},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": [kind.value]},
    }


def _invocation(checked: Checked, observations: Sequence[Observation]) -> dict[str, Any]:
    notes = [
        {
            "level": "warning" if seen.static or checked.reached else "error",
            "message": {"text": line(seen.note, 500) or "not reached"},
            "descriptor": {"id": f"bcrag/{seen.validator}"},
            **({"properties": {"releases": [str(seen.release)]}} if seen.release else {}),
        }
        for seen in observations
        if not seen.reached
    ]
    told: dict[str, Any] = {"executionSuccessful": checked.reached, "exitCode": checked.exit_status}
    return {**told, "toolExecutionNotifications": notes} if notes else told


def _description(checked: Checked) -> str:
    how = "read" if checked.static else "run in Blender " + ", ".join(str(release) for release in checked.releases)
    return f"{line(checked.addon.name, 200) or checked.addon.module}, {how}"
