"""What a job of GitHub Actions finds around it: who started it, where it runs, where its outputs go."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.errors import UsageError
from bot.models.errand import Errand

API = "https://api.github.com"
SERVER = "https://github.com"
ERRAND = "BCRAG_ERRAND"
MAX_EVENT = 25_000_000
"""Bytes of a payload; GitHub's own limit."""
MAX_ERRAND = 200_000

NOT_ACTIONS = "{name} is not set: this command is for a job of GitHub Actions."
NOT_ACTIONS_CURE = "On a laptop use `bot run`; in a workflow, `bot init` writes the jobs."
NO_EVENT = "The event cannot be read: {why}."
NO_EVENT_CURE = "GITHUB_EVENT_PATH has to name the file of an event payload."
NO_ERRAND = "{name} holds no errand: {why}."
NO_ERRAND_CURE = "It is the output `errand` of the job `listen`; see the workflow that `bot init` writes."


@dataclass(frozen=True)
class Surroundings:
    """The part of the environment that GitHub sets."""

    environment: Mapping[str, str]

    def __repr__(self) -> str:
        return "Surroundings(…)"  # a token is among them

    @property
    def repository(self) -> str:
        """Owner and name."""
        return self._needed("GITHUB_REPOSITORY")

    @property
    def api_url(self) -> str:
        """Where the API is."""
        return self.environment.get("GITHUB_API_URL") or API

    @property
    def server_url(self) -> str:
        """Where pages are."""
        return (self.environment.get("GITHUB_SERVER_URL") or SERVER).rstrip("/")

    @property
    def run(self) -> int:
        """The number of the workflow run."""
        return self._number("GITHUB_RUN_ID")

    @property
    def attempt(self) -> int:
        """How often this run was started."""
        return self._number("GITHUB_RUN_ATTEMPT", "1")

    @property
    def run_url(self) -> str:
        """The page of this run."""
        return f"{self.server_url}/{self.repository}/actions/runs/{self.run}"

    @property
    def workflow(self) -> str:
        """The workflow file and the ref it was taken from."""
        return self.environment.get("GITHUB_WORKFLOW_REF", "")

    @property
    def event_name(self) -> str:
        """The kind of event."""
        return self._needed("GITHUB_EVENT_NAME")

    def event(self) -> dict[str, Any]:
        """The payload; hostile text.

        Raises:
            UsageError: there is none.
        """
        path = Path(self._needed("GITHUB_EVENT_PATH"))
        try:
            with path.open("rb") as file:
                payload = json.loads(file.read(MAX_EVENT + 1)[:MAX_EVENT])
        except (OSError, ValueError, RecursionError) as error:
            raise UsageError(NO_EVENT.format(why=type(error).__name__), NO_EVENT_CURE) from error
        if not isinstance(payload, dict):
            raise UsageError(NO_EVENT.format(why="it is no object"), NO_EVENT_CURE)
        return payload

    def errand(self) -> Errand:
        """What the job `listen` decided.

        Raises:
            UsageError: there is none, or it is not of this repository and run.
        """
        text = self._needed(ERRAND)[: MAX_ERRAND + 1]
        try:
            errand = Errand.model_validate_json(text)
        except ValidationError as error:
            raise UsageError(NO_ERRAND.format(name=ERRAND, why=_first(error)), NO_ERRAND_CURE) from error
        if (errand.repository, errand.run) != (self.repository, self.run):
            raise UsageError(NO_ERRAND.format(name=ERRAND, why="it is another run's"), NO_ERRAND_CURE)
        return errand

    def put(self, **outputs: str | bool) -> None:
        """Hand outputs to later steps and jobs; where there is no file for them, nothing happens."""
        file = self.environment.get("GITHUB_OUTPUT")
        if not file:
            return
        with Path(file).open("a", encoding="utf-8") as stream:
            for name, value in outputs.items():
                text = ("true" if value else "false") if isinstance(value, bool) else value
                end = f"end-{secrets.token_hex(16)}"  # nobody who writes a value can know it
                stream.write(f"{name.replace('_', '-')}<<{end}\n{text}\n{end}\n")

    def summarise(self, text: str) -> None:
        """Add Markdown to the page of the run; where there is no file for it, nothing happens."""
        file = self.environment.get("GITHUB_STEP_SUMMARY")
        if file:
            with Path(file).open("a", encoding="utf-8") as stream:
                stream.write(text.rstrip("\n") + "\n")

    def _needed(self, name: str) -> str:
        value = self.environment.get(name, "")
        if not value:
            raise UsageError(NOT_ACTIONS.format(name=name), NOT_ACTIONS_CURE)
        return value

    def _number(self, name: str, default: str | None = None) -> int:
        value = (self.environment.get(name) or default) if default else self._needed(name)
        if value is None or not value.isascii() or not value.isdigit():
            raise UsageError(NOT_ACTIONS.format(name=name), NOT_ACTIONS_CURE)
        return int(value)


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc'])) or 'all of it'}: {first['msg']}"
