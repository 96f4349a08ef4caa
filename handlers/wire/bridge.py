"""The bridge from ASGI to Flask. Enters Flask only with an operation that Connexion routed."""

import sys
from io import BytesIO
from typing import Any

import flask
from connexion.middleware.abstract import ROUTING_CONTEXT
from starlette.types import Receive, Scope, Send

from handlers.wire import threads
from handlers.wire.refusals import NotFound
from models.database import database, session

SAFE_METHODS = ("GET", "HEAD")
OPERATION = "jeton.operation"


class Bridge:
    """Runs the handler of a routed operation; anything else is NotFound, whatever Flask matches.

    Reads run on the event loop where the database never makes a reader wait, all else beside it.
    """

    def __init__(self, app: flask.Flask) -> None:
        self.app = app
        app.before_request(_only_the_routed_operation)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        routed = scope["extensions"].get(ROUTING_CONTEXT, {}).get("operation_id")
        if scope["type"] != "http" or routed is None:
            raise NotFound
        body = (await receive())["body"] if _has_body(scope) else b""
        environ = {**_environ(scope, body), OPERATION: routed}
        waits = database.reads_wait or scope["method"] not in SAFE_METHODS
        status, headers, content = await threads.run(lambda: self._call(environ), waits=waits)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _call(self, environ: dict[str, Any]) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
            started[:] = status, headers

        with session():
            content = b"".join(self.app.wsgi_app(environ, start_response))
        status, headers = started
        lower = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
        if not content and environ["REQUEST_METHOD"] != "HEAD":
            lower = [pair for pair in lower if pair[0] != b"content-type"]
        return int(status[:3]), lower, content


def _only_the_routed_operation() -> None:
    endpoint = flask.request.endpoint or ""
    if endpoint.rpartition(".")[2] != flask.request.environ[OPERATION]:
        raise NotFound


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
        "SERVER_NAME": "jeton",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "asgi.scope": scope,
    }
