"""A small upstream behind a gateway: it echoes what reached it, and takes WebSockets."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3
ECHO = "X-Echo"


class Echo(BaseHTTPRequestHandler):
    """Answers any request with what it was; what HEAD may not tell stands in a header, too."""

    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        """Echo one request, or switch to a WebSocket and echo its bytes."""
        if self.headers.get("Upgrade", "").lower() == "websocket":
            return self._switch()
        seen = json.dumps(self._seen(self._body())).encode()
        self.send_response(200)
        self.send_header(ECHO, seen.decode())
        self.send_header("Content-Length", str(len(seen)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(seen)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _seen(self, body: bytes) -> dict[str, object]:
        return {
            "method": self.command,
            "path": self.path,
            "headers": [[name.lower(), value] for name, value in self.headers.items()],
            "length": len(body),
            "digest": hashlib.sha256(body).hexdigest(),
        }

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return b"".join(iter(self._chunk, b""))
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _chunk(self) -> bytes:
        size = int(self.rfile.readline().split(b";")[0], 16)
        chunk = self.rfile.read(size)
        self.rfile.readline()
        return chunk

    def _switch(self) -> None:
        key = self.headers["Sec-WebSocket-Key"] + GUID
        digest = hashlib.sha1(key.encode()).digest()  # as RFC 6455 asks
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(digest).decode())
        self.send_header(ECHO, json.dumps(self._seen(b"")))
        self.end_headers()
        while sent := self.connection.recv(4096):
            self.connection.sendall(sent)
        self.close_connection = True


class Upstream(ThreadingHTTPServer):
    """The upstream on a free port."""

    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """A gateway may drop a connection at any time."""


@contextmanager
def upstream() -> Iterator[int]:
    """The port of a running upstream."""
    with Upstream(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()
