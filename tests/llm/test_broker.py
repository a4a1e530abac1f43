"""The broker: it alone holds the key, gives it to nobody, and does nothing else."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import raw_server
from bot.llm import brokered, keys, wire
from bot.llm.brokered import Brokered, Connection
from bot.llm.endpoint import Endpoint
from bot.llm.starting import Access, Started, start_broker
from bot.models.exchange import Failure, FailureKind, Reply
from calls import call, quiet
from raw_server import HOLD, answer, event, head

KEY = "sk-secret-of-the-tests-0123456789"
HEADER = f"authorization: bearer {KEY}"


def at(url: str, **changes: object) -> Endpoint:
    known = {"name": "endpoint", "base_url": url, "key": "BCRAG_LLM_KEY", "model": "m", "local": True}
    return Endpoint.model_validate({**known, **changes})


@pytest.fixture
def started() -> Iterator[Started]:
    """A broker that holds a key, and what it was started as."""
    broker = start_broker({**keys.of_broker(os.environ), "BCRAG_LLM_KEY": KEY})
    yield broker
    broker.process.kill()
    broker.process.wait()


@pytest.fixture
def connection(started: Started) -> Iterator[Connection]:
    connection = Connection(Access(started.handle, frozenset({"BCRAG_LLM_KEY"})), {})
    yield connection
    connection.close()


def gone(process: subprocess.Popen[bytes], seconds: float = 5) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def test_the_key_is_sent_to_the_server_and_nowhere_else(connection: Connection) -> None:
    with raw_server.serving(answer("hi")) as raw:
        reply = Brokered(at(raw.url), connection).complete(call(), 20, quiet)
        assert isinstance(reply, Reply) and reply.text == "hi"
        assert HEADER in raw.requests[0].lower()
    assert KEY not in repr(reply)


def test_the_key_goes_to_the_first_server_alone(connection: Connection) -> None:
    with raw_server.serving(answer("hi")) as first, raw_server.serving(answer("thanks for the key")) as second:
        assert isinstance(Brokered(at(first.url), connection).complete(call(), 20, quiet), Reply)
        failure = Brokered(at(second.url), connection).complete(call(), 20, quiet)
        assert isinstance(failure, Failure) and failure.kind == FailureKind.REFUSED
        assert not second.requests and KEY not in failure.message
        assert isinstance(Brokered(at(first.url), connection).complete(call(), 20, quiet), Reply)


def test_another_variable_of_the_brokers_environment_cannot_be_had(connection: Connection) -> None:
    with raw_server.serving(answer("hi")) as raw:
        Brokered(at(raw.url, key="PATH"), connection).complete(call(), 20, quiet)
        assert "authorization" not in raw.requests[0].lower()


def test_without_a_key_for_it_none_is_sent(connection: Connection) -> None:
    with raw_server.serving(answer("hi")) as raw:
        Brokered(at(raw.url, key=None), connection).complete(call(), 20, quiet)
        assert "authorization" not in raw.requests[0].lower()


def test_several_calls_at_once_each_get_their_own_answer(connection: Connection) -> None:
    with raw_server.serving([head(), 1.0, *answer("slow")[1:]]) as slow, raw_server.serving(answer("quick")) as quick:
        found: dict[str, object] = {}

        def ask(name: str, url: str) -> None:
            found[name] = Brokered(at(url, key=None), connection).complete(call(), 20, quiet)

        threads = [threading.Thread(target=ask, args=args) for args in (("slow", slow.url), ("quick", quick.url))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert {name: reply.text for name, reply in found.items() if isinstance(reply, Reply)} == {
        "slow": "slow",
        "quick": "quick",
    }


def test_progress_arrives_while_it_is_made(connection: Connection) -> None:
    said: list[str] = []
    with raw_server.serving(answer("hi")) as raw:
        Brokered(at(raw.url), connection).complete(call(), 20, said.append)
    assert said == ["endpoint is asked (m)", "endpoint answers: 2 characters"]


def test_a_broker_that_dies_is_a_failure_at_once_and_from_then_on(started: Started, connection: Connection) -> None:
    with raw_server.serving([head(), event("a"), HOLD]) as raw:
        threading.Timer(1.5, started.process.kill).start()
        began = time.monotonic()
        failure = Brokered(at(raw.url), connection).complete(call(), 60, quiet)
        assert isinstance(failure, Failure) and failure.kind == FailureKind.UNREACHABLE
        assert "has ended" in failure.message and time.monotonic() - began < 10
    again = Brokered(at("http://127.0.0.1:9/v1"), connection).complete(call(), 60, quiet)
    assert isinstance(again, Failure) and again.message == failure.message


def test_a_broker_that_hangs_is_not_waited_for(
    started: Started, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brokered, "START_SECONDS", 0.0)
    monkeypatch.setattr(brokered, "GRACE", 0.3)
    started.process.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    failure = Brokered(at("http://127.0.0.1:9/v1"), connection).complete(call(), 0.5, quiet)
    assert isinstance(failure, Failure) and failure.kind == FailureKind.TIMED_OUT
    assert time.monotonic() - began < 3


def test_a_prompt_it_does_not_read_does_not_hold_anybody_up(
    started: Started, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brokered, "SEND_SECONDS", 1)
    started.process.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    failure = Brokered(at("http://127.0.0.1:9/v1"), connection).complete(call("x" * 4_000_000), 60, quiet)
    assert isinstance(failure, Failure) and failure.kind == FailureKind.UNREACHABLE
    assert time.monotonic() - began < 5


def test_it_ends_when_nobody_is_left(started: Started) -> None:
    os.close(started.handle)
    assert gone(started.process)


def test_it_ends_in_the_midst_of_a_call_when_nobody_is_left(started: Started) -> None:
    with raw_server.serving([head(), *[event("word ")] * 3, 1.0, *[event("word ")] * 3, HOLD]) as raw:
        asked = wire.Request(id=1, want="reply", endpoint=at(raw.url), call=call(), seconds=60)
        with socket.socket(fileno=started.handle) as ours:
            ours.sendall(wire.line(asked))
            ours.recv(10)
        assert gone(started.process)


def test_ctrl_c_and_nonsense_do_not_make_it_talk(started: Started) -> None:
    with socket.socket(fileno=started.handle) as ours:
        with raw_server.serving(answer("hi")) as raw:
            ours.sendall(wire.line(wire.Request(id=1, want="reply", endpoint=at(raw.url), call=call(), seconds=20)))
            ours.recv(10)
            os.kill(started.process.pid, signal.SIGINT)
            time.sleep(0.3)
            assert started.process.poll() is None
        ours.sendall(b'{"id": 1, "want": "environment"}\n')
        assert gone(started.process)


def test_it_can_write_no_file_and_leaves_no_core(started: Started, connection: Connection) -> None:
    Brokered(at("http://127.0.0.1:9/v1"), connection).complete(call(), 5, quiet)
    limits = Path(f"/proc/{started.process.pid}/limits").read_text()
    rows = {line[:26].strip(): line[26:].split()[:2] for line in limits.splitlines()}
    assert rows["Max core file size"] == ["0", "0"] and rows["Max file size"] == ["0", "0"]
    status = Path(f"/proc/{started.process.pid}/status").read_text()
    assert "NoNewPrivs:\t1" in status


LOOK = """
import os, subprocess, time
from bot.llm.brokered import Brokered, Connection
from bot.llm.endpoint import Endpoint
from bot.llm.starting import Access, start_broker
from bot.models.exchange import Call, Message, Role

environment = {**os.environ, "BCRAG_LLM_KEY": "the key"}
started = start_broker(environment)
asked = Call(role=Role.PATCHER, prompt="p/1", messages=(Message(speaker="user", text="x"),))
end = Endpoint(name="endpoint", base_url="http://127.0.0.1:9/v1", model="m", local=True)
Brokered(end, Connection(Access(started.handle), {})).complete(asked, 20, lambda _: None)
ordinary = subprocess.Popen(["sleep", "60"], env=environment)
time.sleep(0.5)  # until it has become what it is
for name, pid in (("ordinary", ordinary.pid), ("broker", started.process.pid)):
    for file in ("environ", "maps"):
        try:
            print(name, file, b"the key" in open(f"/proc/{pid}/{file}", "rb").read())
        except OSError as error:
            print(name, file, type(error).__name__)
ordinary.kill()
"""


@pytest.mark.skipif(os.getuid() == 0 and not shutil.which("setpriv"), reason="root sees all, and there is no setpriv")
def test_other_programs_of_the_same_user_cannot_look_into_it() -> None:
    powerless = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.getuid() == 0 else []
    done = subprocess.run([*powerless, sys.executable, "-c", LOOK], capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines() == [
        "ordinary environ True",
        "ordinary maps False",
        "broker environ PermissionError",
        "broker maps PermissionError",
    ], done
