"""What is searched, and how."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

from indexer.embedders.base import Embedder
from indexer.stores.base import Store


@dataclass(frozen=True)
class Corpus:
    """A store with what is needed to search it and to cite it.

    `release` is the Blender whose API it holds; null for a repository. `commit` is what its files are
    those of; `changed` are the paths that are not as in that commit, cited without it. `embedder` is
    the one its vectors were made by; null: words alone.
    """

    store: Store
    release: str | None = None
    commit: str | None = None
    changed: frozenset[str] = frozenset()
    embedder: Embedder | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Stages:
    """Which parts of a search take part; all of them unless somebody measures.

    `exact`: symbols by name; `lexical`: words; `vocabulary`: Blender's words for the user's; `dense`:
    meaning; `sparse`: words as the embedder weighs them, where it does; `prior`: what is used often;
    `structure`: what the code around it says; `neighbours`: the class around a method; `rerank`: the
    reranker, where there is one; `floor`: nothing rather than something unrelated.
    """

    exact: bool = True
    lexical: bool = True
    vocabulary: bool = True
    dense: bool = True
    sparse: bool = True
    prior: bool = True
    structure: bool = True
    neighbours: bool = True
    rerank: bool = True
    floor: bool = True

    def without(self, *names: str) -> Stages:
        """The same with some switched off."""
        changes: dict[str, Any] = dict.fromkeys(names, False)
        return replace(self, **changes)

    @classmethod
    def only(cls, *names: str) -> Stages:
        """These and no others."""
        return cls(**{stage.name: stage.name in names for stage in fields(cls)})
