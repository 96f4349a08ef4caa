"""What passes a gateway passes whole: bodies, methods, paths, WebSockets."""

import hashlib
import json
import socket

import pytest

from tests import raw
from tests.gateways.cast import Cast
from tests.gateways.conftest import Client
from tests.gateways.programs import Gateway
from tests.gateways.upstream import ECHO

pytestmark = pytest.mark.gateways
MEGABYTE = bytes(range(256)) * 4096
# Of RFC 6455, section 1.3.
KEY, ACCEPT = "dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
PATHS = [
    "/",
    "/a%20b/%C3%A4?q=%2F%3F&empty=",
    "/a%2Fb",
    "/v1/forward-auth",
    "/v1/forward-auth/x?role=root",
]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_a_method_passes(method: str, call: Client, people: Cast) -> None:
    """The upstream sees the method of the client, though Jeton is asked by GET."""
    assert call(people.good[0].secret, method).json()["method"] == method
    assert call(people.tokens["bad"].secret, method).status_code == 401


def test_head_passes_and_is_refused_without_a_body(gateway: Gateway, people: Cast) -> None:
    """HEAD is 200 for a good token and 401 for a bad one, both without a body."""
    for token in (people.good[0], people.tokens["bad"]):
        sent = raw.request("HEAD", "/", token=token.secret)
        (answer,) = raw.exchange(gateway, sent)  # type: ignore[arg-type]
        assert (answer.status, answer.body) == (token.status, b"")
        assert (ECHO.lower() in answer.headers) == (token.status == 200)


@pytest.mark.parametrize("chunked", [False, True], ids=["sized", "chunked"])
def test_a_large_body_passes_whole(chunked: bool, call: Client, people: Cast) -> None:
    """A megabyte reaches the upstream, sized or in chunks."""
    body = iter([MEGABYTE[:70000], MEGABYTE[70000:]]) if chunked else MEGABYTE
    seen = call(people.good[0].secret, "POST", content=body).json()
    assert (seen["length"], seen["digest"]) == (1 << 20, hashlib.sha256(MEGABYTE).hexdigest())


@pytest.mark.parametrize("reason", ["bad", "foreign", "missing"])
def test_a_body_of_a_refused_request_stays_outside(reason: str, call: Client, people: Cast) -> None:
    """A body does not change a verdict, nor does the upstream see it."""
    token = people.tokens[reason]
    response = call(token.secret, "POST", content=b"x" * 70000)
    assert response.status_code == token.status
    assert ECHO not in response.headers


@pytest.mark.parametrize("path", PATHS)
def test_a_path_and_its_query_pass_unchanged(path: str, gateway: Gateway, people: Cast) -> None:
    """Escapes stay as they were sent, and the path of Jeton's own door is as good as any."""
    sent = raw.request("GET", path, token=people.good[0].secret)
    (answer,) = raw.exchange(gateway, sent)  # type: ignore[arg-type]
    assert answer.status == 200, answer
    assert answer.json()["path"] == path
    (refused,) = raw.exchange(gateway, raw.request("GET", path))  # type: ignore[arg-type]
    assert refused.status == 401


@pytest.mark.parametrize("path", ["/_jeton", "/%5fjeton", "/x/../_jeton"])
def test_the_question_to_jeton_cannot_be_asked_from_outside(
    path: str, gateway: Gateway, people: Cast
) -> None:
    """The place where nginx keeps its question is nobody's way around it."""
    for token in (people.good[0], people.tokens["bad"]):
        sent = raw.request("GET", path, token=token.secret)
        (answer,) = raw.exchange(gateway, sent)  # type: ignore[arg-type]
        assert answer.status in {token.status, 404}, answer
        if answer.status == 200:
            assert ECHO.lower() in answer.headers


def upgrade(gateway: Gateway, secret: str | None) -> tuple[raw.Answer, bytes]:
    """Ask for a WebSocket; the answer, and what came back of a few bytes sent after it."""
    asked = ["Upgrade: websocket", f"Sec-WebSocket-Key: {KEY}", "Sec-WebSocket-Version: 13"]
    sent = raw.request("GET", "/socket?room=1", *asked, token=secret)
    sent = sent.replace(b"Connection: close", b"Connection: Upgrade")
    with socket.create_connection(("127.0.0.1", gateway.port), timeout=20) as connection:
        connection.sendall(sent)
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(65536)
        head, _, rest = received.partition(b"\r\n\r\n")
        (answer,) = raw.parse(head + b"\r\n\r\n")
        if answer.status != 101:
            return answer, rest
        connection.sendall(b"\x81\x05hello")
        return answer, connection.recv(7)


def test_a_websocket_opens_for_a_good_token(gateway: Gateway, people: Cast) -> None:
    """The upgrade passes with the identity of its token, and bytes go both ways."""
    answer, echoed = upgrade(gateway, people.good[2].secret)
    assert (answer.status, answer.headers["sec-websocket-accept"]) == (101, ACCEPT)
    assert echoed == b"\x81\x05hello"
    seen = json.loads(answer.headers[ECHO.lower()])
    assert dict(seen["headers"])["x-jeton-token-id"] == people.good[2].id
    assert seen["path"] == "/socket?room=1"


@pytest.mark.parametrize("reason", ["missing", "bad", "foreign", "expired", "revoked"])
def test_a_websocket_does_not_open_for_another(reason: str, gateway: Gateway, people: Cast) -> None:
    """Who would be refused without an upgrade is refused with one."""
    token = people.tokens[reason]
    answer, _ = upgrade(gateway, token.secret)
    assert answer.status == token.status
    assert ECHO.lower() not in answer.headers
