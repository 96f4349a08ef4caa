"""The edge: refuses what no operation could mean before anything routes it.

What passes has a plain path, at most one of each header that matters, and a whole body of at most
64 kB that was counted as it came.
"""

import re
from typing import NoReturn
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handlers.wire.contract import contract
from handlers.wire.refusals import BadRequest, NotFound, PayloadTooLarge, UnsupportedMediaType

BODY_LIMIT = 64 * 1024
SINGLE_HEADERS = (b"authorization", b"content-type", b"content-length", b"host")
PLAIN = re.compile(rb"(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)+")  # breaks none of the rules below
STRAY = re.compile(rb"[\x00-\x1f\x7f\\]")
HALF_ESCAPED = re.compile(rb"%(?![0-9A-Fa-f]{2})")
STRUCTURE = re.compile(rb"//|%2f|(?<=.)/$|/\.{1,2}(?:/|$)", re.IGNORECASE)
ABSOLUTE = re.compile(r"^https?://[^/]+(?=/)", re.IGNORECASE)
ABSOLUTE_RAW = re.compile(rb"^https?://[^/]+(?=/)", re.IGNORECASE)
HOST = re.compile(rb"[A-Za-z0-9._~!$&'()*+,;=%:\[\]-]*")
CHARSET = re.compile(rb'charset\s*=\s*"?([^\s;"]*)')
PLAIN_TYPES = (b"application/json", b"application/x-www-form-urlencoded")
REQUIRE = b"x-jeton-require"
BODY_HEADERS = (b"content-length", b"transfer-encoding", b"content-type", b"content-encoding")

Headers = list[tuple[bytes, bytes]]


class Edge:
    """ASGI middleware that lets nothing odd through."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1008})
        _take_origin_form(scope)
        if gate := contract.gate(scope["path"]):
            return await self.app(_at(gate, scope), _no_body, send)
        _check_path(scope["raw_path"])
        headers = _single(scope["headers"])
        _check_host(scope, headers)
        scope = {**scope, "headers": _plain_media_type(headers, scope["headers"])}
        if _has_body(headers):
            body = await _read(receive, headers)
            scope["headers"] = _sized(scope["headers"], len(body))
            receive = _replay(body, receive)
        await self.app(scope, receive, send)


def _take_origin_form(scope: Scope) -> None:
    """Read `GET http://host/path` as `GET /path` (RFC 9112, section 3.2.2)."""
    if scope["raw_path"].startswith(b"/"):
        return
    for part, absolute in (("path", ABSOLUTE), ("raw_path", ABSOLUTE_RAW)):
        scope[part] = absolute.sub(scope[part][:0], scope[part], count=1)


def _at(gate: str, scope: Scope) -> Scope:
    """A gateway's question in its one form: GET, what is required as the query, and no body.

    Below the gate the query is that of the guarded request, which must not answer for itself.
    """
    headers = [(name, value) for name, value in scope["headers"] if name not in BODY_HEADERS]
    _single(headers)
    required = [value for name, value in headers if name == REQUIRE]
    if scope["path"] == gate and scope["query_string"]:
        required.append(scope["query_string"])
    asked = {"path": gate, "raw_path": gate.encode(), "query_string": b"&".join(required)}
    return {**scope, **asked, "method": "GET", "headers": headers}


async def _no_body() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def _check_path(raw: bytes) -> None:
    if PLAIN.fullmatch(raw):
        return
    decoded = unquote_to_bytes(raw)
    if not raw.startswith(b"/") or STRAY.search(decoded) or HALF_ESCAPED.search(raw):
        raise BadRequest("The path has characters that no path may contain.")
    try:
        decoded.decode()
    except UnicodeDecodeError:
        raise BadRequest("The path is not UTF-8.") from None
    if STRUCTURE.search(raw) or STRUCTURE.search(decoded):
        raise NotFound


def _single(headers: Headers) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        if name in found and name in SINGLE_HEADERS:
            raise BadRequest(f"The header {name.decode().title()} was sent more than once.")
        found[name] = value
    return found


def _check_host(scope: Scope, found: dict[bytes, bytes]) -> None:
    """Since HTTP/1.1 a request names one host, however short (RFC 9112, section 3.2)."""
    host = found.get(b"host", b"" if scope["http_version"] == "1.0" else None)
    if host is None or not HOST.fullmatch(host):
        raise BadRequest("The header Host is missing or malformed.")


def _plain_media_type(found: dict[bytes, bytes], headers: Headers) -> Headers:
    """Media types compare in any letter case (RFC 9110), and JSON is always UTF-8 (RFC 8259)."""
    sent = found.get(b"content-type")
    if found.get(b"content-encoding", b"identity").lower() != b"identity":
        raise UnsupportedMediaType("Compressed bodies are not read.")
    if sent is None or sent in PLAIN_TYPES:
        return headers
    media_type, _, parameters = sent.lower().partition(b";")
    if set(CHARSET.findall(parameters)) - {b"utf-8", b"utf8"}:
        raise UnsupportedMediaType("Only UTF-8 is read.")
    plain = media_type.strip()
    return [(name, plain if name == b"content-type" else value) for name, value in headers]


def _has_body(headers: dict[bytes, bytes]) -> bool:
    return b"transfer-encoding" in headers or headers.get(b"content-length", b"0") != b"0"


async def _read(receive: Receive, headers: dict[bytes, bytes]) -> bytes:
    if int(headers.get(b"content-length", 0)) > BODY_LIMIT:
        raise PayloadTooLarge
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            _incomplete()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > BODY_LIMIT:
            raise PayloadTooLarge
    return bytes(body)


def _incomplete() -> NoReturn:
    raise BadRequest("The body ended before its time.")


def _sized(headers: Headers, length: int) -> Headers:
    framing = (b"content-length", b"transfer-encoding")
    kept = [(name, value) for name, value in headers if name not in framing]
    return [*kept, (b"content-length", str(length).encode())]


def _replay(body: bytes, receive: Receive) -> Receive:
    waiting = [body]

    async def replayed() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return replayed
