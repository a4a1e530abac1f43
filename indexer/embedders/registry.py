"""Embedders by the names people give them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from indexer.embedders.base import Embedder
from indexer.errors import UsageError

DEFAULT = "static"

UNKNOWN = "There is no embedder {spec!r}.{nearest}"
NEAREST = " Did you mean {name}?"
KNOWN = "Known embedders: {names}"
NEEDS = "The embedder {name} needs to know which model."
TAKES_NONE = "The embedder {name} takes nothing behind its name, and got {argument!r}."
WRITE = "Write {form}"


def create(spec: str = DEFAULT) -> Embedder:
    """The embedder a spec names; weights are read and packages imported when it is first used.

    `static`, `none`, `sentence-transformers:PATH_OR_NAME`, `flag:bge-code-v1`, `flag:bge-m3` (or a folder
    of one of these names: `flag:/models/bge-m3`), `openai:MODEL@BASE_URL`. Raises UsageError for anything else.
    """
    name, _, argument = spec.strip().partition(":")
    factory = FACTORIES.get(name)
    if factory is None:
        raise UsageError(
            UNKNOWN.format(spec=spec, nearest=nearest(name, FACTORIES)), KNOWN.format(names=", ".join(FORMS.values()))
        )
    return factory(argument.strip())


def nearest(name: str, known: Mapping[str, object]) -> str:
    """A sentence that suggests the known name a wrong one was meant to be; empty where none is near."""
    from rapidfuzz import process, utils

    found = process.extractOne(name, list(known), processor=utils.default_process, score_cutoff=60)
    return NEAREST.format(name=found[0]) if found else ""


def _static(argument: str) -> Embedder:
    from indexer.embedders.static import StaticEmbedder

    return StaticEmbedder() if not argument else _refuse("static", argument)


def _none(argument: str) -> Embedder:
    from indexer.embedders.none import NoEmbedder

    return NoEmbedder() if not argument else _refuse("none", argument)


def _sentence_transformers(argument: str) -> Embedder:
    from indexer.embedders.sentence_transformers import SentenceTransformersEmbedder

    if not argument:
        raise _needs("sentence-transformers")
    return SentenceTransformersEmbedder(argument)


def _flag(argument: str) -> Embedder:
    from indexer.embedders.flag import BgeCode, BgeM3

    models: dict[str, Callable[[str], Embedder]] = {BgeCode.title: BgeCode, BgeM3.title: BgeM3}
    if not argument:
        raise _needs("flag")
    title = argument.rstrip("/").replace("\\", "/").rpartition("/")[2]
    if title not in models:
        raise UsageError(
            UNKNOWN.format(spec=f"flag:{argument}", nearest=nearest(title, models)),
            KNOWN.format(names=", ".join(f"flag:{name}" for name in models)),
        )
    return models[title]("" if argument == title else argument)


def _openai(argument: str) -> Embedder:
    from indexer.embedders.openai_compatible import OpenAICompatibleEmbedder

    # Models may have an @ in their names, addresses begin with a scheme.
    model, at, url = argument.partition("@http")
    if not at or not model:
        raise _needs("openai")
    return OpenAICompatibleEmbedder(model, f"http{url}")


def _needs(name: str) -> UsageError:
    return UsageError(NEEDS.format(name=name), WRITE.format(form=FORMS[name]))


def _refuse(name: str, argument: str) -> Embedder:
    raise UsageError(TAKES_NONE.format(name=name, argument=argument), WRITE.format(form=FORMS[name]))


FACTORIES: Mapping[str, Callable[[str], Embedder]] = MappingProxyType(
    {
        "static": _static,
        "none": _none,
        "sentence-transformers": _sentence_transformers,
        "flag": _flag,
        "openai": _openai,
    }
)

FORMS: Mapping[str, str] = MappingProxyType(
    {
        "static": "static",
        "none": "none",
        "sentence-transformers": "sentence-transformers:PATH_OR_NAME",
        "flag": "flag:bge-code-v1 or flag:bge-m3",
        "openai": "openai:MODEL@BASE_URL",
    }
)
"""How each is written."""
