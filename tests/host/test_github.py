"""Every method against a stateful GitHub; each request is held against GitHub's own description."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.host.errors import Clash, HostError, NotAllowed, NotThere
from bot.host.github import GitHub
from bot.host.values import Permission
from hub import Hub
from repositories import Repository

_NUMBERS = itertools.count(1)


@pytest.fixture
def host(hub: Hub) -> GitHub:
    """As a job that may do everything."""
    return hub.client()


def changed(host: GitHub, text: str = "x = 1\n", branch: str = "main") -> str:
    """A commit on top of a branch that writes one file; no branch points at it."""
    base = host.branch(branch)
    assert base is not None
    tree = host.make_tree(host.commit(base).tree, [("addon/new.py", "100644", host.make_blob(text.encode()))])
    return host.make_commit(f"Add a file\n\n{text}", tree, [base])


def proposed(host: GitHub, draft: bool = False) -> tuple[str, int]:
    """A branch with one commit and a pull request of it."""
    name = f"bcrag/fix-{next(_NUMBERS)}"
    host.create_branch(name, changed(host, f"x = {name!r}\n"))
    return name, host.open_pull("Fix it", "Because.", name, "main", draft).number


# The repository, and who may do what


def test_the_repository(hub: Hub, host: GitHub) -> None:
    about = host.about()
    assert (about.full_name, about.default_branch, about.private, about.fork) == ("owner/addon", "main", False, False)
    assert about.has_issues
    assert not about.archived


def test_what_people_may_do(host: GitHub) -> None:
    names = ("owner", "maintainer", "triager", "stranger", "nobody", "unknown-person")
    assert [host.permission(name) for name in names] == [
        Permission.ADMIN,
        Permission.WRITE,
        Permission.TRIAGE,
        Permission.READ,
        Permission.NONE,
        Permission.NONE,
    ]
    assert Permission.NONE < Permission.READ < Permission.TRIAGE < Permission.WRITE < Permission.MAINTAIN
    assert Permission.MAINTAIN < Permission.ADMIN


@pytest.mark.parametrize(
    ("permission", "role", "meant"),
    [
        ("write", "maintain", Permission.MAINTAIN),
        ("read", "triage", Permission.TRIAGE),
        ("read", "admin", Permission.READ),
        ("write", "our own role", Permission.WRITE),
        ("write", None, Permission.WRITE),
        ("none", "none", Permission.NONE),
        ("something new", "admin", Permission.NONE),
    ],
)
def test_a_role_counts_no_more_than_the_permission_behind_it(
    hub: Hub, host: GitHub, permission: str, role: str | None, meant: Permission
) -> None:
    answer = {"permission": permission, "role_name": role, "user": None}
    hub.give("GET", "collaborators/someone/permission", answer, times=1)
    assert host.permission("someone") is meant


def test_who_speaks(hub: Hub) -> None:
    assert hub.client("actions").me() == "github-actions[bot]"
    assert hub.client("maintainer").me() == "maintainer"
    assert hub.client("app").me() == "bcrag-test[bot]"
    hub.give("POST", "/graphql", {"data": None, "errors": [{"type": "FORBIDDEN", "message": "no"}]}, times=1)
    assert hub.client("app").me() == ""


# What is said


def test_issues_and_comments(hub: Hub, host: GitHub) -> None:
    number = hub.issue("It broke", "How: …", "stranger", labels=["bug"])["number"]
    issue = host.issue(number)
    assert (issue.title, issue.body, issue.user.login, issue.is_pull) == ("It broke", "How: …", "stranger", False)
    assert issue.labels == ("bug",)
    assert not issue.user.is_bot
    said = hub.comment(number, "/bcrag fix")
    made = host.comment(number, "On it.")
    assert made.user.login == "github-actions[bot]"
    assert made.user.is_bot
    edited = host.edit_comment(made.id, "Done: 😀\r\n")
    assert (edited.id, edited.body) == (made.id, "Done: 😀\r\n")
    found = list(host.comments(number))
    assert [(each.id, each.user.login) for each in found] == [
        (said["id"], "maintainer"),
        (made.id, "github-actions[bot]"),
    ]
    assert found[0].issue == number
    assert list(host.comments(number, since=datetime.now(UTC) + timedelta(days=1))) == []
    newest = next(host.repository_comments(datetime.now(UTC) - timedelta(hours=1)))
    assert (newest.issue, newest.id) == (number, made.id)
    assert list(host.repository_comments(datetime.now(UTC) + timedelta(hours=1))) == []


def test_many_comments_are_all_found(hub: Hub, host: GitHub) -> None:
    number = hub.issue("Long")["number"]
    for place in range(103):
        hub.comment(number, str(place))
    assert [each.body for each in host.comments(number)] == [str(place) for place in range(103)]


def test_what_is_not_there(host: GitHub) -> None:
    with pytest.raises(NotThere):
        host.issue(99_999)
    with pytest.raises(NotThere):
        host.pull(99_999)
    with pytest.raises(NotThere):
        host.edit_comment(99_999, "x")


def test_what_is_not_allowed(hub: Hub) -> None:
    number = hub.issue("No rights")["number"]
    reader = hub.client("actions", {"contents": "read", "issues": "read"})
    assert reader.issue(number).title == "No rights"
    with pytest.raises(NotAllowed) as caught:
        reader.comment(number, "x")
    assert "permissions:" in caught.value.cure
    with pytest.raises(NotAllowed):
        reader.create_branch("x", "0" * 40)


def test_reactions_fail_nothing(hub: Hub, host: GitHub) -> None:
    number = hub.issue("React")["number"]
    comment = hub.comment(number, "x")["id"]
    assert host.react(comment, "eyes")
    assert host.react_issue(number, "rocket")
    assert hub.actions.reactions[-2:] == [("comment", comment, "eyes"), ("issue", number, "rocket")]
    hub.give("POST", f"issues/{number}/reactions", {"message": "no"}, status=403, times=1)
    assert not host.react_issue(number, "eyes")


def test_labels(hub: Hub, host: GitHub) -> None:
    number = hub.issue("Label")["number"]
    host.add_labels(number, ["bcrag", "needs a human"])
    assert set(host.issue(number).labels) == {"bcrag", "needs a human"}


# What there is


def test_branches_commits_trees_and_files(host: GitHub) -> None:
    head = host.branch("main")
    assert head is not None
    assert host.branch("no/such") is None
    commit = host.commit(head)
    assert (commit.sha, commit.message, commit.author_email) == (head, "second", "t@example.org")
    entries = host.tree(commit.tree)
    assert {path: (entry.mode, entry.type) for path, entry in entries.items()} == {
        "addon": ("040000", "tree"),
        "addon/__init__.py": ("100644", "blob"),
        "addon/data.bin": ("100644", "blob"),
        "addon/ü b#c?.txt": ("100644", "blob"),
        "link": ("120000", "blob"),
        "run.sh": ("100755", "blob"),
    }
    assert host.blob(entries["addon/data.bin"].sha) == b"\0\xff\x80"
    assert host.file("addon/data.bin", head) == b"\0\xff\x80"
    assert host.file("addon/ü b#c?.txt", "main") == "ü\n".encode()
    assert host.file("addon", head) is None
    assert host.file("addon/none.py", head) is None
    assert host.file("addon/__init__.py", commit.parents[0]) == b"bl_info = {}\n"
    assert [each.message for each in host.commits_between(commit.parents[0], head)] == ["second"]
    assert host.commits_between(head, head) == []


def test_a_large_file_comes_by_its_blob(hub: Hub, host: GitHub) -> None:
    sha = host.make_blob(b"large")
    large = {"type": "file", "encoding": "none", "content": "", "sha": sha, "size": 5}
    hub.give("GET", "contents/large.bin", large, times=1)
    assert host.file("large.bin", "main") == b"large"


def test_a_tree_that_is_not_whole_is_none(hub: Hub, host: GitHub) -> None:
    hub.give("GET", f"git/trees/{'a' * 40}", {"sha": "a" * 40, "tree": [], "truncated": True}, times=1)
    with pytest.raises(HostError, match="too large"):
        host.tree("a" * 40)


def test_an_empty_repository_has_no_branch(hub: Hub, host: GitHub) -> None:
    hub.give("GET", "git/ref/heads/main", {"message": "Git Repository is empty."}, status=409, times=1)
    assert host.branch("main") is None


def test_nothing_climbs_out_of_the_repository(hub: Hub, host: GitHub) -> None:
    before = len(hub.requests)
    for ask in (
        lambda: host.blob("../../../user"),
        lambda: host.commit(""),
        lambda: host.run(".."),
        lambda: host.pull("1/.."),
    ):
        with pytest.raises(NotThere):
            ask()
    assert host.permission("..") is Permission.NONE
    assert host.branch("../x") is None
    assert host.file("a/../../x", "main") is None
    assert len(hub.requests) == before


# What becomes of it


def test_a_commit_is_made_and_a_branch_moved_on(hub: Hub, host: GitHub) -> None:
    head = host.branch("main")
    assert head is not None
    tree = host.commit(head).tree
    blob = host.make_blob(b"\0new")
    made = host.make_tree(tree, [("addon/new.bin", "100644", blob), ("run.sh", "100755", None)])
    sha = host.make_commit("Change", made, [head])
    host.create_branch("bcrag/change", sha)
    assert host.branch("bcrag/change") == sha
    files = hub.files("bcrag/change")
    assert files["addon/new.bin"] == b"\0new"
    assert "run.sh" not in files
    assert "addon/__init__.py" in files
    with pytest.raises(Clash):
        host.create_branch("bcrag/change", sha)
    after = host.make_commit("More", tree, [sha])
    host.move_branch("bcrag/change", after)
    aside = host.make_commit("Aside", tree, [head])
    with pytest.raises(Clash):
        host.move_branch("bcrag/change", aside)
    assert host.branch("bcrag/change") == after
    host.move_branch("bcrag/change", aside, force=True)
    assert host.branch("bcrag/change") == aside
    assert [each.sha for each in host.commits_between(head, "bcrag/change")] == [aside]


def test_a_branch_of_its_own_history(host: GitHub) -> None:
    tree = host.make_tree(None, [("1/before.png", "100644", host.make_blob(b"png"))])
    sha = host.make_commit("Renders", tree, [])
    host.create_branch("bcrag-artifacts", sha)
    assert host.commit(sha).parents == ()
    assert set(host.tree(tree)) == {"1", "1/before.png"}


# Pull requests


def test_pull_requests(hub: Hub, host: GitHub) -> None:
    name, number = proposed(host)
    pull = host.pull(number)
    assert (pull.title, pull.body, pull.state, pull.merged, pull.draft) == ("Fix it", "Because.", "open", False, False)
    assert (pull.head.ref, pull.head.repo, pull.base.ref, pull.base.repo) == (
        name,
        "owner/addon",
        "main",
        "owner/addon",
    )
    assert pull.head.sha == host.branch(name)
    assert pull.user.login == "github-actions[bot]"
    assert host.issue(number).is_pull
    assert [each.number for each in host.pulls(head=name)] == [number]
    assert [each.number for each in host.pulls(head=f"owner:{name}", base="main")] == [number]
    assert [each.number for each in host.pulls(head=name, base="other")] == []
    with pytest.raises(Clash, match="already exists"):
        host.open_pull("Again", "", name, "main")
    with pytest.raises(Clash, match="No commits between"):
        host.open_pull("Nothing", "", "main", "main")
    before = host.branch(name)
    assert before is not None
    host.move_branch(name, host.make_commit("More", host.commit(before).tree, [before]))
    assert host.pull(number).head.sha == host.branch(name) != before
    assert [each.head.sha for each in host.pulls(head=name)] == [host.branch(name)]
    assert host.edit_pull(number, title="Fixed", body="").body == ""
    assert host.edit_pull(number, state="closed").state == "closed"
    assert [each.number for each in host.pulls(head=name)] == []
    assert [each.title for each in host.pulls("all", head=name)] == ["Fixed"]
    assert [(each.path, each.status) for each in host.pull_files(number)] == [("addon/new.py", "added")]
    assert "+x = " in next(host.pull_files(number)).patch


def test_a_pull_request_from_a_fork(hub: Hub, host: GitHub, hub_repository: Path, tmp_path: Path) -> None:
    fork = hub.fork("stranger")
    theirs = Repository(tmp_path / "fork")
    theirs.git("pull", "-q", str(hub_repository), "main")
    theirs.write("theirs.py", "y = 1\n")
    theirs.git("add", "-A")
    theirs.git("commit", "-qm", "Theirs")
    hub.push(theirs.root, "proposal", user="stranger", repository=fork)
    number = hub.pull("Take it", "stranger:proposal", user="stranger")["number"]
    assert host.pull(number).head.repo == fork
    assert host.pull(number).base.repo == "owner/addon"
    assert [each.path for each in host.pull_files(number)] == ["theirs.py"]
    assert host.commit(host.pull(number).head.sha).message == "Theirs"


def test_drafts(hub: Hub, host: GitHub) -> None:
    _, number = proposed(host, draft=True)
    pull = host.pull(number)
    assert pull.draft
    assert host.set_draft(pull, False)
    ready = host.pull(number)
    assert not ready.draft
    assert host.set_draft(ready, False)
    assert host.set_draft(ready, True)
    assert host.pull(number).draft
    assert not host.set_draft(pull.model_copy(update={"node_id": "nothing"}), False)


def test_where_there_are_no_drafts_there_is_a_pull_request(hub: Hub, host: GitHub) -> None:
    name = f"bcrag/fix-{next(_NUMBERS)}"
    host.create_branch(name, changed(host, name))
    wrong = {"message": "Validation Failed", "errors": ["Draft pull requests are not supported in this repository."]}
    hub.give("POST", "pulls", wrong, status=422, times=1)
    assert not host.open_pull("Fix it", "", name, "main", draft=True).draft
    hub.give("POST", "pulls", wrong, status=422, times=1)
    with pytest.raises(Clash):
        host.open_pull("Fix it", "", name, "main")


def test_where_actions_may_open_no_pull_requests(hub: Hub, host: GitHub) -> None:
    wrong = {"message": "GitHub Actions is not permitted to create or approve pull requests."}
    hub.give("POST", "pulls", wrong, status=403, times=1)
    with pytest.raises(NotAllowed, match="not permitted to create"):
        host.open_pull("Fix it", "", "main", "main")


def test_reviewers(hub: Hub, host: GitHub) -> None:
    _, number = proposed(host)
    assert host.request_reviewers(number, ["maintainer"], [])
    wrong = {"message": "Reviews may only be requested from collaborators."}
    hub.give("POST", f"pulls/{number}/requested_reviewers", wrong, status=422, times=1)
    assert not host.request_reviewers(number, ["nobody"], ["a-team"])


def test_reviews(hub: Hub, host: GitHub) -> None:
    _, number = proposed(host)
    commit = host.pull(number).head.sha
    comments = [
        {"path": "addon/new.py", "line": 1, "start_line": 1, "body": "```suggestion\ny = 1\n```"},
    ]
    assert host.review(number, commit, "How about", comments)
    shown = hub.reviews(number)[0]
    assert (shown["path"], shown["line"], shown["side"]) == ("addon/new.py", 1, "RIGHT")
    asked = hub.requests[-1].body
    assert asked["event"] == "COMMENT"
    assert "start_line" not in asked["comments"][0]
    hub.give("POST", f"pulls/{number}/reviews", {"message": "Line could not be resolved"}, status=422, times=1)
    assert not host.review(number, commit, "x", [{"path": "no.py", "line": 9, "start_line": 3, "body": "x"}])
    assert hub.requests[-1].body["comments"][0] | {"body": ""} == {
        "path": "no.py",
        "line": 9,
        "side": "RIGHT",
        "start_line": 3,
        "start_side": "RIGHT",
        "body": "",
    }


# Checks


def test_checks(hub: Hub, host: GitHub) -> None:
    head = host.branch("main")
    assert head is not None
    number = host.start_check("bcrag", head, "https://example.org/run")
    assert number is not None
    notes = [
        {"path": "a.py", "start_line": n, "end_line": n, "annotation_level": "warning", "message": str(n)}
        for n in range(1, 121)
    ]
    assert host.finish_check(number, "failure", "120 faults", "x" * 70_000, notes)
    shown = next(each for each in hub.checks(head) if each["id"] == number)
    assert (shown["status"], shown["conclusion"], shown["output"]["title"]) == ("completed", "failure", "120 faults")
    patches = [each.body for each in hub.requests if each.method == "PATCH" and "/check-runs/" in each.path]
    assert [len(each["output"]["annotations"]) for each in patches] == [50, 50, 20]
    assert host.finish_check(number, "success", "Nothing", "")
    assert not host.finish_check(99_999, "success", "x", "x")


def test_a_personal_token_makes_no_checks(hub: Hub, host: GitHub) -> None:
    hub.give("POST", "check-runs", {"message": "You must authenticate via a GitHub App."}, status=403, times=1)
    assert host.start_check("bcrag", "0" * 40) is None


# Workflow runs


def test_runs_and_jobs(hub: Hub, host: GitHub) -> None:
    repair = {"name": "repair", "steps": [{"name": "Reproduce", "status": "in_progress"}, {"name": "Repair"}]}
    hub.actions.run(101, [repair], event="issue_comment", head_sha="a" * 40, status="in_progress", conclusion=None)
    hub.actions.run(102, path=".github/workflows/tests.yml@main", status="completed", conclusion="failure")
    run = host.run(101)
    assert (run.id, run.path, run.event, run.status) == (
        101,
        ".github/workflows/bcrag.yml",
        "issue_comment",
        "in_progress",
    )
    assert (run.conclusion, run.repository, run.head_repository, run.run_attempt) == (
        None,
        "owner/addon",
        "owner/addon",
        1,
    )
    assert [run.id for run in host.runs()] == [102, 101]
    assert [run.id for run in host.runs(workflow="bcrag.yml")] == [101]
    assert [run.id for run in host.runs(status="failure")] == [102]
    assert [run.id for run in host.runs(created=">=2999-01-01")] == []
    job = host.jobs(101)[0]
    assert [(step.name, step.status) for step in job.steps] == [("Reproduce", "in_progress"), ("Repair", "queued")]
    with pytest.raises(NotThere):
        host.run(1)


def test_a_run_is_stopped(hub: Hub, host: GitHub) -> None:
    hub.actions.run(103, status="in_progress", conclusion=None)
    assert host.cancel_run(103)
    assert hub.actions.cancelled[-1] == 103
    assert host.run(103).conclusion == "cancelled"
    assert not host.cancel_run(103)
    assert not host.cancel_run(1)


def test_artifacts(hub: Hub, host: GitHub) -> None:
    hub.actions.run(104)
    number = hub.actions.artifact(104, "bcrag-bundle", b"PK archive")
    hub.actions.artifact(104, "other", b"")
    gone = hub.actions.artifact(105, "bcrag-bundle", b"", expired=True)
    assert [each.id for each in host.artifacts(run=104, name="bcrag-bundle")] == [number]
    assert [each.id for each in host.artifacts(name="bcrag-bundle")] == [gone, number]
    found = next(host.artifacts(run=104, name="bcrag-bundle"))
    assert (found.size, found.expired) == (10, False)
    assert found.created_at is not None
    assert host.artifact(number, 10) == b"PK archive"
    with pytest.raises(HostError, match="more than 9 bytes"):
        host.artifact(number, 9)
    with pytest.raises(NotThere):
        host.artifact(gone, 10)


def test_what_has_not_changed_is_asked_for_without_being_sent(hub: Hub, host: GitHub) -> None:
    number = hub.issue("Known")["number"]
    assert host.issue(number) == host.issue(number)
    assert [each.status for each in hub.requests[-2:]] == [200, 304]
    hub.comment(number, "news")
    assert [each.body for each in host.comments(number)] == ["news"]
