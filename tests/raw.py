"""Requests that no HTTP client would send, over a bare socket."""

import json
import re
import socket
from dataclasses import dataclass
from typing import Any

from tests.live import Server

SECONDS = 20
STATUS_LINE = re.compile(rb"HTTP/1\.[01] [0-9]{3} ")


@dataclass
class Answer:
    """What came back: the status, the headers, and the bytes of the body."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def status_code(self) -> int:
        """The status, by the name that actors read it."""
        return self.status


def send(server: Server, request: bytes) -> Answer:
    """Send bytes and read until the server closes the connection; the first answer."""
    answers = exchange(server, request)
    return answers[0] if answers else Answer(0, {}, b"")


def exchange(server: Server, sent: bytes) -> list[Answer]:
    """Send bytes and read until the server closes the connection; every answer."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=SECONDS) as connection:
        connection.sendall(sent)
        received = bytearray()
        while chunk := connection.recv(65536):
            received += chunk
    return parse(bytes(received))


def parse(received: bytes) -> list[Answer]:
    """The answers in the bytes, one after the other."""
    answers = []
    while received:
        head, _, rest = received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        # An answer to HEAD tells the length of a body that it does not have.
        length = 0 if STATUS_LINE.match(rest) else int(headers.get("content-length", 0))
        answers.append(Answer(int(first.split()[1]), headers, rest[:length]))
        received = rest[length:]
    return answers


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
