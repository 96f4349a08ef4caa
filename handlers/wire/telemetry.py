"""Telemetry: a request id, one structured access line a request, and headers that every answer has.

No line holds a secret: of the path of a good request all but what the contract calls secret, of any
other only what is too short to be one.
"""

import logging
import random
import re
import time
import traceback
from typing import Any

import orjson
import structlog
from connexion.middleware.abstract import ROUTING_CONTEXT
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handlers.wire.contract import contract
from models.secrets import well_formed

REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
HARMLESS_SEGMENT = re.compile(r"[a-z0-9._-]{0,20}")
ANSWERS_CARRY = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
]

log = structlog.get_logger("jeton")


def start_logging(level: str) -> None:
    """Log JSON lines to standard error, from the given level on."""
    logging.getLogger("connexion").setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=orjson.dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.BytesLoggerFactory(_stderr()),
        cache_logger_on_first_use=True,
    )


class Telemetry:
    """The outermost ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._tells = log.is_enabled_for(logging.INFO)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        started = time.perf_counter()
        request_id = _request_id(scope)
        # Made here, so that what the layers below write into it can be read here.
        scope["extensions"] = dict(scope.get("extensions") or {})
        scope["state"] = {**scope.get("state", {}), "request_id": request_id}
        status = 0

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _marked(message["headers"], request_id)
            elif scope["method"] == "HEAD":
                message["body"] = b""
            await send(message)

        try:
            await self.app(scope, receive, send_marked)
        finally:
            if self._tells:
                _access_line(scope, status, time.perf_counter() - started)


def log_crash(error: BaseException, scope: Scope) -> None:
    """Log where an unexpected exception came from; its words may hold a secret and are left out."""
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    log.error(
        "crash",
        request_id=scope["state"]["request_id"],
        error=type(error).__name__,
        at=[f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    )


def redacted(path: str) -> str:
    """A path that was not routed, without the parts that could be a secret."""
    parts = (part if HARMLESS_SEGMENT.fullmatch(part) else "***" for part in path.split("/"))
    return "/".join(parts)[:200]


def _access_line(scope: Scope, status: int, seconds: float) -> None:
    operation_id = scope["extensions"].get(ROUTING_CONTEXT, {}).get("operation_id")
    caller = scope["extensions"].get("connexion_context", {}).get("caller")
    client = scope.get("client")
    log.info(
        "request",
        request_id=scope["state"]["request_id"],
        operation=operation_id,
        method=scope["method"],
        path=_told(scope, operation_id, status),
        status=status,
        ms=round(seconds * 1000, 3),
        caller=caller.token_id if caller else None,
        address=client[0] if client else None,
    )


def _told(scope: Scope, operation_id: str | None, status: int) -> str:
    if gate := contract.gate(scope["path"]):
        return gate
    # Where the request failed, anything may stand where an id should: a secret too.
    if operation_id is None or status >= 400:
        return redacted(scope["path"])
    operation = contract.operations[operation_id]
    if not operation.secrets:
        return str(scope["path"])
    segments = zip(operation.path.split("/"), scope["path"].split("/"), strict=True)
    return "/".join("***" if told[1:-1] in operation.secrets else sent for told, sent in segments)


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and REQUEST_ID.fullmatch(value) and not _secret(value, scope):
            return str(value.decode())
    return f"{random.getrandbits(128):032x}"


def _secret(value: bytes, scope: Scope) -> bool:
    presented = any(name == b"authorization" and value in sent for name, sent in scope["headers"])
    return presented or well_formed(value.decode())


def _marked(headers: Any, request_id: str) -> list[tuple[bytes, bytes]]:
    named = {name.lower() for name, _ in headers}
    missing = [(name, value) for name, value in ANSWERS_CARRY if name not in named]
    return [*headers, *missing, (b"x-request-id", request_id.encode())]


def _stderr() -> Any:
    import sys

    return sys.stderr.buffer
