"""GitHub's expressions (`${{ … }}`), evaluated as a runner does it: its types, coercions, operators and functions."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<number>-?(?:0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?))|(?P<string>'(?:[^']|'')*')"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_-]*)|(?P<sign>&&|\|\||==|!=|<=|>=|[<>!().,*\[\]]))"
)
_EMBEDDED = re.compile(r"\$\{\{((?:'(?:[^']|'')*'|[^'])*?)\}\}", re.DOTALL)
STATUS = re.compile(r"\b(?:success|failure|always|cancelled)\s*\(")
"""A condition that asks for the status itself; any other has `success() &&` before it."""


class ExpressionError(Exception):
    """An expression GitHub would refuse."""


@dataclass(frozen=True)
class Scope:
    """What an expression can name. `status` is `success`, `failure` or `cancelled`."""

    contexts: Mapping[str, Any]
    status: str = "success"
    workspace: Path | None = None
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)


def evaluate(text: str, scope: Scope) -> Any:
    """The value of an expression, without its `${{ }}`."""
    parser = _Parser(text, scope)
    value = parser.either()
    parser.finish()
    return value


def interpolate(value: Any, scope: Scope) -> Any:
    """A value of a workflow with every `${{ }}` in it replaced; a string that is nothing else keeps its type."""
    if isinstance(value, Mapping):
        return {key: interpolate(one, scope) for key, one in value.items()}
    if isinstance(value, list):
        return [interpolate(one, scope) for one in value]
    if not isinstance(value, str):
        return value
    if inner := _alone(value):
        return evaluate(inner, scope)
    return _EMBEDDED.sub(lambda found: text(evaluate(found[1], scope)), value)


def condition(value: Any, scope: Scope) -> bool:
    """Whether an `if:` lets its job or step run; without a function that asks for it, only after success."""
    if value is None:
        return scope.status == "success"
    if isinstance(value, bool):
        return value and scope.status == "success"
    inner = _alone(str(value)) or str(value)
    if "${{" in inner:
        raise ExpressionError(f"an `if` that mixes text and expressions is always true: {value!r}")
    if not STATUS.search(inner) and scope.status != "success":
        return False
    return truthy(evaluate(inner, scope))


def _alone(value: str) -> str:
    """The expression in a string that holds one and nothing else."""
    found = _EMBEDDED.match(value.strip())
    return found[1] if found and found.end() == len(value.strip()) else ""


def truthy(value: Any) -> bool:
    """What counts as true."""
    if isinstance(value, float) and math.isnan(value):
        return False
    return value not in (None, False, 0, "") or isinstance(value, dict | list)


def text(value: Any) -> str:
    """A value as it stands in a string."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "Object"
    if isinstance(value, list):
        return "Array"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def number(value: Any) -> float:
    """A value as a number, as comparisons take it."""
    if value is None:
        return 0.0
    if isinstance(value, bool | int | float):
        return float(value)
    if isinstance(value, str):
        try:
            return float(int(value, 16)) if value.lower().startswith("0x") else float(value.strip() or 0)
        except ValueError:
            return math.nan
    return math.nan


def same(left: Any, right: Any) -> bool:
    """`==`: strings without regard to case, different types as numbers, objects by identity."""
    if isinstance(left, str) and isinstance(right, str):
        return left.casefold() == right.casefold()
    if isinstance(left, dict | list) or isinstance(right, dict | list):
        return left is right
    if left is None and right is None:
        return True
    return number(left) == number(right)


class _Parser:
    def __init__(self, source: str, scope: Scope) -> None:
        self.source, self.scope = source, scope
        self.tokens: list[tuple[str, str]] = []
        place = 0
        source = source.rstrip()
        while place < len(source):
            found = _TOKEN.match(source, place)
            if found is None:
                raise ExpressionError(f"unexpected {source[place:].strip()[:20]!r} in {self.source!r}")
            kind = found.lastgroup or ""
            self.tokens.append((kind, found[kind]))
            place = found.end()
        self.at = 0

    def finish(self) -> None:
        if self.at != len(self.tokens):
            raise ExpressionError(f"unexpected {self.tokens[self.at][1]!r} in {self.source!r}")

    def peek(self, *signs: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at][0] == "sign" and self.tokens[self.at][1] in signs

    def take(self, *signs: str) -> str | None:
        if self.peek(*signs):
            self.at += 1
            return self.tokens[self.at - 1][1]
        return None

    def need(self, sign: str) -> None:
        if self.take(sign) is None:
            raise ExpressionError(f"{sign!r} is missing in {self.source!r}")

    def either(self) -> Any:
        value = self.both()
        while self.take("||"):
            other = self.both()
            value = value if truthy(value) else other
        return value

    def both(self) -> Any:
        value = self.equal()
        while self.take("&&"):
            other = self.equal()
            value = other if truthy(value) else value
        return value

    def equal(self) -> Any:
        value = self.ordered()
        while sign := self.take("==", "!="):
            value = same(value, self.ordered()) == (sign == "==")
        return value

    def ordered(self) -> Any:
        value = self.negated()
        while sign := self.take("<", "<=", ">", ">="):
            other = self.negated()
            pair: tuple[Any, Any] = (
                (value.casefold(), other.casefold())
                if isinstance(value, str) and isinstance(other, str)
                else (number(value), number(other))
            )
            value = {
                "<": pair[0] < pair[1],
                "<=": pair[0] <= pair[1],
                ">": pair[0] > pair[1],
                ">=": pair[0] >= pair[1],
            }[sign]
        return value

    def negated(self) -> Any:
        if self.take("!"):
            return not truthy(self.negated())
        return self.followed(self.single())

    def single(self) -> Any:
        if self.take("("):
            value = self.either()
            self.need(")")
            return value
        if self.at >= len(self.tokens):
            raise ExpressionError(f"{self.source!r} ends too early")
        kind, word = self.tokens[self.at]
        self.at += 1
        if kind == "string":
            return word[1:-1].replace("''", "'")
        if kind == "number":
            return number(word)
        if kind != "name":
            raise ExpressionError(f"unexpected {word!r} in {self.source!r}")
        if self.take("("):
            arguments = []
            while not self.take(")"):
                arguments.append(self.either())
                if not self.peek(")"):
                    self.need(",")
            return _call(word, arguments, self.scope)
        if word in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[word]
        if word not in self.scope.contexts:
            raise ExpressionError(f"there is no {word!r} here: {self.source!r}")
        return self.scope.contexts[word]

    def followed(self, value: Any) -> Any:
        while sign := self.take(".", "["):
            if sign == "." and self.take("*"):
                value = _Filtered(value.values() if isinstance(value, Mapping) else value or ())
                continue
            if sign == ".":
                kind, key = self.tokens[self.at]
                if kind != "name":
                    raise ExpressionError(f"unexpected {key!r} in {self.source!r}")
                self.at += 1
            else:
                key = self.either()
                self.need("]")
            value = (
                _Filtered(_member(one, key) for one in value) if isinstance(value, _Filtered) else _member(value, key)
            )
        return list(value) if isinstance(value, _Filtered) else value


class _Filtered(list[Any]):
    """What `.*` gives: what follows is asked of each."""

    def __init__(self, values: Iterable[Any]) -> None:
        super().__init__(value for value in values if value is not None)


def _member(value: Any, key: Any) -> Any:
    if isinstance(value, Mapping):
        wanted = text(key).casefold()
        return next((one for name, one in value.items() if str(name).casefold() == wanted), None)
    if isinstance(value, Sequence) and not isinstance(value, str) and isinstance(key, int | float):
        return value[int(key)] if 0 <= key < len(value) else None
    return None


def _call(name: str, arguments: list[Any], scope: Scope) -> Any:
    lower = name.casefold()
    if lower in scope.functions:
        return scope.functions[lower](*arguments)
    if lower in ("success", "failure", "cancelled"):
        return scope.status == lower
    if lower == "always":
        return True
    if lower == "hashfiles":
        return _hash_files(arguments, scope.workspace)
    if lower not in _FUNCTIONS:
        raise ExpressionError(f"there is no function {name!r}")
    return _FUNCTIONS[lower](*arguments)


def _contains(where: Any, what: Any) -> bool:
    if isinstance(where, list):
        return any(same(one, what) for one in where)
    return text(what).casefold() in text(where).casefold()


def _format(template: str, *values: Any) -> str:
    def put(found: re.Match[str]) -> str:
        return found[0][0] if found[1] is None else text(values[int(found[1])])

    return re.sub(r"\{\{|\}\}|\{(\d+)\}", put, template)


def _hash_files(patterns: list[Any], workspace: Path | None) -> str:
    """Of files of the workspace alone, as on a runner: whatever lies elsewhere is not there."""
    if workspace is None:
        return ""
    files = sorted({path for pattern in patterns for path in workspace.glob(text(pattern)) if path.is_file()})
    if not files:
        return ""
    return hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in files)).hexdigest()


_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "contains": _contains,
    "startswith": lambda value, start: text(value).casefold().startswith(text(start).casefold()),
    "endswith": lambda value, end: text(value).casefold().endswith(text(end).casefold()),
    "format": _format,
    "join": lambda values, sign=",": text(sign).join(map(text, values if isinstance(values, list) else [values])),
    "tojson": lambda value: json.dumps(value, indent=2),
    "fromjson": lambda value: json.loads(text(value)),
}
