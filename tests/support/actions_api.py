"""What the emulator lacks, kept by a test: workflow runs, jobs, artifacts, reactions, drafts.

Every answer is the example of GitHub's own description, with what a test says in place of what stands there.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from re import Match
from typing import Any

import octokit
from wiretap import Given, Recorded, Wiretap

_REPO = r"/repos/([^/]+/[^/]+)"
_NOT_FOUND = Given({"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"}, 404)


class ActionsApi:
    """One repository's runs. `cancelled` are those somebody stopped, `reactions` what was put where."""

    def __init__(self, tap: Wiretap, repository: str, storage: Storage, login: Callable[[Recorded], str]) -> None:
        self.runs: dict[int, dict[str, Any]] = {}
        self.jobs: dict[int, list[dict[str, Any]]] = {}
        self.artifacts: dict[int, dict[str, Any]] = {}
        self.cancelled: list[int] = []
        self.reactions: list[tuple[str, int, str]] = []
        """Of each: `comment` or `issue`, the number, the reaction."""
        self._tap = tap
        self._repository = repository
        self._storage = storage
        self._login = login
        runs, artifacts = f"{_REPO}/actions/runs", f"{_REPO}/actions/artifacts"
        tap.answer("GET", rf"{runs}/(\d+)", self._run)
        tap.answer("GET", rf"{runs}", self._runs)
        tap.answer("GET", rf"{_REPO}/actions/workflows/([^/]+)/runs", self._runs)
        tap.answer("POST", rf"{runs}/(\d+)/cancel", self._cancel)
        tap.answer("GET", rf"{runs}/(\d+)/jobs", self._jobs)
        tap.answer("GET", rf"{runs}/(\d+)/artifacts", self._artifacts)
        tap.answer("GET", artifacts, self._artifacts)
        tap.answer("GET", rf"{artifacts}/(\d+)/zip", self._archive)
        tap.answer("POST", rf"{_REPO}/issues/comments/(\d+)/reactions", self._reaction("comment"))
        tap.answer("POST", rf"{_REPO}/issues/(\d+)/reactions", self._reaction("issue"))
        tap.answer("POST", "/graphql", self._graphql)

    def run(self, number: int, jobs: list[dict[str, Any]] | None = None, **fields: Any) -> dict[str, Any]:
        """A workflow run, and its jobs: each has at least a `name`, steps too."""
        made = octokit.example("workflow-run")
        repository = {**made["repository"], "full_name": self._repository}
        made |= {"id": number, "repository": repository, "head_repository": repository, "run_attempt": 1}
        made |= {"path": ".github/workflows/bcrag.yml", "created_at": _now(), "updated_at": _now()}
        made |= {"html_url": f"{self._tap.url}/{self._repository}/actions/runs/{number}"} | fields
        self.runs[number] = made
        self.jobs[number] = [self._job(number, job) for job in jobs or ()]
        return made

    def artifact(self, run: int, name: str, content: bytes, **fields: Any) -> int:
        """What a run left behind; its number."""
        number = 9_000_000_000 + len(self.artifacts)
        made = octokit.example("artifact") | {"id": number, "name": name, "size_in_bytes": len(content)}
        made |= {"expired": False, "created_at": _now(), "workflow_run": {"id": run}} | fields
        self.artifacts[number] = made
        self._storage.files[f"/{number}"] = content
        return number

    def _job(self, run: int, fields: dict[str, Any]) -> dict[str, Any]:
        made = octokit.example("job")
        step = {**made["steps"][0], "conclusion": None, "status": "queued"}
        steps = [{**step, "number": place, **each} for place, each in enumerate(fields.get("steps", ()), start=1)]
        return {**made, "status": "in_progress", "conclusion": None, **fields, "run_id": run, "steps": steps}

    def _run(self, request: Recorded, match: Match[str]) -> Given:
        found = self.runs.get(int(match[2]))
        return _NOT_FOUND if found is None else Given(found)

    def _runs(self, request: Recorded, match: Match[str]) -> Given:
        query = request.query
        found = list(self.runs.values())[::-1]
        if match.re.groups > 1:
            found = [run for run in found if run["path"].partition("@")[0].endswith("/" + match[2])]
        if "status" in query:
            found = [run for run in found if query["status"] in (run["status"], run["conclusion"])]
        if (created := query.get("created", "")).startswith(">="):
            found = [run for run in found if run["created_at"] >= created[2:]]
        return self._page("workflow_runs", found, request)

    def _cancel(self, request: Recorded, match: Match[str]) -> Given:
        run = self.runs.get(int(match[2]))
        if run is None:
            return _NOT_FOUND
        if run["status"] == "completed":
            return Given({"message": "Cannot cancel a workflow run that is completed."}, 409)
        self.cancelled.append(run["id"])
        run |= {"status": "completed", "conclusion": "cancelled"}
        return Given({}, 202)

    def _jobs(self, request: Recorded, match: Match[str]) -> Given:
        return self._page("jobs", self.jobs.get(int(match[2]), []), request)

    def _artifacts(self, request: Recorded, match: Match[str]) -> Given:
        found = list(self.artifacts.values())[::-1]
        if match.re.groups > 1:
            found = [each for each in found if each["workflow_run"]["id"] == int(match[2])]
        if "name" in request.query:
            found = [each for each in found if each["name"] == request.query["name"]]
        return self._page("artifacts", found, request)

    def _page(self, key: str, found: list[dict[str, Any]], request: Recorded) -> Given:
        """A page of a list, with the address of the next."""
        size, page = int(request.query.get("per_page", 30)), int(request.query.get("page", 1))
        headers = {}
        if len(found) > page * size:
            more = "&".join(f"{name}={value}" for name, value in {**request.query, "page": page + 1}.items())
            headers["link"] = f'<{self._tap.url}{request.path}?{more}>; rel="next"'
        return Given({"total_count": len(found), key: found[(page - 1) * size : page * size]}, 200, headers)

    def _archive(self, request: Recorded, match: Match[str]) -> Given:
        found = self.artifacts.get(int(match[2]))
        if found is None:
            return _NOT_FOUND
        if found["expired"]:
            return Given({"message": "Artifact has expired"}, 410)
        return Given(b"", 302, {"location": f"{self._storage.url}/{match[2]}?sig=secret"})

    def _reaction(self, what: str) -> Any:
        def answering(request: Recorded, match: Match[str]) -> Given:
            content = request.body["content"]
            put = (what, int(match[2]), content)
            known = put in self.reactions
            self.reactions.append(put)
            return Given({**octokit.example("reaction"), "content": content}, 200 if known else 201)

        return answering

    def _graphql(self, request: Recorded, match: Match[str]) -> Given:
        query = request.body["query"]
        if "viewer" in query:
            return Given({"data": {"viewer": {"login": self._login(request)}}})
        draft = "convertPullRequestToDraft" in query
        assert draft or "markPullRequestReadyForReview" in query, query
        number = self._pull(request.body["variables"]["id"], request.headers)
        if number is None:
            return Given({"data": None, "errors": [{"type": "NOT_FOUND", "message": "Could not resolve to a node"}]})
        path = f"/repos/{self._repository}/pulls/{number}"
        answer = self._tap.asked("PATCH", path, "", json.dumps({"draft": draft}).encode(), request.headers)
        if answer.status != 200:
            error = {"type": "FORBIDDEN", "message": "Resource not accessible by integration"}
            return Given({"data": None, "errors": [error]})
        return Given({"data": {"pullRequest": {"clientMutationId": None}}})

    def _pull(self, node: str, headers: Mapping[str, str]) -> int | None:
        answer = self._tap.asked("GET", f"/repos/{self._repository}/pulls", "state=all", None, dict(headers))
        return next((pull["number"] for pull in json.loads(answer.body) if pull["node_id"] == node), None)


class Storage:
    """Where artifacts lie: another server, which must never see a token."""

    def __init__(self) -> None:
        self.url = ""
        self.files: dict[str, bytes] = {}
        self.tokens_seen: list[str] = []


@contextmanager
def storing() -> Iterator[Storage]:
    """Serve artifacts."""
    storage = Storage()

    class Handler(BaseHTTPRequestHandler):
        def do_any(self) -> None:
            if token := self.headers.get("authorization"):
                storage.tokens_seen.append(token)
            content = storage.files.get(self.path.partition("?")[0])
            self.send_response(404 if content is None else 200)
            self.send_header("content-type", "application/zip")
            self.send_header("content-length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, format: str, *args: object) -> None:
            pass

    setattr(Handler, "do_GET", Handler.do_any)  # noqa: B010
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    storage.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield storage
    finally:
        server.shutdown()
        server.server_close()


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
