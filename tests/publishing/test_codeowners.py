"""Who is asked for a review: the owners GitHub would take, and never more than five."""

from __future__ import annotations

import time

import pytest

from bot.publishing.codeowners import MOST_REVIEWERS, Reviewers, owners, parsed, reviewers

DOCUMENTED = b"""\
# The example of GitHub's documentation.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/*  @docs-owner
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat-logs
/apps/ @octocat
/apps/github
"""


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("x.py", ("global-owner1", "global-owner2")),
        ("a/b/x.js", ("js-owner",)),
        ("x.go", ()),
        ("a/x.txt", ("octo-org/octocats",)),
        ("build/logs/x.py", ("octocat-logs",)),
        ("a/docs/x.py", ("global-owner1", "global-owner2")),
        ("docs/x.py", ("doctocat",)),
        ("docs/a/x.py", ("doctocat",)),
        ("a/apps/x.py", ("octocat",)),
        ("scripts/x.py", ("doctocat", "octocat")),
        ("deeply/nested/logs/x", ("octocat-logs",)),
        ("apps/x.py", ("octocat",)),
        ("apps/github/x.py", ()),
    ],
)
def test_the_last_line_that_matches_says_it(path: str, said: tuple[str, ...]) -> None:
    assert owners(parsed(DOCUMENTED), path) == said


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("docs/*", "docs/x.md", True),
        ("docs/*", "docs/a/x.md", False),
        ("docs/*", "a/docs/x.md", False),
        ("/x.py", "x.py", True),
        ("/x.py", "a/x.py", False),
        ("x.py", "a/x.py", True),
        ("addon", "addon/deep/x.py", True),
        ("addon/", "addon", False),
        ("addon/**", "addon/a/b.py", True),
        ("addon/**", "addon", False),
        ("addon/**/x.py", "addon/x.py", True),
        ("addon/**/x.py", "addon/a/b/x.py", True),
        ("**/x?.py", "a/x1.py", True),
        ("x*y*.py", "xaaybb.py", True),
        ("x*y", "xaa", False),
        ("*", "a/b/c", True),
        (r"a\ b.py", "a b.py", True),
        (r"\#x", "#x", True),
        ("/", "x.py", False),
        ("X.py", "x.py", False),
    ],
)
def test_patterns_mean_what_they_do_on_github(pattern: str, path: str, fits: bool) -> None:
    assert bool(owners(parsed(f"{pattern} @ann".encode()), path)) is fits


@pytest.mark.parametrize(
    "line", ["!x.py @ann", "[ab].py @ann", "x.py ann", "x.py @ann @", "x.py @ann @-b", "# x.py @ann"]
)
def test_what_github_does_not_read_is_skipped(line: str) -> None:
    assert parsed(line.encode()) == ()


def test_the_asker_is_not_asked_and_other_organisations_teams_are_not() -> None:
    lines = parsed(b"* @Ann @ben @us/core @them/core\nx.py @ben\n")
    assert reviewers(lines, ["a.py", "x.py"], "US", ["ann"]) == Reviewers(("ben",), ("core",))


def test_at_most_five_the_owners_of_most_first() -> None:
    lines = parsed(b"* @a @b @c @d @e @f\n/x/ @f\n")
    found = reviewers(lines, ["y.py", "x/a.py", "x/b.py"], "us", [])
    assert found.users == ("f", "a", "b", "c", "d") and len(found.users) == MOST_REVIEWERS


def test_no_file_costs_time_or_raises() -> None:
    start = time.monotonic()
    lines = parsed(b"*a" * 240 + b" @ann\n" + b"\xff\x00 @b\n" * 30_000)
    assert owners(lines, "a" * 4000 + "b") == ()
    assert time.monotonic() - start < 5
