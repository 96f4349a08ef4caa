"""Header fields: credentials of every odd form, and what proxies are fooled with."""

from tests.contract.probes.probe import JSON, NOWHERE, SERVER, Expected, get, probes
from tests.live import ROOT_TOKEN
from tests.raw import request

PROJECTS = "/v1/projects"
ADMIN = f"/api/admin/projects/{NOWHERE}/api-tokens"
TOKENS = f"/api/projects/{NOWHERE}/tokens"


def presented(value: str, target: str = PROJECTS) -> bytes:
    """GET with that Authorization header."""
    return request("GET", target, f"Authorization: {value}")


def hostless(*headers: str) -> bytes:
    """GET as root with these headers and no Host."""
    return get(PROJECTS, *headers).replace(b"Host: jeton.test\r\n", b"")


CREDENTIALS = [
    *probes(
        Expected(401, "unauthorized"),
        {
            "an empty credential": presented(""),
            "Bearer alone": presented("Bearer"),
            "Bearer and a blank": presented("Bearer "),
            "Bearer twice": presented(f"Bearer Bearer {ROOT_TOKEN}"),
            "two tokens": presented(f"Bearer x {ROOT_TOKEN}"),
            "a list of tokens": presented(f"Bearer {ROOT_TOKEN}, Bearer x"),
            "a token in quotes": presented(f'Bearer "{ROOT_TOKEN}"'),
            "a parameter after a token": presented(f"Bearer {ROOT_TOKEN};a=b"),
            "a tab after Bearer": presented(f"Bearer\t{ROOT_TOKEN}"),
            "a token in capitals": presented(f"Bearer {ROOT_TOKEN.upper()}"),
            "a token in Basic": presented(f"Basic {ROOT_TOKEN}"),
            "a token of Latin-1": presented("Bearer \xff\xfe"),
            "a token of 8,000 letters": presented("Bearer " + "a" * 8000),
            "a start of a token": presented(f"Bearer {ROOT_TOKEN[:-1]}"),
            "a wild card for a token": presented("*:*.*"),
            "a wild card in SQL": presented("Bearer %"),
            "SQL": presented("' OR 1=1 --"),
            "a credential by another name": request("GET", PROJECTS, f"X-Api-Key: {ROOT_TOKEN}"),
            "a credential for a proxy": request(
                "GET", PROJECTS, f"Proxy-Authorization: {ROOT_TOKEN}"
            ),
            "a credential in a cookie": request(
                "GET", PROJECTS, f"Cookie: Authorization={ROOT_TOKEN}"
            ),
            "an underscore for a hyphen": request(
                "GET", PROJECTS, f"HTTP_AUTHORIZATION: {ROOT_TOKEN}"
            ),
        },
    ),
    *probes(
        Expected(401, "AuthenticationRequired", "admin"),
        {
            "an odd credential in admin": presented("Bearer", ADMIN),
        },
    ),
    *probes(
        Expected(401, "unauthorized", "tokens"),
        {
            "an odd credential in tokens": presented("Bearer", TOKENS),
        },
    ),
    *probes(
        Expected(400, dialect=SERVER),
        {
            "NUL after a token": presented(f"Bearer {ROOT_TOKEN}\x00"),
        },
    ),
    *probes(
        Expected(400, "bad_request", stranger=401),
        {
            "two credentials": get(PROJECTS, "authorization: x"),
        },
    ),
    *probes(
        Expected(400, "BadDataError", "admin", stranger=401),
        {
            "two credentials in admin": get(ADMIN, "Authorization: x"),
        },
    ),
    *probes(
        Expected(200),
        {
            "bearer in lower case": presented(f"bearer {ROOT_TOKEN}"),
            "blanks around a token": presented(f"  BEARER   {ROOT_TOKEN}  "),
        },
    ),
]

HOSTS = [
    *probes(
        Expected(400, "bad_request"),
        {
            "no host": hostless(),
            "a path for a host": hostless("Host: a/b"),
            "a blank in a host": hostless("Host: a b"),
            "a user in a host": hostless("Host: a@b"),
            "Latin-1 in a host": hostless("Host: \xe9"),
        },
    ),
    *probes(
        Expected(200, stranger=401, closes=True),
        {
            "no host in HTTP/1.0": hostless().replace(b"HTTP/1.1", b"HTTP/1.0"),
        },
    ),
    *probes(
        Expected(400, dialect=SERVER),
        {
            "two hosts": get(PROJECTS, "Host: other.test"),
        },
    ),
    *probes(
        Expected(200, stranger=401),
        {
            "an IPv6 host": hostless("Host: [::1]:8080"),
        },
    ),
]

PROXIES = [
    *probes(
        Expected(200, stranger=401),
        {
            "another method": get(PROJECTS, "X-HTTP-Method-Override: DELETE"),
            "another URL": get(PROJECTS, "X-Original-URL: /health/live"),
            "another path": get(PROJECTS, "X-Rewrite-URL: /health/live"),
            "another prefix": get(PROJECTS, "X-Forwarded-Prefix: /api/admin"),
            "another root": get(PROJECTS, "SCRIPT_NAME: /v1"),
            "another address": get(PROJECTS, "X-Forwarded-For: 127.0.0.1, \xe9"),
            "another user": get(PROJECTS, "X-Remote-User: root"),
            "a credential of one hop": get(PROJECTS, "Connection: Authorization"),
            "a media type nobody has": get(PROJECTS, "Accept: image/png;q=x"),
            "a range": get(PROJECTS, "Range: bytes=0-0"),
            "an odd request id": get(PROJECTS, "X-Request-Id: a\xe9 b"),
            "a change to HTTP/2": get(PROJECTS, "Upgrade: h2c", "HTTP2-Settings: AAMA"),
        },
    ),
]

MEDIA_TYPES = [
    *probes(
        Expected(400, dialect=SERVER),
        {
            "two content types": get(PROJECTS, JSON, JSON),
        },
    ),
    *probes(
        Expected(415, "bad_request"),
        {
            "a compressed nothing": get(PROJECTS, "Content-Encoding: gzip"),
        },
    ),
]

FIELDS = [
    *probes(
        Expected(400, dialect=SERVER),
        {
            "a blank before the colon": get(PROJECTS, "X-A : b"),
            "a blank in a name": get(PROJECTS, "X A: b"),
            "a bracket in a name": get(PROJECTS, "X(A): b"),
            "Latin-1 in a name": get(PROJECTS, "X-\xe9: b"),
            "no name": get(PROJECTS, ": b"),
            "no colon": get(PROJECTS, "X-A"),
            "a folded field": get(PROJECTS, "X-A: b\r\n c"),
            "a folded first field": get(PROJECTS).replace(b"Host", b" Host"),
            "NUL in a field": get(PROJECTS, "X-A: b\x00c"),
            "a bare carriage return": get(PROJECTS, "X-A: b\rX-B: c"),
            "a bare newline": get(PROJECTS, "X-A: b\nX-B: c"),
            "DEL in a field": get(PROJECTS, "X-A: b\x7f"),
        },
    ),
    *probes(
        Expected(431, dialect=SERVER),
        {
            "a long field": get(PROJECTS, "X-A: " + "a" * 20000),
            "many fields": get(PROJECTS, *(f"X-{n}: a" for n in range(80))),
        },
    ),
    *probes(
        Expected(414, dialect=SERVER),
        {
            "a long target": get(PROJECTS + "?cursor=" + "a" * 9000),
        },
    ),
]

HEADERS = [*CREDENTIALS, *HOSTS, *PROXIES, *MEDIA_TYPES, *FIELDS]
