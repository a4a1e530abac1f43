"""The configuration of a repository as it stands on its default branch: a proposed change configures nothing."""

from __future__ import annotations

from bot.host.github import GitHub
from bot.settings import FILE, PROJECT_FILE, Settings, parsed


def of(host: GitHub, branch: str | None = None) -> Settings:
    """The settings of the repository; `branch` where its default branch is known already.

    Raises:
        ConfigurationError: they are wrong.
        HostError: GitHub does not say.
    """
    branch = branch or host.about().default_branch
    own = host.file(FILE, branch)
    return parsed(own, None if own else host.file(PROJECT_FILE, branch))
