"""SIGTERM: what is in flight is answered, what was noted is written, and the exit code is 0."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import psycopg
import pytest

from models.waiting import BUSY_SECONDS
from tests.actors import ACTORS, Actor, Caller
from tests.conftest import DATABASES, need
from tests.databases import new_database
from tests.faults.processes import is_held, rows, wait_until, write_lock
from tests.live import ROOT_TOKEN, Server

PROJECT = "slow-project"


def refuses(server: Server) -> bool:
    """Whether nobody listens any more."""
    try:
        httpx.get(f"{server.url}/health/live", timeout=5)
    except httpx.TransportError:
        return True
    return False


def test_a_request_in_flight_is_answered_before_the_end(actor: Actor, tmp_path: Path) -> None:
    """A write that waits for another process when SIGTERM comes is carried out and answered."""
    server = Server(tmp_path, JETON_WORKERS="1").start()
    database = tmp_path / "data" / "jeton.db"
    assert server.jeton("project", "create", PROJECT).returncode == 0
    with ThreadPoolExecutor() as threads, ExitStack() as lock:
        lock.enter_context(write_lock(database))
        minting = threads.submit(actor.mint, Caller(server.url, ROOT_TOKEN), PROJECT)
        # Nobody has been authenticated before, so nothing but the request can want to write.
        wait_until(lambda: is_held(database), "the request waits for the lock")
        stopping = threads.submit(server.stop)
        wait_until(lambda: refuses(server), "the server takes no more")
        lock.close()
        assert minting.result().status_code == actor.minted
        assert stopping.result() == 0
    assert rows(database, "SELECT count(*) FROM token WHERE project_id = ?", PROJECT) == [(1,)]
    assert rows(database, "SELECT last_used_at > 0 FROM token WHERE kind = 'root'") == [(1,)]


def test_ctrl_c_writes_uses_though_a_write_waits_for_its_turn(tmp_path: Path) -> None:
    """The write is given up and holds up nothing; who sent it is never told that it was done."""
    server = Server(tmp_path, JETON_WORKERS="1").start()
    database = tmp_path / "data" / "jeton.db"
    assert server.jeton("project", "create", PROJECT).returncode == 0
    root = Caller(server.url, ROOT_TOKEN)
    with ThreadPoolExecutor() as threads:
        with write_lock(database):
            minting = threads.submit(ACTORS[0].mint, root, PROJECT)
            wait_until(lambda: is_held(database), "the request waits for the lock")
            stopping = threads.submit(server.stop, signal.SIGINT)
            wait_until(lambda: refuses(server), "the server takes no more")
        released = time.monotonic()
        assert stopping.result() == 0
        assert time.monotonic() - released < BUSY_SECONDS
        assert minting.exception()
    assert rows(database, "SELECT count(*) FROM token WHERE project_id = ?", PROJECT) == [(0,)]
    assert rows(database, "SELECT last_used_at > 0 FROM token WHERE kind = 'root'") == [(1,)]


@pytest.mark.parametrize("kind", DATABASES)
def test_uses_of_the_last_instant_are_written(kind: str, tmp_path: Path) -> None:
    """Tokens used right before SIGTERM have that use in the database."""
    need(kind)
    with new_database(kind, tmp_path) as url:
        server = Server(tmp_path, JETON_DATABASE_URL=url).start()
        root = Caller(server.url, ROOT_TOKEN)
        root("POST", "/v1/projects", json={"id": PROJECT}).raise_for_status()
        secrets = [actor.secret(actor.mint(root, PROJECT)) for actor in ACTORS]
        began = time.time_ns() // 1_000_000
        for secret in secrets:
            Caller(server.url, secret)("GET", "/v1/self").raise_for_status()
        assert server.stop() == 0
        assert min(last_uses(kind, url, tmp_path)) >= began


def test_workers_that_have_just_started_end_by_themselves(tmp_path: Path) -> None:
    """SIGTERM right after the first worker is ready reaches the others too: none is killed."""
    server = Server(tmp_path, JETON_WORKERS="4", JETON_LOG_LEVEL="debug").start()
    assert server.stop() == 0
    log = server.log()
    assert log.count("Booting worker") == 4
    assert "SIGKILL" not in log


def last_uses(kind: str, url: str, folder: Path) -> list[int]:
    """The last use of each token of the project, 0 for never, read from the database."""
    query = "SELECT coalesce(last_used_at, 0) FROM token WHERE kind <> 'root'"
    if kind == "sqlite":
        return [int(str(row[0])) for row in rows(folder / "jeton.db", query)]
    with psycopg.connect(url) as connection:
        return [int(row[0]) for row in connection.execute(query)]
