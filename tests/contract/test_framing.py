"""Raw framing: what two servers could read in two ways is refused."""

import pytest

from tests.live import ROOT_TOKEN, Server
from tests.raw import request, send

JSON = "Content-Type: application/json"

SMUGGLED = [
    ("length and chunks", ["Content-Length: 5", "Transfer-Encoding: chunked"], b"0\r\n\r\n"),
    ("two lengths", ["Content-Length: 5", "Content-Length: 6"], b"aaaaaa"),
    ("a negative length", ["Content-Length: -1"], b""),
    ("a length with a plus", ["Content-Length: +5"], b"aaaaa"),
    ("a blank before the colon", ["Content-Length : 5"], b"aaaaa"),
    ("an unknown coding", ["Transfer-Encoding: xchunked"], b"0\r\n\r\n"),
    ("a folded header", ["X-A: b\r\n c"], b""),
    ("NUL in a header", ["X-A: b\x00c"], b""),
    ("two credentials", [f"Authorization: Bearer {ROOT_TOKEN}"], b""),
    ("two content types", [JSON, JSON], b""),
    ("two hosts", ["Host: other.test"], b""),
]


@pytest.mark.parametrize(("name", "headers", "body"), SMUGGLED, ids=[row[0] for row in SMUGGLED])
def test_ambiguous_requests_are_refused(
    server: Server, name: str, headers: list[str], body: bytes
) -> None:
    """A request that two servers could read in two ways is refused."""
    sent = request("GET", "/v1/projects", *headers, body=body, token=ROOT_TOKEN, sized=False)
    assert send(server, sent).status in (400, 501), name


@pytest.mark.parametrize(
    ("target", "status"), [("/v1/projects?cursor=" + "a" * 9000, 414), ("/v1/projects", 431)]
)
def test_long_heads_are_refused(server: Server, target: str, status: int) -> None:
    """Long targets are 414 and long headers 431."""
    extra = ["X-Long: " + "a" * 20000] if status == 431 else []
    assert send(server, request("GET", target, *extra, token=ROOT_TOKEN)).status == status
