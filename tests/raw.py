"""Requests that no HTTP client would send, over a bare socket."""

import json
import socket
from dataclasses import dataclass
from typing import Any

from tests.live import Server

SECONDS = 20


@dataclass
class Answer:
    """What came back: the first status, its headers, and all bytes of the body."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def send(server: Server, request: bytes) -> Answer:
    """Send bytes and read until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=SECONDS) as connection:
        connection.sendall(request)
        received = bytearray()
        while chunk := connection.recv(65536):
            received += chunk
    return parse(bytes(received))


def parse(received: bytes) -> Answer:
    """The first answer in the bytes; status 0 where there is none."""
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    status = int(first.split()[1]) if first.startswith("HTTP/") else 0
    return Answer(status, headers, body)


def request(
    method: str,
    target: str | bytes,
    *headers: str,
    body: bytes = b"",
    token: str | None = None,
    sized: bool = True,
) -> bytes:
    """The bytes of a request, exactly as given."""
    raw = target if isinstance(target, bytes) else target.encode("latin-1")
    lines = ["Host: jeton.test", "Connection: close", *headers]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body and sized:
        lines.append(f"Content-Length: {len(body)}")
    head = "".join(f"{line}\r\n" for line in lines).encode("latin-1")
    return method.encode() + b" " + raw + b" HTTP/1.1\r\n" + head + b"\r\n" + body
