"""Configurations: the bot as it is, and without one of its parts each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.errors import UsageError
from bot.settings import Settings
from bot.steps.base import Tools, no_tables
from indexer.models import Hit, HitKind
from indexer.search import Retriever

UNKNOWN = "--ablate: {name!r} is no part that can be left out."
UNKNOWN_CURE = "Choose among: {names}."


@dataclass(frozen=True)
class Configuration:
    """What takes part in a run."""

    name: str
    title: str
    model: bool = True
    retrieval: bool = True
    healing: bool = True
    api: bool = True

    def settings(self, settings: Settings) -> Settings:
        """The settings of its runs."""
        return settings if self.model else settings.model_copy(update={"llm": "none", "roles": {}})

    def tools(self, tools: Tools) -> Tools:
        """The tools of its runs. What judges them, and measures them, keeps the API."""
        retriever = tools.retriever if self.retrieval else Nothing()
        if self.api:
            return replace(tools, retriever=retriever)
        return replace(tools, retriever=WithoutApi(retriever), tables=no_tables)


@dataclass(frozen=True)
class Nothing:
    """A retriever that finds nothing."""

    def search(
        self, query: str, *, release: str | None = None, kind: HitKind | None = None, limit: int = 10
    ) -> tuple[Hit, ...]:
        """See `Retriever.search`."""
        return ()


@dataclass(frozen=True)
class WithoutApi:
    """A retriever that knows the repository alone."""

    retriever: Retriever

    def search(
        self, query: str, *, release: str | None = None, kind: HitKind | None = None, limit: int = 10
    ) -> tuple[Hit, ...]:
        """See `Retriever.search`."""
        found = () if kind == "api" else self.retriever.search(query, kind=kind, limit=limit)
        return tuple(hit for hit in found if hit.kind != "api")


FULL = Configuration("full", "everything")
ABLATIONS: Mapping[str, Configuration] = {
    one.name: one
    for one in (
        Configuration("rules-only", "no model is asked", model=False),
        Configuration("no-retrieval", "searches find nothing", retrieval=False),
        Configuration("no-healing", "a model that failed is not asked again", healing=False),
        Configuration("no-api", "neither prompts nor grounding know Blender's API", api=False),
    )
}


def named(name: str) -> Configuration:
    """The configuration of this name.

    Raises:
        UsageError: there is none.
    """
    if name == FULL.name:
        return FULL
    if name not in ABLATIONS:
        raise UsageError(UNKNOWN.format(name=name), UNKNOWN_CURE.format(names=", ".join((*ABLATIONS, "all"))))
    return ABLATIONS[name]


def chosen(text: str | None) -> tuple[Configuration, ...]:
    """The bot as it is, then the ablations of a list `rules-only,no-api`; `all` names them all.

    Raises:
        UsageError: there is none of that name.
    """
    names = [part.strip() for part in (text or "").split(",") if part.strip()]
    names = list(ABLATIONS) if names == ["all"] else names
    return (FULL, *(named(name) for name in dict.fromkeys(names) if name != FULL.name))
