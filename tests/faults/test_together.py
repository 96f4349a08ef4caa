"""Several processes that start on one new database."""

import fcntl
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from models.schema import MIGRATIONS
from tests.conftest import DATABASES, need
from tests.databases import new_database
from tests.faults.processes import end, rows, wait_until
from tests.live import Server

SHOWN = "Root token, shown this once: "


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Launches servers in one folder, which are stopped in the end."""
    launched: list[Server] = []

    def launch(**settings: str) -> Server:
        server = Server(tmp_path, **settings)
        del server.settings["JETON_ROOT_TOKEN"]
        server.launch()
        launched.append(server)
        return server

    yield launch
    for server in launched:
        end(server)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def is_ready(server: Server) -> bool:
    """Whether it answers that it is ready; fails where the process is gone."""
    assert server.process is not None
    assert server.process.poll() is None, server.log()
    try:
        return httpx.get(f"{server.url}/health/ready", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def both_serve(one: Server, other: Server) -> None:
    """See that both serve and that the root token which was shown is good at both."""
    wait_until(lambda: is_ready(one) and is_ready(other), "both are ready")
    shown = [line for line in one.log().splitlines() if line.startswith(SHOWN)]
    assert len(shown) == 1
    holder = {"Authorization": shown[0].removeprefix(SHOWN)}
    answers = [httpx.get(f"{server.url}/v1/self", headers=holder) for server in (one, other)]
    assert [answer.status_code for answer in answers] == [200, 200]


@pytest.mark.parametrize("kind", DATABASES)
def test_two_servers_start_on_one_new_database(
    kind: str, servers: Callable[..., Server], tmp_path: Path
) -> None:
    """Both come up on one schema, and one root token is shown between them."""
    need(kind)
    with new_database(kind, tmp_path) as url:
        one, other = (servers(JETON_DATABASE_URL=url, JETON_WORKERS="1") for _ in range(2))
        both_serve(one, other)


def test_a_server_that_is_overtaken_keeps_its_keys(
    servers: Callable[..., Server], tmp_path: Path
) -> None:
    """Keys that one server made are not thrown away because another was first to mint."""
    keys = tmp_path / "data" / "secret-keys"
    keys.parent.mkdir()
    with held(keys.parent):  # a start waits for this folder before it makes the schema
        one = servers(JETON_WORKERS="1")
        assert one.process is not None
        wait_until(lambda: keys.exists() and keys.stat().st_size, "the keys are made")
        one.process.send_signal(signal.SIGSTOP)
        status = Path(f"/proc/{one.process.pid}/status")
        wait_until(lambda: "\nState:\tT" in status.read_text(), "it stands still")
    other = servers(JETON_WORKERS="1")
    wait_until(lambda: is_ready(other), "the other is ready")
    one.process.send_signal(signal.SIGCONT)
    both_serve(one, other)


def test_four_workers_start_on_a_new_database(
    servers: Callable[..., Server], tmp_path: Path
) -> None:
    """The schema is made once, before the workers are there, and none of them stumbles."""
    server = servers(JETON_WORKERS="4")
    wait_until(lambda: is_ready(server), "it is ready")
    applied = rows(tmp_path / "data" / "jeton.db", "SELECT count(*) FROM jeton_migration")
    assert applied == [(len(list(MIGRATIONS.glob("0*.py"))),)]
    assert server.log().count(SHOWN) == 1
    assert "Traceback" not in server.log()
