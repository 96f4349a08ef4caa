"""The worker: gunicorn's own for ASGI, but it stops at once and quotes nothing that it cannot read.

A request that cannot be read may have a token in an odd place, and proxies show and log the bodies
of errors.
"""

import asyncio
from http import HTTPStatus
from typing import Any

from gunicorn.asgi.protocol import ASGIProtocol
from gunicorn.workers import gasgi


class Protocol(ASGIProtocol):  # type: ignore[misc]  # gunicorn is untyped
    """Answers what cannot be read with the name of the status, and closes the connection."""

    def _send_error_response(self, status: int, message: str, extra_headers: Any = ()) -> None:
        super()._send_error_response(status, HTTPStatus(status).phrase, extra_headers)


class Worker(gasgi.ASGIWorker):  # type: ignore[misc]
    """gunicorn's worker with our protocol, which does not sleep to the end of a second to stop."""

    _serving: "asyncio.Task[None] | None" = None

    @classmethod
    def setup(cls) -> None:
        """Runs before workers are made, for gunicorn has no setting for a protocol."""
        gasgi.ASGIProtocol = Protocol

    def notify(self) -> None:
        """Called before each sleep of the loop that serves, the only place to be woken at."""
        super().notify()
        self._serving = asyncio.current_task()

    def handle_exit_signal(self) -> None:
        """SIGTERM: take no more, and end when what was taken is answered."""
        if self.alive and self._serving:
            self._serving.cancel()
        super().handle_exit_signal()
