"""Names to providers: what each stands for, what `auto` finds, and what wrong ones say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import raw_server
from aimock import Mock
from bot.errors import BcragError, ConfigurationError, MissingError
from bot.llm import presets, registry
from bot.llm.desk import Models
from bot.llm.replies import Replies
from bot.llm.starting import Access
from bot.models.exchange import Reply, Role
from bot.settings import RoleSettings, Settings
from calls import call
from raw_server import HOLD, answer, head

LISTED = [head(kind="application/json"), json.dumps({"data": [{"id": "text-embed"}, {"id": "qwen"}]}).encode()]
CLOSED = "http://127.0.0.1:9/v1"
NONE_LOCAL = {"lmstudio": CLOSED, "ollama": CLOSED, "vllm": CLOSED}


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Any]:
    """`create`, with everything let go at the end."""
    kept: list[Models] = []

    def create(access: Access | None = None, out: Path | None = None, **settings: Any) -> Models:
        chosen = Settings(**{"llm_urls": NONE_LOCAL, **settings})
        kept.append(registry.create(chosen, out, access, environment={}, replies=Replies(tmp_path / "cache")))
        return kept[-1]

    yield create
    for models in kept:
        models.close()


def test_none(made: Any) -> None:
    models = made(llm="none")
    assert not models.available and "switched off" in models.why


def test_auto_without_anything_says_why(made: Any) -> None:
    models = made()
    assert not models.available
    for reason in ("ollama does not run", "openai has no key in OPENAI_API_KEY"):
        assert reason in models.why


def test_auto_takes_a_local_server_that_runs_and_its_first_model(made: Any) -> None:
    with raw_server.serving(LISTED, answer("hi")) as raw:
        models = made(llm_urls={**NONE_LOCAL, "ollama": raw.url})
        assert models.available and models.why == "Models: ollama."
        reply = models.ask(call(), "patch")
        assert isinstance(reply, Reply) and reply.text == "hi" and reply.usd == 0
        assert '"model":"qwen"' in raw.requests[-1]


@pytest.mark.parametrize("parts", [[head(404)], [b"no http"], [HOLD]], ids=["404", "nonsense", "silence"])
def test_what_listens_there_and_is_no_model_server_is_passed_over(made: Any, parts: list[raw_server.Part]) -> None:
    with raw_server.serving(parts) as raw:
        assert not made(llm_urls={**NONE_LOCAL, "vllm": raw.url}).available


def test_auto_takes_what_there_is_a_key_for_in_the_order_of_the_settings(made: Any) -> None:
    access = Access(keys=frozenset({"OPENAI_API_KEY", "OPENROUTER_API_KEY"}))
    assert made(access).why == "Models: openrouter, openai."
    assert made(access, llm_order=("openai", "openrouter")).why == "Models: openai, openrouter."
    assert made(access, llm_order=("ollama",)).available is False


def test_auto_passes_over_a_key_that_is_withheld(made: Any) -> None:
    models = made(Access(withheld=frozenset({"OPENAI_API_KEY"})))
    assert not models.available and "openai has a key, but no sandbox works" in models.why


def test_a_named_provider_is_asked_alone(made: Any, mock: Mock) -> None:
    access = Access(keys=frozenset({"OPENAI_API_KEY"}))
    models = made(access, llm="ollama:gpt-4", llm_urls={"ollama": mock.url})
    assert models.why == "Models: ollama."
    assert isinstance(models.ask(call("hello"), "patch"), Reply)
    assert mock.requests()[-1]["body"]["model"] == "gpt-4"


@pytest.mark.parametrize("tail", ["", "#gpt-4o", "/#gpt-4o", "/chat/completions#gpt-4o"])
def test_an_address_will_do(made: Any, mock: Mock, tail: str) -> None:
    assert isinstance(made(llm=f"{mock.url}{tail}").ask(call(f"hello {tail}"), "patch"), Reply)
    assert mock.requests()[-1]["body"]["model"] == ("gpt-4o" if tail else "gpt-4")


def test_scripted_and_manual(made: Any, tmp_path: Path) -> None:
    script = tmp_path / "a:b.json"
    script.write_text('[{"reply": "one"}, {"reply": "two"}]')
    models = made(llm=f"scripted:{script}")
    assert [models.ask(call(), "patch").text for _ in range(2)] == ["one", "two"]
    person = made(llm="manual", out=tmp_path)
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "001.reply.md").write_text("by hand")
    assert person.ask(call(), "patch").text == "by hand"
    again = made(llm="manual", out=tmp_path / "next").ask(call(), "patch")
    assert again.text == "by hand" and again.cached


def test_a_role_has_its_own(made: Any, tmp_path: Path) -> None:
    script = tmp_path / "script.json"
    script.write_text('[{"reply": "the critic\'s"}]')
    models = made(llm="none", roles={"critic": RoleSettings(llm=f"scripted:{script}")})
    assert models.available and models.serves(Role.CRITIC) and not models.serves(Role.PATCHER)
    assert models.ask(call(role=Role.CRITIC), "critique").text == "the critic's"


@pytest.mark.parametrize(
    ("settings", "kind", "word", "cure"),
    [
        ({"llm": "opnai"}, ConfigurationError, "'opnai'", "openrouter"),
        ({"llm": ""}, ConfigurationError, "''", "ollama"),
        ({"llm_order": ("auto",)}, ConfigurationError, "'auto'", "ollama"),
        ({"llm": "scripted"}, ConfigurationError, "needs a file", "scripted:FILE"),
        ({"llm": "scripted:/nonexistent"}, ConfigurationError, "nonexistent", "JSON list"),
        ({"llm": "manual"}, ConfigurationError, "needs a folder", "bot run"),
        ({"llm": "manual:x"}, ConfigurationError, "nothing after", "manual"),
        ({"llm": "endpoint"}, ConfigurationError, "needs an address", "llm_urls"),
        ({"llm": "azure:x"}, ConfigurationError, "needs an address", "RESOURCE"),
        ({"llm": "openai"}, MissingError, "needs a key", "OPENAI_API_KEY"),
        ({"llm": "http://"}, ConfigurationError, "not the address", "http://127.0.0.1"),
        ({"llm": "http://me:hunter2@host/v1"}, ConfigurationError, "not the address", "without user"),
        ({"llm": "http://host/v1?key=hunter2"}, ConfigurationError, "not the address", "base URL"),
        ({"llm": "ollama", "llm_urls": {"ollama": "ftp://x"}}, ConfigurationError, "llm_urls.ollama", "http"),
        ({"llm_urls": {"olama": CLOSED}}, ConfigurationError, "'olama'", "ollama"),
        ({"roles": {"cook": RoleSettings()}}, ConfigurationError, "cook", "patcher"),
        ({"llm": "none", "roles": {"critic": RoleSettings(llm="opnai")}}, ConfigurationError, "opnai", "openai"),
    ],
)
def test_what_is_wrong_is_said_with_its_cure(
    made: Any, settings: dict[str, Any], kind: type[BcragError], word: str, cure: str
) -> None:
    with pytest.raises(kind, match=word) as error:
        made(**settings)
    assert cure in error.value.cure
    if "hunter2@" in str(settings):
        assert "hunter2" not in f"{error.value} {error.value.cure}"


def test_a_named_provider_whose_key_is_withheld_is_missing_a_sandbox(made: Any) -> None:
    with pytest.raises(MissingError, match="no sandbox works") as error:
        made(Access(withheld=frozenset({"OPENAI_API_KEY"})), llm="openai")
    assert "bot doctor" in error.value.cure


def test_a_key_is_not_promised_to_an_address_in_the_clear(made: Any) -> None:
    access = Access(keys=frozenset({"BCRAG_LLM_KEY", "OPENAI_API_KEY"}))
    with pytest.raises(ConfigurationError, match="unencrypted"):
        made(access, llm="http://192.0.2.1/v1#m")
    assert not made(access, llm_order=("openai",), llm_urls={"openai": "http://192.0.2.1/v1"}).available


def test_azure_is_found_below_its_resource() -> None:
    end = presets.at("azure", "mine", {"azure": "https://me.openai.azure.com/"})
    assert (end.base_url, end.model, end.local) == ("https://me.openai.azure.com/openai/v1", "mine", False)


@pytest.mark.parametrize(
    ("url", "local"),
    [("http://127.0.0.1:1/v1", True), ("http://[::1]:1/v1", True), ("http://localhost/v1", True),
     ("https://example.org/v1", False), ("http://localhost.example.org/v1", False)],
)  # fmt: skip
def test_local_is_what_is_on_this_machine(url: str, local: bool) -> None:
    assert presets.direct(url).local is local
