"""The endpoints that have a name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.errors import ConfigurationError
from bot.llm.endpoint import Endpoint, address, loopback

BAD_URL = "{place}: {url!r} is not the address of a model server."
GOOD_URL = "Write its base URL without user and password, for example http://127.0.0.1:8000/v1"
UNKNOWN_URL = "llm_urls: there is no provider named {name!r}."
UNKNOWN_URL_CURE = "Known ones: {names}."
NO_URL = "The provider {name} needs an address."
NO_URL_CURE = 'Set it in your configuration: llm_urls = {{{name} = "{example}"}}'

_EXAMPLES = {"azure": "https://RESOURCE.openai.azure.com", "endpoint": "http://127.0.0.1:8000/v1"}
_AZURE_PATH = "/openai/v1"

PRESETS: Mapping[str, Endpoint] = MappingProxyType(
    {
        preset.name: preset
        for preset in (
            Endpoint(
                name="openai",
                base_url="https://api.openai.com/v1",
                key="OPENAI_API_KEY",
                key_required=True,
                model="gpt-5-mini",
            ),
            Endpoint(
                name="openrouter",
                base_url="https://openrouter.ai/api/v1",
                key="OPENROUTER_API_KEY",
                key_required=True,
                model="qwen/qwen3-coder",
            ),
            Endpoint(name="lmstudio", base_url="http://127.0.0.1:1234/v1", limit_name="max_tokens", local=True),
            Endpoint(name="ollama", base_url="http://127.0.0.1:11434/v1", limit_name="max_tokens", local=True),
            Endpoint(name="vllm", base_url="http://127.0.0.1:8000/v1", key="VLLM_API_KEY", local=True),
            Endpoint(name="azure", base_url="", key="AZURE_OPENAI_API_KEY", key_required=True),
            Endpoint(name="endpoint", base_url="", key="BCRAG_LLM_KEY"),
        )
    }
)
"""By name. A model that is left empty is chosen by the user, or is the first the server lists."""

KEY_VARIABLES: tuple[str, ...] = tuple(preset.key for preset in PRESETS.values() if preset.key)
"""The environment variables that hold a key of a preset."""


def at(name: str, model: str, urls: Mapping[str, str]) -> Endpoint:
    """A preset where the user says it is (`settings.llm_urls`), with the model that was asked for.

    Raises:
        ConfigurationError: it has no address, or a wrong one.
        KeyError: there is no such preset; look first.
    """
    preset = PRESETS[name]
    url = urls.get(name, preset.base_url)
    if not url:
        raise ConfigurationError(NO_URL.format(name=name), NO_URL_CURE.format(name=name, example=_EXAMPLES[name]))
    return located(preset, url, model, f"llm_urls.{name}" if name in urls else name)


def direct(text: str) -> Endpoint:
    """`http://host:port/v1` or `http://host/v1#model`, as `--llm` takes it.

    Raises:
        ConfigurationError: it is no address.
    """
    url, _, model = text.partition("#")
    return located(PRESETS["endpoint"], url, model, "llm")


def located(preset: Endpoint, url: str, model: str, place: str) -> Endpoint:
    """A preset at another address. Whether it is local is up to the address.

    Raises:
        ConfigurationError: it is no address; `place` says where it was written.
    """
    parts = address(url)
    if parts is None:
        # What stands before the @ may be a password: it is not repeated.
        raise ConfigurationError(BAD_URL.format(place=place, url=url.rpartition("@")[2][:200]), GOOD_URL)
    path = parts.path.rstrip("/").removesuffix("/chat/completions")
    if preset.name == "azure" and not path:
        path = _AZURE_PATH
    return preset.model_copy(
        update={
            "base_url": parts._replace(path=path, fragment="").geturl(),
            "model": model or preset.model,
            "local": loopback(parts.hostname or ""),
        }
    )


def check_urls(urls: Mapping[str, str]) -> None:
    """See that every name in `settings.llm_urls` is one.

    Raises:
        ConfigurationError: it is none.
    """
    for name in urls:
        if name not in PRESETS:
            raise ConfigurationError(UNKNOWN_URL.format(name=name), UNKNOWN_URL_CURE.format(names=", ".join(PRESETS)))
