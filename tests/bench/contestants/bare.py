"""The bare twin: ASGI by hand. No framework, no validation, no logging; this is the ceiling."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

import orjson

from tests.bench.contestants.rules import Refused
from tests.bench.contestants.sql import Token
from tests.bench.contestants.work import Draft, Work

JSON = (b"content-type", b"application/json")
Headers = Iterable[tuple[bytes, bytes]]
Response = tuple[int, Headers, bytes]
work = Work()


async def app(scope: Any, receive: Any, send: Any) -> None:
    """The ASGI application."""
    if scope["type"] == "lifespan":
        return await _lifespan(receive, send)
    try:
        status, headers, body = await _answered(scope, receive)
    except Refused as refused:
        status, headers, body = refused.status, (), b""
    headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _answered(scope: Any, receive: Any) -> Response:
    path: str = scope["path"]
    caller = await work.caller(_authorization(scope["headers"]))
    if path == "/v1/forward-auth":
        needs = dict(parse_qsl(scope["query_string"].decode()))
        told = work.gate(needs, caller).items()
        return 200, [(name.lower().encode(), value.encode()) for name, value in told], b""
    if path == "/oauth2/introspect":
        form = dict(parse_qsl((await _body(receive)).decode()))
        return 200, (JSON,), orjson.dumps(await work.introspect(form["token"], caller))
    _, _, *parts = path.split("/")
    if parts[-1] == "public-share-token":
        return 200, (JSON,), orjson.dumps(await work.share(parts[1], caller))
    if parts[-1] == "api-tokens":
        return await _api_tokens(parts[2], caller, scope, receive)
    raise Refused(404)


async def _api_tokens(project: str, caller: Token, scope: Any, receive: Any) -> Response:
    if scope["method"] == "GET":
        return 200, (JSON,), orjson.dumps(await work.list(project, caller))
    sent = orjson.loads(await _body(receive))
    draft = Draft(sent["tokenName"], sent["type"].lower(), sent.get("environment", "default"))
    shape, row_id = await work.create(project, draft, caller, scope["client"][0])
    location = f"{scope['path']}/{row_id}".encode()
    return 201, (JSON, (b"location", location)), orjson.dumps(shape)


def _authorization(headers: Headers) -> str | None:
    for name, value in headers:
        if name == b"authorization":
            return value.decode("latin-1")
    return None


async def _body(receive: Any) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _lifespan(receive: Any, send: Any) -> None:
    await receive()
    async with work.opened():
        await send({"type": "lifespan.startup.complete"})
        await receive()
    await send({"type": "lifespan.shutdown.complete"})
