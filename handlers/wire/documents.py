"""Documents served as they are: the contract, and interactive documentation without a CDN."""

import hashlib
from typing import NamedTuple

import orjson
from starlette.types import ASGIApp, Receive, Scope, Send
from swagger_ui_bundle import swagger_ui_path

from handlers.wire.contract import Contract, contract
from handlers.wire.refusals import MethodNotAllowed
from handlers.wire.twin import twin

PAGE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Jeton</title>
  <link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
  <div id="swagger-ui"></div>
  <script src="/docs/swagger-ui-bundle.js"></script>
  <script src="/docs/start.js"></script>
</body>
</html>
"""
START = "SwaggerUIBundle({ url: '/openapi.yaml', dom_id: '#swagger-ui', deepLinking: true });\n"
PAGE_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    b"img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'"
)


class Document(NamedTuple):
    """A body, its media type and its entity tag."""

    body: bytes
    media_type: bytes
    etag: bytes


class Documents:
    """ASGI middleware that answers the paths of documents and passes on all others."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.documents = published(contract)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self.documents.get(scope["path"]) if scope["type"] == "http" else None
        if found is None:
            return await self.app(scope, receive, send)
        if scope["method"] not in ("GET", "HEAD"):
            raise MethodNotAllowed
        known = any(
            name == b"if-none-match" and (found.etag in value or value.strip() == b"*")
            for name, value in scope["headers"]
        )
        body = b"" if known else found.body
        headers = [
            (b"content-type", found.media_type),
            (b"content-length", str(len(found.body)).encode()),
            (b"etag", found.etag),
            (b"cache-control", b"no-cache"),
            (b"content-security-policy", PAGE_POLICY),
        ]
        status = 304 if known else 200
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def published(source: Contract) -> dict[str, Document]:
    """The documents by their paths."""

    def asset(name: str) -> bytes:
        content: bytes = (swagger_ui_path / name).read_bytes()
        return content

    return {
        "/openapi.yaml": _document(source.text.encode(), b"application/yaml"),
        "/openapi.json": _document(orjson.dumps(source.document), b"application/json"),
        "/openapi-3.1.json": _document(orjson.dumps(twin(source.document)), b"application/json"),
        "/docs": _document(PAGE.encode(), b"text/html; charset=utf-8"),
        "/docs/start.js": _document(START.encode(), b"text/javascript"),
        "/docs/swagger-ui.css": _document(asset("swagger-ui.css"), b"text/css"),
        "/docs/swagger-ui-bundle.js": _document(asset("swagger-ui-bundle.js"), b"text/javascript"),
    }


def _document(body: bytes, media_type: bytes) -> Document:
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'.encode()
    return Document(body, media_type, etag)
