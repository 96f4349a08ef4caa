"""The bridge from ASGI to Flask, which runs what Connexion routed and routes nothing itself.

So there is no path that Flask matches and Connexion's security and validation did not see.
"""

from collections.abc import Callable
from typing import Any

import flask
from connexion.middleware.abstract import ROUTING_CONTEXT
from starlette.types import Receive, Scope, Send

from handlers.wire import threads
from handlers.wire.contract import LITTLE, WRITES, Operation, contract
from handlers.wire.refusals import NotFound
from handlers.wire.replay import Response, key_of, once
from models.database import session

View = Callable[[Scope], Response]


class UnroutedFlask(flask.Flask):
    """A Flask application without a URL map: what a request asks for is decided before."""

    def create_url_adapter(self, request: flask.Request | None) -> None:
        """Match nothing."""


class Bridge:
    """An ASGI application that runs the handler of a routed operation; anything else is NotFound.

    Handlers have Flask's application at hand; of the request they ask `connexion.request`.
    """

    def __init__(self, app: flask.Flask) -> None:
        self.app = app
        views: dict[str, Any] = app.view_functions
        self._views: dict[str, View] = {
            endpoint.rpartition(".")[2]: view for endpoint, view in views.items()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        routed = scope["extensions"].get(ROUTING_CONTEXT, {}).get("operation_id")
        if scope["type"] != "http" or routed not in self._views:
            raise NotFound
        operation = contract.operations[routed]
        status, headers, content = await threads.run(
            lambda: self._run(operation, scope),
            little=operation.storage in LITTLE,
            writes=operation.storage in WRITES,
        )
        if status != 204:
            headers = [*headers, (b"content-length", str(len(content)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        body = b"" if scope["method"] == "HEAD" else content
        await send({"type": "http.response.body", "body": body})

    def _run(self, operation: Operation, scope: Scope) -> Response:
        view = self._views[operation.id]
        with session(), self.app.app_context():
            key = key_of(scope, operation)
            return view(scope) if key is None else once(scope, key, lambda: view(scope))
