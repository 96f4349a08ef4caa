"""What waits keeps nobody else waiting: what callers of one worker hear while others dawdle."""

import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode
from uuid import uuid4

import psycopg
import pytest

from tests.actors import TOKENS, Caller
from tests.conftest import DATABASES, need
from tests.databases import new_database
from tests.gateways.hammer import FORM, Door
from tests.live import ROOT_TOKEN, Server, new_project_id
from tests.raw import Answer, parse

LOCKED_SECONDS = 2.0
# More than a worker has threads.
WRITERS = 24
SLOW = 64
SLOW_SECONDS = 3.0
P99_MS = 50


@pytest.fixture(params=DATABASES)
def alone(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """A live server with one worker, which looks up every token."""
    need(request.param)
    with new_database(request.param, tmp_path) as url:
        settings = {"JETON_WORKERS": "1", "JETON_VERIFY_CACHE": "off"}
        server = Server(tmp_path, JETON_DATABASE_URL=url, **settings).start()
        yield server
        server.stop()


@contextmanager
def locked(server: Server) -> Iterator[None]:
    """Keep every writer of tokens waiting, as a backup or a migration would."""
    url = server.settings["JETON_DATABASE_URL"]
    if url.startswith("sqlite:"):
        file = url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(file, timeout=5, isolation_level=None)) as holder:
            holder.execute("BEGIN IMMEDIATE")
            yield
            holder.execute("ROLLBACK")
    else:
        with psycopg.connect(url) as connection:
            connection.execute("LOCK TABLE token IN SHARE ROW EXCLUSIVE MODE")
            yield


class Dawdlers:
    """Clients that send a question a byte at a time, or do not read what they asked for."""

    def __init__(self, server: Server, secret: str) -> None:
        body = urlencode({"token": secret})
        head = f"Host: x\r\nAuthorization: Bearer {ROOT_TOKEN}\r\nConnection: close\r\n"
        form = f"Content-Type: {FORM}\r\nContent-Length: {len(body)}\r\n"
        self.question = f"POST /oauth2/introspect HTTP/1.1\r\n{head}{form}\r\n{body}".encode()
        self.sockets = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(SLOW)]
        self.senders, self.readers = self.sockets[::2], self.sockets[1::2]
        for reader in self.readers:
            reader.sendall(f"GET /openapi.json HTTP/1.1\r\n{head}\r\n".encode())

    def dawdle(self) -> None:
        """Send the question."""
        for byte in self.question:
            for sender in self.senders:
                sender.sendall(bytes([byte]))
            time.sleep(SLOW_SECONDS / len(self.question))

    def answers(self) -> list[Answer]:
        """What all of them hear in the end."""
        return [answer for one in self.sockets for answer in parse(_rest(one))]

    def close(self) -> None:
        """Close the connections."""
        for one in self.sockets:
            one.close()


def _rest(connection: socket.socket) -> bytes:
    received = bytearray()
    while chunk := connection.recv(65536):
        received += chunk
    return bytes(received)


def minted(server: Server) -> tuple[str, str]:
    """A new project, and the secret of a token in it."""
    root, project = Caller(server.url, ROOT_TOKEN), new_project_id()
    root("POST", "/v1/projects", json={"id": project}).raise_for_status()
    return project, TOKENS.mint(root, project, name="asked-about", role="viewer").json()["token"]


def p99(server: Server, secret: str, goes_on: Callable[[], bool]) -> float:
    """Verify again and again: the 99th percentile, in milliseconds, of what one caller waits."""
    door, waited = Door(server), list[float]()
    with closing(door.http):
        while goes_on():
            sent = time.perf_counter()
            assert door.passes(secret)
            waited.append((time.perf_counter() - sent) * 1000)
    assert len(waited) > 100
    return quantiles(waited, n=100)[98]


def mint_another(server: Server, project: str) -> Callable[[], bool]:
    """Mints a token; says whether it has been."""
    root, name = Caller(server.url, ROOT_TOKEN), f"token-{uuid4()}"
    return lambda: TOKENS.mint(root, project, name=name).status_code == TOKENS.minted


def use_a_counted_one(server: Server, project: str) -> Callable[[], bool]:
    """Uses a token whose uses are counted, so that each is a write; says whether it was good."""
    root, name = Caller(server.url, ROOT_TOKEN), f"token-{uuid4()}"
    secret = TOKENS.secret(TOKENS.mint(root, project, name=name))
    listed = root("GET", f"/v1/projects/{project}/tokens", params={"name": name}).json()
    path = f"/v1/projects/{project}/tokens/{listed['tokens'][0]['id']}"
    root("PATCH", path, json={"remainingUses": 1}).raise_for_status()
    return lambda: Caller(server.url, secret)("GET", "/v1/forward-auth").status_code == 200


@pytest.mark.parametrize("prepare", [mint_another, use_a_counted_one])
def test_verification_does_not_wait_for_writers(
    alone: Server, prepare: Callable[[Server, str], Callable[[], bool]]
) -> None:
    """While a lock keeps more writers waiting than there are threads; all of them succeed after."""
    project, secret = minted(alone)
    works = [prepare(alone, project) for _ in range(WRITERS)]
    with ThreadPoolExecutor(WRITERS) as pool:
        with locked(alone):
            writing = [pool.submit(work) for work in works]
            until = time.monotonic() + LOCKED_SECONDS
            waited = p99(alone, secret, lambda: time.monotonic() < until)
            assert not any(one.done() for one in writing)
        assert all(one.result() for one in writing)
    print(f"\np99 {waited:.1f} ms while {WRITERS} writers waited")
    assert waited < P99_MS


def test_slow_clients_do_not_starve_a_fast_one(alone: Server) -> None:
    """While 64 send a byte at a time or do not read; all of them are answered in the end."""
    _, secret = minted(alone)
    with closing(Dawdlers(alone, secret)) as slow:
        dawdling = threading.Thread(target=slow.dawdle)
        dawdling.start()
        waited = p99(alone, secret, dawdling.is_alive)
        dawdling.join()
        assert [answer.status for answer in slow.answers()] == [200] * SLOW
    print(f"\np99 {waited:.1f} ms beside {SLOW} slow clients")
    assert waited < P99_MS
