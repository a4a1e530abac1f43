"""Any server that speaks OpenAI's chat completions: one call, one try, through the `openai` client."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from bot.llm import answers, asking, failing, refusals, tokens
from bot.llm.base import Say
from bot.llm.endpoint import Endpoint
from bot.llm.hearing import Heard, Nonsense
from bot.llm.line import Line
from bot.models.exchange import Call, Failure, FailureKind, Reply

if TYPE_CHECKING:
    import openai

WAITING = "{name} is asked ({model})"
ANSWERING = "{name} answers: {length} characters"
AT_LIMIT = "{name} reached the limit of {limit} tokens before it had an answer."
FILTERED = "The content filter of {name} refused to answer."
NO_KEY = "{name} needs a key in {key}, and there is none."
EXPOSED = "The key in {key} would be sent to {host} unencrypted: use an https address, or no key."
NO_MODEL = "{name} at {host} lists no model; name one: {name}:MODEL"

MODELS = 200
"""How many models of a server's list are looked at."""

_SIMPLIFIED = 4
"""How many fields a server may refuse before it is believed to refuse the rest."""

_SAY_SECONDS = 0.5


class OpenAICompatible:
    """See the module. `key` is the key itself: only the broker has one to give."""

    def __init__(self, endpoint: Endpoint, key: str = "") -> None:
        self._endpoint = endpoint
        self._key = key

    @property
    def name(self) -> str:
        """The endpoint's."""
        return self._endpoint.name

    def complete(self, call: Call, seconds: float, say: Say) -> Reply | Failure:
        """See `Provider`."""
        return self.talk(call, seconds, say, Line())

    def talk(self, call: Call, seconds: float, say: Say, line: Line) -> Reply | Failure:
        """The same over a line that others can cut."""
        began = time.monotonic()
        model = call.model or self._endpoint.model
        try:
            with line.until(seconds):
                if failure := self._unfit():
                    return failure
                client = self._client(seconds, line)
                if not model:
                    found = self._listed(client)
                    if not found:
                        return self._failure(FailureKind.NO_MODEL, NO_MODEL)
                    model = found[0]
                say(WAITING.format(name=self.name, model=model))
                heard = self._heard(client, call, model, say)
        except Exception as error:
            return failing.read(self._endpoint, error, line, seconds, model, self._key)
        if line.late:
            return self._failure(FailureKind.TIMED_OUT, failing.TIMED_OUT, seconds=seconds)
        return self._reply(call, heard, model, time.monotonic() - began)

    def models(self, seconds: float, line: Line) -> tuple[str, ...] | Failure:
        """What the server lists; that it answers at all shows that it is one."""
        try:
            with line.until(seconds):
                return self._unfit() or self._listed(self._client(seconds, line))
        except Exception as error:
            return failing.read(self._endpoint, error, line, seconds, "", self._key)

    def _unfit(self) -> Failure | None:
        if self._endpoint.key_required and not self._key:
            return self._failure(FailureKind.UNAUTHORISED, NO_KEY)
        if self._key and self._endpoint.exposes_key():
            return self._failure(FailureKind.REFUSED, EXPOSED)
        return None

    def _client(self, seconds: float, line: Line) -> openai.OpenAI:
        import openai

        client = openai.OpenAI(
            api_key=self._key or "none",  # it wants one; `_headers` leaves it out again
            admin_api_key="",
            base_url=self._endpoint.base_url,
            max_retries=0,
            timeout=seconds,
            http_client=line.client(seconds, local=self._endpoint.local),
        )
        if self._endpoint.name != "openai":
            # Taken from the environment, and nobody else's business.
            client.organization = client.project = None
        return client

    def _headers(self) -> dict[str, Any]:
        import openai

        return {} if self._key else {"Authorization": openai.Omit()}

    def _listed(self, client: openai.OpenAI) -> tuple[str, ...]:
        with client.models.with_streaming_response.list(extra_headers=self._headers()) as response:
            body = response.read()
        try:
            names = [entry["id"] for entry in json.loads(body)["data"][:MODELS]]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise Nonsense from error
        return tuple(name for name in names if isinstance(name, str) and "embed" not in name.lower())

    def _heard(self, client: openai.OpenAI, call: Call, model: str, say: Say) -> Heard:
        import openai

        asked = asking.body(self._endpoint, call, model)
        for _ in range(_SIMPLIFIED):
            try:
                return self._listen(client, asked, say)
            except openai.APIStatusError as error:
                if error.status_code not in (400, 422, 501) or refusals.is_settled(failing.words(error)):
                    raise
                if (simpler := asking.simpler(asked, call, failing.words(error))) is None:
                    raise
                asked = simpler
        return self._listen(client, asked, say)

    def _listen(self, client: openai.OpenAI, asked: dict[str, Any], say: Say) -> Heard:
        heard, told = Heard(), 0.0
        response = client.chat.completions.with_raw_response.create(**asked, extra_headers=self._headers())
        if "json" in response.headers.get("content-type", ""):
            heard.whole(response.http_response.read())
            return heard
        for chunk in response.parse():
            heard.chunk(chunk)
            if heard.length and time.monotonic() - told > _SAY_SECONDS:
                told = time.monotonic()
                say(ANSWERING.format(name=self.name, length=f"{heard.length:,}"))
        return heard

    def _reply(self, call: Call, heard: Heard, model: str, seconds: float) -> Reply | Failure:
        if heard.finish == "content_filter" or heard.refused:
            return self._failure(FailureKind.FILTERED, FILTERED)
        if not heard.finish:
            return self._failure(FailureKind.CUT, failing.CUT)
        text = answers.settled(call, heard.text, self.name)
        if isinstance(text, Failure):
            at_limit = heard.finish == "length"
            return self._failure(FailureKind.CUT, AT_LIMIT, limit=call.max_output_tokens) if at_limit else text
        sent, received = heard.input_tokens, heard.output_tokens
        return Reply(
            text=text,
            provider=self.name,
            model=heard.model or model,
            input_tokens=tokens.conversation(call.messages) if sent is None else sent,
            output_tokens=tokens.count(heard.text) if received is None else received,
            usd=None,
            seconds=seconds,
        )

    def _failure(self, kind: FailureKind, sentence: str, **values: object) -> Failure:
        end = self._endpoint
        text = sentence.format(name=self.name, host=end.host, key=end.key, **values)
        return Failure(kind=kind, provider=self.name, message=text)
