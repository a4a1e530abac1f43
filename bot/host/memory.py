"""Answers kept in memory: GitHub says whether they still hold, and does not count such a question."""

from __future__ import annotations

from collections import OrderedDict

from bot.host.transport import Answer, Asked

MOST = 32
LARGEST = 1 << 20
"""Bytes of an answer that is kept."""


class Memory:
    """The newest answers of one wire, by address."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Answer] = OrderedDict()

    def headers(self, asked: Asked) -> dict[str, str]:
        """What to add to a request so that only news is sent."""
        kept = self._kept.get(asked.url) if asked.method == "GET" else None
        return {} if kept is None else {"if-none-match": kept.headers["etag"]}

    def answer(self, asked: Asked) -> Answer:
        """What was said before."""
        self._kept.move_to_end(asked.url)
        return self._kept[asked.url]

    def keep(self, asked: Asked, answer: Answer) -> None:
        """Remember an answer, if it can be asked for anew."""
        if asked.method != "GET" or answer.elsewhere or not answer.headers.get("etag") or len(answer.body) > LARGEST:
            return
        self._kept[asked.url] = answer
        self._kept.move_to_end(asked.url)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
