"""Raw bodies: each odd one is refused in our words, and nothing of it comes back."""

import pytest

from tests.actors import ADMIN, Caller
from tests.live import ROOT_TOKEN, Server, new_project_id
from tests.raw import Answer, request, send

JSON = "Content-Type: application/json"

# (name, headers, body, status): POST /v1/projects as root
BODIES: list[tuple[str, list[str], bytes, int]] = [
    ("no content type", [], b'{"id":"x"}', 415),
    ("no content type and no body", [], b"", 415),
    ("another media type", ["Content-Type: text/plain"], b"{}", 415),
    ("utf-16", ["Content-Type: application/json; charset=utf-16"], b"{}", 415),
    ("a bogus charset", ["Content-Type: application/json; charset=klingon"], b"{}", 415),
    ("compressed", [JSON, "Content-Encoding: gzip"], b"\x1f\x8b", 415),
    ("not UTF-8", [JSON], b'{"id":"\xff"}', 400),
    ("deep nesting", [JSON], b"[" * 30000, 400),
    ("deep objects", [JSON], b'{"a":' * 9000 + b"1" + b"}" * 9000, 400),
    ("5,000 digits", [JSON], b'{"id":' + b"9" * 5000 + b"}", 400),
    ("a lone surrogate", [JSON], b'{"id":"my-project-1","name":"\\ud800abc"}', 400),
    ("NaN", [JSON], b'{"id":NaN}', 400),
    ("a name twice", [JSON], b'{"id":"my-project-1","id":"my-project-2"}', 400),
    ("two documents", [JSON], b"{}{}", 400),
    ("a byte-order mark", [JSON], b'\xef\xbb\xbf{"id":"my-project-1"}', 400),
    ("nothing", [JSON], b"", 400),
    ("null", [JSON], b"null", 400),
    ("a list", [JSON], b"[]", 400),
    ("too large", [JSON], b'{"id":"' + b"a" * 70000 + b'"}', 413),
    ("an unknown property", [JSON], b'{"id":"my-project-1","more":1}', 400),
    ("an id with a newline", [JSON], b'{"id":"my-project-1\\n"}', 400),
    ("a name with NUL", [JSON], b'{"id":"my-project-1","name":"a\\u0000bc"}', 400),
    ("a number for text", [JSON], b'{"id":12345678}', 400),
    ("a number past 64 bits", [JSON], b'{"id":1e999}', 400),
]


@pytest.mark.parametrize(("name", "headers", "body", "status"), BODIES, ids=[r[0] for r in BODIES])
def test_odd_bodies_are_refused(
    server: Server, name: str, headers: list[str], body: bytes, status: int
) -> None:
    """Odd bodies are refused in our words; nothing of the body comes back."""
    sent = request("POST", "/v1/projects", *headers, body=body, token=ROOT_TOKEN)
    answer = send(server, sent)
    assert answer.status == status, answer
    assert answer.json()["status"] == status
    assert len(answer.body) < 600
    assert b"aaaa" not in answer.body
    assert b"9999" not in answer.body


def test_an_escaped_percent_sign_is_a_character(root: Caller, project: str) -> None:
    """`%25` stands for a percent sign, which may be followed by anything."""
    path = ADMIN.item.format(project=project, token="50%25x")
    assert ADMIN.error(root("GET", path)) == (404, "NotFoundError")


def _created(server: Server, *headers: str, chunked: bool = False) -> Answer:
    body = b'{"id":"%s"}' % new_project_id().encode()
    if chunked:
        pieces = [body[:5], body[5:]]
        body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    sent = request("POST", "/v1/projects", *headers, body=body, token=ROOT_TOKEN, sized=not chunked)
    return send(server, sent)


def test_media_types_compare_in_any_case(server: Server) -> None:
    """`Application/JSON; Charset=UTF-8` is JSON."""
    assert _created(server, "Content-Type: Application/JSON; Charset=UTF-8").status == 201


def test_a_chunked_body_is_read(server: Server) -> None:
    """A body in chunks is a body."""
    assert _created(server, JSON, "Transfer-Encoding: chunked", chunked=True).status == 201


def test_a_chunked_body_is_counted(server: Server) -> None:
    """A body in chunks cannot outgrow the limit."""
    chunk = b"10000\r\n" + b"a" * 65536 + b"\r\n"
    sent = request(
        "POST",
        "/v1/projects",
        JSON,
        "Transfer-Encoding: chunked",
        body=chunk * 2 + b"0\r\n\r\n",
        token=ROOT_TOKEN,
        sized=False,
    )
    assert send(server, sent).status == 413


def test_a_body_may_grow_when_it_is_read(root: Caller, project: str) -> None:
    """Numbers that are longer when written out in full do not break a body of less than 64 kB."""
    numbers = ",".join(["9e15"] * 12_900)
    body = f'{{"type":"client","tokenName":"grown","more":[{numbers}]}}'
    assert 60_000 < len(body) < 65_536
    path = ADMIN.collection.format(project=project)
    headers = {"Content-Type": "application/json"}
    assert root("POST", path, content=body, headers=headers).status_code == 201
