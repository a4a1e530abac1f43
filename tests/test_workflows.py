"""The Action, our own workflows and those `bot init` writes: clean for three linters, and for rules of ours."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

import actionlint
from actions import load
from bot.models.command import Verb
from bot.triggers.commands import labelled
from bot.workflows.filling import workflows
from bot.workflows.permissions import ALL
from generated_workflows import CONFIGURATIONS, PIN, answers, written

ROOT = Path(__file__).resolve().parent.parent
ACTION = ROOT / "action.yml"
OURS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
BIN = Path(sys.executable).parent
EXPRESSION = re.compile(r"\$\{\{.*?\}\}", re.DOTALL)
PINNED = re.compile(r"[A-Za-z0-9-]+/[A-Za-z0-9._/-]+@[0-9a-f]{40}")
VERSION_BESIDE = re.compile(r"uses: \S+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
SCRIPTS = ("run", "shell", "working-directory")


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Every generated workflow, of every configuration."""
    folder = tmp_path_factory.mktemp("generated")
    return [path for name in CONFIGURATIONS for path in written(name, folder / name)]


def documents(generated: list[Path]) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in (ACTION, *OURS, *generated):
        yield path, load(path)


def steps(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from document.get("runs", {}).get("steps", [])
    for job in document.get("jobs", {}).values():
        yield from job["steps"]


def test_zizmor_finds_nothing(generated: list[Path]) -> None:
    done = subprocess.run(
        [BIN / "zizmor", "--offline", "--quiet", "--no-config", ACTION, *OURS, *generated],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_they_fit_the_official_schemas(generated: list[Path]) -> None:
    for schema, files in (("vendor.github-actions", [ACTION]), ("vendor.github-workflows", [*OURS, *generated])):
        done = subprocess.run(
            [BIN / "check-jsonschema", "--builtin-schema", schema, *files], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_actionlint_finds_nothing(generated: list[Path]) -> None:
    assert actionlint.findings([*OURS, *generated]) == []


def test_actionlint_finds_what_is_wrong(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yml"
    bad.write_text(
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ nothing.here }}\n"
    )
    assert [one["kind"] for one in actionlint.findings([bad])] == ["expression"]


def test_no_expression_stands_in_a_script(generated: list[Path]) -> None:
    """Not even a harmless one: what comes from outside reaches scripts as environment variables alone."""
    for path, document in documents(generated):
        for step in steps(document):
            for key in SCRIPTS:
                assert not EXPRESSION.search(str(step.get(key, ""))), f"{path.name}: {step}"


def test_every_action_is_pinned_to_a_commit_and_says_its_version(generated: list[Path]) -> None:
    for path, document in documents(generated):
        used = [step["uses"] for step in steps(document) if "uses" in step]
        assert [name for name in used if not PINNED.fullmatch(name)] == [], path.name
        lines = [line.strip().removeprefix("- ") for line in path.read_text("utf-8").splitlines() if "uses:" in line]
        assert [line for line in lines if not VERSION_BESIDE.fullmatch(line)] == [], path.name


def test_one_action_has_one_pin(generated: list[Path]) -> None:
    pins: dict[str, set[str]] = {}
    for _, document in documents(generated):
        for step in steps(document):
            name, _, commit = step.get("uses", "").partition("@")
            pins.setdefault("/".join(name.split("/")[:2]), set()).add(commit)
    pins.pop("", None)
    assert {name for name, commits in pins.items() if len(commits) != 1} == set()


def test_nothing_is_allowed_but_what_a_job_names(generated: list[Path]) -> None:
    for path in generated:
        document = load(path)
        assert document["permissions"] == {}, path.name
        assert "pull_request_target" not in document["on"]
        for name, job in document["jobs"].items():
            assert job["permissions"] == {one.name: one.level for one in ALL[name].permissions}
            assert job["timeout-minutes"] <= 180


def test_each_permission_is_explained_where_it_stands(generated: list[Path]) -> None:
    for path in generated:
        text = path.read_text("utf-8")
        for name in load(path)["jobs"]:
            for one in ALL[name].permissions:
                assert f"      {one.name}: {one.level} # {one.why}\n" in text


def test_the_job_that_runs_foreign_code_can_change_nothing(generated: list[Path]) -> None:
    for path in generated:
        for name, job in load(path)["jobs"].items():
            checks_out = any(step.get("uses", "").startswith("actions/checkout@") for step in job["steps"])
            assert checks_out == (name in ("repair", "index"))
            if checks_out:
                assert set(job["permissions"].values()) == {"read"}
                assert "BCRAG_TOKEN" not in str(job)
                assert "BCRAG_APP" not in str(job)
                assert all(
                    step["with"]["persist-credentials"] is False
                    for step in job["steps"]
                    if step.get("uses", "").startswith("actions/checkout@")
                )


def test_the_key_of_a_model_is_where_models_are_asked_and_only_where_the_code_is_ours(generated: list[Path]) -> None:
    for name in CONFIGURATIONS:
        asked = answers(name)
        for workflow in workflows(asked):
            keyed = workflow.text.count("_KEY: ")
            repairs = "bcrag-index" not in workflow.path
            assert keyed == (3 if asked.key and repairs else 0)
            for line in workflow.text.splitlines():
                if "_KEY: " in line:
                    assert line.strip() == (
                        f"{asked.key}: ${{{{ needs.listen.outputs.trusted == 'true' && secrets.{asked.key} || '' }}}}"
                    )
    for path in generated:
        for job in load(path)["jobs"].values():
            assert "env" not in job
            for step in job["steps"]:
                assert "env" not in step or step["name"] in ("Reproduce", "Repair", "Verify")


def test_concurrency_is_taken_only_after_the_permission_was_asked(generated: list[Path]) -> None:
    for path in generated:
        document = load(path)
        if "listen" not in document["jobs"]:
            continue
        assert "concurrency" not in document
        assert {name for name, job in document["jobs"].items() if "concurrency" in job} == {"repair"}
        assert document["jobs"]["repair"]["concurrency"] == {
            "group": "bcrag-${{ needs.listen.outputs.problem }}",
            "cancel-in-progress": True,
        }


def test_the_labels_that_start_a_job_are_those_that_ask_for_something() -> None:
    text = next(one.text for one in workflows(answers("plain")) if one.path.endswith("/bcrag.yml"))
    assert "startsWith(github.event.label.name, 'bcrag')" in text
    assert getattr(labelled("bcrag"), "verb", None) is Verb.FIX


def test_the_documentation_names_every_workflow_and_what_it_does() -> None:
    page = (ROOT / "docs" / "github.md").read_text(encoding="utf-8")
    for one in workflows(answers("plain")):
        row = next(line for line in page.splitlines() if line.startswith(f"| `{Path(one.path).name}` |"))
        assert one.about[:1].lower() + one.about[1:].rstrip(".") in row


def test_every_input_and_output_of_the_action_is_described_with_its_type() -> None:
    action = load(ACTION)
    for name, one in action["inputs"].items():
        assert re.search(r"\((?:string|JSON|path|list|number|boolean)[^)]*\)", one["description"]), name
        assert one.get("required") or "default" in one, name
    for name, one in action["outputs"].items():
        assert re.search(r"\((?:string|JSON|path|commit|number|boolean)[^)]*\)", one["description"]), name


def test_the_generated_workflows_give_the_action_only_what_it_takes(generated: list[Path]) -> None:
    known = set(load(ACTION)["inputs"])
    for path in generated:
        for step in steps(load(path)):
            if step.get("uses", "").startswith(f"{PIN.repository}@"):
                assert set(step["with"]) <= known


def test_all_of_the_machine_is_the_same_everywhere() -> None:
    """The packages a run needs are listed where people install them: in CI, on runners and in the image."""

    def packages(name: str) -> set[str]:
        text = (ROOT / name).read_text("utf-8")
        return set(
            re.findall(r"(?<![\w-])(bubblewrap|git|lib[a-z0-9-]+\d(?:-mesa-dri)?|libgl1-mesa-dri)(?![\w-])", text)
        )

    assert packages("action/machine") == packages(".ci/run") == packages("Dockerfile")


@pytest.mark.parametrize("script", ["action/machine", "action/install", "action/lock"])
def test_the_scripts_can_be_run_and_are_bash(script: str) -> None:
    assert (ROOT / script).stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", ROOT / script]).returncode == 0


def test_what_the_action_installs_is_what_the_project_asks_for() -> None:
    locked = dict(re.findall(r"^([a-z0-9.-]+)==(\S+) \\$", (ROOT / "action/requirements.txt").read_text("utf-8"), re.M))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for text in project["dependencies"]:
        wanted = Requirement(text)
        version = locked.get(wanted.name.lower())
        assert version is not None and wanted.specifier.contains(version), f"{text}: run action/lock"
    assert "hatchling" in locked


def test_the_image_is_pinned_and_nothing_in_it_runs_as_root() -> None:
    lines = (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    starts = [line for line in lines if line.startswith("FROM ")]
    assert len(starts) == 1 and re.fullmatch(r"FROM python:3\.11[^ @]*@sha256:[0-9a-f]{64}", starts[0])
    assert [line for line in lines if line.startswith("USER ")] == ["USER 1000:1000"]
    assert 'ENTRYPOINT ["bot"]' in lines
