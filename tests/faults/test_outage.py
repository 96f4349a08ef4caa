"""The database is lost while serving: told in each dialect, and mended without a restart."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.actors import ACTORS, TOKENS, Actor, Caller
from tests.conftest import need
from tests.databases import execute, new_database, postgres_server
from tests.faults.processes import rows, running, wait_until, write_lock
from tests.live import ROOT_TOKEN, Server, new_project_id

UNAVAILABLE = {"share": "internal_error", "admin": "InternalError", "tokens": "storage_unavailable"}
HOLD_LAST_USED = "SELECT pg_advisory_lock(hashtextextended('last-used', 0))"


class Outage:
    """A PostgreSQL database that lets nobody in for a while."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.server, _, self.name = url.rpartition("/")
        self.server += "/postgres"

    def admit(self, whether: bool) -> None:
        """Let connections in, or keep them out."""
        execute(self.server, f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS {whether}")

    def expel(self, *but: int) -> None:
        """End all connections but some."""
        others = f"datname = '{self.name}' AND NOT pid = ANY(ARRAY{[0, *but]})"
        execute(
            self.server, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"
        )

    @contextmanager
    def lasting(self) -> Iterator[None]:
        """Lose the database for as long as the block runs."""
        self.admit(False)
        try:
            self.expel()
            yield
        finally:
            self.admit(True)


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[str]:
    """The URL of a new PostgreSQL database."""
    need("postgresql")
    assert postgres_server()
    with new_database("postgresql", tmp_path) as url:
        yield url


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[tuple[Server, Caller, str]]:
    """A server of one worker, its root caller and a project."""
    with running(Server(folder, JETON_WORKERS="1", **settings)) as server:
        root, project = Caller(server.url, ROOT_TOKEN), new_project_id()
        assert root("POST", "/v1/projects", json={"id": project}).status_code == 201
        yield server, root, project


def unavailable(actor: Actor, response: httpx.Response) -> None:
    """See that it is a 503 in the shape of the dialect, with seconds to wait."""
    assert actor.error(response) == (503, UNAVAILABLE[actor.dialect]), response.text
    assert int(response.headers["retry-after"]) > 0


def test_a_lost_postgresql_is_told_and_found_again(postgres: str, tmp_path: Path) -> None:
    """Reads and writes are 503 in each dialect, readiness fails, liveness holds; then all works."""
    with serving(tmp_path, JETON_DATABASE_URL=postgres) as (_, root, project):
        with Outage(postgres).lasting():
            for actor in ACTORS:
                unavailable(actor, actor.list(root, project))
                unavailable(actor, actor.mint(root, project))
            assert root("GET", "/health/ready").status_code == 503
            live = root("GET", "/health/live").status_code
        wait_until(lambda: root("GET", "/health/ready").status_code == 200, "it is ready again")
        assert [actor.mint(root, project).status_code for actor in ACTORS] == [201, 201, 200]
    assert live == 200


def test_uses_noted_in_an_outage_are_written_afterwards(postgres: str, tmp_path: Path) -> None:
    """A last-used time that could not be written when it was noted is written once it can be."""
    with serving(tmp_path, JETON_DATABASE_URL=postgres) as (server, root, project):
        minted, outage = TOKENS.mint(root, project), Outage(postgres)
        with psycopg.connect(postgres, autocommit=True) as holder:
            holder.execute(HOLD_LAST_USED)  # no use can be written from here on
            began = time.time_ns() // 1_000_000
            Caller(server.url, TOKENS.secret(minted))("GET", "/v1/self").raise_for_status()
            outage.admit(False)
            outage.expel(holder.info.backend_pid)
        outage.admit(True)
        wait_until(lambda: used_at(root, project, minted) >= began, "the use is written")


def used_at(root: Caller, project: str, minted: httpx.Response) -> int:
    """When the token was used last, as its dialect shows it."""
    shown = root("GET", TOKENS.item.format(project=project, token=minted.json()["id"]))
    return int(shown.json().get("last_used_date", 0)) if shown.status_code == 200 else 0


def test_a_locked_sqlite_refuses_writes_and_goes_on_reading(tmp_path: Path) -> None:
    """While another process keeps the write lock, writes are 503 in each dialect, reads are 200."""
    database = tmp_path / "data" / "jeton.db"
    with serving(tmp_path) as (_, root, project), ThreadPoolExecutor() as threads:
        ACTORS[0].mint(root, project).raise_for_status()
        with write_lock(database):
            writes = [threads.submit(actor.mint, root, project) for actor in ACTORS]
            reads = [actor.list(root, project).status_code for actor in ACTORS]
            ready = root("GET", "/health/ready").status_code
            for actor, write in zip(ACTORS, writes, strict=True):
                unavailable(actor, write.result())
        assert (reads, ready) == ([200, 200, 200], 200)
        wait_until(lambda: TOKENS.mint(root, project).status_code == 200, "it mints again")


def test_uses_noted_under_a_lock_are_written_afterwards(tmp_path: Path) -> None:
    """SQLite's write lock delays last-used times and loses none."""
    database = tmp_path / "data" / "jeton.db"
    with serving(tmp_path) as (server, root, project):
        minted = TOKENS.mint(root, project)
        with write_lock(database):
            began = time.time_ns() // 1_000_000
            Caller(server.url, TOKENS.secret(minted))("GET", "/v1/self").raise_for_status()
            wait_until(lambda: "last_used_not_written" in server.log(), "a write gives up")
        query = "SELECT last_used_at FROM token WHERE id = ? AND last_used_at >= ?"
        token = minted.json()["id"]
        wait_until(lambda: rows(database, query, token, began), "the use is written")
