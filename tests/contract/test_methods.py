"""Methods: what a path takes, what HEAD answers, and that no other protocol is spoken."""

from tests.actors import Caller
from tests.live import ROOT_TOKEN, Server
from tests.raw import request, send


def test_405_lists_every_method_of_the_path(server: Server) -> None:
    """`Allow` has all methods of the path, not those of one route."""
    path = "/v1/projects/my-project-a1b2c/public-share-token"
    answer = send(server, request("PUT", path, token=ROOT_TOKEN))
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD, POST, DELETE"
    assert answer.json() == {
        "status": 405,
        "code": "bad_request",
        "message": "This path does not take that method.",
    }


def test_head_answers_like_get_without_a_body(server: Server, root: Caller, project: str) -> None:
    """HEAD has the status and the length of GET, and no body."""
    path = f"/v1/projects/{project}"
    seen = root("GET", path)
    answer = send(server, request("HEAD", path, token=ROOT_TOKEN))
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["content-length"] == str(len(seen.content))


def test_web_sockets_lead_nowhere(server: Server) -> None:
    """A request to open one is 403 before anything asks for a credential, and has no body."""
    upgrade = ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13")
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    sent = request("GET", "/v1/projects", *upgrade, key, token=ROOT_TOKEN)
    answer = send(server, sent.replace(b"Connection: close\r\n", b""))
    assert (answer.status, answer.body) == (403, b"")
