"""The wire of the model: connections that are kept, to every worker of the server, in turn.

A run is mostly requests, and the client shares its cores with the server: hence http.client.
"""

import json
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

from tests.live import Server

SECONDS = 30
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str
    base: str

    @property
    def body(self) -> Any:
        """The body as JSON; None where there is none."""
        return json.loads(self.text) if self.text else None

    @property
    def request_id(self) -> str:
        """The id that the server gave to the request."""
        return self.headers["x-request-id"]


class Wire:
    """Sends requests to the workers in turn; `sent` counts them, `workers` are process ids."""

    def __init__(self, server: Server) -> None:
        self.base = server.url
        self.sent = 0
        self.workers = server.workers()
        self._connections: list[HTTPConnection] = []
        for worker in self.workers:
            with server.only(worker):
                self._connections.append(_connected(server))

    def send(
        self,
        method: str,
        path: str,
        credential: str | None,
        body: Any = None,
        query: dict[str, Any] | None = None,
        is_form: bool = False,
    ) -> Answer:
        """Send a request and read its answer."""
        headers = {} if credential is None else {"Authorization": f"Bearer {credential}"}
        text = None
        if body is not None:
            headers["Content-Type"] = FORM if is_form else "application/json"
            text = urlencode(body) if is_form else json.dumps(body)
        connection = self._connections[self.sent % len(self._connections)]
        self.sent += 1
        connection.request(method, f"{path}?{urlencode(query)}" if query else path, text, headers)
        response = connection.getresponse()
        told = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, told, response.read().decode(), self.base)

    def close(self) -> None:
        """Close the connections."""
        for connection in self._connections:
            connection.close()


def _connected(server: Server) -> HTTPConnection:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=SECONDS)
    connection.request("GET", "/health/live")
    connection.getresponse().read()
    return connection
