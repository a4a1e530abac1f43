"""Where the emulator answers otherwise than GitHub does, mended on the way."""

from __future__ import annotations

import base64
import json
import re
from datetime import datetime
from re import Match
from typing import Any
from urllib.parse import quote, urlencode

from wiretap import Given, Recorded, Wiretap

_REPO = r"/repos/([^/]+/[^/]+)"
_COARSE = {"push": "write", "maintain": "write", "pull": "read", "triage": "read"}
"""What the emulator calls a permission, and GitHub."""
_HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@")
_UNRESOLVED = {"message": "Unprocessable Entity", "errors": ["Line could not be resolved"]}
_NO_USER = {"message": "Resource not accessible by integration", "documentation_url": "https://docs.github.com/rest"}


class Mended:
    """One repository's differences. `apps` are the slugs of Apps by number, `owner` a token that may do everything."""

    def __init__(self, tap: Wiretap, apps: dict[str, str], owner: str) -> None:
        self.logins: dict[str, str] = {}
        """Who speaks with an installation's token."""
        self.forks: list[str] = []
        self._tap = tap
        self._apps = apps
        self._owner = {"authorization": f"Bearer {owner}"}
        tap.answer("GET", rf"{_REPO}/collaborators/[^/]+/permission", self._permission)
        tap.answer("GET", rf"{_REPO}/installation", self._installation)
        tap.answer("POST", r"/app/installations/\d+/access_tokens", self._minted)
        tap.answer("GET", "/user", self._user)
        tap.answer("GET", rf"{_REPO}/issues/(\d+)", self._pull_as_issue)
        tap.answer("GET", rf"{_REPO}/issues/\d+/comments", self._since)
        tap.answer("GET", rf"{_REPO}/issues/comments", self._all_comments)
        tap.answer("POST", rf"{_REPO}/pulls", self._opened)
        tap.answer("GET", rf"{_REPO}/pulls", self._pulls)
        for method in ("GET", "PATCH"):
            tap.answer(method, rf"{_REPO}/pulls/\d+", self._pulls)
        tap.answer("GET", rf"{_REPO}/((?:commits|git/commits|git/trees|git/blobs)/.+)", self._of_forks)
        tap.answer("GET", rf"{_REPO}/pulls/(\d+)/files", self._files)
        tap.answer("POST", rf"{_REPO}/pulls/(\d+)/reviews", self._review)

    def _permission(self, request: Recorded, match: Match[str]) -> Given:
        """Permissions have the names GitHub gives them."""
        given = self._tap.passed(request)
        if given.status != 200:
            return given
        answer = json.loads(given.body)
        return Given({**answer, "permission": _COARSE.get(answer["permission"], answer["permission"])})

    def _installation(self, request: Recorded, match: Match[str]) -> Given:
        """An App sees its own installation, and nobody else's."""
        given = self._tap.passed(request)
        own = self._tap.asked("GET", "/app/installations", "", None, request.headers)
        if own.status != 200 or given.status != 200:
            return own if own.status != 200 else given
        return Given(json.loads(own.body)[0])

    def _minted(self, request: Recorded, match: Match[str]) -> Given:
        given = self._tap.passed(request)
        if given.status == 201:
            claims = request.token.split(".")[1]
            number = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["iss"]
            self.logins[json.loads(given.body)["token"]] = f"{self._apps[str(number)]}[bot]"
        return given

    def _user(self, request: Recorded, match: Match[str]) -> Given | None:
        """An installation is no user."""
        return Given(_NO_USER, 403) if request.token.startswith("ghs_") else None

    def login(self, request: Recorded) -> str:
        """Who speaks."""
        if request.token in self.logins:
            return self.logins[request.token]
        return str(json.loads(self._tap.asked("GET", "/user", "", None, request.headers).body)["login"])

    def _pull_as_issue(self, request: Recorded, match: Match[str]) -> Given:
        """Every pull request is an issue."""
        given = self._tap.passed(request)
        if given.status != 404:
            return given
        path = f"/repos/{match[1]}/pulls/{match[2]}"
        pull = self._tap.asked("GET", path, "", None, request.headers)
        if pull.status != 200:
            return given
        answer = json.loads(pull.body)
        return Given({**answer, "pull_request": {"url": f"{self._tap.url}{path}", "merged_at": answer["merged_at"]}})

    def _since(self, request: Recorded, match: Match[str]) -> Given:
        """Only what was changed since a moment."""
        given = self._tap.passed(request)
        if given.status != 200 or "since" not in request.query:
            return given
        since = datetime.fromisoformat(request.query["since"])
        found = [each for each in json.loads(given.body) if datetime.fromisoformat(each["updated_at"]) >= since]
        return Given(found, 200, given.headers)

    def _all_comments(self, request: Recorded, match: Match[str]) -> Given:
        """The comments of all issues and pull requests."""
        found: list[dict[str, Any]] = []
        for kind in ("issues", "pulls"):
            for each in self._listed(request, f"/repos/{match[1]}/{kind}", "state=all&per_page=100"):
                path = f"/repos/{match[1]}/issues/{each['number']}/comments"
                found += self._listed(request, path, "per_page=100")
        since = datetime.fromisoformat(request.query.get("since", "1970-01-01T00:00:00Z"))
        found = [each for each in found if datetime.fromisoformat(each["updated_at"]) >= since]
        down = request.query.get("direction", "desc" if "sort" in request.query else "asc") == "desc"
        found.sort(key=lambda each: (each[f"{request.query.get('sort', 'created')}_at"], each["id"]), reverse=down)
        size, page = int(request.query.get("per_page", 30)), int(request.query.get("page", 1))
        headers = {}
        if len(found) > page * size:
            more = urlencode({**request.query, "page": page + 1})
            headers["link"] = f'<{self._tap.url}{request.path}?{more}>; rel="next"'
        return Given(found[(page - 1) * size : page * size], 200, headers)

    def _listed(self, request: Recorded, path: str, query: str) -> list[dict[str, Any]]:
        answer = self._tap.asked("GET", path, query, None, request.headers)
        assert answer.status == 200, answer
        found: list[dict[str, Any]] = json.loads(answer.body)
        return found

    def _pulls(self, request: Recorded, match: Match[str]) -> Given:
        """A pull request goes on with its branch."""
        given = self._tap.passed(request)
        if given.status != 200:
            return given
        answer = json.loads(given.body)
        fresh = [self.fresh(pull) for pull in answer] if isinstance(answer, list) else self.fresh(answer)
        return Given(fresh, 200, given.headers)

    def fresh(self, pull: dict[str, Any]) -> dict[str, Any]:
        """A pull request with the commit its branch is at."""
        if pull["state"] != "open" or pull["head"]["repo"] is None:
            return pull
        path = f"/repos/{pull['head']['repo']['full_name']}/git/ref/heads/{_tip(pull)}"
        answer = self._tap.asked("GET", path, "", None, self._owner)
        if answer.status != 200:
            return pull
        return {**pull, "head": {**pull["head"], "sha": json.loads(answer.body)["object"]["sha"]}}

    def _of_forks(self, request: Recorded, match: Match[str]) -> Given:
        """What lies in a fork can be seen from the repository."""
        given = self._tap.passed(request)
        for fork in self.forks if given.status == 404 else ():
            path = f"/repos/{fork}/{match[2]}"
            answer = self._tap.asked("GET", path, request.raw_query, None, request.headers | self._owner)
            if answer.status == 200:
                return answer
        return given

    def _opened(self, request: Recorded, match: Match[str]) -> Given | None:
        """One pull request for a branch, and none without a commit."""
        head, base = request.body["head"], request.body["base"]
        owner = match[1].partition("/")[0]
        full = head if ":" in head else f"{owner}:{head}"
        for pull in self._listed(request, f"/repos/{match[1]}/pulls", "state=open&per_page=100"):
            if pull["head"]["label"] == full and pull["base"]["ref"] == base:
                return _invalid(f"A pull request already exists for {full}.")
        if ":" not in head:
            path = f"/repos/{match[1]}/compare/{base}...{head}"
            compared = self._tap.asked("GET", path, "", None, request.headers)
            if compared.status == 200 and not json.loads(compared.body)["ahead_by"]:
                return _invalid(f"No commits between {base} and {head}")
        return None

    def _files(self, request: Recorded, match: Match[str]) -> Given:
        """What a pull request changes."""
        files = self._changed(request, match)
        return files if isinstance(files, Given) else Given(files)

    def _changed(self, request: Recorded, match: Match[str]) -> list[dict[str, Any]] | Given:
        path = f"/repos/{match[1]}/pulls/{match[2]}"
        answer = self._tap.asked("GET", path, "", None, request.headers)
        if answer.status != 200:
            return answer
        pull = json.loads(answer.body)
        path = f"/repos/{pull['head']['repo']['full_name']}/compare/{pull['base']['sha']}...{_tip(pull)}"
        compared = self._tap.asked("GET", path, "", None, request.headers | self._owner)
        assert compared.status == 200, compared
        found: list[dict[str, Any]] = json.loads(compared.body)["files"]
        return found

    def _review(self, request: Recorded, match: Match[str]) -> Given:
        """Comments stand on lines the pull request shows, or there is no review at all."""
        path = f"/repos/{match[1]}/pulls/{match[2]}"
        files = self._changed(request, match)
        if isinstance(files, Given):
            return files
        hunks = {each["filename"]: _hunks(each.get("patch") or "") for each in files}
        comments: list[dict[str, Any]] = request.body.get("comments", [])
        if not all(_shown(hunks.get(each["path"], []), each) for each in comments):
            return Given(_UNRESOLVED, 422)
        body = {name: value for name, value in request.body.items() if name != "comments"}
        made = self._tap.asked("POST", f"{path}/reviews", "", json.dumps(body).encode(), request.headers)
        for each in comments if made.status < 300 else ():
            one = json.dumps({**each, "commit_id": request.body["commit_id"]}).encode()
            self._tap.asked("POST", f"{path}/comments", "", one, request.headers)
        return made


def _invalid(message: str) -> Given:
    error = {"resource": "PullRequest", "code": "custom", "message": message}
    return Given({"message": "Validation Failed", "errors": [error], "status": "422"}, 422)


def _tip(pull: dict[str, Any]) -> str:
    """The branch of a pull request, as an address has it."""
    return quote(str(pull["head"]["ref"]), safe="/")


def _hunks(patch: str) -> list[range]:
    """The lines of the new side that each part of a patch shows."""
    found: list[range] = []
    for line in patch.splitlines():
        if hunk := _HUNK.match(line):
            found.append(range(int(hunk[1]), int(hunk[1])))
        elif found and not line.startswith(("-", "\\")):
            found[-1] = range(found[-1].start, found[-1].stop + 1)
    return found


def _shown(hunks: list[range], comment: dict[str, Any]) -> bool:
    first, last = comment.get("start_line", comment["line"]), comment["line"]
    return any(first in hunk and last in hunk for hunk in hunks)
