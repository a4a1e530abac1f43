"""Rerankers by the names people give them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from indexer.embedders import registry as embedders
from indexer.errors import UsageError
from indexer.rerankers.base import Reranker

DEFAULT = "none"

UNKNOWN = "There is no reranker {spec!r}.{nearest}"
KNOWN = "Known rerankers: {names}"
TAKES_NONE = "The reranker none takes nothing behind its name, and got {argument!r}."
NEEDS = "The reranker embedding needs to know which embedder."
WRITE = "Write {form}"


def create(spec: str = DEFAULT) -> Reranker:
    """The reranker a spec names; weights are read and packages imported when it is first used.

    `none`, `cross-encoder` (ms-marco-MiniLM-L6-v2) or `cross-encoder:PATH_OR_NAME`,
    `flag:bge-reranker-v2-m3` (or a folder of that name), `embedding:` and any embedder's spec.
    Raises UsageError for anything else.
    """
    name, _, argument = spec.strip().partition(":")
    factory = FACTORIES.get(name)
    if factory is None:
        raise UsageError(
            UNKNOWN.format(spec=spec, nearest=embedders.nearest(name, FACTORIES)),
            KNOWN.format(names=", ".join(FORMS.values())),
        )
    return factory(argument.strip())


def _none(argument: str) -> Reranker:
    from indexer.rerankers.none import NoReranker

    if argument:
        raise UsageError(TAKES_NONE.format(argument=argument), WRITE.format(form=FORMS["none"]))
    return NoReranker()


def _cross_encoder(argument: str) -> Reranker:
    from indexer.rerankers.cross_encoder import MODEL, CrossEncoderReranker

    return CrossEncoderReranker(argument or MODEL)


def _flag(argument: str) -> Reranker:
    from indexer.rerankers.flag import TITLE, FlagReranker

    title = argument.rstrip("/").replace("\\", "/").rpartition("/")[2]
    if title != TITLE:
        raise UsageError(
            UNKNOWN.format(spec=f"flag:{argument}", nearest=embedders.nearest(title, {TITLE: None})),
            KNOWN.format(names=FORMS["flag"]),
        )
    return FlagReranker("" if argument == title else argument)


def _embedding(argument: str) -> Reranker:
    from indexer.rerankers.embedding import EmbeddingReranker

    if not argument:
        raise UsageError(NEEDS, WRITE.format(form=FORMS["embedding"]))
    return EmbeddingReranker(embedders.create(argument))


FACTORIES: Mapping[str, Callable[[str], Reranker]] = MappingProxyType(
    {"none": _none, "cross-encoder": _cross_encoder, "flag": _flag, "embedding": _embedding}
)

FORMS: Mapping[str, str] = MappingProxyType(
    {
        "none": "none",
        "cross-encoder": "cross-encoder or cross-encoder:PATH_OR_NAME",
        "flag": "flag:bge-reranker-v2-m3",
        "embedding": "embedding:EMBEDDER (embedding:sentence-transformers:PATH_OR_NAME)",
    }
)
"""How each is written."""
