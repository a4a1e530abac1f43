"""One request sent, one answer taken in, both bounded; what came of it where there was no answer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

TOO_LARGE = "the answer has more than {limit} bytes"
TOO_SLOW = "the answer does not come to an end"
CONNECT_SECONDS = 15.0
READ_SECONDS = 30.0
MAX_ERROR = 1 << 18
"""Bytes that are read of an error."""
WHOLE_SECONDS = 180.0
"""For an answer from its first byte to its last."""


class NotSent(Exception):  # noqa: N818  (told apart, then worded)
    """The request did not reach the server."""


class Lost(Exception):  # noqa: N818
    """The request may have reached the server; its answer did not reach us."""


class TooLarge(Exception):  # noqa: N818
    """There is more than is taken."""


@dataclass(frozen=True)
class Asked:
    """A request. `name` is what it is called in errors: method and path, no more."""

    method: str
    url: str
    name: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = None
    repeatable: bool = True

    def moved(self, url: str) -> Asked:
        """The same, of another address."""
        return replace(self, url=url)

    def with_headers(self, more: Mapping[str, str]) -> Asked:
        """The same, with more headers."""
        return replace(self, headers={**self.headers, **more}) if more else self


@dataclass(frozen=True)
class Answer:
    """An answer. Names of headers are in small letters."""

    name: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    elsewhere: bool = False
    """From another server than the one that was asked."""


class Transport:
    """The connections to a server, made when first needed."""

    def __init__(self, client: httpx.Client | None, *, proxies: bool) -> None:
        self._client = client
        self._own = client is None
        self._proxies = proxies

    def send(self, asked: Asked, limit: int) -> Answer:
        """The answer to a request. Redirects are answers.

        Raises:
            NotSent: it did not reach the server.
            Lost: there is no (whole) answer.
            TooLarge: there is more than `limit` bytes of it.
        """
        import httpx

        headers = dict(asked.headers) | ({} if asked.body is None else {"content-type": "application/json"})
        try:
            with self._open().stream(
                asked.method, asked.url, headers=headers, content=asked.body, follow_redirects=False
            ) as response:
                body = _taken_in(response, limit)
                return Answer(asked.name, response.status_code, dict(response.headers), body)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.InvalidURL) as error:
            raise NotSent(_worded(error)) from None
        except httpx.HTTPError as error:
            raise Lost(_worded(error)) from None

    def close(self) -> None:
        """End the connections that were made here."""
        if self._own and self._client is not None:
            self._client.close()
            self._client = None

    def _open(self) -> httpx.Client:
        import httpx

        if self._client is None:
            self._client = httpx.Client(
                timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
                follow_redirects=False,
                trust_env=self._proxies,
            )
        return self._client


def _taken_in(response: httpx.Response, limit: int) -> bytes:
    """What an answer holds. Of an error's it is the beginning that counts: whatever was wanted, this is not it."""
    whole = response.is_success
    limit = limit if whole else MAX_ERROR
    said = response.headers.get("content-length", "")
    if whole and said.isdecimal() and len(said) < 20 and int(said) > limit:
        raise TooLarge(TOO_LARGE.format(limit=limit))
    end = time.monotonic() + WHOLE_SECONDS
    parts: list[bytes] = []
    length = 0
    for block in response.iter_bytes():
        length += len(block)
        if length > limit and whole:
            raise TooLarge(TOO_LARGE.format(limit=limit))
        if time.monotonic() > end:
            raise Lost(TOO_SLOW)
        parts.append(block)
        if length > limit:
            break
    return b"".join(parts)


def _worded(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
