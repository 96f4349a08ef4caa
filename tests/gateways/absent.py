"""What may stand where a gateway looks for Jeton: nothing, a mute, or another server."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.live import free_port


@contextmanager
def down() -> Iterator[int]:
    """The port of nobody."""
    yield free_port()


@contextmanager
def silent() -> Iterator[int]:
    """The port of a listener that never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


class Elsewhere(BaseHTTPRequestHandler):
    """Has nothing at any path."""

    def do_GET(self) -> None:
        """Answer 404."""
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def elsewhere() -> Iterator[int]:
    """The port of a server that answers 404 to everything."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


ABSENT: dict[str, Callable[[], AbstractContextManager[int]]] = {
    "down": down,
    "silent": silent,
    "elsewhere": elsewhere,
}
