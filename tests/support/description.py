"""Requests held against GitHub's own description of its API: what it does not know, a test may not ask for."""

from __future__ import annotations

import functools
import re
from typing import Any
from urllib.parse import parse_qsl, unquote

import jsonschema

import octokit

_REQUIRED = {"user-agent": ".+", "accept": r"application/vnd\.github", "x-github-api-version": r"\d{4}-\d\d-\d\d"}
_PLACEHOLDER = re.compile(r"\{([^}]+)\}")


def violations(method: str, path: str, query: str, headers: dict[str, str], body: Any) -> list[str]:
    """What is wrong with a request; nothing, usually. Names of headers are in small letters."""
    wrong = [
        f"header {name}: {headers.get(name)!r}"
        for name, pattern in _REQUIRED.items()
        if not re.match(pattern, headers.get(name, ""))
    ]
    if path == "/graphql":
        return wrong if isinstance(body, dict) and isinstance(body.get("query"), str) else [*wrong, "no query"]
    found = operation(method, path)
    if found is None:
        return [*wrong, "not in GitHub's description"]
    known, values = found
    return wrong + _parameters(known, values, query) + _body(known, body)


def operation(method: str, path: str) -> tuple[dict[str, Any], dict[str, str]] | None:
    """What the description says of a request, and what stands in its path."""
    for pattern, template in _templates():
        match = pattern.fullmatch(path)
        known = octokit.description()["paths"][template].get(method.lower()) if match else None
        if match and known:
            names = _PLACEHOLDER.findall(template)
            return known, dict(zip(names, map(unquote, match.groups()), strict=True))
    return None


@functools.cache
def _templates() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The paths, those that say most first."""
    made = []
    for template, methods in octokit.description()["paths"].items():
        wide = {
            parameter["name"]
            for known in methods.values()
            if isinstance(known, dict)
            for parameter in map(_resolved, known.get("parameters", ()))
            if parameter.get("x-multi-segment")
        }
        parts = _PLACEHOLDER.split(template)
        pattern = "".join(
            re.escape(part) if not place % 2 else "(.+)" if part in wide else "([^/]+)"
            for place, part in enumerate(parts)
        )
        made.append((re.compile(pattern), template))
    return tuple(sorted(made, key=lambda each: (-len(_PLACEHOLDER.sub("", each[1])), each[1])))


def _parameters(known: dict[str, Any], values: dict[str, str], query: str) -> list[str]:
    parameters = [_resolved(parameter) for parameter in known.get("parameters", ())]
    given = dict(parse_qsl(query, keep_blank_values=True))
    in_query = {parameter["name"]: parameter for parameter in parameters if parameter["in"] == "query"}
    wrong = [f"query {name}: not in GitHub's description" for name in given if name not in in_query]
    wrong += [f"query {name}: lacking" for name, each in in_query.items() if each.get("required") and name not in given]
    here = [(each, values.get(each["name"])) for each in parameters if each["in"] == "path"]
    here += [(each, given[name]) for name, each in in_query.items() if name in given]
    for parameter, value in here:
        schema = schema_of(parameter.get("schema", {}))
        if value is not None and (fault := _fault(schema, _typed(schema, value))):
            wrong.append(f"{parameter['in']} {parameter['name']}: {fault}")
    return wrong


def _typed(schema: dict[str, Any], value: str) -> Any:
    """A value of an address as what it stands for."""
    kinds = {each.get("type") for each in [schema, *schema.get("oneOf", ()), *schema.get("anyOf", ())]}
    if "integer" in kinds and re.fullmatch(r"-?\d+", value):
        return int(value)
    if "boolean" in kinds and value in ("true", "false"):
        return value == "true"
    return value


def _body(known: dict[str, Any], body: Any) -> list[str]:
    asked = _resolved(known.get("requestBody", {}))
    if body is None:
        return ["body: lacking"] if asked.get("required") else []
    schema = asked.get("content", {}).get("application/json", {}).get("schema")
    if schema is None:
        return ["body: not in GitHub's description"] if body else []
    schema = schema_of(schema)
    fault = _fault(schema, body)
    return ([f"body: {fault}"] if fault else []) + [f"body {name}: unknown" for name in _unknown(schema, body, "")]


def _unknown(schema: dict[str, Any], value: Any, at: str) -> list[str]:
    """The fields of a body that the description does not name, however deep."""
    if isinstance(value, list):
        items = schema.get("items")
        return [name for each in value for name in _unknown(items, each, at)] if isinstance(items, dict) else []
    choices = [each for key in ("oneOf", "anyOf", "allOf") for each in schema.get(key, ())]
    properties = {**schema.get("properties", {})}
    for choice in choices:
        properties |= choice.get("properties", {}) if isinstance(choice, dict) else {}
    if not isinstance(value, dict) or not properties or schema.get("additionalProperties"):
        return []
    found = [at + name for name in value if name not in properties]
    for name, each in value.items():
        found += _unknown(properties.get(name, {}), each, f"{at}{name}.")
    return found


def _fault(schema: dict[str, Any], value: Any) -> str:
    error = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(schema).iter_errors(value))
    return "" if error is None else f"{error.json_path}: {error.message[:300]}"


def _resolved(part: dict[str, Any]) -> dict[str, Any]:
    """A part of the description, followed where it stands elsewhere."""
    while "$ref" in part:
        found: Any = octokit.description()
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name.replace("~1", "/").replace("~0", "~")]
        part = found
    return part


def schema_of(part: Any) -> Any:
    """A schema of the description as JSON Schema has it: nothing stands elsewhere, and null is a type."""
    if isinstance(part, list):
        return [schema_of(each) for each in part]
    if not isinstance(part, dict):
        return part
    part = _resolved(part)
    made = {name: schema_of(value) for name, value in part.items() if name not in ("nullable", "example", "examples")}
    if not isinstance(part.get("nullable"), bool) or not part["nullable"]:
        return made
    return {"anyOf": [made, {"type": "null"}]} | {name: made[name] for name in ("properties", "items") if name in made}
