"""What can go wrong between us and GitHub.

    HostError                 exit 3, as of everything a run needs and has not got
    ├── NotAllowed            401, 403: the token may not do this
    ├── NotThere              404, 410: it does not exist, or the token may not see it
    ├── Clash                 409, 422: it exists already, has moved on, or is not what GitHub takes
    ├── RateLimited           too many requests; `until` says when there may be more
    └── Unreachable           no answer, or one that makes no sense

What GitHub said is shortened, put on one line and rid of secrets before it becomes part of a sentence; a token is never
in one. `asked` says which request it was, `said` what GitHub said to it.
"""

from __future__ import annotations

from datetime import datetime

from bot.errors import MissingError
from bot.secrets import redacted

MAX_SAID = 400
"""Characters of what GitHub said that are passed on."""

NOT_ALLOWED = "GitHub does not allow {asked}: {said}"
NOT_ALLOWED_CURE = (
    "See the permissions of the token: `permissions:` of the job in the workflow, those of the GitHub App, or the "
    "scopes of the personal token; and whether the settings of the repository or the organisation forbid it."
)
NOT_THERE = "GitHub has nothing at {asked}: {said}"
NOT_THERE_CURE = "See whether it exists, and whether the token may see it: GitHub says the same of both."
CLASH = "GitHub did not take {asked}: {said}"
CLASH_CURE = "Somebody else may have been faster: try again."
RATE_LIMITED = "GitHub takes no more requests from this token until {until:%Y-%m-%d %H:%M:%S} UTC ({asked}: {said})"
RATE_LIMITED_CURE = "Try again after that."
UNREACHABLE = "GitHub did not answer {asked}: {said}"
UNREACHABLE_CURE = "See https://www.githubstatus.com and the network of this machine, then try again."
NOTHING_SAID = "no reason given"


class HostError(MissingError):
    """GitHub did not do what it was asked."""

    sentence = "GitHub did not do {asked}: {said}"
    advice = ""

    def __init__(self, asked: str = "a request", said: str = "", *, cure: str | None = None) -> None:
        self.asked = cleaned(asked)
        self.said = cleaned(said) or NOTHING_SAID
        super().__init__(self._worded(), self.advice if cure is None else cure)

    def _worded(self) -> str:
        return self.sentence.format(asked=self.asked, said=self.said)


class NotAllowed(HostError):  # noqa: N818  (named for what it says)
    """The token may not do this."""

    sentence = NOT_ALLOWED
    advice = NOT_ALLOWED_CURE


class NotThere(HostError):  # noqa: N818
    """It does not exist, or the token may not see it."""

    sentence = NOT_THERE
    advice = NOT_THERE_CURE


class Clash(HostError):  # noqa: N818
    """It exists already, has moved on, or is not what GitHub takes."""

    sentence = CLASH
    advice = CLASH_CURE


class RateLimited(HostError):  # noqa: N818
    """Too many requests: there may be more after `until`."""

    sentence = RATE_LIMITED
    advice = RATE_LIMITED_CURE

    def __init__(self, until: datetime, asked: str = "a request", said: str = "") -> None:
        self.until = until
        super().__init__(asked, said)

    def _worded(self) -> str:
        return self.sentence.format(asked=self.asked, said=self.said, until=self.until)


class Unreachable(HostError):  # noqa: N818
    """No answer, or one that makes no sense."""

    sentence = UNREACHABLE
    advice = UNREACHABLE_CURE


def cleaned(text: str) -> str:
    """A text from outside as part of a sentence: one line, short, without secrets."""
    line = " ".join(redacted(text[: 4 * MAX_SAID]).split())
    line = "".join(character for character in line if character.isprintable())
    return line if len(line) <= MAX_SAID else line[: MAX_SAID - 1] + "…"
