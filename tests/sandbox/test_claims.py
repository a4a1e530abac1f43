"""The claims of the sandbox: held in bubblewrap, and seen not to be held where there is none."""

from __future__ import annotations

import dataclasses
import os
from dataclasses import dataclass

import pytest

from bot.errors import MissingError
from bot.sandbox.base import Command, Finished, Limits, Sandbox
from bot.sandbox.bubblewrap import Bubblewrap
from bot.sandbox.claims import prove
from bot.sandbox.plain import Plain


@pytest.fixture(scope="module")
def bubblewrap() -> Bubblewrap:
    try:
        return Bubblewrap.find()
    except MissingError as error:
        pytest.skip(str(error))


def test_every_claim_holds_in_bubblewrap(bubblewrap: Bubblewrap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "x")
    claims = prove(bubblewrap)
    assert [claim for claim in claims if not claim.holds] == []
    assert len({claim.name for claim in claims}) == 12


def test_without_a_sandbox_they_are_seen_not_to_hold() -> None:
    claims = {claim.name: claim for claim in prove(Plain(), limits=False)}
    broken = {name for name, claim in claims.items() if not claim.holds}
    expected = {"no network", "writes outside refused", "other processes out of sight"}
    assert broken >= expected
    assert ("unprivileged user" in broken) == (os.geteuid() == 0)
    assert "loopback" in claims["no network"].seen


@dataclass(frozen=True)
class Generous:
    """A sandbox that keeps to no limit but time."""

    inner: Sandbox
    name: str = "generous"

    def run(self, command: Command) -> Finished:
        limits = Limits(seconds=min(command.limits.seconds, 3.0), processes=1000)
        if command.limits.seconds < 1:
            limits = Limits(seconds=0.1)
        return self.inner.run(dataclasses.replace(command, limits=limits))


def test_a_limit_that_is_not_kept_is_seen(bubblewrap: Bubblewrap) -> None:
    claims = {claim.name: claim.holds for claim in prove(Generous(bubblewrap))}
    assert claims["no network"]
    assert not claims["disk limit"]
    assert not claims["process limit"]


def test_a_sandbox_that_says_nothing_proves_nothing() -> None:
    class Silent:
        name = "silent"

        def run(self, command: Command) -> Finished:
            return Finished(0, "", 0.0)

    assert all(not claim.holds for claim in prove(Silent()) if claim.name != "nothing outlives a run")
