"""Methods and request lines that no operation has, and HEAD wherever there is GET."""

from tests.contract.probes.probe import NOWHERE, SERVER, Expected, get, probes
from tests.live import ROOT_TOKEN
from tests.raw import request

SHARE = f"/v1/projects/{NOWHERE}/public-share-token"
ADMIN = f"/api/admin/projects/{NOWHERE}/api-tokens"
TOKENS = f"/api/projects/{NOWHERE}/tokens"


def ask(method: str, target: str = SHARE) -> bytes:
    """A request as root."""
    return request(method, target, token=ROOT_TOKEN)


def line(first: bytes) -> bytes:
    """A request as root with that request line."""
    return get(SHARE).replace(f"GET {SHARE} HTTP/1.1".encode(), first)


METHODS = [
    *probes(
        Expected(405, "bad_request"),
        {
            "PUT": ask("PUT"),
            "DELETE of all projects": ask("DELETE", "/v1/projects"),
            "POST to health": ask("POST", "/health/live"),
            "POST to a document": ask("POST", "/openapi.yaml"),
            "OPTIONS": ask("OPTIONS"),
            "TRACE": ask("TRACE"),
            "a method of WebDAV": ask("PROPFIND"),
            "a method with a hyphen": ask("M-SEARCH"),
            "a method that nobody knows": ask("BREW"),
        },
    ),
    *probes(
        Expected(405, "BadDataError", "admin"),
        {
            "PUT in admin": ask("PUT", ADMIN),
            "PATCH in admin": ask("PATCH", ADMIN),
            "OPTIONS in admin": ask("OPTIONS", ADMIN),
        },
    ),
    *probes(
        Expected(405, "method_not_allowed", "tokens"),
        {
            "PUT in tokens": ask("PUT", TOKENS),
            "DELETE of all tokens": ask("DELETE", TOKENS),
            "TRACE in tokens": ask("TRACE", TOKENS),
        },
    ),
    *probes(
        Expected(400, "bad_request"),
        {
            "OPTIONS of everything": ask("OPTIONS", "*"),
        },
    ),
    *probes(
        Expected(400, "bad_request", closes=True),
        {
            "CONNECT": ask("CONNECT", "jeton.test:443"),
        },
    ),
    *probes(
        Expected(404, "not_found"),
        {
            "a method where nothing is": ask("BREW", "/nope"),
        },
    ),
    *probes(
        Expected(400, dialect=SERVER),
        {
            "a method in lower case": ask("get"),
            "a method in mixed case": ask("Get"),
            "a long method": ask("A" * 30),
            "a method of signs": ask("G@T"),
            "NUL in a method": ask("GET\x00"),
        },
    ),
]

HEAD = [
    *probes(
        Expected(200, stranger=401),
        {
            "HEAD": ask("HEAD", "/v1/projects"),
        },
    ),
    *probes(
        Expected(404),
        {
            "HEAD of nothing": ask("HEAD", "/nope"),
        },
    ),
    *probes(
        Expected(200),
        {
            "HEAD of a document": ask("HEAD", "/docs"),
        },
    ),
    *probes(
        Expected(404, dialect="admin", stranger=401),
        {
            "HEAD in admin": ask("HEAD", ADMIN),
        },
    ),
    *probes(
        Expected(404, dialect="tokens", stranger=401),
        {
            "HEAD in tokens": ask("HEAD", TOKENS),
        },
    ),
    *probes(
        Expected(400),
        {
            "HEAD of an odd path": ask("HEAD", "/v1/projects/%00"),
        },
    ),
    *probes(
        Expected(400, stranger=401),
        {
            "HEAD of an odd query": ask("HEAD", "/v1/projects?nope=1"),
        },
    ),
]

LINES = [
    *probes(
        Expected(400, dialect=SERVER),
        {
            "no version": line(b"GET /v1/projects"),
            "no target": line(b"GET HTTP/1.1"),
            "no method": line(b" /v1/projects HTTP/1.1"),
            "two blanks": line(b"GET  /v1/projects HTTP/1.1"),
            "a tab for a blank": line(b"GET\t/v1/projects\tHTTP/1.1"),
            "a word too many": line(b"GET /v1/projects HTTP/1.1 x"),
            "a version in lower case": line(b"GET /v1/projects http/1.1"),
            "a version that is not": line(b"GET /v1/projects HTTP/1.2"),
            "a version of three parts": line(b"GET /v1/projects HTTP/1.1.1"),
            "HTTP/2 by name": line(b"GET /v1/projects HTTP/2.0"),
            "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
            "a proxy's line": b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n" + get(SHARE),
            "bare newlines": get(SHARE).replace(b"\r\n", b"\n"),
            "bare carriage returns": get(SHARE).replace(b"\r\n", b"\r") + b"\r\n\r\n",
            "empty lines first": b"\r\n\r\n" + get(SHARE),
        },
    ),
    *probes(
        Expected(404, "project_not_found", stranger=401, closes=True),
        {
            "HTTP/1.0": line(f"GET {SHARE} HTTP/1.0".encode()),
        },
    ),
]

METHODS += [*HEAD, *LINES]
