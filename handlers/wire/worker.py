"""The worker: gunicorn's own for ASGI, but it quotes nothing of a request that it cannot read.

Such a request may have a token in an odd place, and proxies show and log the bodies of errors.
"""

from http import HTTPStatus
from typing import Any

from gunicorn.asgi.protocol import ASGIProtocol
from gunicorn.workers import gasgi


class Protocol(ASGIProtocol):  # type: ignore[misc]  # gunicorn is untyped
    """Answers what cannot be read with the name of the status, and closes the connection."""

    def _send_error_response(self, status: int, message: str, extra_headers: Any = ()) -> None:
        super()._send_error_response(status, HTTPStatus(status).phrase, extra_headers)


class Worker(gasgi.ASGIWorker):  # type: ignore[misc]
    """gunicorn's worker with our protocol."""

    @classmethod
    def setup(cls) -> None:
        """Runs before workers are made, for gunicorn has no setting for a protocol."""
        gasgi.ASGIProtocol = Protocol
