"""Requests to GitHub and their answers: one at a time, patient within bounds, the token for one server alone."""

from __future__ import annotations

import json as js
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from bot.host import addresses
from bot.host.errors import Clash, HostError, NotAllowed, NotThere, RateLimited, Unreachable
from bot.host.limits import SECONDARY_WAIT, reason, refusal
from bot.host.memory import Memory
from bot.host.transport import Answer, Asked, Lost, NotSent, TooLarge, Transport
from bot.host.values import Token

if TYPE_CHECKING:
    import httpx

NO_JSON = "the answer is no JSON"
NO_LIST = "the answer is no list"
TOO_MANY = "there are more than {most} pages"
ELSEWHERE = "it leads to another server"
IN_CIRCLES = "it leads round in circles"
NO_TOKEN = "the token holds characters that no token has"  # noqa: S105
NO_TOKEN_CURE = "See the secret the token comes from: it may have been pasted with a line break in it."  # noqa: S105
REMOVED = "[removed: the token]"

MAX_BYTES = 64 << 20
"""Of one answer; the largest there are hold whole trees."""
MAX_PAGES = 100
MAX_REDIRECTS = 3
TRIES = 5
FIRST_WAIT = 1.0
PATIENCE = 60.0
"""Seconds that are waited for one request altogether; where GitHub asks for more, there is no answer."""
SPACING = 1.0
"""Seconds between two requests that change something: GitHub's own advice."""

ACCEPT = "application/vnd.github+json"
API_VERSION = "2022-11-28"
AGENT = "bcrag"

_HARMLESS = frozenset({"GET", "HEAD", "PUT", "PATCH", "DELETE"})
"""Said twice, they come to the same as said once."""
_READING = frozenset({"GET", "HEAD"})
_MOVED = frozenset({301, 302, 303, 307, 308})
_MOVED_AS_IT_IS = frozenset({307, 308})
_GRAPHQL: dict[str, type[HostError]] = {
    "FORBIDDEN": NotAllowed,
    "INSUFFICIENT_SCOPES": NotAllowed,
    "NOT_FOUND": NotThere,
}


class _Later(Exception):  # noqa: N818  (on its way to the next try)
    def __init__(self, error: HostError, wait: float) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait = wait


class Wire:
    """One server and one token. `sleep`, `clock`, `spacing` and `patience` are handed in for tests' sake."""

    def __init__(
        self,
        base_url: str,
        token: Token,
        *,
        client: httpx.Client | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
        spacing: float = SPACING,
        patience: float = PATIENCE,
    ) -> None:
        self.token = token
        self._secret = token.value.get_secret_value()
        if not self._secret.isascii() or not self._secret.isprintable() or " " in self._secret:
            raise NotAllowed("a request", NO_TOKEN, cure=NO_TOKEN_CURE)
        self._base = addresses.base(base_url)
        self._transport = Transport(client, proxies=not addresses.loopback(self._host))
        self._memory = Memory()
        self._lock = threading.Lock()
        self._sleep = sleep
        self._clock = clock
        self._spacing = spacing
        self._patience = patience
        self._changed_at: float | None = None

    def __repr__(self) -> str:
        return f"Wire({self._base!r}, {self.token!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connections."""
        self._transport.close()

    def request(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        params: Mapping[str, Any] | None = None,
        repeatable: bool | None = None,
    ) -> Any:
        """The answer, parsed; null where it is empty.

        What may have been done is not asked for again, unless it is `repeatable`: all but POST are.
        """
        again = method in _HARMLESS if repeatable is None else repeatable
        return _parsed(self._ask(self._asked(method, path, json, params, again)))

    def graphql(self, query: str, variables: Mapping[str, Any] | None = None) -> Any:
        """What a query gives, or a mutation that comes to the same when it is said twice."""
        asked = Asked(
            "POST",
            addresses.graphql(self._base),
            "GraphQL",
            self._headers(),
            _written({"query": query, "variables": dict(variables or {})}),
            repeatable=True,
        )
        answer = _parsed(self._ask(asked))
        answer = answer if isinstance(answer, dict) else {}
        if answer.get("errors"):
            raise self._graphql_error(answer)
        return answer.get("data")

    def pages(
        self, path: str, params: Mapping[str, Any] | None = None, key: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """Every entry of a list, asked for page by page; `key` is where it stands in each answer."""
        asked = self._asked("GET", path, None, params, True)
        for _ in range(MAX_PAGES):
            answer = self._ask(asked)
            page = _parsed(answer)
            entries = page.get(key) if key is not None and isinstance(page, dict) else page
            if not isinstance(entries, list):
                raise Unreachable(asked.name, NO_LIST)
            yield from (entry for entry in entries if isinstance(entry, dict))
            link = addresses.next_page(answer.headers.get("link"))
            if link is None:
                return
            url = addresses.led_to(asked.url, link)
            if url is None or not self._ours(url):
                raise Unreachable(asked.name, ELSEWHERE)
            if url == asked.url:
                raise Unreachable(asked.name, IN_CIRCLES)
            asked = asked.moved(url)
        raise HostError(asked.name, TOO_MANY.format(most=MAX_PAGES))

    def raw(self, path: str, *, params: Mapping[str, Any] | None = None, limit: int = MAX_BYTES) -> bytes:
        """An answer's bytes, no more than so many; from another server, asked without the token, if it leads there."""
        return self._ask(self._asked("GET", path, None, params, True), limit=limit, elsewhere=True).body

    # One request, however often it has to be sent

    def _ask(self, asked: Asked, *, limit: int = MAX_BYTES, elsewhere: bool = False) -> Answer:
        from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

        left = self._patience
        tried = 0

        def once() -> Answer:
            nonlocal left, tried
            tried += 1
            try:
                return self._once(asked, limit, elsewhere)
            except _Later as later:
                # A limit of our own making grows where it was not enough.
                wait = later.wait if isinstance(later.error, RateLimited) else FIRST_WAIT * 2.0 ** (tried - 1)
                if tried >= TRIES or wait > left:
                    raise later.error from None
                left -= wait
                raise _Later(later.error, wait) from None

        def waiting(state: RetryCallState) -> float:
            later = state.outcome.exception() if state.outcome else None
            return later.wait if isinstance(later, _Later) else FIRST_WAIT

        tries = Retrying(
            retry=retry_if_exception_type(_Later), stop=stop_after_attempt(TRIES), wait=waiting, sleep=self._sleep
        )
        with self._lock:
            answer: Answer = tries(once)
        return answer

    def _once(self, asked: Asked, limit: int, elsewhere: bool) -> Answer:
        """One try: an answer, an error, or `_Later`."""
        if asked.method not in _READING:
            self._keep_apart()
        known = self._memory.headers(asked)
        try:
            answer = self._sent(asked.with_headers(known), limit, elsewhere)
        except TooLarge as large:
            raise HostError(asked.name, str(large)) from None
        except (NotSent, Lost) as lost:
            error = Unreachable(asked.name, self._safe(str(lost)))
            if isinstance(lost, Lost) and not asked.repeatable:
                raise error from None
            raise _Later(error, FIRST_WAIT) from None
        if answer.status == 304 and known:
            return self._memory.answer(asked)
        if 200 <= answer.status < 300:
            self._memory.keep(asked, answer)
            return answer
        raise self._refused(asked, answer)

    def _refused(self, asked: Asked, answer: Answer) -> HostError | _Later:
        now = self._clock()
        error = refusal(answer.status, answer.headers, self._safe_bytes(answer.body), asked.name, now)
        if isinstance(error, RateLimited):
            return _Later(error, max(0.0, error.until.timestamp() - now))
        if answer.status >= 500 and asked.repeatable:
            return _Later(error, FIRST_WAIT)
        return error

    def _sent(self, asked: Asked, limit: int, elsewhere: bool) -> Answer:
        """The answer at the end of the redirects. The token does not go along to another server."""
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._transport.send(asked, limit)
            followed = _MOVED if asked.method in _READING else _MOVED_AS_IT_IS
            url = addresses.led_to(asked.url, answer.headers.get("location")) if answer.status in followed else None
            if url is None:
                if answer.status in _MOVED:
                    raise Unreachable(asked.name, f"status {answer.status}")
                return answer
            if self._ours(url):
                asked = asked.moved(url)
                continue
            if not elsewhere or not self._safe_elsewhere(url):
                raise Unreachable(asked.name, ELSEWHERE)
            return self._foreign(asked, url, limit)
        raise Unreachable(asked.name, IN_CIRCLES)

    def _foreign(self, asked: Asked, url: str, limit: int) -> Answer:
        """What another server has for us. Its address may itself be a key: it is not named."""
        answer = self._transport.send(Asked("GET", url, asked.name, {"user-agent": AGENT}), limit)
        if answer.status != 200:
            raise Lost(f"status {answer.status} from the server it leads to")
        return replace(answer, elsewhere=True)

    def _keep_apart(self) -> None:
        now = self._clock()
        if self._changed_at is not None and (wait := self._changed_at + self._spacing - now) > 0:
            self._sleep(min(wait, self._spacing))
        self._changed_at = self._clock()

    # Small things

    @property
    def _host(self) -> str:
        return (addresses.origin(self._base) or ("", "", 0))[1]

    def _ours(self, url: str) -> bool:
        return addresses.origin(url) == addresses.origin(self._base)

    def _safe_elsewhere(self, url: str) -> bool:
        return url.startswith("https://") or self._base.startswith("http://")

    def _headers(self) -> dict[str, str]:
        return {
            "accept": ACCEPT,
            "authorization": f"Bearer {self._secret}",
            "user-agent": AGENT,
            "x-github-api-version": API_VERSION,
        }

    def _asked(self, method: str, path: str, json: object, params: Mapping[str, Any] | None, again: bool) -> Asked:
        body = None if json is None else _written(json)
        url = addresses.with_query(self._base + path, params)
        return Asked(method, url, f"{method} {path}", self._headers(), body, repeatable=again)

    def _safe(self, text: str) -> str:
        return text.replace(self._secret, REMOVED) if self._secret else text

    def _safe_bytes(self, body: bytes) -> bytes:
        return body.replace(self._secret.encode(), REMOVED.encode()) if self._secret else body

    def _graphql_error(self, answer: dict[str, Any]) -> HostError:
        errors = answer["errors"]
        first = errors[0] if isinstance(errors, list) and isinstance(errors[0], dict) else {}
        said = self._safe(reason(js.dumps(answer).encode()))
        if first.get("type") == "RATE_LIMITED":
            return RateLimited(datetime.fromtimestamp(self._clock() + SECONDARY_WAIT, UTC), "GraphQL", said)
        return _GRAPHQL.get(str(first.get("type")), Clash)("GraphQL", said)


def _written(value: object) -> bytes:
    return js.dumps(value, separators=(",", ":")).encode()


def _parsed(answer: Answer) -> Any:
    if not answer.body.strip():
        return None
    try:
        return js.loads(answer.body)
    except (ValueError, RecursionError):
        raise Unreachable(answer.name, NO_JSON) from None
