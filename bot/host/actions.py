"""Workflow runs, their jobs and artifacts; check runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.host.errors import Clash, HostError, NotAllowed, NotThere
from bot.host.issues import stamp
from bot.host.part import PER_PAGE, Part, managed, read
from bot.host.values import Artifact, Job, Run

ANNOTATIONS_AT_ONCE = 50
MAX_ANNOTATIONS = 200
MAX_SUMMARY = 65_000
"""Characters GitHub takes, and a little less."""


class Actions(Part):
    """What runs, and what it says."""

    def run(self, number: int) -> Run:
        """A workflow run."""
        return read(Run, self.wire.request("GET", self._at("actions/runs", number)))

    def runs(self, status: str | None = None, created: str | None = None, workflow: str | None = None) -> Iterator[Run]:
        """Workflow runs, newest first: of a status, created in a range (`>=2026-01-31`), of one workflow's file."""
        given = {"status": status, "created": created, "per_page": PER_PAGE}
        params = {name: value for name, value in given.items() if value is not None}
        path = self._at("actions/workflows", workflow, "runs") if workflow else self._at("actions/runs")
        for each in self.wire.pages(path, params, key="workflow_runs"):
            yield read(Run, each)

    def cancel_run(self, number: int) -> bool:
        """Stop a run; false where it cannot be, as when it is over. Raises nothing.

        It is the job that asks: an App, or a person, need not have given the bot that right.
        """
        path = self._at("actions/runs", number, "cancel")
        return managed(lambda: self.job.request("POST", path))

    def jobs(self, run: int) -> list[Job]:
        """The jobs of the newest attempt of a run."""
        pages = self.wire.pages(self._at("actions/runs", run, "jobs"), {"per_page": PER_PAGE}, key="jobs")
        return [read(Job, each) for each in pages]

    def artifacts(self, run: int | None = None, name: str | None = None) -> Iterator[Artifact]:
        """What a run, or all of them, left behind, newest first; under one name only."""
        params: dict[str, Any] = {"per_page": PER_PAGE} | ({"name": name} if name else {})
        path = self._at("actions/artifacts") if run is None else self._at("actions/runs", run, "artifacts")
        for each in self.wire.pages(path, params, key="artifacts"):
            yield read(Artifact, each)

    def artifact(self, number: int, limit: int) -> bytes:
        """An artifact's archive.

        Raises:
            HostError: also where it has more than `limit` bytes.
        """
        return self.wire.raw(self._at("actions/artifacts", number, "zip"), limit=limit)

    def start_check(self, name: str, sha: str, url: str = "") -> int | None:
        """Begin a check run on a commit; null where the token may not: a personal one never may."""
        asked = {"name": name, "head_sha": sha, "status": "in_progress", "started_at": stamp(datetime.now(UTC))}
        if url:
            asked["details_url"] = url
        try:
            answer = self.wire.request("POST", self._at("check-runs"), json=asked)
        except (NotAllowed, NotThere, Clash):
            return None
        number = answer.get("id") if isinstance(answer, dict) else None
        return number if isinstance(number, int) else None

    def finish_check(
        self,
        number: int,
        conclusion: str,
        title: str,
        summary: str,
        annotations: Sequence[Mapping[str, Any]] = (),
    ) -> bool:
        """End a check run: `success`, `failure`, `neutral`, …, and what it found, where. Raises nothing.

        An annotation has `path`, `start_line`, `end_line`, `annotation_level` (`notice`, `warning`, `failure`) and
        `message`, perhaps a `title`.
        """
        path = self._at("check-runs", number)
        output = {"title": title, "summary": summary[:MAX_SUMMARY]}
        shown = [dict(each) for each in annotations[:MAX_ANNOTATIONS]]
        groups = [shown[at : at + ANNOTATIONS_AT_ONCE] for at in range(0, len(shown), ANNOTATIONS_AT_ONCE)] or [[]]
        end = {"status": "completed", "conclusion": conclusion, "completed_at": stamp(datetime.now(UTC))}
        try:
            for place, group in enumerate(groups):
                asked = {"output": {**output, "annotations": group} if group else output}
                # GitHub adds annotations to those that are there: said twice, they would stand there twice.
                self.wire.request("PATCH", path, json=asked if place else {**end, **asked}, repeatable=not group)
        except HostError:
            return False
        return True
