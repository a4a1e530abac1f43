"""Secrets in text, known by their form: keys, tokens, private keys. Few kinds, and hardly ever a false alarm."""

from __future__ import annotations

import re

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("a private key", r"-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----"),
        ("an AWS key", r"(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])"),
        (
            "an AWS key",
            r"(?i:aws_?secret_?access_?key)[\"']?\s{0,4}[:=]\s{0,4}[\"']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])",
        ),
        ("a GitHub token", r"(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{36}"),
        ("a GitHub token", r"(?<![A-Za-z0-9])github_pat_[A-Za-z0-9_]{22}"),
        ("a GitLab token", r"(?<![A-Za-z0-9])glpat-[A-Za-z0-9_-]{20}"),
        ("an API key", r"(?<![A-Za-z0-9_-])sk-(?:proj|ant|or|svcacct|admin)-[A-Za-z0-9_-]{16}"),
        ("an API key", r"(?<![A-Za-z0-9_-])sk-(?=[A-Za-z]{0,40}\d)[A-Za-z0-9]{20}"),
        ("an API key", r"(?<![A-Za-z0-9])[rs]k_(?:live|test)_[A-Za-z0-9]{16}"),
        ("an API key", r"(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}"),
        ("a Slack token", r"(?<![A-Za-z0-9])xox[abeoprs]-(?:\d-)?[A-Za-z0-9]{0,2}\d[A-Za-z0-9-]{8}"),
        ("a Hugging Face token", r"(?<![A-Za-z0-9])hf_[A-Za-z0-9]{30}"),
        ("an npm token", r"(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}"),
        ("a PyPI token", r"(?<![A-Za-z0-9])pypi-AgE[A-Za-z0-9_-]{40}"),
        ("a JSON web token", r"(?<![A-Za-z0-9])eyJ[\w-]{10,2000}\.eyJ[\w-]{10,2000}\.[\w-]{10}"),
        ("a bearer token", r"(?i:\bbearer)\s{1,4}(?=[A-Za-z._~+/-]{0,200}\d)[A-Za-z0-9._~+/-]{24}"),
    )
)


_GAP = r"(?:\s|\\[nr]){0,8}"
_BODY = (
    rf"(?:{_GAP}(?:[A-Za-z-]{{1,30}}: [^\n]{{1,100}}|[A-Za-z0-9+/=]{{16,}})){{0,2000}}"
    rf"(?:{_GAP}[\w+/=]{{1,76}}(?={_GAP}-----END))?"
)
"""The lines of a key: headers, base64, and a last line that may be short."""
_REST = r"[\w.~+/=-]*"
"""What is left of a secret after the part it is known by."""

_WHOLE = tuple(
    (kind, re.compile(f"(?:{pattern.pattern}){_BODY if kind == 'a private key' else _REST}", re.ASCII))
    for kind, pattern in _KINDS
)
REMOVED = "[removed: {kind}]"


def redacted(text: str) -> str:
    """The text without its secrets: what leaves this machine, or is shown, passes here."""
    for kind, pattern in _WHOLE:
        text = pattern.sub(REMOVED.format(kind=kind), text)
    return text


def secrets_in(text: str) -> tuple[tuple[str, str], ...]:
    """The secrets of a text: of what kind each is, and how it begins."""
    return tuple((kind, found[0]) for kind, pattern in _KINDS for found in pattern.finditer(text))
