"""Cases out of a repository's own history: each fix and its parent, judged by the tests the fix brought along.

A fix is a commit whose message says that something was repaired and what (`indexer/evaluation/history.py`); its message
stands in for the issue, which the repository does not have. Without tests only the places it changed are known.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.addons import discover
from bot.errors import UsageError
from bot.evaluation import suite
from bot.models.addon import Addon
from bot.models.evaluation import Case, JudgedBy
from bot.repository import Repository
from indexer.evaluation.commits import Commit, History
from indexer.evaluation.history import Case as Fix
from indexer.evaluation.history import mine

NO_FIXES = "No commit of {path} can be asked about: none repairs an add-on, says what, and changes a known symbol."
NO_FIXES_CURE = (
    "A full clone has more history: git fetch --unshallow. Messages such as “Fix …” are what is looked for; "
    "--cases FILE runs cases of your own."
)


def cases(repository: Repository, wanted: int, *, told: bool) -> tuple[Case, ...]:
    """At most `wanted` of the newest fixes; `told` says whether the bot gets the commit message as its task.

    Raises:
        UsageError: there is none.
    """
    history = History.open(repository.root)
    found = tuple(_cases(repository, history, mine(history, repository.root.name, wanted), told=told))
    if not found:
        raise UsageError(NO_FIXES.format(path=repository.root), NO_FIXES_CURE)
    return found


def _cases(repository: Repository, history: History, fixes: list[Fix], *, told: bool) -> Iterator[Case]:
    for fix in fixes:
        addon = _addon(repository.at(fix.parent), fix.files[0])
        if addon is None:
            continue
        tests = suite.script(_tests(history, fix))
        yield Case(
            id=fix.commit[:12],
            source=str(repository.root),
            before=fix.parent,
            after=fix.commit,
            addon=addon.path,
            module=repository.root.name,
            kind="history",
            task=fix.query if told else "",
            judged_by=JudgedBy.TESTS if tests else JudgedBy.NOTHING,
            script=tests,
        )


def _addon(repository: Repository, path: str) -> Addon | None:
    """The add-on of a commit that a file belongs to, the innermost of several."""
    found = discover(
        repository.files, repository.read, repository.holding("bl_info", "*.py"), ".", repository.root.name
    )
    return max((addon for addon in found if addon.inside(path)), key=lambda addon: len(addon.path), default=None)


def _tests(history: History, fix: Fix) -> dict[str, str]:
    """The test files a fix added or changed, as it left them."""
    changes = history.changes(Commit(fix.commit, fix.parent, ""))
    tests = [change for change in changes if change.status in {"A", "M", "R"} and suite.is_test(change.new_path)]
    texts = history.read([change.new_blob for change in tests])
    return {change.new_path: data.decode("utf-8", "replace") for change, data in zip(tests, texts, strict=True)}
