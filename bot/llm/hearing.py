"""An answer as it comes in, piece by piece. Nothing a server sends is taken to have the shape it should."""

from __future__ import annotations

import json
from collections.abc import Mapping

MAX_CHARACTERS = 2_000_000
"""Of an answer; the longest a model writes has about half."""


class Nonsense(Exception):  # noqa: N818  (an answer, not a fault)
    """What came is no answer of the protocol."""


class Heard:
    """What was heard so far."""

    def __init__(self) -> None:
        self.finish = ""
        """Why the model stopped; empty while it has not."""
        self.refused = False
        self.model = ""
        self.input_tokens: int | None = None
        self.output_tokens: int | None = None
        self.length = 0
        self._parts: list[str] = []

    @property
    def text(self) -> str:
        """The answer."""
        return "".join(self._parts)

    def chunk(self, chunk: object) -> None:
        """Take in one event of a stream, as the client gives it: made of anything the server may have sent.

        Raises:
            Nonsense: it is no chunk, or the answer grows too long.
        """
        choices = getattr(chunk, "choices", None)
        usage = getattr(chunk, "usage", None)
        if not isinstance(choices, list) and usage is None:
            raise Nonsense
        self._name(getattr(chunk, "model", None))
        self._usage(getattr(usage, "prompt_tokens", None), getattr(usage, "completion_tokens", None))
        for choice in choices or ():
            if getattr(choice, "index", 0) not in (0, None):
                continue
            delta = getattr(choice, "delta", None)
            self._add(getattr(delta, "content", None), getattr(delta, "refusal", None))
            self._end(getattr(choice, "finish_reason", None))

    def whole(self, body: bytes) -> None:
        """Take in the answer of a server that does not stream.

        Raises:
            Nonsense: it is none.
        """
        try:
            answer = json.loads(body)
            choice = answer["choices"][0]
            message = choice["message"]
            usage = answer.get("usage")
            usage = usage if isinstance(usage, Mapping) else {}
            self._name(answer.get("model"))
            self._usage(usage.get("prompt_tokens"), usage.get("completion_tokens"))
            self._add(message.get("content"), message.get("refusal"))
            self._end(choice.get("finish_reason") or "stop")
        except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
            raise Nonsense from error

    def _name(self, model: object) -> None:
        if isinstance(model, str) and model:
            self.model = model[:200]

    def _usage(self, sent: object, received: object) -> None:
        if _number(sent) is not None:
            self.input_tokens = _number(sent)
        if _number(received) is not None:
            self.output_tokens = _number(received)

    def _add(self, content: object, refusal: object) -> None:
        if isinstance(refusal, str) and refusal:
            self.refused = True
        if content is None:
            return
        if not isinstance(content, str):
            raise Nonsense
        self.length += len(content)
        if self.length > MAX_CHARACTERS:
            raise Nonsense
        self._parts.append(content)

    def _end(self, reason: object) -> None:
        if isinstance(reason, str) and reason:
            self.finish = reason


def _number(value: object) -> int | None:
    """A count of tokens, or nothing where it cannot be one."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 40 else None
