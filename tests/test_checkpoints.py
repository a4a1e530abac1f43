"""What is kept of a run is data: a crafted checkpoint runs nothing, a foreign or changed one is one clear error."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ormsgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.graph import END, START, StateGraph

from bot import __version__, runs
from bot.addons import discover
from bot.checkpoints import BadCheckpointError, PlainJson, saver
from bot.errors import UsageError
from bot.models.evidence import Evidence
from bot.models.release import Release, SupportRange
from bot.models.request import RepairRequest
from bot.pipeline import State
from bot.repository import Repository as Opened
from bot.settings import Settings
from repositories import PANEL, Repository

R45 = Release(4, 5)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


class Payload:
    """A pickle that runs a command when it is read."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (self.command,)


def crafted(command: str) -> dict[str, tuple[str, bytes]]:
    """Values that run a command when LangGraph reads them with a serialiser that allows it."""

    def packed(code: int, value: object) -> tuple[str, bytes]:
        return "msgpack", ormsgpack.packb({"request": ormsgpack.Ext(code, ormsgpack.packb(value))})

    constructor = {"lc": 2, "type": "constructor", "id": ["os", "system"], "args": [command]}
    return {
        "single": packed(0, ("os", "system", command)),
        "positional": packed(1, ("os", "system", [command])),
        "keywords": packed(2, ("subprocess", "Popen", {"args": command, "shell": True})),
        "pydantic": packed(5, ("subprocess", "Popen", {"args": command, "shell": True}, "x")),
        "json": ("json", json.dumps({"request": constructor}).encode()),
        "pickle": ("pickle", pickle.dumps(Payload(command))),
    }


@pytest.mark.parametrize("name", list(crafted("")))
def test_a_crafted_value_runs_with_a_permissive_serialiser_and_not_with_ours(tmp_path: Path, name: str) -> None:
    marker = tmp_path / "ran"
    value = crafted(f"touch {marker}")[name]
    with pytest.raises(BadCheckpointError):
        PlainJson().loads_typed(value)
    time.sleep(0.1)
    assert not marker.exists()
    open_hearted = JsonPlusSerializer(pickle_fallback=True, allowed_json_modules=True, allowed_msgpack_modules=True)
    open_hearted.loads_typed(value)
    deadline = time.monotonic() + 5
    while not marker.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert marker.exists(), "this is no attack any more: write one that is"


@given(value=PLAIN)
def test_plain_values_survive_and_nothing_else_is_written(value: object) -> None:
    serialiser = PlainJson()
    assert serialiser.loads_typed(serialiser.dumps_typed(value)) == value
    with pytest.raises(TypeError):
        serialiser.dumps_typed([value, Path("/")])


@pytest.mark.parametrize("kind", ["json", "msgpack", "pickle", "null", "bytes", "", None])
def test_no_other_kind_is_read(kind: Any) -> None:
    with pytest.raises(BadCheckpointError):
        PlainJson().loads_typed((kind, b"{}"))


# What a user meets: `bot run --resume`, with an interrupted run in a cache of the test's own.


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("BCRAG_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "repo")
    made.write("hello/__init__.py", 'bl_info = {"name": "Hello", "blender": (4, 2, 0)}\n' + PANEL)
    made.commit("Start")
    return made


def asked(repository: Repository, **changes: Any) -> runs.Asked:
    opened = Opened.open(repository.root)
    (addon,) = discover(opened.files, opened.read)
    request = RepairRequest(
        id="20260102-030405-abcd",
        commit=opened.commit,
        addon=addon,
        support=SupportRange(oldest=Release(4, 2), newest=R45),
        targets=(R45,),
        runs_on=(),
    )
    values = {
        "version": __version__,
        "root": str(repository.root),
        "bundle": str(repository.root / ".bcrag" / "runs" / request.id),
        "request": request,
        "settings": Settings(install=False, embedder="none").model_dump(mode="json"),
    }
    return runs.Asked.model_validate(values | changes)


def interrupt(wanted: runs.Asked, known: str | None = None) -> Path:
    """A run that was stopped in `retrieve`, after `known` was found; returns its folder."""

    def stop(state: State) -> State:
        raise KeyboardInterrupt

    with runs.begin(wanted) as kept, saver(kept.checkpoints) as checkpoints:
        graph = StateGraph(State)
        graph.add_node("evidence", lambda state: {"known": known if known is not None else "{}", "timings": []})
        graph.add_node("retrieve", stop)
        graph.add_edge(START, "evidence")
        graph.add_edge("evidence", "retrieve")
        graph.add_edge("retrieve", END)
        with pytest.raises(KeyboardInterrupt):
            graph.compile(checkpointer=checkpoints).invoke(
                {"request": wanted.request.model_dump_json()},
                {"configurable": {"thread_id": wanted.request.id}},
                durability="sync",
            )
        return kept.folder


def resume(repository: Repository, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "run", "--resume", *(arguments or ("20260102-030405-abcd",))],
        cwd=repository.root,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )


def refused(done: subprocess.CompletedProcess[str], words: str) -> None:
    assert done.returncode == 2, done.stderr
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) >= 2, "no cure"
    assert "Traceback" not in done.stderr
    assert "defect" not in done.stderr


@pytest.mark.parametrize("name", list(crafted("")))
@pytest.mark.parametrize("table", ["checkpoints", "writes"])
def test_a_crafted_file_of_checkpoints_runs_nothing(
    cache: Path, repository: Repository, tmp_path: Path, name: str, table: str
) -> None:
    marker = tmp_path / "ran"
    kind, value = crafted(f"touch {marker}")[name]
    folder = interrupt(asked(repository))
    column = {"checkpoints": "checkpoint", "writes": "value"}[table]
    with sqlite3.connect(folder / "state.sqlite") as connection:
        if table == "writes":
            connection.execute(
                "INSERT INTO writes SELECT thread_id, checkpoint_ns, checkpoint_id, 'x', '', 0, 'known', '', '' "
                "FROM checkpoints"
            )
        connection.execute(f"UPDATE {table} SET type = ?, {column} = ?", (kind, value))
    connection.close()
    with saver(folder / "state.sqlite") as checkpoints, pytest.raises(BadCheckpointError):
        checkpoints.get_tuple({"configurable": {"thread_id": "20260102-030405-abcd"}})
    time.sleep(0.05)
    assert not marker.exists()
    if name in ("single", "pickle"):  # the way from there to the user is the same for all
        refused(resume(repository), "cannot be used")
        assert not marker.exists()


def test_a_run_stopped_in_the_middle_is_listed_and_taken_up(cache: Path, repository: Repository) -> None:
    wanted = asked(repository)
    folder = interrupt(wanted, Evidence(faults=(), baseline=()).model_dump_json())
    listed = json.loads(resume(repository, "--json").stdout)
    assert [one["id"] for one in listed] == [wanted.request.id]
    done = resume(repository, wanted.request.id, "--json")
    report = json.loads(done.stdout)
    assert (report["id"], report["faults"]) == (wanted.request.id, [])
    assert "look" not in done.stderr, "what was done before was done again"
    assert not folder.exists()
    assert "was interrupted" in resume(repository, "").stdout
    assert repository.git("status", "--porcelain") == ""


def change_request(folder: Path) -> None:
    kept = json.loads((folder / "run.json").read_text())
    kept["request"]["task"] = "something else"
    (folder / "run.json").write_text(json.dumps(kept))


def other_id(folder: Path) -> None:
    kept = json.loads((folder / "run.json").read_text())
    kept["request"]["id"] = "../../elsewhere"
    (folder / "run.json").write_text(json.dumps(kept))


def values(text: str) -> Callable[[Path], None]:
    """Put other values into the newest checkpoint."""

    def change(folder: Path) -> None:
        with sqlite3.connect(folder / "state.sqlite") as connection:
            for rowid, data in connection.execute("SELECT rowid, checkpoint FROM checkpoints").fetchall():
                kept = json.loads(data)
                kept["channel_values"].update(json.loads(text))
                connection.execute(
                    "UPDATE checkpoints SET checkpoint = ? WHERE rowid = ?", (json.dumps(kept).encode(), rowid)
                )
        connection.close()

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda folder: (folder / "state.sqlite").write_bytes(b"no database" * 1000), "cannot be used"),
        (lambda folder: (folder / "run.json").write_text("{}"), "cannot be used"),
        (lambda folder: (folder / "run.json").write_bytes(b"\xff\x00"), "cannot be used"),
        (change_request, "cannot be used"),
        (other_id, "cannot be used"),
        (values('{"known": "{\\"faults\\": 7}"}'), "cannot be used"),
        (values('{"known": 7}'), "cannot be used"),
        (values('{"plans": "x"}'), "cannot be used"),
        (values('{"timings": [["x"]]}'), "cannot be used"),
        (lambda folder: (folder / "run.json").unlink(), "No interrupted run"),
        (shutil.rmtree, "No interrupted run"),
    ],
)
def test_what_was_changed_is_refused(
    cache: Path, repository: Repository, change: Callable[[Path], None], words: str
) -> None:
    folder = interrupt(asked(repository))
    for journal in folder.glob("state.sqlite-*"):
        journal.unlink()
    change(folder)
    refused(resume(repository), words)


def test_another_version_another_commit_and_another_repository_are_told_apart(
    cache: Path, repository: Repository, tmp_path: Path
) -> None:
    interrupt(asked(repository, version="0.0.1"))
    refused(resume(repository), "bcrag 0.0.1")
    shutil.rmtree(cache)
    request = asked(repository).request.model_copy(update={"commit": "1" * 40})
    interrupt(asked(repository, request=request))
    refused(resume(repository), "is not in")
    shutil.rmtree(cache)
    interrupt(asked(repository))
    other = Repository(tmp_path / "other")
    other.write("a.py", "x = 1\n")
    other.commit()
    refused(resume(other), str(repository.root))


def test_a_repository_that_moved_takes_its_runs_along(cache: Path, repository: Repository, tmp_path: Path) -> None:
    wanted = asked(repository)
    interrupt(wanted)
    moved = tmp_path / "moved"
    repository.root.rename(moved)
    with runs.take_up(wanted.request.id, moved, __version__, moved) as kept:
        assert Path(kept.asked.root) == moved
        assert Path(kept.asked.bundle) == moved / ".bcrag" / "runs" / wanted.request.id


def test_a_run_is_taken_up_once_at_a_time(cache: Path, repository: Repository) -> None:
    wanted = asked(repository)
    interrupt(wanted)
    with runs.take_up(wanted.request.id, repository.root, __version__, repository.root):
        refused(resume(repository, wanted.request.id, "--task", "x"), "cannot be given with it")
        done = resume(repository)
        assert (done.returncode, "going on right now" in done.stderr) == (2, True), done.stderr
        assert runs.interrupted(repository.root) == ()
    assert [one.request.id for one in runs.interrupted(repository.root)] == [wanted.request.id]


@pytest.mark.parametrize(
    "name", ["../x", "", "/etc/passwd", "20260102-030405-abcd/../x", "nothing", "a\0b", "x" * 5000]
)
def test_a_name_is_no_path(cache: Path, repository: Repository, name: str) -> None:
    interrupt(asked(repository))
    with (
        pytest.raises(UsageError, match="No interrupted run"),
        runs.take_up(name, repository.root, __version__, repository.root),
    ):
        pass


def test_what_nobody_takes_up_is_removed_in_time(cache: Path, repository: Repository) -> None:
    old, new = asked(repository), asked(repository)
    folder = interrupt(old)
    long_ago = time.time() - (runs.KEPT_DAYS + 1) * 24 * 3600
    os.utime(folder, (long_ago, long_ago))
    with runs.take_up(old.request.id, repository.root, __version__, repository.root):
        os.utime(folder, (long_ago, long_ago))
        runs.prune()
        assert folder.exists(), "a run that goes on was removed"
    runs.prune()
    assert not folder.exists()
    left = interrupt(new)
    future = time.time() + 400 * 24 * 3600
    os.utime(left, (future, future))
    runs.prune()
    assert left.exists(), "a clock that was set back costs nobody a run"
