"""A database that hangs: it takes connections and answers nothing."""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.actors import Caller
from tests.conftest import need
from tests.databases import new_database
from tests.live import ROOT_TOKEN, Server

CROWD = 24


class Wire:
    """A TCP proxy that can be made to stand still."""

    def __init__(self, port: int) -> None:
        self.flowing = threading.Event()
        self.flowing.set()
        self.target = ("127.0.0.1", port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.ends = [self.listener]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, far = self.listener.accept()[0], socket.create_connection(self.target)
                self.ends += [near, far]
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self.flowing.wait()
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)


@contextmanager
def wire(port: int) -> Iterator[Wire]:
    """A proxy whose sockets are all closed in the end."""
    made = Wire(port)
    try:
        yield made
    finally:
        made.flowing.set()
        for end in made.ends:
            end.close()


def test_a_database_that_hangs_is_an_outage(tmp_path: Path) -> None:
    """Callers hear 503 in the end, liveness answers all along, and work goes on afterwards."""
    need("postgresql")
    with new_database("postgresql", tmp_path) as url:
        if urlsplit(url).hostname != "127.0.0.1":
            pytest.skip("POSTGRESQL IS NOT REACHED OVER TCP: a database that hangs was not tested")
        port = urlsplit(url).port or 5432
        with wire(port) as between:
            through = url.replace(f"127.0.0.1:{port}", f"127.0.0.1:{between.port}")
            server = Server(tmp_path, JETON_DATABASE_URL=through, JETON_WORKERS="1").start()
            root, anybody = Caller(server.url, ROOT_TOKEN), Caller(server.url)
            assert root("GET", "/v1/self").status_code == 200
            between.flowing.clear()
            with ThreadPoolExecutor(CROWD) as crowd:
                asked = [crowd.submit(root, "GET", "/v1/self") for _ in range(CROWD)]
                for _ in range(5):
                    assert anybody("GET", "/health/live").status_code == 200
                assert {answer.result().status_code for answer in asked} == {503}
            between.flowing.set()
            assert root("GET", "/v1/self").status_code == 200
            assert server.stop() == 0
