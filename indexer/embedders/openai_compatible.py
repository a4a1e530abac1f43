"""Embeddings from an endpoint that speaks OpenAI's `/v1/embeddings`: a company's, or one's own (vLLM, Ollama, TEI).

Through httpx, not the `openai` package: this is one request of three fields, and that package brings
seven others and takes half a second to import.
"""

from __future__ import annotations

import email.utils
import json
import os
import time
from collections.abc import Sequence
from functools import cached_property
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit, urlunsplit

from indexer.embedders.base import Vectors
from indexer.embedders.extras import plain, unit
from indexer.errors import MissingError, UsageError

if TYPE_CHECKING:
    import httpx
    from tenacity import RetryCallState

KEY = "BCRAG_EMBEDDINGS_KEY"
"""The environment variable that holds the key; it is read nowhere else from, and never shown."""

BATCH = 64
MAX_TEXT = 16_000
"""Characters of a text that are sent: endpoints refuse texts of more than about 8,000 tokens."""

MAX_ANSWER = 64 << 20
"""Bytes of an answer that are read; 64 vectors of 4,096 numbers take about 6 MB."""

MAX_DIMENSIONS = 16_384
ATTEMPTS = 5
LONGEST_WAIT = 60.0
"""Seconds; an endpoint that wants more is as good as down."""

TIMEOUT = 60.0
CONNECT_TIMEOUT = 10.0

BAD_URL = "{url!r} is not the address of an embeddings endpoint."
GOOD_URL = "Write openai:MODEL@BASE_URL, for example openai:text-embedding-3-small@https://api.openai.com/v1"
PLAIN = "The key in {key} would be sent to {host} unencrypted."
USE_HTTPS = "Use an https address, or unset {key} if the endpoint needs no key."
UNREACHABLE = "The embeddings endpoint {host} does not answer: {why}"
CHECK_ENDPOINT = "Check the address and that the endpoint is running, or use the built-in embedder: static"
REFUSED = "The embeddings endpoint {host} answered {status}: {why}"
NO_KEY = "Put a valid key for it into the environment variable {key}."
NONSENSE = "The embeddings endpoint {host} gave an answer that makes no sense: {why}"
NO_MODEL = "Check the model's name ({model}) and the address; the address usually ends in /v1."
WAIT = "Try again later, or use the built-in embedder: static"


class _Again(Exception):  # noqa: N818  (an answer, not a fault)
    """An answer that may be another one later; `wait` is what the endpoint asked for, in seconds."""

    def __init__(self, error: MissingError, wait: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait = wait


class OpenAICompatibleEmbedder:
    """See the module.

    Overload (429) and faults of the endpoint (5xx, broken connections) are retried up to four times,
    after the time the endpoint asks for or a growing random one. Every answer is checked: as many
    vectors as texts, all of one length, nothing but numbers. `key` is for tests; it is taken from
    `BCRAG_EMBEDDINGS_KEY` otherwise. `pause` is the first wait between attempts, in seconds.
    """

    def __init__(
        self, model: str, base_url: str, *, key: str | None = None, batch: int = BATCH, pause: float = 0.5
    ) -> None:
        self.model = model
        self._url = _checked(model, base_url)
        self._key = os.environ.get(KEY, "") if key is None else key
        self._batch = batch
        self._pause = pause
        self._width = 0
        if self._key and self._url.scheme == "http" and not _loopback(self._host):
            raise UsageError(PLAIN.format(key=KEY, host=self._host), USE_HTTPS.format(key=KEY))

    @property
    def name(self) -> str:
        """`openai-MODEL@HOST/PATH`: the endpoint alone knows which version of the model it runs."""
        return f"openai-{self.model}@{self._url.netloc}{self._url.path}"

    @property
    def dimensions(self) -> int:
        """Numbers per vector; known from the first answer, which is asked for if there was none yet.

        Raises MissingError where the endpoint does not answer.
        """
        if not self._width:
            self._fetch(["dimensions"])
        return self._width

    def documents(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts, 64 a request.

        Raises MissingError where the endpoint does not answer, refuses, or answers nonsense.
        """
        import numpy as np

        if not texts:
            return unit([], self.dimensions)
        found = [self._fetch(texts[start : start + self._batch]) for start in range(0, len(texts), self._batch)]
        return np.concatenate(found)

    def query(self, text: str) -> Vectors:
        """The vector of a question."""
        row: Vectors = self.documents([text])[0]
        return row

    def _fetch(self, texts: Sequence[str]) -> Vectors:
        # An empty string is an error to most endpoints; a blank is as near to nothing as they take.
        data = self._post([plain(text, MAX_TEXT).strip() or " " for text in texts])
        rows = unit(self._read(data, len(texts)))
        for row, text in enumerate(texts):
            if not text.strip():
                rows[row] = 0
        return rows

    def _post(self, texts: list[str]) -> bytes:
        from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

        attempts = Retrying(
            retry=retry_if_exception_type(_Again),
            stop=stop_after_attempt(ATTEMPTS),
            wait=self._wait,
            reraise=True,
        )
        try:
            return bytes(attempts(self._once, texts))
        except _Again as again:
            raise again.error from again

    def _wait(self, state: RetryCallState) -> float:
        from tenacity import wait_random_exponential

        error = state.outcome.exception() if state.outcome else None
        asked = error.wait if isinstance(error, _Again) else None
        jittered = float(wait_random_exponential(multiplier=self._pause, max=LONGEST_WAIT)(state))
        return min(asked + jittered * 0.1, LONGEST_WAIT) if asked is not None else jittered

    def _once(self, texts: list[str]) -> bytes:
        import httpx

        try:
            with self._client.stream(
                "POST", self._endpoint, json={"model": self.model, "input": texts, "encoding_format": "float"}
            ) as response:
                data = bytearray()
                for block in response.iter_bytes():
                    data += block
                    if len(data) > MAX_ANSWER:
                        raise self._nonsense(f"more than {MAX_ANSWER >> 20} MB")
        except httpx.TransportError as error:
            why = str(error) or type(error).__name__
            raise _Again(MissingError(UNREACHABLE.format(host=self._host, why=why), CHECK_ENDPOINT)) from error
        status = response.status_code
        if status == httpx.codes.OK:
            return bytes(data)
        refused = REFUSED.format(host=self._host, status=status, why=_reason(bytes(data)))
        if status == httpx.codes.TOO_MANY_REQUESTS or status >= httpx.codes.INTERNAL_SERVER_ERROR:
            wait = _seconds(response.headers.get("retry-after", ""))
            if wait is not None and wait > LONGEST_WAIT:
                raise MissingError(refused, WAIT)
            raise _Again(MissingError(refused, WAIT), wait)
        if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            raise MissingError(refused, NO_KEY.format(key=KEY))
        raise MissingError(refused, NO_MODEL.format(model=self.model))

    def _read(self, data: bytes, count: int) -> list[list[float]]:
        try:
            items = json.loads(data)["data"]
            if not isinstance(items, list) or len(items) != count:
                raise ValueError("not as many vectors as texts")
            ordered = sorted(items, key=lambda item: int(item.get("index", 0)))
            rows = [[float(number) for number in item["embedding"]] for item in ordered]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise self._nonsense(str(error)[:200] or type(error).__name__) from error
        lengths = {len(row) for row in rows}
        if len(lengths) != 1 or not 0 < (length := lengths.pop()) <= MAX_DIMENSIONS:
            raise self._nonsense("vectors of different or impossible lengths")
        if self._width and length != self._width:
            raise self._nonsense(f"vectors of {length} numbers, where there were {self._width} before")
        self._width = length
        return rows

    def _nonsense(self, why: str) -> MissingError:
        return MissingError(NONSENSE.format(host=self._host, why=why), NO_MODEL.format(model=self.model))

    @property
    def _host(self) -> str:
        return self._url.hostname or ""

    @property
    def _endpoint(self) -> str:
        return urlunsplit(self._url._replace(path=f"{self._url.path}/embeddings"))

    @cached_property
    def _client(self) -> httpx.Client:
        import httpx

        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        # No redirects: a key must not follow one to somewhere else.
        return httpx.Client(headers=headers, timeout=httpx.Timeout(TIMEOUT, connect=CONNECT_TIMEOUT))


def _checked(model: str, base_url: str) -> SplitResult:
    """The address without user, password, query and fragment; UsageError for anything that is none."""
    try:
        url = urlsplit(base_url.strip())
        usable = url.scheme in ("http", "https") and bool(url.hostname) and (url.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or url.username or url.password or not model.strip():
        # A password in an address ends up in shell histories and indexes: it is not taken, nor repeated.
        shown = base_url.rpartition("@")[2]
        raise UsageError(BAD_URL.format(url=shown), GOOD_URL)
    return url._replace(path=url.path.rstrip("/").removesuffix("/embeddings"), query="", fragment="")


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _reason(data: bytes) -> str:
    """What an error answer says, in one short line."""
    text = data[:4000].decode("utf-8", "replace")
    try:
        error: Any = json.loads(text)["error"]
        text = str(error["message"] if isinstance(error, dict) else error)
    except (ValueError, KeyError, TypeError):
        pass
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line[:200] or "nothing else"


def _seconds(header: str) -> float | None:
    """What `retry-after` asks for, given in seconds or as a date; null where it says nothing usable."""
    if header.strip().isdigit():
        return float(header)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(header).timestamp() - time.time())
    except (ValueError, TypeError):
        return None
