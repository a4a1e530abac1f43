"""Where tokens come from: an App's are made for one repository and no more rights than are asked for."""

from __future__ import annotations

import traceback
from collections.abc import Mapping

import pytest

from bot.errors import BcragError, ConfigurationError, MissingError
from bot.host.errors import NotAllowed, NotThere
from bot.host.github import GitHub
from bot.host.tokens import Token, TokenKind, from_environment, narrowed
from bot.host.wire import Wire
from hub import APP_ID, Hub, app_key

ASKED = {"contents": "read", "issues": "write"}


def token(hub: Hub, env: Mapping[str, str]) -> Token:
    return from_environment(env, hub.repository, hub.url, ASKED)


def test_the_workflows_own_token(hub: Hub) -> None:
    found = token(hub, {"GITHUB_TOKEN": " ghs_own\n"})
    assert (found.kind, found.value.get_secret_value()) == (TokenKind.ACTIONS, "ghs_own")


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ("ghp_x", TokenKind.PERSONAL),
        ("github_pat_x", TokenKind.PERSONAL),
        ("ghs_x", TokenKind.APP),
        ("ghs_own", TokenKind.ACTIONS),
        ("", TokenKind.ACTIONS),
    ],
)
def test_a_token_that_was_given_goes_before_the_workflows_own(hub: Hub, given: str, kind: TokenKind) -> None:
    found = token(hub, {"GITHUB_TOKEN": "ghs_own", "BCRAG_TOKEN": given})
    assert found.kind is kind
    assert found.value.get_secret_value() == (given or "ghs_own")


@pytest.mark.parametrize("key", [app_key(), app_key().replace("\n", "\\n"), app_key().strip()])
def test_an_app_gets_a_token_for_this_repository_and_what_was_asked_for(hub: Hub, key: str) -> None:
    env = {**hub.env("app"), "BCRAG_APP_PRIVATE_KEY": key}
    found = token(hub, env)
    assert (found.kind, found.login) == (TokenKind.APP, "bcrag-test[bot]")
    made = hub.requests[-1]
    assert made.path == "/app/installations/2/access_tokens"
    assert made.body == {"repositories": ["addon"], "permissions": ASKED}
    host = GitHub(Wire(hub.url, found, spacing=0.0), hub.repository)
    assert host.me() == "bcrag-test[bot]"
    number = hub.issue("Ask the App")["number"]
    assert host.comment(number, "x").user.login == "bcrag-test[bot]"
    with pytest.raises(NotAllowed):
        host.create_branch("x", "0" * 40)


def test_an_app_that_has_less_gets_what_it_has() -> None:
    granted = {"issues": "read", "contents": "write", "metadata": "read"}
    assert narrowed({"issues": "write", "contents": "read", "checks": "write"}, granted) == {
        "issues": "read",
        "contents": "read",
    }
    assert narrowed({"checks": "write"}, granted) == {"metadata": "read"}
    assert narrowed({"checks": "write"}, None) == {"checks": "write"}
    assert narrowed({}, granted) == {"metadata": "read"}


def test_an_app_that_is_not_installed(hub: Hub) -> None:
    with pytest.raises(NotThere) as caught:
        from_environment(hub.env("app"), "owner/other", hub.url, ASKED)
    assert "Install" in caught.value.cure


def test_an_app_with_the_key_of_another(hub: Hub) -> None:
    with pytest.raises(NotAllowed) as caught:
        token(hub, {**hub.env("app"), "BCRAG_APP_ID": "12"})
    assert "BCRAG_APP_ID" in caught.value.cure


@pytest.mark.parametrize(
    ("env", "kind"),
    [
        ({}, MissingError),
        ({"GITHUB_TOKEN": " "}, MissingError),
        ({"GITHUB_TOKEN": "x", "BCRAG_APP_ID": str(APP_ID)}, ConfigurationError),
        ({"GITHUB_TOKEN": "x", "BCRAG_APP_PRIVATE_KEY": app_key()}, ConfigurationError),
        ({"BCRAG_APP_ID": str(APP_ID), "BCRAG_APP_PRIVATE_KEY": app_key()[:-80]}, ConfigurationError),
        ({"BCRAG_APP_ID": str(APP_ID), "BCRAG_APP_PRIVATE_KEY": "no key"}, ConfigurationError),
    ],
)
def test_what_is_no_token_is_said_and_not_shown(hub: Hub, env: Mapping[str, str], kind: type[BcragError]) -> None:
    with pytest.raises(BcragError) as caught:
        token(hub, env)
    assert type(caught.value) is kind
    assert caught.value.cure
    shown = "".join(traceback.format_exception(caught.value))
    assert app_key()[100:160] not in shown
    assert "BEGIN" not in str(caught.value)
