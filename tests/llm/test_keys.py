"""Who sees which variable."""

from __future__ import annotations

from bot.llm import keys
from bot.llm.presets import KEY_VARIABLES, PRESETS

SECRETS = dict.fromkeys((*KEY_VARIABLES, *keys.OTHER_SECRETS), "secret")
REST = {"PATH": "/bin", "HTTPS_PROXY": "http://proxy", "no_proxy": "localhost", "TOKEN": "of something else"}


def test_the_command_keeps_all_but_the_secrets() -> None:
    assert keys.without({**SECRETS, **REST}) == REST


def test_the_broker_gets_the_keys_and_nothing_the_client_would_take_by_itself() -> None:
    given = keys.of_broker({**SECRETS, **REST, "OPENAI_LOG": "debug"})
    assert given == {**dict.fromkeys(KEY_VARIABLES, "secret"), **REST}


def test_a_broker_without_keys_gets_nothing_but_ways() -> None:
    assert keys.of_keyless_broker({**SECRETS, **REST}) == {key: REST[key] for key in REST if key != "TOKEN"}


def test_held_are_those_that_are_not_empty() -> None:
    assert keys.held({"OPENAI_API_KEY": "x", "OPENROUTER_API_KEY": "", "PATH": "/bin"}) == {"OPENAI_API_KEY"}


def test_every_key_of_a_preset_is_known() -> None:
    assert {preset.key for preset in PRESETS.values() if preset.key} == set(KEY_VARIABLES)
