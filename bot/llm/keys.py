"""The environment variables that are secrets of the model tier: who may see them, and who must not."""

from __future__ import annotations

from collections.abc import Mapping

from bot.llm.presets import KEY_VARIABLES

OTHER_SECRETS = ("OPENAI_ADMIN_KEY", "OPENAI_WEBHOOK_SECRET", "OPENAI_CUSTOM_HEADERS")
"""What the `openai` client would read by itself. Nobody here needs it: not even the broker gets it."""

_UNWANTED = (*OTHER_SECRETS, "OPENAI_LOG", "OPENAI_BASE_URL")
_NETWORK = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "ssl_cert_dir")
_PLAIN = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")


def held(environment: Mapping[str, str]) -> frozenset[str]:
    """The variables that hold a key."""
    return frozenset(name for name in KEY_VARIABLES if environment.get(name))


def without(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without any secret of the model tier: what everything but the broker has."""
    return {name: value for name, value in environment.items() if name not in (*KEY_VARIABLES, *OTHER_SECRETS)}


def of_broker(environment: Mapping[str, str]) -> dict[str, str]:
    """What the broker is started with: the keys, and how to reach the network."""
    return {name: value for name, value in environment.items() if name not in _UNWANTED}


def of_keyless_broker(environment: Mapping[str, str]) -> dict[str, str]:
    """What a broker is started with that is to hold nothing: where programs are, and how to reach the network."""
    return {name: value for name, value in environment.items() if name in _PLAIN or name.lower() in _NETWORK}
