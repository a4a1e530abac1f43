"""Embedders by name: what is known is made, what is not is answered with what there is."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from indexer.embedders.registry import FACTORIES, FORMS, create
from indexer.errors import MissingError, UsageError


def test_every_name_has_its_form() -> None:
    assert FORMS.keys() == FACTORIES.keys()
    assert all(form.startswith(name) for name, form in FORMS.items())


def test_the_default_is_static() -> None:
    assert create().name.startswith("static-minilm-256-")


@pytest.mark.parametrize(
    ("spec", "suggestion"),
    [
        ("statik", "Did you mean static?"),
        ("sentence_transformer:x", "Did you mean sentence-transformers?"),
        ("Static", "Did you mean static?"),
        ("flag:bge-m", "Did you mean bge-m3?"),
        ("flag:bge-code", "Did you mean bge-code-v1?"),
    ],
)
def test_unknown_names_are_answered_with_the_nearest_and_all(spec: str, suggestion: str) -> None:
    with pytest.raises(UsageError, match="There is no embedder") as caught:
        create(spec)
    assert suggestion in str(caught.value)
    assert "flag:bge-code-v1" in caught.value.cure


def test_nothing_near_suggests_nothing() -> None:
    with pytest.raises(UsageError) as caught:
        create("zzzzzzzz")
    assert "mean" not in str(caught.value)
    assert "sentence-transformers:PATH_OR_NAME" in caught.value.cure


@pytest.mark.parametrize(
    "spec", ["static:x", "none:x", "sentence-transformers", "flag:", "openai", "openai:model", "openai:@https://x/v1"]
)
def test_too_much_or_too_little_says_how_to_write_it(spec: str) -> None:
    with pytest.raises(UsageError) as caught:
        create(spec)
    assert caught.value.cure.startswith("Write " + FORMS[spec.partition(":")[0]])


def test_a_model_may_have_an_at_in_its_name() -> None:
    assert create("openai:team/model@2@https://example.org/v1").name == "openai-team/model@2@example.org/v1"


@pytest.mark.parametrize(
    ("spec", "package", "extra"),
    [
        ("sentence-transformers:some/model", "sentence_transformers", "minilm"),
        ("flag:bge-m3", "FlagEmbedding", "bge"),
        ("flag:bge-code-v1", "FlagEmbedding", "bge"),
    ],
)
def test_a_missing_extra_says_what_to_install(spec: str, package: str, extra: str) -> None:
    if importlib.util.find_spec(package):
        pytest.skip(f"{package} is installed")
    with pytest.raises(MissingError, match=f"needs the package {package}") as caught:
        create(spec).query("a")
    assert f"pip install 'bcrag[{extra}]'" in caught.value.cure


def test_a_folder_without_a_model_is_said_to_be_one(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers", reason="needs the extra minilm")
    with pytest.raises(MissingError, match="holds no model") as caught:
        _ = create(f"sentence-transformers:{tmp_path}").name
    assert "config.json" in caught.value.cure


def test_a_model_that_is_nowhere_is_said_to_be(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hub = pytest.importorskip("huggingface_hub.constants", reason="needs the extra minilm")
    pytest.importorskip("sentence_transformers", reason="needs the extra minilm")
    monkeypatch.setattr(hub, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(hub, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(MissingError, match="no/such-model") as caught:
        _ = create("sentence-transformers:no/such-model").name
    assert "hf download no/such-model" in caught.value.cure
