"""The pull request of a problem: opened once, updated in place, left alone where a person has decided otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import quote

from bot.host.errors import Clash, HostError, NotAllowed, NotThere
from bot.host.github import GitHub
from bot.host.values import Pull, TokenKind
from bot.models.errand import Errand
from bot.models.result import Delivery
from bot.publishing import branches, codeowners, ours, renders
from bot.publishing.bundles import Bundle, Sound
from bot.publishing.placing import Placed
from bot.publishing.sameness import same
from bot.reporting import commits, pull_request, suggestions
from bot.reporting.progress import read_marker
from bot.settings import GitHubSettings

NO_CI = (
    "CI has not run here: GitHub starts no workflows for a pull request made with `GITHUB_TOKEN`. Close and reopen it "
    "to start them; a GitHub App or a token of its own does away with this."
)
UNSIGNED = "The commit was made with a personal token, so GitHub has not signed it."
NO_LABELS = "The labels could not be put on the pull request."
NO_REVIEWERS = "Not every code owner could be asked for a review."
NO_SUGGESTIONS = "The changes do not fit as suggestions into the lines this pull request shows."
FORK = "The commits of this pull request lie in a fork, where the bot may not push."
NOT_WRITTEN = "The bot could not write the branch: {who} needs `contents: write`, and the branch must not be protected."
MOVED = "Somebody else moved the branch meanwhile; ask again: `/bcrag retry`."
ALLOW_ACTIONS = (
    "To let the bot do it: *Settings › Actions › General › Allow GitHub Actions to create and approve pull requests*."
)
ALLOW_OTHERS = "To let the bot do it, give its token the right `pull requests: write`."
NOT_TAKEN = "GitHub did not take the bot's pull request: opened by hand, it says why."
SWITCHED_OFF = "Pull requests of the bot are switched off in the configuration."
TOO_MANY = "The bot has as many pull requests open as it may ({most})."
TOO_MANY_CURE = (
    "Merge or close some, then ask again: `/bcrag retry`. The limit is `max_open_pulls` in the table `[github]` of "
    "`bcrag.toml`."
)
UNWANTED = "It made the very same changes. As soon as others are needed, there is another pull request."
SUGGESTED = "What the bot would change, as suggestions: each can be taken over with a click, or left."

MOST_CLOSED = 20
"""Closed pull requests of one problem that are looked into."""
_TRIES = 2


@dataclass(frozen=True)
class Delivered:
    """What came of a patch."""

    delivery: Delivery
    pull: int | None = None
    url: str = ""
    notes: tuple[str, ...] = ()
    draft: bool = False
    """Whether the pull request is a draft now."""


class TooManyOpen(Exception):  # noqa: N818  (an outcome)
    """The limit of open pull requests is reached."""

    def __init__(self, most: int) -> None:
        super().__init__(TOO_MANY.format(most=most))
        self.cure = TOO_MANY_CURE


@dataclass(frozen=True)
class Office:
    """Who delivers, where, under which rules, and in which run."""

    host: GitHub
    settings: GitHubSettings
    server: str
    run_url: str = ""
    attempt: int = 1
    tests_in_patch: bool = False
    """Whether a patch may add tests of what it repairs."""

    @property
    def kind(self) -> TokenKind:
        """Whose token it is."""
        return self.host.wire.token.kind

    def page(self, *parts: str | int) -> str:
        """A page of the repository."""
        return "/".join((self.server, self.host.repository, *map(str, parts)))


def deliver(office: Office, errand: Errand, bundle: Bundle, sound: Sound, files: Mapping[str, Placed]) -> Delivered:
    """Bring a patch that was found sound to where people see it.

    Raises:
        TooManyOpen: it would be one pull request more than there may be.
        HostError: GitHub fails; what is not allowed is no failure.
    """
    host, settings = office.host, office.settings
    subject = errand.subject
    there = existing(host, errand)
    pull = next((each for each in there if each.state == "open"), None)
    if pull is None and (closed := _declined(host, errand, sound, there)) is not None:
        return Delivered(Delivery.CLOSED, closed.number, closed.html_url, (UNWANTED,) if subject is None else ())
    notes: list[str] = []
    if subject is not None and subject.is_pull and pull is None:
        if subject.from_fork or settings.on_pull_request == "suggest":
            if said := _suggested(office, errand, sound):
                return said
            notes.append(NO_SUGGESTIONS)
        if subject.from_fork:
            return Delivered(Delivery.ARTIFACT, notes=(*notes, FORK))
    if pull is None and settings.pull_requests and len(list(ours.open_pulls(host))) >= settings.max_open_pulls:
        raise TooManyOpen(settings.max_open_pulls)
    for _ in range(_TRIES):
        standing = branches.look(host, errand)
        if standing.owner is branches.Owner.PERSON:
            page = office.page("tree", quote(errand.branch))
            return Delivered(Delivery.FOREIGN, pull.number if pull else None, page, tuple(notes))
        if branches.has(host, standing, files, errand.commit, sound.tree):
            return _unchanged(office, errand, bundle, sound, files, pull, notes)
        try:
            made = branches.put(host, standing, files, errand.commit, commits.message(sound.report, errand))
        except (NotAllowed, NotThere, Clash):
            who = "the job `publish`" if office.kind is TokenKind.ACTIONS else "its token"
            return Delivered(Delivery.ARTIFACT, notes=(*notes, NOT_WRITTEN.format(who=who)))
        if made is not None:
            return _proposed(office, errand, bundle, sound, files, pull, notes)
    return Delivered(Delivery.ARTIFACT, notes=(*notes, MOVED))


def existing(host: GitHub, errand: Errand) -> list[Pull]:
    """The pull requests of a problem, open and not, newest first."""
    found = [
        pull
        for pull in islice(host.pulls(state="all", head=errand.branch), ours.MOST_PULLS)
        if pull.head.ref == errand.branch and ours.at_home(host, pull)
    ]
    return sorted(found, key=lambda pull: pull.number, reverse=True)


def wants_draft(settings: GitHubSettings, verified: bool) -> bool:
    """Whether a pull request is to be a draft."""
    return settings.draft == "always" or (settings.draft == "unverified" and not verified)


def _declined(host: GitHub, errand: Errand, sound: Sound, there: Sequence[Pull]) -> Pull | None:
    """The pull request by whose closing a person has said that they do not want this.

    What is found without anybody's word, week after week, is one problem although it is never the same: there a person
    is taken to have said it of the changes alone that they saw.
    """
    if errand.subject is not None or sound.patch is None:
        return there[0] if there and not there[0].merged else None
    closed = [pull for pull in there if not pull.merged][:MOST_CLOSED]
    return next((pull for pull in closed if same(host, pull, sound.patch)), None)


def _unchanged(
    office: Office, errand: Errand, bundle: Bundle, sound: Sound, files: Mapping[str, Placed], pull: Pull | None,
    notes: list[str],
) -> Delivered:  # fmt: skip
    """The branch has the patch: what can be missing is the pull request, or that it is no draft any more."""
    if pull is None:
        return _proposed(office, errand, bundle, sound, files, None, notes)
    draft = pull.draft
    if sound.report.verified and draft and not wants_draft(office.settings, verified=True):
        draft = not office.host.set_draft(pull, draft=False)
    return Delivered(Delivery.UNCHANGED, pull.number, pull.html_url, tuple(notes), draft)


def _proposed(
    office: Office, errand: Errand, bundle: Bundle, sound: Sound, files: Mapping[str, Placed], pull: Pull | None,
    notes: list[str],
) -> Delivered:  # fmt: skip
    """Open the pull request of a branch that has the patch, or bring the open one up to it."""
    host, report = office.host, sound.report
    if pull is None and not office.settings.pull_requests:
        return _branch_alone(office, errand, [*notes, SWITCHED_OFF])
    pictures = renders.Shown()
    if office.settings.artifacts_branch:
        pictures = renders.show(host, office.server, errand, office.attempt, bundle.before, bundle.after)
    links = pull_request.Links(
        server=office.server,
        repository=host.repository,
        commit=errand.commit,
        run=office.run_url,
        before=pictures.before,
        after=pictures.after,
        same=pictures.same,
    )
    notes += pictures.notes
    of_token = {TokenKind.ACTIONS: (NO_CI,), TokenKind.PERSONAL: (UNSIGNED,)}.get(office.kind, ())
    title = pull_request.title(report, errand)
    body = pull_request.body(report, errand, links, (*of_token, *pictures.notes))
    draft = wants_draft(office.settings, report.verified)
    if pull is not None:
        if read_marker(pull.body):  # else a person opened it, in words of their own
            host.edit_pull(pull.number, title=title, body=body)
        was_draft, delivery = pull.draft, Delivery.UPDATED
        is_draft = draft if host.set_draft(pull, draft) else was_draft
        ask = was_draft and not is_draft
    else:
        try:
            pull = host.open_pull(title, body, errand.branch, errand.base, draft)
        except (NotAllowed, NotThere):
            allow = ALLOW_ACTIONS if office.kind is TokenKind.ACTIONS else ALLOW_OTHERS
            return _branch_alone(office, errand, [*notes, allow])
        except Clash:
            pull = next((each for each in existing(host, errand) if each.state == "open"), None)
            if pull is None:
                return _branch_alone(office, errand, [*notes, NOT_TAKEN])
        delivery, is_draft, ask = Delivery.OPENED, pull.draft, not draft
        notes += _labelled(office, pull)
    if ask:
        notes += _asked_for_review(office, errand, pull, files)
    return Delivered(delivery, pull.number, pull.html_url, (*of_token, *notes), is_draft)


def _branch_alone(office: Office, errand: Errand, notes: list[str]) -> Delivered:
    """The branch, and the page where a person opens the pull request."""
    ends = f"{quote(errand.base)}...{quote(errand.branch)}"
    return Delivered(Delivery.BRANCH, url=office.page("compare", f"{ends}?expand=1"), notes=tuple(notes))


def _labelled(office: Office, pull: Pull) -> list[str]:
    if not office.settings.labels:
        return []
    try:
        office.host.add_labels(pull.number, office.settings.labels)
    except HostError:
        return [NO_LABELS]
    return []


def _asked_for_review(office: Office, errand: Errand, pull: Pull, files: Mapping[str, Placed]) -> list[str]:
    """Ask the code owners of what is changed, as the branch it goes to names them; never whoever asked the bot."""
    if not office.settings.reviewers:
        return []
    host = office.host
    try:
        found = (host.file(place, errand.base) for place in codeowners.PLACES)
        lines = codeowners.parsed(next((data for data in found if data is not None), b""))
    except HostError:
        return [NO_REVIEWERS]
    asker = errand.asked_by.login if errand.asked_by else ""
    organisation = host.repository.partition("/")[0]
    wanted = codeowners.reviewers(lines, files, organisation, (asker, pull.user.login))
    if not wanted.users and not wanted.teams:
        return []
    if host.request_reviewers(pull.number, wanted.users, wanted.teams):
        return []
    # GitHub takes all of them or none: one by one, those it does take are asked.
    each = [((user,), ()) for user in wanted.users] + [((), (team,)) for team in wanted.teams]
    if len(each) > 1:
        for users, teams in each:
            host.request_reviewers(pull.number, users, teams)
    return [NO_REVIEWERS]


def _suggested(office: Office, errand: Errand, sound: Sound) -> Delivered | None:
    """The patch as suggestions on the pull request it was asked on; None where it does not fit there."""
    if errand.subject is None or sound.patch is None:
        return None
    host, number = office.host, errand.subject.number
    pull = host.pull(number)
    if pull.head.sha != errand.commit:
        return None
    shown = suggestions.shown({file.path: file.patch for file in host.pull_files(number)})
    found = suggestions.suggestions(sound.patch, shown)
    if found is None:
        return None
    comments = [one.model_dump(exclude_none=True) for one in found]
    if not host.review(number, errand.commit, SUGGESTED, comments):
        return None
    return Delivered(Delivery.SUGGESTED, number, pull.html_url)
