"""Requests to GitHub's API and their answers: one at a time, patient within bounds, and with the token to nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.host.values import Token


class Wire:
    """One server and one token."""

    def __init__(self, base_url: str, token: Token) -> None:
        self.token = token
        self._base = base_url

    def request(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        params: Mapping[str, Any] | None = None,
        repeatable: bool | None = None,
    ) -> Any:
        """The answer, parsed; null where it is empty."""
        raise NotImplementedError

    def graphql(self, query: str, variables: Mapping[str, Any] | None = None) -> Any:
        """What a query or mutation gives."""
        raise NotImplementedError

    def pages(
        self, path: str, params: Mapping[str, Any] | None = None, key: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """Every entry of a list, page after page."""
        raise NotImplementedError

    def raw(self, path: str, *, limit: int) -> bytes:
        """An answer's bytes."""
        raise NotImplementedError
