"""The configuration, read once: flag, then environment, then file, then default."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

import platformdirs
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from bot.errors import ConfigurationError
from bot.models.release import Release

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

FILE = "bcrag.toml"
PROJECT_FILE = "pyproject.toml"
UNKNOWN_KEY = "{place}: there is no key {key!r}."
UNKNOWN_KEY_CURE = "Did you mean {near!r}? Every key is described in docs/config.md."
KEYS_CURE = "Known keys: {keys}."
MACHINE_ONLY = "{place}: the key {key!r} cannot be set by a repository, because it decides what runs on your machine."
MACHINE_ONLY_CURE = "Set it in {user_file}, as {variable}, or with a flag."
UNREADABLE = "{place} cannot be read: {detail}"
UNREADABLE_CURE = "Mend or remove the file."
NO_TABLE = "{place}: {name} is no table."
NO_TABLE_CURE = "Write a line [tool.bcrag], and each key on a line of its own below it."
BAD_VALUE = "{place}: {key}: {detail}"
NOT_IN_TABLE = "There is no `{key}` in the table `[{table}]`."
NEAREST = "Did you mean `{near}`? Every key is described in docs/config.md."

MACHINE_ONLY_KEYS = frozenset(
    {
        *("sandbox", "blender_paths", "install", "embedder", "reranker"),
        *("llm", "llm_order", "llm_urls", "roles", "prices", "max_cost", "llm_seconds", "run_seconds"),
    }
)
"""Keys a repository may not set: a stranger can commit a file there."""


def _listed(value: object) -> object:
    """`4.2,4.5`, as the environment and flags write a list."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


_Listed = BeforeValidator(_listed)


Label = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f,]{1,50}$")]
"""The name of a label."""


class RoleSettings(BaseModel):
    """What one role of the model tier uses instead of the general settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    llm: str | None = Field(default=None, description="Another provider, with or without a model.")
    effort: Literal["minimal", "low", "medium", "high"] | None = Field(
        default=None, description="How much a reasoning model is to think."
    )
    temperature: float | None = Field(default=None, ge=0, le=2, description="Default: the provider's own.")
    max_output_tokens: int | None = Field(default=None, ge=64, le=128_000, description="Longest answer, in tokens.")


class Price(BaseModel):
    """What a model costs, in US dollars per million tokens."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    input: float = Field(ge=0, description="US dollars for a million tokens sent.")
    output: float = Field(ge=0, description="US dollars for a million tokens received.")


class GitHubSettings(BaseModel):
    """What the bot does on GitHub: the table `[github]`; it counts as it stands on the default branch."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pull_requests: bool = Field(
        default=True, description="Whether a patch becomes a pull request; otherwise it lies on a branch."
    )
    draft: Literal["unverified", "always", "never"] = Field(
        default="unverified", description="Which pull requests are drafts."
    )
    labels: Annotated[tuple[Label, ...], BeforeValidator(_listed), Field(max_length=10)] = Field(
        default=("bcrag",), description="Labels of its pull requests."
    )
    reviewers: bool = Field(default=True, description="Whether code owners of what is changed are asked for a review.")
    max_open_pulls: int = Field(
        default=5, ge=1, le=100, description="How many of its pull requests may be open at a time."
    )
    max_runs_per_day: int = Field(default=20, ge=1, le=1000, description="How many runs there may be in 24 hours.")
    artifacts_branch: bool = Field(
        default=True, description="Whether renders are put on the branch `bcrag-artifacts`, so that they can be shown."
    )
    on_pull_request: Literal["pull", "suggest"] = Field(
        default="pull",
        description="What a patch asked for on a pull request becomes: a pull request against its branch, or "
        "suggestions on its lines, where they fit.",
    )
    checks: bool = Field(
        default=True, description="Whether a check run tells what was found, where the token allows it."
    )


class ScenarioSettings(BaseModel):
    """What a repository says of one scenario: a table `[[scenario]]`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9-]{0,40}$", description="What it is called: `grid`, `round-trip`.")
    script: str = Field(
        max_length=500,
        description="The file in the repository that is run; it knows `bpy`, `addon`, `MODULE` and `TMP` (a folder).",
    )
    blender: Annotated[tuple[Release, ...], _Listed] = Field(
        default=(), description="Where; default: in every release."
    )
    objects: int | tuple[str, ...] | None = Field(
        default=None, description="How many objects there are afterwards, or the names of some."
    )
    vertices: int | dict[str, int] | None = Field(
        default=None, description="How many vertices all evaluated meshes have together, or by object."
    )
    files: tuple[str, ...] = Field(
        default=(), max_length=50, description="Files below `TMP` that have to be there and not be empty."
    )
    runs: int = Field(default=1, ge=1, le=5, description="How often it is run, one time after the other in one scene.")
    steady: tuple[str, ...] = Field(
        default=(),
        max_length=50,
        description="What runs after the first must not change the number of: `meshes`, `materials`, `handlers`.",
    )
    render: str | None = Field(
        default=None, max_length=500, description="A PNG in the repository that the render of the scene has to be like."
    )
    tolerance: float = Field(default=0.02, ge=0, le=1, description="The share of its pixels that may differ, 0 to 1.")


class Settings(BaseSettings):
    """Every key of `bcrag.toml` and of `[tool.bcrag]` in `pyproject.toml`; `BCRAG_<KEY>` in the environment."""

    model_config = SettingsConfigDict(env_prefix="BCRAG_", extra="forbid", frozen=True, env_nested_delimiter="__")

    addon: str | None = Field(default=None, description="The add-on to repair, where the repository holds several.")
    blender: Annotated[tuple[Release, ...], NoDecode, _Listed] = Field(
        default=(), description='The releases a run must prove, such as `["4.2", "4.5"]`.'
    )
    oldest: Release | None = Field(
        default=None, description="The oldest release to keep working; default: what the add-on declares."
    )
    blender_paths: Annotated[tuple[Path, ...], NoDecode, _Listed] = Field(
        default=(), description="Blender executables, besides those found by themselves."
    )
    install: bool = Field(default=True, description="Whether a missing Blender may be installed into the cache.")
    sandbox: Literal["auto", "bubblewrap", "docker", "none"] = Field(
        default="auto", description="What the add-on's code runs in."
    )
    llm: str = Field(
        default="auto",
        description="The model: `none`, `auto` (the first of `llm_order` that answers, else none), a provider "
        "(`ollama`, `openai`, `manual`, ...), or a provider and its model (`openrouter:qwen/qwen3-coder`).",
    )
    llm_order: Annotated[tuple[str, ...], NoDecode, _Listed] = Field(
        default=("lmstudio", "ollama", "vllm", "openrouter", "openai"),
        description="What `auto` takes, and falls back to in this order; one that is named is asked alone. A provider "
        "that needs a key is passed over where the environment holds none.",
    )
    llm_urls: dict[str, str] = Field(
        default={}, description='Where a provider is, if not at its usual place: `{ollama = "http://host:11434/v1"}`.'
    )
    roles: dict[str, RoleSettings] = Field(
        default={},
        description="What one role (`router`, `planner`, `reproducer`, `patcher`, `healer`, `critic`, `explainer`, "
        "`writer`) uses instead: `[roles.critic]` with `llm`, `effort`, `temperature`, `max_output_tokens`.",
    )
    prices: dict[str, Price] = Field(
        default={},
        description="Prices of models, in US dollars per million tokens, over the table that comes along: "
        '`[prices."my-model"]` with `input` and `output`.',
    )
    max_cost: float | None = Field(default=None, ge=0, description="What the models of a run may cost, in US dollars.")
    max_input_tokens: int = Field(
        default=5000, ge=1500, le=1_000_000, description="How long one prompt may be, in tokens."
    )
    candidates: int = Field(default=1, ge=1, le=8, description="How many patches a model is asked for at a time.")
    critic_gate: float = Field(
        default=0.75, ge=0, le=1, description="The mark below which a critic's objections are worth another attempt."
    )
    llm_seconds: float = Field(default=300.0, ge=5, le=7200, description="Time limit of one model call, in seconds.")
    run_seconds: float = Field(
        default=3600.0, ge=30, le=86_400, description="Time after which no further model call is begun, in seconds."
    )
    embedder: str | None = Field(
        default=None,
        description="What searches by meaning: `static`, `none`, `sentence-transformers:MODEL`, `flag:bge-code-v1`, "
        "`flag:bge-m3` or `openai:MODEL@URL`; default: what the index was made with, else `static`.",
    )
    reranker: str = Field(
        default="none",
        description="A second look at what a search found: `none`, `cross-encoder:MODEL` or `flag:bge-reranker-v2-m3`.",
    )
    max_attempts: int = Field(default=6, ge=1, le=50, description="How many candidate patches to try.")
    seconds: float = Field(
        default=90.0, ge=5, le=3600, description="Time limit for exercising the add-on in one Blender, in seconds."
    )
    test_seconds: float = Field(
        default=120.0,
        ge=0,
        le=3600,
        description="Time limit for the repository's own tests in one Blender, in seconds; 0 runs none of them.",
    )
    reproductions: int = Field(
        default=8,
        ge=0,
        le=50,
        description="For how many faults that were raised in Blender a run writes a script that shows the fault by "
        "itself; each is tried in a Blender of its own.",
    )
    tests_in_patch: bool = Field(
        default=False,
        description="Whether the tests a run proposes for what it repaired, in the style of the repository's own, are "
        "part of the patch.",
    )
    checkers: Annotated[tuple[Literal["ty", "mypy", "pyright"], ...], NoDecode, _Listed] = Field(
        default=("ty",),
        description="Type checkers to ask: `ty` for what Blender's API has lost; `mypy` and `pyright` (the extra "
        "`types`) for what a patch does to the add-on's own types.",
    )
    disable: Annotated[tuple[str, ...], NoDecode, _Listed] = Field(
        default=(), description='Rules not to use, by code or family: `["UI101", "nodes"]`.'
    )
    scenario: tuple[ScenarioSettings, ...] = Field(
        default=(),
        max_length=20,
        description="Scenarios of the repository, each a table `[[scenario]]`: a script, and what there is afterwards.",
    )
    github: GitHubSettings = Field(
        default=GitHubSettings(),
        description="What the bot does on GitHub; it counts as it stands on the default branch.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, then the environment; files are passed in by `load`, under both."""
        return (init_settings, env_settings)


def user_file() -> Path:
    """The configuration of this machine's user, which may hold every key."""
    return Path(platformdirs.user_config_path("bcrag")) / "config.toml"


def load(root: Path | None, **flags: Any) -> Settings:
    """Read the configuration of a repository and of the user; `flags` that are None were not given.

    Raises:
        ConfigurationError: an unknown key, a bad value, or an unreadable file.
    """
    return _made({**_read(user_file(), machine=True), **(_repository(root) if root else {})}, flags)


def parsed(own: bytes | None, project: bytes | None = None, **flags: Any) -> Settings:
    """The configuration of a repository that is not on this disk: its `bcrag.toml` and its `pyproject.toml`, if any.

    Raises:
        ConfigurationError: an unknown key, a bad value, or no TOML.
    """
    values = _parsed(own, FILE, machine=False) if own else {}
    values = values or (_parsed(project, PROJECT_FILE, machine=False, table=True) if project else {})
    return _made({**_read(user_file(), machine=True), **values}, flags)


def _made(merged: dict[str, Any], flags: dict[str, Any]) -> Settings:
    given = {key: value for key, value in flags.items() if value is not None}
    try:
        environment = Settings().model_dump(exclude_unset=True)
        if isinstance(table := merged.get("github"), dict) and "github" in environment:
            environment["github"] = {**table, **environment["github"]}
        return Settings(**{**merged, **environment, **given})
    except ValidationError as error:
        raise _unfit(error.errors()) from error


def _unfit(errors: Sequence[ErrorDetails]) -> ConfigurationError:
    """What is said of a value that is none, or of a key that its table does not have: a misspelt one may lack, too."""
    first = next((each for each in errors if each["type"] == "extra_forbidden"), errors[0])
    *above, last = map(str, first["loc"])
    if first["type"] == "extra_forbidden" and above:
        message = NOT_IN_TABLE.format(key=last, table=".".join(above))
        known = _keys(above)
        near = difflib.get_close_matches(last, known, 1)
        return ConfigurationError(
            message, NEAREST.format(near=near[0]) if near else KEYS_CURE.format(keys=", ".join(sorted(known)))
        )
    message = BAD_VALUE.format(place="configuration", key=".".join((*above, last)), detail=first["msg"])
    return ConfigurationError(message, "See docs/config.md for its form.")


def _keys(table: Sequence[str]) -> Collection[str]:
    """The keys of a table; those of `[roles.critic]` and the like are the same for every name."""
    annotation = Settings.model_fields[table[0]].annotation
    made_of = (get_args(annotation) or (annotation,))[-1]
    return frozenset(made_of.model_fields) if isinstance(made_of, type) and issubclass(made_of, BaseModel) else ()


def _repository(root: Path) -> dict[str, Any]:
    own = _read(root / FILE, machine=False)
    return own or _read(root / PROJECT_FILE, machine=False, table=True)


def _read(path: Path, *, machine: bool, table: bool = False) -> dict[str, Any]:
    if path.is_symlink() or not path.is_file():
        return {}
    try:
        data = path.read_bytes()
    except OSError as error:
        if table:
            return {}
        raise ConfigurationError(UNREADABLE.format(place=path.name, detail=error), UNREADABLE_CURE) from error
    return _parsed(data, path.name, machine=machine, table=table)


def _parsed(data: bytes, place: str, *, machine: bool, table: bool = False) -> dict[str, Any]:
    try:
        content = tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:  # the first has many kinds, one for numbers with too many digits
        if table:
            return {}
        raise ConfigurationError(UNREADABLE.format(place=place, detail=error), UNREADABLE_CURE) from error
    values = _below(_below(content, "tool", place), "bcrag", place) if table else content
    for key in values:
        _accept(key, place, machine=machine)
    return dict(values)


def _below(content: dict[str, Any], name: str, place: str) -> dict[str, Any]:
    """A table inside of another; empty where there is none."""
    found = content.get(name, {})
    if not isinstance(found, dict):
        raise ConfigurationError(NO_TABLE.format(place=place, name=name), NO_TABLE_CURE)
    return found


def _accept(key: str, place: str, *, machine: bool) -> None:
    known = Settings.model_fields
    if key not in known:
        near = difflib.get_close_matches(key, known, 1)
        cure = UNKNOWN_KEY_CURE.format(near=near[0]) if near else KEYS_CURE.format(keys=", ".join(sorted(known)))
        raise ConfigurationError(UNKNOWN_KEY.format(place=place, key=key), cure)
    if not machine and key in MACHINE_ONLY_KEYS:
        raise ConfigurationError(
            MACHINE_ONLY.format(place=place, key=key),
            MACHINE_ONLY_CURE.format(user_file=user_file(), variable=f"BCRAG_{key.upper()}"),
        )
