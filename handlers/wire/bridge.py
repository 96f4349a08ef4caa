"""The bridge from ASGI to Flask, which runs what Connexion routed and routes nothing itself.

So there is no path that Flask matches and Connexion's security and validation did not see.
"""

import sys
from collections.abc import Callable
from io import BytesIO
from typing import Any

import flask
from connexion.middleware.abstract import ROUTING_CONTEXT
from starlette.types import Receive, Scope, Send

from handlers.wire import threads
from handlers.wire.contract import LOOK_UP, NO_STORAGE, Operation, contract
from handlers.wire.refusals import NotFound
from handlers.wire.replay import Response, key_of, once
from models.database import database, session

BODY_FRAMING = ("content-length", "content-type")


class UnroutedFlask(flask.Flask):
    """A Flask application without a URL map: what a request asks for is decided before."""

    def create_url_adapter(self, request: flask.Request | None) -> None:
        """Match nothing."""


class Bridge:
    """An ASGI application that runs the handler of a routed operation; anything else is NotFound.

    Look-ups run on the event loop where the database never makes a reader wait; what scans or
    writes runs beside it.
    """

    def __init__(self, app: flask.Flask) -> None:
        self.app = app
        self._views: dict[str, Callable[[], Any]] = {
            endpoint.rpartition(".")[2]: view for endpoint, view in app.view_functions.items()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        routed = scope["extensions"].get(ROUTING_CONTEXT, {}).get("operation_id")
        if scope["type"] != "http" or routed not in self._views:
            raise NotFound
        body = await _read(receive) if _has_body(scope) else b""
        status, headers, content = await threads.run(
            lambda: self._run(routed, scope, body), waits=_waits(contract.operations[routed])
        )
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _run(self, operation_id: str, scope: Scope, body: bytes) -> Response:
        with session(), self.app.request_context(_environ(scope, body)) as context:
            context.request.view_args = scope["path_params"]

            def answer() -> Response:
                response = self.app.make_response(self._views[operation_id]())
                return _response(response, with_body=scope["method"] != "HEAD")

            key = key_of(scope, contract.operations[operation_id])
            return answer() if key is None else once(scope, key, body, answer)


def _waits(operation: Operation) -> bool:
    if operation.storage == LOOK_UP:
        return bool(database.reads_wait)
    return operation.storage != NO_STORAGE


def _response(response: flask.Response, *, with_body: bool) -> Response:
    content = response.get_data()
    headers = [
        (name.lower().encode(), value.encode("latin-1"))
        for name, value in response.headers
        if name.lower() not in BODY_FRAMING
    ]
    if content:
        headers.append((b"content-type", (response.content_type or "").encode()))
    if response.status_code != 204:
        headers.append((b"content-length", str(len(content)).encode()))
    return response.status_code, headers, content if with_body else b""


async def _read(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _has_body(scope: Scope) -> bool:
    return any(name == b"content-length" and value != b"0" for name, value in scope["headers"])


def _environ(scope: Scope, body: bytes) -> dict[str, Any]:
    headers = {
        "HTTP_" + name.decode("latin-1").upper().replace("-", "_"): value.decode("latin-1")
        for name, value in scope["headers"]
    }
    return {
        **headers,
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "CONTENT_TYPE": headers.get("HTTP_CONTENT_TYPE", ""),
        "CONTENT_LENGTH": str(len(body)),
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "SERVER_NAME": "jeton",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "asgi.scope": scope,
    }
